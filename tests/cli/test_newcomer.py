"""What somebody meets who has never seen the program: bare words, hints that can be pasted."""

import io
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from panopticon.cli.report import draw_report
from panopticon.cli.terminal import terminal_on
from panopticon.config import load
from panopticon.model.issue import Issue
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.board import news
from panopticon.services.hint import for_demo
from panopticon.services.opening import context_for
from panopticon.services.server import daemon
from panopticon.services.sync import cache
from panopticon.services.sync.report import EpicReport, Holding, Report, TrackerReport
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


@pytest.mark.requirement("cli:work:long-title")
def test_one_long_title_leaves_states_and_people_whole(pan: Runner, stored: Store) -> None:
    lease = Lease("john.doe@example.com", CREATED, FAR)
    stored([issue("US1", "Refuse " * 20, assignee="john.doe@example.com", lease=lease)])
    said = pan("work", "list", tty=True, columns=100)
    row = next(line for line in plain(said.out).splitlines() if "US1 " in line)
    assert row.endswith("john.doe  held")
    assert "\u2026" in row


@pytest.mark.requirement("cli:work:filters")
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("iteration=nope", "There is no iteration 'nope' here.\n  There is Sprint-24."),
        ("iteration=sprint24", "Did you mean 'Sprint-24'?"),
        ("project=DDC", "Did you mean 'DDC-AI'?"),
    ],
)
@pytest.mark.usefixtures("items")
def test_a_name_that_nothing_goes_by_is_told(pan: Runner, word: str, said: str) -> None:
    answer = pan("work", "list", word)
    assert answer.code == 1
    assert said in answer.err
    assert pan("work", "list", "iteration=Sprint-24", "kind=defect").code == 0


def report(*, forgotten: int = 0) -> Report:
    epics = [EpicReport(IssueRef("rally", f"F{n}"), f"Part {n}", ready=n) for n in (1, 2, 3)]
    epics[1].held.append(Holding(IssueRef("rally", "US7"), "ada@example.com"))
    tracker = TrackerReport("rally", fetched=4, changed=1, deleted=5, forgotten=forgotten)
    return Report((tracker,), tuple(epics))


def drawn(told: Report, changed: set[IssueRef] | None, note: str = "") -> str:
    stream = io.StringIO()
    draw_report(terminal_on(stream, {}), told, "/cache", changed, note)
    return stream.getvalue()


@pytest.mark.requirement("cli:sync:quiet")
def test_a_sync_shows_what_changed_or_is_held() -> None:
    text = drawn(report(), {IssueRef("rally", "F3")})
    assert "Epic 1:" not in text
    assert "Epic 2:" in text
    assert "Epic 3:" in text
    assert "… and 1 epic unchanged" in text
    assert drawn(report(), None).count("stories ready") + drawn(report(), None).count(
        "story ready"
    ) == len(report().epics)


@pytest.mark.requirement("cli:sync:forgotten")
def test_what_other_settings_dropped_is_forgotten_not_deleted() -> None:
    assert "4 read, 1 changed, 5 deleted " in drawn(report(), None)
    assert "4 read, 1 changed, 2 deleted, 3 forgotten here " in drawn(report(forgotten=3), None)


@pytest.mark.requirement("cli:sync:ignore")
def test_a_first_sync_in_a_repository_names_the_cache(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    assert not cache.is_ignored(context_for(load({}, tmp_path, folder, {})))
    assert "let git ignore it" in news.hint_about_cache(context_for(load({}, tmp_path, folder, {})))
    assert news.hint_about_cache(context_for(load({}, tmp_path, tmp_path, {}))) == ""
    assert "let git ignore it" in drawn(report(), None, "let git ignore it")
    (folder / "sub").mkdir()
    (folder / ".gitignore").write_text(".bmad/\n")
    for place in (folder, folder / "sub"):
        assert cache.is_ignored(context_for(load({}, tmp_path, place, {})))
