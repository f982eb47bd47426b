"""Rally's rich text to markdown for people and agents, and back.

Most texts are paragraphs and flat lists: those take the short way, 20 times faster than the
general converter, which does the rest.
"""

import re
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING

import nh3

from panopticon.errors import InvalidInput
from panopticon.trackers.rally import literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# What Rally keeps of a text sent by the API ("HTML Whitelist" in its help).
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3"),
    *(
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "sub",
        "sup",
    ),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
_MARKLESS = {"span", "u", "sub", "sup"}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}}
_SCHEMES = {"http", "https", "mailto"}
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)/?>", re.IGNORECASE)
_HREF = re.compile(r'^\s+href="((?:https?://|mailto:)[^"\s()]+)"\s*(?:(?:target|rel)="[^"]*"\s*)*$')
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6"}
_KEEPS = 32_768  # characters of HTML that Rally keeps of a text
_LONGEST = 2 * _KEEPS  # of markdown: every character may have a backslash
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_PROGRAM = re.compile(r"(javascript):", re.IGNORECASE)  # Rally refuses texts with the word
_TAG = re.compile(r"<[^<>]*>")
_HANDLER = re.compile(r"(\bon\w+\s*)=", re.IGNORECASE)
_SIGNS = "\n[]*_`~!<&|\\"
_MOST_SIGNS = 10_000  # the parser looks far ahead from each
_GAP = re.compile(r"\n{3,}")
_SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")


class _NotSimple(Exception):
    """The text needs the general converter."""


def markdown_from(html: str) -> str:
    """Turn rich text into markdown; hostile markup is dropped, never run."""
    if not html:  # most tasks have none
        return ""
    if "<" not in html:
        return _tidy(literal.plain(unescape(html)))
    try:
        return _tidy(_Simple().convert(html))
    except _NotSimple:
        return _tidy(_general(html))


def html_from(markdown: str) -> str:
    """Turn markdown into rich text that Rally accepts; raw HTML in it becomes plain words.

    A link that is none of the web's keeps its words; control characters are left out. Raises
    InvalidInput for what cannot fit, unread. A text of too many marks goes as it is written.
    """
    if len(markdown) > _LONGEST:
        raise InvalidInput(
            f"The text is too long: {len(markdown):,} characters.",
            f"Rally keeps {_KEEPS:,} characters of a text, its markup included.",
        )
    words = _CONTROL.sub("", markdown)
    if sum(map(words.count, _SIGNS)) > _MOST_SIGNS:
        html = "<p>" + escape(words, quote=False).strip().replace("\n", "<br />") + "</p>"
    else:
        html = clean(_renderer().render(words)).strip()
    return _PROGRAM.sub(r"\1&#58;", _TAG.sub(_without_handlers, html))


def _without_handlers(tag: re.Match[str]) -> str:
    """Spell an address or a title so that nobody takes a part of it for a handler."""
    return _HANDLER.sub(r"\1&#61;", tag[0])


