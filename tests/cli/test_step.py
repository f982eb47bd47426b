"""`pan work tick` and `pan work step` on the lines of a story file."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner

STORY = """# Story 1.2: Close the door

Status: in-progress

## Story
As a guest I want it.

## Tasks / Subtasks
- [x] Draw it
  - [ ] On paper
- [~] Build it

## Dev Notes
- [ ] no step
"""


@pytest.fixture
def story(pan: Runner, tmp_path: Path) -> Path:
    """A folder of one story file, synced."""
    path = tmp_path / "work/docs/stories/1.2.close-the-door.md"
    path.parent.mkdir(parents=True)
    path.write_text(STORY)
    (Path.home() / ".panopticon").mkdir(exist_ok=True)
    config = f'[trackers.stories]\ntype = "markdown"\nfolders = ["{tmp_path / "work"}"]\n'
    (Path.home() / ".panopticon/config.toml").write_text(config)
    assert pan("sync").code == 0
    return path


@pytest.mark.requirement("cli:work:tick")
def test_a_line_is_ticked_by_its_number(pan: Runner, story: Path) -> None:
    shown = pan("work", "show", "1.2").out
    assert "1 [x] Draw it" in shown
    assert "2   [ ] On paper" in shown
    assert "3 [~] Build it" in shown
    said = pan("work", "tick", "1.2", "2")
    assert (said.code, story.read_text()) == (0, STORY.replace("[ ] On", "[x] On"))
    assert "On paper: done" in said.out
    assert "2 of 3 done" in said.out
    said = pan("work", "tick", "1.2", "2", "--undo", "--json")
    assert (said.code, story.read_text()) == (0, STORY)
    assert [task["done"] for task in json.loads(said.out)["tasks"]] == [True, False, False]


@pytest.mark.requirement("cli:work:tick")
@pytest.mark.parametrize("which", ["0", "4", "TA1", "-1", "x"])
def test_a_step_that_is_none_is_told(pan: Runner, story: Path, which: str) -> None:
    said = pan("work", "tick", "1.2", "--", which)
    assert said.code == 1
    assert "no step" in said.err
    assert "It has 3." in said.err
    assert story.read_text() == STORY


@pytest.mark.requirement("cli:work:tick")
def test_a_file_that_was_edited_meanwhile_is_not_ticked(pan: Runner, story: Path) -> None:
    edited = STORY.replace("- [x] Draw it", "- [ ] Plan it\n- [x] Draw it")
    story.write_text(edited)
    said = pan("work", "tick", "1.2", "2", "--json")
    assert said.code == 3
    assert json.loads(said.err or said.out)["error"] == "conflict"
    assert story.read_text() == edited


@pytest.mark.requirement("cli:work:step")
def test_a_step_is_added_at_the_end_of_the_tasks(pan: Runner, story: Path) -> None:
    said = pan("work", "step", "1.2", "Test it")
    assert said.code == 0
    assert "added: Test it" in said.out
    wanted = STORY.replace("- [~] Build it\n", "- [~] Build it\n- [ ] Test it\n")
    assert story.read_text() == wanted
    assert pan("work", "step", "1.2", "  ").code == 2
    assert story.read_text() == wanted
