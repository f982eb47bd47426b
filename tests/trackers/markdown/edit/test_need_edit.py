"""What a story waits for, written where it says so."""

import pytest
from hypothesis import given, settings, strategies as st

from panopticon.errors import InvalidInput, PanError
from panopticon.trackers.markdown.edit.need import needs, spelled
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.story import Story, read
from tests.trackers.markdown import making, sample

THERE = {"1.1", "1.2", "1.3", "2.3", "3.1", "3.3a", "3.3b", "us.120", "7"}


def waits(story: Story) -> set[str]:
    """Give the stories that are waited for."""
    return {canonical(n) for need in story.needs if not need.blocks for n in need.numbers}


@pytest.mark.requirement("mdwrite:needs:written")
@pytest.mark.parametrize("dialect", list(sample.ALL))
def test_needs_are_written_and_taken_away(dialect: str) -> None:
    text = sample.ALL[dialect]
    for wanted in ({"1.1", "1.3"}, {"1.3"}, {"1.3", "us.120", "7"}, set[str]()):
        text = needs(read(text), sorted(wanted), THERE.__contains__)
        assert waits(read(text)) & THERE == wanted
    blocks = [need for need in read(text).needs if need.blocks]
    assert blocks == [] or dialect == "v6"


@pytest.mark.requirement("mdwrite:needs:form")
@pytest.mark.parametrize(
    ("line", "wanted", "after"),
    [
        ("**Depends on:** Story 1.1, 9.9", ["1.3"], "**Depends on:** 9.9, 1.3"),
        ("**Prerequisites:** None", ["1.1", "1.3"], "**Prerequisites:** 1.1, 1.3"),
        ("- **Dependencies**: 1-1-first", ["1.1"], "- **Dependencies**: 1-1-first"),
        ("## Dependencies\n\nNone", ["1.1"], "## Dependencies\n\n- Story 1.1"),
        (
            "## Dependencies\n\n- Story 1.1: why\n- Story 1.3",
            ["1.1", "2.3"],
            "## Dependencies\n\n- Story 1.1: why\n- Story 2.3",
        ),
        ("## Blocks\n\n- Story 1.3", ["1.1"], "**Depends on:** 1.1\n\n## Blocks\n\n- Story 1.3"),
    ],
)
def test_needs_keep_their_form(line: str, wanted: list[str], after: str) -> None:
    text = f"# Story 1.2: T\n\n{line}\n\n## Story\n\nText\n"
    assert needs(read(text), wanted, THERE.__contains__) == text.replace(line, after)


@pytest.mark.requirement("mdwrite:needs:form")
def test_a_list_in_front_matter_stays_one() -> None:
    new = needs(read(sample.SPEC), ["1.1"], THERE.__contains__)
    assert new == sample.SPEC.replace("""['1-1-first', "2.3"]""", "['1.1']")
    assert "depends_on" not in needs(read(new), [], THERE.__contains__)


@pytest.mark.requirement("mdwrite:needs:refused")
def test_a_story_without_a_number_cannot_be_named() -> None:
    with pytest.raises(InvalidInput):
        needs(read(sample.V4), [""], THERE.__contains__)


@pytest.mark.requirement("mdwrite:needs:written")
@pytest.mark.parametrize("number", ["1.2", "01-2", "US-123", "KB-03.1", "env-6-3", "7", "H-1"])
def test_every_number_is_spelled_so_that_it_is_read(number: str) -> None:
    text = f"# T\n\n**Depends on:** {spelled(canonical(number))}\n"
    assert waits(read(text)) == {canonical(number)}


@pytest.mark.requirement("mdwrite:needs:written")
@given(making.files, st.lists(st.sampled_from(sorted(THERE)), max_size=3, unique=True))
@settings(max_examples=150, deadline=None)
def test_written_needs_are_read_and_all_else_stays(text: str, wanted: list[str]) -> None:
    story = read(text)
    try:
        new = needs(story, wanted, THERE.__contains__)
    except PanError:
        return
    assert waits(read(new)) & THERE == set(wanted)
    assert waits(read(new)) - THERE == waits(story) - THERE
    assert (read(new).word, read(new).name) == (story.word, story.name)
