"""What somebody meets who has never seen the program: bare words, hints that can be pasted."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from panopticon.model.issue import Issue
from panopticon.model.lease import Lease
from panopticon.services import daemon
from panopticon.services.hint import for_demo
from tests.cli.conftest import CREATED, FAR, Runner, issue

Store = Callable[[Iterable[Issue]], None]


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.requirement("cli:help:bare")
@pytest.mark.parametrize(("words", "code"), [([], 0), (["work"], 2), (["trackers"], 2)])
def test_a_bare_word_is_answered_with_help(pan: Runner, words: list[str], code: int) -> None:
    said = pan(*words)
    assert (said.code, said.err) == (code, "")
    assert said.out.startswith(f"Usage: {' '.join(['pan', *words])} ")
    assert "\nCommands:\n" in said.out


@pytest.mark.requirement("cli:demo:stopped")
@pytest.mark.parametrize("words", [["sync"], ["up"], ["trackers", "test"]])
def test_a_demo_that_does_not_run_is_told_at_once(pan: Runner, words: list[str]) -> None:
    said = pan("--demo", *words)
    assert said.code == 1
    assert said.err == "Error: The demo is not running.\n  `pan demo` starts it.\n"


@pytest.mark.requirement("cli:demo:hints")
@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("`pan sync` tries again.", "`pan --demo sync` tries again."),
        ("`pan up` starts it.", "`pan demo` starts it."),
        ("`pan demo` and `pan init`", "`pan demo` and `pan init`"),
        ("`pan --demo down` stops it", "`pan --demo down` stops it"),
        ("`git status`", "`git status`"),
    ],
)
def test_hints_are_spelled_for_the_demo(text: str, spelled: str) -> None:
    assert for_demo(text) == spelled


@pytest.mark.requirement("cli:demo:hints")
def test_an_error_in_the_demo_names_the_demos_command(pan: Runner) -> None:
    assert "`pan --demo trackers list`" in pan("--demo", "work", "list", "tracker=nope").err
    assert "`pan trackers list`" in pan("work", "list", "tracker=nope").err


@pytest.mark.requirement("cli:doctor:demo")
def test_doctor_in_the_demo_says_that_it_stopped(pan: Runner) -> None:
    said = pan("--demo", "doctor")
    assert said.code == 1
    assert "The demo is not running." in said.out
    assert "`pan demo` starts it." in said.out


@pytest.mark.requirement("cli:doctor:wraps")
def test_doctor_folds_its_lines(pan: Runner) -> None:
    said = pan("doctor", tty=True, columns=50)
    words = [line for line in said.out.splitlines() if "/" not in line]
    assert max(map(len, words)) <= 60  # colours included


@pytest.mark.requirement("setup:daemon:port")
def test_the_demos_board_is_known_from_outside(tmp_path: Path) -> None:
    assert daemon.homes(tmp_path) == [tmp_path, tmp_path / "demo"]
    assert daemon.homes(tmp_path / "demo") == [tmp_path, tmp_path / "demo"]


@pytest.mark.requirement("cli:work:held")
def test_the_list_tells_the_assignee_from_the_holder(pan: Runner, stored: Store) -> None:
    lease = Lease("ada.obi@example.com", CREATED, FAR)
    stored([issue("US1", "One", assignee="john.doe@example.com", lease=lease, blocked=True)])
    (row,) = [line for line in pan("work", "list").out.splitlines() if "US1 " in line]
    assert row.split("  ")[-2:] == ["john.doe", "blocked, held by ada.obi"]
    assert "1 item:" in pan("work", "list").out
    assert "Held        by ada.obi@example.com" in pan("work", "show", "US1").out


@pytest.mark.requirement("cli:terminal:narrow")
@pytest.mark.parametrize("columns", [40, 50, 60])
def test_a_narrow_list_keeps_the_title(pan: Runner, stored: Store, columns: int) -> None:
    title = "Refuse uploads that are larger than what the plan allows"
    lease = Lease("ada.obi@example.com", CREATED, FAR)
    stored([issue("US1", title, assignee="john.doe@example.com", lease=lease, points=3.0)])
    said = pan("work", "list", tty=True, columns=columns)
    row = next(line for line in plain(said.out).splitlines() if "US1 " in line)
    assert len(row) <= columns
    assert title[: columns // 2 - 4] in row