def clean(html: str) -> str:
    """Keep what Rally keeps; drop scripts, styles, handlers and odd links."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)


class _Simple:
    """One pass over paragraphs, line breaks, marks, links and flat lists."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.line = ""
        self.prefix = ""
        self.items: list[str] | None = None
        self.is_ordered = False
        self.links: list[str] = []
        self.in_code = False
        self.opened = -1

    def convert(self, html: str) -> str:
        at = 0
        for match in _TOKEN.finditer(html):
            self._text(html[at : match.start()])
            self._tag(match[2].lower(), match[3], is_end=bool(match[1]))
            at = match.end()
        self._text(html[at:])
        self._flush()
        if self.items is not None or self.links:
            raise _NotSimple
        return "\n\n".join(self.blocks)

    def _text(self, raw: str) -> None:
        if not raw:
            return
        words = _SPACE.sub(" ", unescape(raw))
        if "<" in raw or (self.in_code and "`" in words) or (words[0] == " " and self._is_open()):
            raise _NotSimple
        if not self.in_code:
            words = literal.label(words) if self.links else literal.inline(words)
        self.line += words.lstrip() if not self.line or self.line[-1] in " \n" else words

    def _tag(self, name: str, rest: str, *, is_end: bool) -> None:
        if name == "a":
            self._link(rest, is_end=is_end)
        elif rest.strip():
            raise _NotSimple
        elif name in _MARKS:
            self._mark(_MARKS[name], is_end=is_end)
        elif name == "br":
            is_plain = self.items is None and not self.prefix
            self.line = self.line.rstrip() + ("  \n" if is_plain else " ")
        elif name in _BLOCKS:
            self._block(name, is_end=is_end)
        elif name in {"ul", "ol"}:
            self._list(name, is_end=is_end)
        elif name == "li" and self.items is not None:
            self._flush()
        else:
            raise _NotSimple

    def _mark(self, mark: str, *, is_end: bool) -> None:
        if is_end and (not self.line or self.line[-1] in " \n" or self._is_open()):
            raise _NotSimple  # `**word **` would not be read as bold
        if mark == "`":
            self.in_code = not is_end
        elif self.in_code:
            raise _NotSimple
        self.line += mark
        self.opened = -1 if is_end else len(self.line)

    def _is_open(self) -> bool:
        """Tell whether nothing stands behind the last mark yet."""
        return self.opened == len(self.line)

    def _block(self, name: str, *, is_end: bool) -> None:
        if self.items is not None:
            if name != "p":
                raise _NotSimple
            if self.line:
                self.line = self.line.rstrip() + " "
            return
        self._flush()
        self.prefix = "#" * int(name[1]) + " " if name[0] == "h" and not is_end else ""

    def _list(self, name: str, *, is_end: bool) -> None:
        self._flush()
        if is_end:
            if self.items is None:
                raise _NotSimple
            if self.items:
                self.blocks.append("\n".join(self.items))
            self.items = None
        else:
            if self.items is not None:
                raise _NotSimple
            self.items, self.is_ordered = [], name == "ol"

    def _link(self, rest: str, *, is_end: bool) -> None:
        if is_end:
            if not self.links:
                raise _NotSimple
            self.line += f"]({self.links.pop()})"
            return
        match = _HREF.match(rest)
        if match is None or self.links:
            raise _NotSimple
        self.links.append(unescape(match[1]))
        if self.line.endswith("!"):  # `![` would begin a picture
            self.line = self.line[:-1] + "\\!"
        self.line += "["

    def _flush(self) -> None:
        words, self.line = self.line.strip(), ""
        if self.in_code:
            raise _NotSimple
        if not words:
            return
        words = literal.heading(words) if self.prefix else literal.starts(words)
        if self.items is None:
            self.blocks.append(self.prefix + words)
        else:
            self.items.append(
                f"{len(self.items) + 1}. {words}" if self.is_ordered else f"- {words}"
            )


def _general(html: str) -> str:
    # 180 ms of import that only texts with tables, code blocks or nested lists need.
    from panopticon.trackers.rally.markup import markdown_of  # noqa: PLC0415

    # What markdown has no mark for would cut words into pieces: `1<u>. x</u>`.
    safe = nh3.clean(
        html, tags=_TAGS - _MARKLESS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None
    )
    try:
        return markdown_of(safe)
    except RecursionError:
        return literal.plain(unescape(re.sub(r"<[^>]*>", " ", safe)))


def _tidy(markdown: str) -> str:
    if "\n" not in markdown:
        return markdown.replace("\xa0", " ").strip()
    lines = [
        line.rstrip() if not line.endswith("  ") else line.rstrip() + "  "
        for line in markdown.split("\n")
    ]
    text = "\n".join(lines).replace("\xa0", " ")
    return _GAP.sub("\n\n", text).strip()


@cache
def _renderer() -> "MarkdownIt":
    # 80 ms of import that only writes need.
    from markdown_it import MarkdownIt  # noqa: PLC0415

    # Every link is one: `clean` drops odd addresses and leaves their words.
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005
    return made
