"""Story files beside one another."""

import pytest

from panopticon.trackers.markdown.folder import clashes, drift
from panopticon.trackers.markdown.sprint import read_sprint
from panopticon.trackers.markdown.story import read


@pytest.mark.requirement("story:problem:clash")
def test_two_files_for_one_story() -> None:
    stories = [
        read("# Story 1.2: a\n", "1-2-a.md"),
        read("\n# Story 01-2: b\n", "old/story-1.2.md"),
        read("# Story 1.3: c\n\n**FormattedID:** US7\n", "1-3-c.md"),
        read("# Story 1.4: d\n\nStatus: done\nRally: US7\n", "1-4-d.md"),
        read("no number\n", "notes.md"),
        read("no number either\n", "more.md"),
    ]
    assert [str(problem) for problem in clashes(stories)] == [
        "old/story-1.2.md:2: the same number as 1-2-a.md: 1.2",
        "1-4-d.md:4: the same FormattedID as 1-3-c.md: us7",
    ]


@pytest.mark.requirement("story:problem:drift")
def test_two_ledgers_that_differ() -> None:
    sprint = read_sprint(
        "development_status:\n  epic-1: done\n  1-1-a: done\n  1-2-b: done\n  1-3-c: done\n",
        "s.yaml",
    )
    stories = [
        read("# Story 1.1: a\n\nStatus: Done\n", "a.md"),
        read("# Story 1.2: b\n\nStatus: review\n", "b.md"),
        read("# Story 1.3: c\n", "c.md"),
    ]
    assert [str(problem) for problem in drift(sprint, stories)] == [
        "s.yaml:4: 1-2-b is 'done' here, 'review' in b.md:3"
    ]
