"""Where a command writes: how wide, in colour or not, in which signs."""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from panopticon.cli.text import clean, clean_block, escaped_json
from panopticon.config import environment
from panopticon.services.hint import for_demo

_UNICODE = {"rule": "━", "ok": "✓", "bad": "✗", "warn": "!", "tee": "├─", "end": "└─", "bar": "│"}
_ASCII = {"rule": "-", "ok": "+", "bad": "x", "warn": "!", "tee": "|-", "end": "`-", "bar": "|"}
_UNBOUNDED = 10_000  # a pipe is not a page: nothing is cut
_MORE = {"cut": ("…", "~"), "dot": ("·", "-"), "full": ("█", "#"), "empty": ("░", ".")}


@dataclass(frozen=True, slots=True)
class Terminal:
    """An output stream and what it can show."""

    stream: TextIO
    columns: int
    is_tty: bool
    has_colour: bool
    has_unicode: bool
    program: str = "pan"

    def next(self, words: str) -> str:
        """Name the next command, spelled so that it can be pasted."""
        return f"{self.dim('Next:')} {self.program} {self.clean(words)}"

    def hint(self, text: str) -> str:
        """Make a hint harmless, its commands spelled as `next` spells them."""
        return self.clean(text if self.program == "pan" else for_demo(text))

    def line(self, text: str = "") -> None:
        """Write one line; characters that the stream lacks become `?`."""
        self.stream.write(self._fitting(text) + "\n")

    def block(self, text: str) -> None:
        """Write foreign text as it is laid out, made harmless."""
        for line in clean_block(text).splitlines():
            self.line(line)

    def flush(self) -> None:
        """Let the reader have it."""
        self.stream.flush()

    def json(self, document: object, *, one_line: bool = False) -> None:
        """Write one JSON document: indented for eyes, on one line for pipes."""
        indent = 2 if self.is_tty and not one_line else None
        encoding = (self.stream.encoding or "utf-8").lower().replace("-", "")
        text = json.dumps(document, indent=indent, ensure_ascii=encoding != "utf8", default=str)
        self.stream.write(escaped_json(text) + "\n")

    def sign(self, name: str) -> str:
        """Give a sign in Unicode or ASCII."""
        if name in _MORE:
            return _MORE[name][0 if self.has_unicode else 1]
        return (_UNICODE if self.has_unicode else _ASCII)[name]

    def clean(self, text: str) -> str:
        """Make a line of foreign text harmless here."""
        return self._fitting(clean(text))

    def _fitting(self, text: str) -> str:
        if not self.has_unicode and not text.isascii():
            return text.encode("ascii", "replace").decode("ascii")
        return text.encode("utf-8", "replace").decode("utf-8")

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.has_colour and text else text

    def bold(self, text: str) -> str:
        """Stress."""
        return self._painted(text, "1")

    def dim(self, text: str) -> str:
        """Set back: what is about the data rather than the data."""
        return self._painted(text, "2")

    def accent(self, text: str) -> str:
        """Mark what one can act on."""
        return self._painted(text, "94")

    def red(self, text: str) -> str:
        """Mark what is blocked, refused or broken."""
        return self._painted(text, "31")

    def amber(self, text: str) -> str:
        """Mark what waits or may conflict."""
        return self._painted(text, "33")

    def green(self, text: str) -> str:
        """Mark what is well."""
        return self._painted(text, "32")


def terminal_on(stream: TextIO, environ: Mapping[str, str], columns: int | None = None) -> Terminal:
    """Find out what a stream can show."""
    is_tty = stream.isatty()
    wide = columns or shutil.get_terminal_size((100, 24)).columns if is_tty else _UNBOUNDED
    coloured = is_tty and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    return Terminal(stream, wide, is_tty, coloured, _has_unicode(stream, environ))


def _has_unicode(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Tell by the locale's name: Python itself turns the C locale into UTF-8."""
    named: Sequence[str] = [environ.get("LC_ALL", ""), environ.get("LANG", "")]
    locale = next(filter(None, named), "")
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
    return locale not in {"C", "POSIX"} and encoding.startswith("utf")


def stdout() -> Terminal:
    """Take the stream for data."""
    return terminal_on(sys.stdout, environment())


def stderr() -> Terminal:
    """Take the stream for talk."""
    return terminal_on(sys.stderr, environment())
