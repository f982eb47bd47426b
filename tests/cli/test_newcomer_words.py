"""What the terminal says: words for numbers, what is cut, what differs, the default tracker."""

import json
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from panopticon.cli.item import draw_change
from panopticon.cli.terminal import Terminal
from panopticon.cli.twin import apart
from panopticon.model.issue import Issue
from tests.cli.conftest import Runner, Screen, issue

Stored = Callable[[Iterable[Issue]], None]


@pytest.mark.requirement("newcomer:words")
def test_a_change_is_told_in_words() -> None:
    paper = Screen()
    out = Terminal(paper, 80, is_tty=False, has_colour=False, has_unicode=True)
    draw_change(out, issue("US1", "One"), issue("US1", "One", priority=2, blocked=True))
    assert "priority: none → high" in paper.getvalue()
    assert "blocked: no → yes" in paper.getvalue()


@pytest.mark.requirement("newcomer:words")
@pytest.mark.usefixtures("items")
def test_a_cut_list_says_so(pan: Runner) -> None:
    assert "2 of 6 items shown: " in pan("work", "list", "--limit", "2").out
    assert "6 items: " in pan("work", "list").out
    assert "2026-11-30; on defects" not in pan("work", "create", "--help").out


@pytest.mark.requirement("newcomer:list:blocked")
@pytest.mark.usefixtures("items")
def test_the_list_marks_what_waits(pan: Runner, stored: Stored) -> None:
    stored([issue("US300", "Waits", blocked_by=(issue("US126", "").ref,)), issue("US301", "Free")])
    lines = pan("work", "list").out.splitlines()
    marked = {line.split()[0] for line in lines if "blocked" in line and line.startswith("  ")}
    assert marked == {"DE7", "US300"}  # US123 waits for what is done


LONG = "A guest can open the door with the key that the desk gave out"


@pytest.mark.requirement("newcomer:twin:apart")
@pytest.mark.parametrize(
    ("here", "there", "shown"),
    [
        ("3", "5", ("3", "5")),
        ("Open the door of the house", "Open the door of the barn", None),
        (f"1. {LONG}\n2. Here", f"- {LONG}\n- There", ("… 2. Here", "… - There")),
        (f"1. {LONG}\n2. More", f"* {LONG}", ("… 2. More", "nothing more")),
        (f"{LONG} twice", f"{LONG} once", ("… out twice", "… out once")),
        ("", LONG, ("", LONG)),
    ],
)
def test_only_what_differs_is_shown(here: str, there: str, shown: tuple[str, str] | None) -> None:
    assert apart(here, there) == (shown or (here, there))


@pytest.mark.requirement("newcomer:files:problems")
@pytest.mark.requirement("newcomer:default:written")
def test_a_first_folder_is_the_default_and_its_problems_are_told(
    tmp_path: Path, pan: Runner
) -> None:
    stories = tmp_path / "docs/stories"
    stories.mkdir(parents=True)
    for number in (1, 2):
        text = f"# Story 1.{number}: Door\n\nStatus: upside-down\n"
        (stories / f"1.{number}.door.md").write_text(text)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert pan("init", "--yes").code == 0
    assert 'default_tracker = "stories"' in (Path.home() / ".panopticon/config.toml").read_text()
    listed = pan("trackers", "list").out.splitlines()
    assert listed[1].split()[-1] == "default"
    said = pan("sync")
    assert said.code == 0
    assert "stories: 2 problems in story files: `pan doctor` names them" in said.out
    told = json.loads(pan("sync", "--json").out)
    assert told["problems"] == ["stories: 2 problems in story files: `pan doctor` names them"]
    for number in (1, 2):
        (stories / f"1.{number}.door.md").write_text("# Story 1.1: Door\n\nStatus: review\n")
    (stories / "1.2.door.md").unlink()
    assert json.loads(pan("sync", "--json").out)["problems"] == []
