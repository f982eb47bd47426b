"""Foreign text can neither disturb the terminal nor the columns."""

import io
import json

import pytest
from hypothesis import given, strategies as st

from panopticon.cli.progress import Progress
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal, terminal_on
from panopticon.cli.text import clean, cut, padded, width

HOSTILE = "a\x1b[31mred\x1b]0;title\x07\nb\r\u202egnp.exe\u2066\u200b\x9b2J"


class Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, *, is_tty: bool = True, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, write_through=True)
        self._is_tty = is_tty

    def isatty(self) -> bool:
        return self._is_tty

    def text(self) -> str:
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode(self.encoding)


def screen(columns: int = 80, **environ: str) -> tuple[Terminal, Screen]:
    stream = Screen()
    return terminal_on(stream, environ, columns), stream


@pytest.mark.requirement("cli:text:hostile")
def test_hostile_text_is_harmless() -> None:
    assert clean(HOSTILE) == "a[31mred]0;title b gnp.exe2J"


@pytest.mark.requirement("cli:text:hostile")
@given(st.text())
def test_clean_text_has_no_control_signs(text: str) -> None:
    assert all(ord(c) >= 32 and not 127 <= ord(c) < 160 for c in clean(text))
    assert not set(clean(text)) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    clean(text).encode()


@pytest.mark.requirement("cli:text:hostile")
def test_json_keeps_the_text_and_disturbs_nothing() -> None:
    out, stream = screen()
    out.json({"title": HOSTILE + "\ud800"})
    raw = stream.text()
    assert json.loads(raw)["title"].startswith(HOSTILE)
    assert not {"\x1b", "\x9b", "\u202e"} & set(raw)


@pytest.mark.requirement("cli:text:width")
@given(st.text(), st.integers(1, 60))
def test_a_cut_text_fits(text: str, columns: int) -> None:
    assert width(cut(clean(text), columns, "…")) <= columns
    assert width(padded(cut(clean(text), columns, "…"), columns)) >= columns - 1


@pytest.mark.requirement("cli:text:width")
def test_wide_and_combining_signs_count_as_shown() -> None:
    assert (width("日本"), width("e\u0301"), width("🙂")) == (4, 1, 2)
    assert cut("日本語", 5, "…") == "日本…"


@pytest.mark.requirement("cli:terminal:narrow")
@pytest.mark.parametrize("columns", [30, 60, 200])
def test_tables_fit_and_line_up(columns: int) -> None:
    out, _ = screen(columns, NO_COLOR="1")
    rows = [["US1", "A rather long title that somebody wrote " * 2, "Defined", "3"]]
    rows += [["US1234", "日本語のタイトル" * 4, "In-Progress", "13"], ["DE7", "Short", "", ""]]
    kinds = [Column(), Column(gives=True), Column(gives=True), Column(right=True)]
    shown = lines(out, kinds, rows, indent=2)
    assert all(width(line) <= columns for line in shown)
    assert [line[:8] for line in shown] == ["  US1   ", "  US1234", "  DE7   "]
    assert ("…" in shown[0]) == (columns < 200)


@pytest.mark.requirement("cli:terminal:colour")
@pytest.mark.parametrize(
    ("is_tty", "environ", "coloured"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_only_on_a_terminal(
    *, is_tty: bool, environ: dict[str, str], coloured: bool
) -> None:
    out = terminal_on(Screen(is_tty=is_tty), environ, 80)
    assert (out.red("x") != "x") is coloured


@pytest.mark.requirement("cli:terminal:ascii")
@pytest.mark.parametrize(
    ("environ", "encoding", "is_ascii"),
    [
        ({"LANG": "C"}, "utf-8", True),
        ({"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}, "utf-8", True),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, "utf-8", False),
        ({"LANG": "de_DE.UTF-8"}, "utf-8", False),
        ({"LANG": "de_DE.UTF-8"}, "latin-1", True),
        ({}, "utf-8", False),
    ],
)
def test_ascii_where_the_locale_is_plain(
    environ: dict[str, str], encoding: str, *, is_ascii: bool
) -> None:
    stream = Screen(encoding=encoding)
    out = terminal_on(stream, environ, 20)
    out.line(out.sign("rule") + out.sign("ok") + out.clean("Zoë …"))
    assert stream.text().isascii() is is_ascii


@pytest.mark.requirement("cli:progress:terminal")
def test_progress_is_drawn_on_a_terminal_and_taken_away() -> None:
    out, stream = screen(60, LANG="C")
    bar = Progress(out)
    bar.tell("rally\x1b[2J", "stories", 500, 1000)
    bar.tell("rally", "tasks", 10, None)
    bar.end()
    shown = stream.text()
    assert shown.startswith("\r###########")
    assert "49%  500 items from rally[2J" in shown or "50%  500 items from rally[2J" in shown
    assert shown.endswith("\r\x1b[K")
    assert shown.count("\x1b") == 2
    assert all(len(line.replace("\x1b[K", "")) < 60 for line in shown.split("\r"))


@pytest.mark.requirement("cli:progress:terminal")
def test_progress_says_nothing_in_a_pipe() -> None:
    stream = Screen(is_tty=False)
    bar = Progress(terminal_on(stream, {}))
    bar.tell("rally", "stories", 1, 2)
    bar.end()
    assert stream.text() == ""
