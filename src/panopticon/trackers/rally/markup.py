"""The general converter: tables, code blocks and nested lists, their words kept literal."""

import re

from bs4.element import PageElement, Tag
from markdownify import MarkdownConverter

from panopticon.trackers.rally import literal

_TICKS = re.compile("`{3,}")
_CELLS = {"td", "th"}


def markdown_of(html: str) -> str:
    """Turn clean HTML into markdown."""
    return str(_Converter(heading_style="ATX", bullets="-").convert(html))


class _Converter(MarkdownConverter):
    """Markdownify, with our escapes in place of its own."""

    def process_text(self, el: PageElement, parent_tags: set[str] | None = None) -> str:
        """Escape the words, and their start where they may begin a line."""
        words = str(super().process_text(el, parent_tags))  # type: ignore[misc] # not in its stubs
        if "_noformat" in (parent_tags or ()):
            return words
        before = el.previous_sibling
        begins = before is None or (isinstance(before, Tag) and before.name not in _INLINE)
        return literal.starts(words) if begins else words

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Escape what means something anywhere in a line."""
        text = text.replace("\xa0", " ")
        words = literal.label(text) if "a" in parent_tags else literal.inline(text)
        return words.replace("|", r"\|") if _CELLS & parent_tags else words

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Fence code with more backticks than stand in it."""
        block = str(super().convert_pre(el, text, parent_tags))  # type: ignore[misc]
        longest = max(map(len, _TICKS.findall(text)), default=0)
        if not longest:
            return block
        fence = "`" * (longest + 1)
        return block.replace("```", fence, 1)[::-1].replace("```", fence, 1)[::-1]


_INLINE = {"a", "b", "code", "del", "em", "i", "img", "s", "strong"}
