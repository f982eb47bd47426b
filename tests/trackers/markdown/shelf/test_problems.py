"""Story files beside one another."""

import pytest

from panopticon.model.issue import State
from panopticon.trackers.markdown.shelf.facts import Told, of_story
from panopticon.trackers.markdown.shelf.problems import clashes, drift, unknown
from panopticon.trackers.markdown.shelf.union import Sources, gather
from panopticon.trackers.markdown.text.sprint import read_sprint
from panopticon.trackers.markdown.text.story import read


def told(text: str, path: str) -> Told:
    """Take the facts of a file."""
    (found,) = of_story(read(text, path), text).stories
    return found


@pytest.mark.requirement("story:problem:clash")
def test_two_files_for_one_story() -> None:
    stories = [
        told("# Story 1.2: a\n\nStatus: done\n", "1-2-a.md"),
        told("\n# Story 01-2: b\n\nStatus: done\n", "old/story-1.2.md"),
        told("# Story 1.3: c\n\n**FormattedID:** US7\n", "1-3-c.md"),
        told("# Story 1.4: d\n\nStatus: done\nRally: US7\n", "1-4-d.md"),
        told("no number\n", "notes.md"),
        told("no number either\n", "more.md"),
    ]
    union = gather(Sources(stories))
    assert len(union.stories) == len(stories)
    problems = [*union.problems, *clashes(stories)]
    assert [str(problem) for problem in problems] == [
        "old/story-1.2.md:2: the same number as 1-2-a.md: 1.2",
        "1-4-d.md:4: the same FormattedID as 1-3-c.md: US7",
    ]


@pytest.mark.requirement("story:problem:drift")
def test_two_ledgers_that_differ() -> None:
    sprint = read_sprint(
        "development_status:\n  epic-1: done\n  1-1-a: done\n  1-2-b: done\n  1-3-c: done\n",
        "s.yaml",
    )
    stories = [
        told("# Story 1.1: a\n\nStatus: Done\n", "1-1-a.md"),
        told("# Story 1.2: b\n\nStatus: review\n", "1-2-b.md"),
        told("# Story 1.3: c\n", "1-3-c.md"),
    ]
    drafts = gather(Sources(stories, sprints=[("s.yaml", sprint)])).stories
    pairs = [("s.yaml", one.entry, one.file) for one in drafts if one.entry and one.file]
    assert [str(problem) for problem in drift(pairs, {})] == [
        "s.yaml:4: 1-2-b is 'done' here, 'review' in 1-2-b.md:3"
    ]


@pytest.mark.requirement("story:word:unknown")
def test_an_unknown_word_is_told_unless_the_team_knows_it() -> None:
    stories = [told("# Story 1.1: a\n\nStatus: simmering\n", "a.md")]
    message = "a.md:3: unknown status 'simmering': shown in the backlog"
    assert [str(problem) for problem in unknown(stories, {})] == [message]
    assert list(unknown(stories, {"simmering": State.IN_PROGRESS})) == []
