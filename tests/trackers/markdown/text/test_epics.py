"""Epics files and the stories told in them."""

import pytest

from panopticon.model.issue import State
from panopticon.trackers.markdown.edit import story as edit
from panopticon.trackers.markdown.text.epics import read_epics

EPICS = """\
# Shop - Epic Breakdown

## Epic List

### Epic 1: Accounts
People sign in.

### Epic 2: Orders
People buy.

## Epic 1: Accounts

**Goal:** Everybody signs in.

### Story 1.1: Sign up

As a visitor,
I want to sign up,
So that I have an account.

**Acceptance Criteria:**

**Given** a form
**When** I send it
**Then** I have an account

**Given** a bad form
**Then** I am told

**Technical Requirements:**
- not a criterion

### Story 1.2: Sign in

**Status:** done
**Prerequisites:** Story 1.1

**Acceptance Criteria:**
1. one
2. two

#### Tasks

- [ ] a

---

## Epic 2: Orders

### Story 2.1: Buy

**Depends on:** Story 1.2

## Story Sequencing & Dependencies

- Story 2.1 waits
"""


@pytest.mark.requirement("epics:read")
def test_epics_and_their_stories() -> None:
    found = read_epics(EPICS, "epics.md")
    assert [(epic.key, epic.title.text, epic.stories) for epic in found.epics] == [
        ("1", "Accounts", ("1.1", "1.2")),
        ("2", "Orders", ("2.1",)),
    ]
    assert found.epics[0].goal == "Everybody signs in."
    first, second, third = found.stories
    assert (first.key, first.name, len(first.criteria)) == ("1.1", "Sign up", 2)
    assert first.user_story
    assert first.user_story.text.startswith("As a visitor,")
    assert (second.word, second.meaning.state) == ("done", State.DONE)
    assert [need.numbers for need in second.needs] == [("1.1",)]
    assert [item.text for item in second.criteria] == ["one", "two"]
    assert [task.title.text for task in second.tasks] == ["a"]
    assert [need.numbers for need in third.needs] == [("1.2",)]
    assert found.problems == ()


@pytest.mark.requirement("epics:read")
def test_an_epic_of_its_own_file() -> None:
    found = read_epics("# EPIC-09: Accounts\n\n## Story 09.1: Sign up\n\ntext\n")
    assert [(epic.key, epic.title.text, epic.stories) for epic in found.epics] == [
        ("9", "Accounts", ("09.1",))
    ]


@pytest.mark.requirement("epics:edit")
def test_an_edit_stays_inside_its_story() -> None:
    for ending in ("\n", "\r\n"):
        text = EPICS.replace("\n", ending)
        stories = read_epics(text).stories
        assert edit.status(stories[1], "review") == text.replace("done", "review")
        assert edit.task_tick(stories[1], 0, "x") == text.replace("- [ ] a", "- [x] a")
        assert edit.title(stories[2], "Pay") == text.replace("2.1: Buy", "2.1: Pay")
        new = edit.criterion_text(stories[1], 1, "two\nlines")
        assert new == text.replace(f"2. two{ending}", f"2. two{ending}   lines{ending}")
        added = read_epics(edit.status(stories[0], "done")).stories
        assert [story.word for story in added] == ["done", "done", ""]


@pytest.mark.requirement("epics:doubles")
def test_a_story_told_twice() -> None:
    found = read_epics("# Epic 1: A\n## Story 1.1: a\n## Story 01-1: b\n", "e.md")
    assert len(found.stories) == 2
    assert [str(problem) for problem in found.problems] == [
        "e.md:3: story 01-1 is told twice: first in line 2"
    ]


@pytest.mark.requirement("epics:read")
def test_an_epic_is_its_first_heading_but_for_one_with_its_stories() -> None:
    text = "## Epic 1: Letters\n\n### Story 1.1: A\n\n## Epic 1 Sign-Off\n\n"
    told = read_epics(f"## Epic 2: List\n\n{text}## Epic 2: Parcels\n\n### Story 2.1: B\n")
    assert {epic.key: epic.title.text for epic in told.epics} == {"1": "Letters", "2": "Parcels"}
    assert read_epics("# Epic 3: Alone\n\n## Epic 3 Handoff\n").epics[0].title.text == "Alone"
