"""New items fit between those that are there, in every file that BMAD reads."""

from pathlib import Path

import pytest

from panopticon.model.issue import Kind, State
from tests.trackers.markdown.desk import EPICS, SPRINT, STORIES, Desk, desk_in, story
from tests.trackers.markdown.write.test_writer import EPICS_TEXT, SPRINT_TEXT, made, text


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A repository of v6: one story with a file, two without."""
    desk = desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])
    desk.put(SPRINT, SPRINT_TEXT)
    desk.put(EPICS, EPICS_TEXT)
    desk.repo.save()
    return desk


@pytest.mark.requirement("mdwrite:create:told")
def test_a_new_story_is_told_under_its_epic(desk: Desk) -> None:
    made(desk.tracker(), title="Third", parent="epic-1")
    assert text(desk, EPICS) == EPICS_TEXT.replace("1. More\n", "1. More\n\n### Story 1.3: Third\n")
    made(desk.tracker(), Kind.EPIC, title="Fresh")
    made(desk.tracker(), title="One", parent="epic-3")
    assert text(desk, EPICS).endswith("\n\n## Epic 3: Fresh\n\n### Story 3.1: One\n")
    assert desk.tracker().check().warnings == ()


@pytest.mark.requirement("mdwrite:create:told")
def test_a_rule_between_epics_stays_between_them(desk: Desk) -> None:
    ruled = EPICS_TEXT.replace("\n## Epic 2", "\n---\n\n## Epic 2")
    desk.put(EPICS, ruled)
    made(desk.tracker(), title="Third", parent="epic-1")
    wanted = ruled.replace("1. More\n", "1. More\n\n### Story 1.3: Third\n")
    assert text(desk, EPICS) == wanted


@pytest.mark.requirement("mdwrite:create:told")
@pytest.mark.parametrize("epics", ["# Plan\n\nEpics 1 to 2, told elsewhere.\n", "<<<<<<< a\n"])
def test_an_epics_file_that_has_no_place_for_it_stays(desk: Desk, epics: str) -> None:
    broken = f"{epics}{EPICS_TEXT}\n=======\n>>>>>>> b\n" if epics.startswith("<") else epics
    desk.put(EPICS, broken)
    assert made(desk.tracker(), title="Third", parent="epic-1").title == "Third"
    assert text(desk, EPICS) == broken


@pytest.mark.requirement("mdwrite:create:sections")
def test_a_new_file_has_the_sections_of_its_neighbours(desk: Desk) -> None:
    made(desk.tracker(), title="Third", parent="epic-1")
    record = text(desk, f"{STORIES}/1-3-third.md").partition("## Dev Agent Record")[2]
    assert record.split("\n\n") == [
        "",
        "### Agent Model Used",
        "### Debug Log References",
        "### Completion Notes List",
        "### File List\n",
    ]


@pytest.mark.requirement("mdwrite:create:sections")
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_v4_status_is_as_near_its_heading_as_the_neighbours(tmp_path: Path, gap: str) -> None:
    desk = desk_in(tmp_path / "app")
    (desk.repo.path / "_bmad/bmm/config.yaml").unlink()
    desk.put(".bmad-core/core-config.yaml", "devStoryLocation: docs/stories\n")
    desk.put("docs/stories/1.1.first.md", f"# Story 1.1: First\n\n## Status{gap}Draft\n")
    assert made(desk.tracker(), parent="epic-1").native_state == "Draft"
    new = text(desk, "docs/stories/1.2.a-new-one.md")
    assert new.startswith(f"# Story 1.2: A new one\n\n## Status{gap}Draft\n\n## Story\n")
    assert desk.tracker().transition("1.2", State.DONE).native_state == "Done"


@pytest.mark.requirement("mdwrite:create:group")
def test_a_story_without_an_epic_stands_above_the_epics(desk: Desk) -> None:
    tracker = desk.tracker()
    assert made(tracker).ref.key == "0.1"
    assert made(tracker, title="Next").ref.key == "0.2"
    assert text(desk, SPRINT) == SPRINT_TEXT.replace(
        "development_status:\n",
        "development_status:\n  0-1-a-new-one: backlog\n  0-2-next: backlog\n\n",
    )
    assert "0.1" not in text(desk, EPICS)
    tracker.delete("0.1")
    tracker.delete("0.2")
    assert text(desk, SPRINT) == SPRINT_TEXT


@pytest.mark.requirement("mdwrite:create:group")
def test_a_story_of_an_epic_without_an_entry_stands_in_the_order_of_epics(desk: Desk) -> None:
    three = "development_status:\n  epic-1: backlog\n  1-1-first: backlog\n  epic-3: backlog\n"
    desk.put(SPRINT, three)
    made(desk.tracker(), parent="epic-2")
    assert text(desk, SPRINT) == three.replace("  epic-3", "  2-2-a-new-one: backlog\n  epic-3")
    made(desk.tracker(), Kind.EPIC)
    assert text(desk, SPRINT).endswith("\n  epic-3: backlog\n  epic-4: backlog\n")


@pytest.mark.requirement("mdwrite:create:undone")
@pytest.mark.parametrize("ending", ["\n", ""])
def test_what_is_made_and_deleted_leaves_nothing(desk: Desk, ending: str) -> None:
    desk.put(EPICS, EPICS_TEXT)
    desk.put(SPRINT, SPRINT_TEXT.rstrip("\n") + ending)
    desk.repo.save()
    tracker = desk.tracker(commit=True)
    tracker.delete(made(tracker, Kind.EPIC).ref.key)
    tracker.delete(made(tracker, parent="epic-1").ref.key)
    assert text(desk, EPICS) == EPICS_TEXT
    assert text(desk, SPRINT).rstrip("\n") == SPRINT_TEXT.rstrip("\n")
    assert desk.repo.git("diff", "--check", "HEAD~4", "HEAD") == ""


@pytest.mark.requirement("mdwrite:label:reason")
def test_the_reason_stands_under_what_it_is_for(desk: Desk) -> None:
    desk.tracker().update("1.1", {"blocked": True, "blocked_reason": "waits for Bob"})
    said = "Status: ready-for-dev\nBlocked: yes\nBlocked Reason: waits for Bob\n"
    assert said in text(desk, f"{STORIES}/1-1-first.md")
    desk.tracker().update("1.1", {"blocked": False})
    assert text(desk, f"{STORIES}/1-1-first.md") == story("1.1", "First")
