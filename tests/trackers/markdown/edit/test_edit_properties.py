"""Laws of editing that hold for every file."""

from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings, strategies as st

from panopticon.errors import PanError
from panopticon.trackers.markdown.edit import story as edit
from panopticon.trackers.markdown.text.piece import Piece
from panopticon.trackers.markdown.text.story import Story, read
from tests.trackers.markdown import making, sample
from tests.trackers.markdown.edit.test_story_edit import EDITS, changed

values = st.one_of(
    st.sampled_from(
        ("done", "Ready for Review", "x: y", "'q'", "- a", "#", "**b**", "a\n\nb\n  c")
    ),
    making.odd,
    st.lists(st.sampled_from(making.LINES), min_size=1, max_size=4).map("\n".join),
)
WRITERS: dict[str, Callable[[Story, str], str]] = {
    "title": edit.title,
    "status": edit.status,
    "id": edit.formatted_id,
    "task": lambda story, value: edit.task_title(story, 0, value),
    "add": edit.add_task,
    "criterion": lambda story, value: edit.criterion_text(story, 0, value),
    "comment": lambda story, value: edit.add_comment(story, "2026-11-21T10:05:00Z", "a", value),
    "log": lambda story, value: edit.add_log(story, "2026-11-21", "a", value),
}


def tried(write: Callable[[Story, str], str], story: Story, value: str) -> str | None:
    """Write, or give nothing where it is refused, as it may be; anything else is a defect."""
    try:
        return write(story, value)
    except PanError:
        return None


def kept(text: str, name: str) -> object:
    """Give what an edit of this name must leave."""
    story = read(text)
    facts = {
        "title": story.name,
        "status": story.word,
        "id": story.formatted_id.text if story.formatted_id else "",
        "ticks": [task.tick.text for task in story.tasks if task.tick],
        "task": [task.title.text for task in story.tasks],
        "criterion": [item.text for item in story.criteria],
        "comment": [remark.text for remark in story.comments],
        "log": [remark.text for remark in story.log],
    }
    gone = {"add": ("task", "ticks")}.get(name, (name,))
    return {field: fact for field, fact in facts.items() if field not in gone}


def places_of(story: Story, name: str) -> list[Piece]:
    """Give where a value of this name stands; nothing where it is added."""
    return {
        "title": list(story.title),
        "status": list(story.status),
        "id": [story.formatted_id] if story.formatted_id else [],
        "task": [task.title for task in story.tasks[:1]],
        "criterion": [item.place for item in story.criteria[:1]],
    }.get(name, [])


@pytest.mark.requirement("story:edit:read-again")
@given(making.files, st.sampled_from(list(WRITERS)), values)
@settings(max_examples=150)
@example(sample.V4, "criterion", "a\n\n  b\n\n\n    c")
@example(sample.V6, "comment", "## h\n- x\n\n      code")
def test_what_was_written_is_read(text: str, name: str, value: str) -> None:
    reads_again(text, name, value)


@pytest.mark.slow
@pytest.mark.requirement("story:edit:read-again")
@given(making.files, st.sampled_from(list(WRITERS)), values)
@settings(max_examples=1500)
def test_what_was_written_is_read_at_length(text: str, name: str, value: str) -> None:
    reads_again(text, name, value)


def reads_again(text: str, name: str, value: str) -> None:
    assume(name != "id" or value.strip())  # an empty id takes its line away
    story = read(text)
    new = tried(WRITERS[name], story, value)
    assume(new is not None)
    assert new is not None
    assert kept(new, name) == kept(text, name)
    places = places_of(story, name)
    if places:
        assert new.startswith(text[: min(place.start for place in places)])
        assert new.endswith(text[max(place.end for place in places) :])
    else:
        assert changed(text, new)[0] == ""


@pytest.mark.requirement("story:edit:span")
@given(making.files, st.integers(0, 5), st.sampled_from("x ~"))
@settings(max_examples=100)
def test_a_tick_is_one_sign(text: str, index: int, tick: str) -> None:
    story = read(text)
    assume(index < len(story.tasks))
    new = tried(lambda story, value: edit.task_tick(story, index, value), story, tick)
    assume(new is not None)
    place = story.tasks[index].tick
    assert place
    assert new == text[: place.start] + tick + text[place.end :]


@pytest.mark.requirement("story:edit:commute")
@given(
    st.sampled_from(list(sample.ALL.values())),
    st.sampled_from(["title", "status", "tick", "task", "criterion", "story"]),
    st.sampled_from(["title", "status", "id", "tick", "task", "criterion", "comment", "log"]),
)
@settings(max_examples=100)
def test_edits_of_different_fields_commute(text: str, one: str, other: str) -> None:
    assume(one != other)
    first = EDITS[other](read(EDITS[one](read(text))))
    assert first == EDITS[one](read(EDITS[other](read(text))))
