"""The catalogue's texts as the tracker's rich text: paragraphs, lists, code and nothing else."""

import re
from collections.abc import Iterable
from html import escape

TAGS = ("p", "ul", "ol", "li", "code", "b")
_SPAN = re.compile(r"`([^`]+)`")


def inline(text: str) -> str:
    """Escape one line and set `backticked` words as code."""
    return _SPAN.sub(r"<code>\1</code>", escape(text, quote=False))


def rich(text: str) -> str:
    """Turn blank-line separated paragraphs, and blocks of "- " lines, into HTML."""
    return "".join(_block(block) for block in text.strip().split("\n\n"))


def ordered(lines: Iterable[str]) -> str:
    """Set acceptance criteria as the numbered list people write them in."""
    return "<ol>" + "".join(f"<li>{inline(line)}</li>" for line in lines) + "</ol>"


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines()]
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{inline(line[2:])}</li>" for line in lines) + "</ul>"
    return f"<p>{inline(' '.join(lines))}</p>"


def slug(title: str) -> str:
    """The title as a branch name carries it."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
