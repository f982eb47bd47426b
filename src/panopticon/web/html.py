"""Markdown to HTML that cannot hurt: rendered by markdown-it, then cleaned by nh3.

Raw HTML in a text is shown as it was typed. The cleaner is the guard; the page's
Content-Security-Policy is the second one. Pictures become links, so that reading an item never
calls another host. Texts that would take long to lay out are shown as they were written.
"""

from collections.abc import Mapping, Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "kbd"),
    *("ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "a", "b", "strong", "i", "em"),
    *("s", "del", "u", "sub", "sup", "table", "thead", "tbody", "tr", "th", "td", "span", "div"),
}
_LONGEST = 200_000
_MARKS = "\n[]*_`~!<&|\\"
_MOST_MARKS = 10_000  # the parser looks far ahead from each: a tenth of a second at the worst
_TICKS = {"[ ] ": "todo", "[x] ": "done", "[X] ": "done"}


def safe_html(markdown: str) -> str:
    """Render a text for a browser; whatever could run or call out is gone."""
    if len(markdown) > _LONGEST or sum(map(markdown.count, _MARKS)) > _MOST_MARKS:
        return _as_written(markdown)
    return nh3.clean(
        _reader.render(markdown),
        tags=_TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href", "title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}},
        allowed_classes={"li": {"todo", "done"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _as_written(text: str) -> str:
    kept = text[:_LONGEST]
    what = "This text has too many marks to lay out; it is shown as it was written."
    if len(kept) < len(text):
        what = f"This text is very long; its first {_LONGEST:,} characters are shown as written."
    return f"<p><em>{what}</em></p>\n<pre>{escape(kept)}</pre>"


def _picture_as_link(
    _self: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    token = tokens[index]
    return _LINK.format(
        href=nh3.clean_text(str(token.attrs.get("src", ""))),
        text=nh3.clean_text(token.content or "picture"),
    )


_LINK = '<a href="{href}">{text}</a>'


def _tick_items(tokens: Sequence[Token]) -> None:
    """Mark list items that begin with `[ ]` or `[x]`, and drop the brackets."""
    for before, item, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type != "list_item_open" or inline.type != "inline" or not inline.children:
            continue
        first = inline.children[0]
        if item.type == "paragraph_open" and first.content[:4] in _TICKS:
            before.attrSet("class", _TICKS[first.content[:4]])
            first.content = first.content[4:]


def _make_reader() -> MarkdownIt:
    reader = MarkdownIt("gfm-like", {"html": False, "linkify": False, "breaks": False})
    reader.disable("linkify", ignoreInvalid=True)
    reader.add_render_rule("image", _picture_as_link)
    reader.core.ruler.push("ticks", lambda state: _tick_items(state.tokens))
    return reader


_reader = _make_reader()


def with_html(item: Mapping[str, object]) -> dict[str, object]:
    """Add the safe HTML beside the markdown of an item's texts."""
    return {
        **item,
        "body_html": safe_html(str(item["body"])),
        "acceptance_criteria_html": safe_html(str(item["acceptance_criteria"])),
        "comments": comments_with_html(item["comments"]),
    }


def comments_with_html(comments: object) -> list[dict[str, object]]:
    """Add the safe HTML beside the markdown of remarks."""
    found = comments if isinstance(comments, list) else []
    return [{**comment, "body_html": safe_html(str(comment["body"]))} for comment in found]
