"""The body of a story: one text out of its sections, and a new text back into them."""

import pytest
from hypothesis import example, given, settings, strategies as st

from panopticon.errors import InvalidInput, PanError
from panopticon.trackers.markdown.edit.block import blocks_in, text_of
from panopticon.trackers.markdown.edit.body import composed, rewritten
from panopticon.trackers.markdown.edit.labelled import written
from panopticon.trackers.markdown.text.epics import epic_in, read_epics
from panopticon.trackers.markdown.text.story import read
from tests.trackers.markdown import making, sample
from tests.trackers.markdown.edit.test_story_edit import changed

V4_BODY = """\
**As a** visitor,
**I want** to sign in with a passkey,
**so that** I need no password.

## Dev Notes

Depends on Story 1.1.

### Testing

```md
- [ ] not a task
## Not a section
```

## QA Results

- [ ] not a task either"""
EPICS = """\
# Epics

## Epic 1: Passkeys

Everything about passkeys.

### Story 1.1: Register

As a visitor,
I want one.

**Acceptance Criteria:**

**Given** a page

#### Notes

Careful.

### Story 1.2: Sign in

As a visitor, I sign in.
"""


@pytest.mark.requirement("mdwrite:body:composed")
def test_the_body_is_the_user_story_and_the_other_sections() -> None:
    assert composed(read(sample.V4)) == V4_BODY
    assert composed(read(sample.PANTHEON)).startswith("## Business Context\n\nFinance asks")
    spec = composed(read(sample.SPEC))
    assert spec == "**Problem:** it is missing.\n\n## Code Map\n\n- `src/a.py` -- writer"
    assert "hidden" not in composed(read(sample.V6))


@pytest.mark.requirement("mdwrite:body:part")
def test_a_part_of_an_epics_file_reads_like_a_file_of_its_own() -> None:
    part = read_epics(EPICS).stories[0]
    assert composed(part) == "As a visitor,\nI want one.\n\n## Notes\n\nCareful."
    new = rewritten(part, "As a guest,\nI want one.\n\n## Notes\n\nCareful.\n\n## More\n\nText")
    assert new == EPICS.replace("As a visitor,\nI", "As a guest,\nI").replace(
        "Careful.\n", "Careful.\n\n#### More\n\nText\n"
    )
    assert rewritten(part, "One **two**\n\n- a") == EPICS.replace(
        "As a visitor,\nI want one.", "One **two**\n\n- a"
    ).replace("#### Notes\n\nCareful.\n\n", "")
    with pytest.raises(InvalidInput, match="too deep"):
        rewritten(part, "x\n\n##### A\n\nb")


@pytest.mark.requirement("mdwrite:body:kept")
@given(making.files)
@settings(max_examples=150, deadline=None)
@example("# T\n\n## Dev Notes\n\n```\n\nopen\n\n\n")
@example("# T\n\n```\na\n\n\n\n")
def test_the_body_written_back_changes_nothing(text: str) -> None:
    for story in (read(text), *read_epics(text).stories):
        body = composed(story)
        assert text_of(blocks_in(body)) == body
        assert rewritten(story, body) == text


bodies = st.one_of(
    st.lists(
        st.sampled_from(
            ("Text", "a\n\n\nb", "## Business Context", "## Dev Notes", "## Odd", "### In", "- a")
        ),
        max_size=7,
    ).map("\n\n".join),
    st.lists(st.one_of(st.sampled_from(making.LINES), making.odd), max_size=6).map("\n".join),
)


@pytest.mark.requirement("mdwrite:body:read-again")
@given(making.files, bodies, st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_body_that_was_written_is_read(text: str, value: str, keep: bool) -> None:  # noqa: FBT001
    story = read(text)
    wanted = f"{composed(story)}\n\n{value}" if keep else value
    try:
        new = rewritten(story, wanted)
    except PanError:
        return
    assert composed(read(new)) == text_of(blocks_in(wanted))
    assert (read(new).word, read(new).name) == (story.word, story.name)
    assert [task.title.text for task in read(new).tasks] == [
        task.title.text for task in story.tasks
    ]


@pytest.mark.requirement("mdwrite:body:read-again")
@pytest.mark.parametrize("dialect", list(sample.ALL))
def test_plain_bodies_are_never_refused(dialect: str) -> None:
    story = read(sample.ALL[dialect])
    old = composed(story)
    for value in (
        "One **two**\n\n- a\n- b",
        'He said "no"',
        "Text\n\n## Dev Notes\n\nOther\n\n## New\n\nMore",
        f"Before\n\n{old}",
        f"{old}\n\n## New\n\n```py\nx = 1\n\n\ny = 2\n```",
        "",
    ):
        new = rewritten(story, value)
        assert composed(read(new)) == text_of(blocks_in(value))


@pytest.mark.requirement("mdwrite:body:bytes")
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_what_changed_is_written(newline: str) -> None:
    text = sample.V4.replace("\n", newline)
    story = read(text)
    body = composed(story)
    new = rewritten(story, body.replace("no password", "nothing").replace("1.1.", "1.1"))
    assert new == text.replace("no password", "nothing").replace("Story 1.1.", "Story 1.1")
    added = rewritten(story, body.replace("Depends on", "First.\n\nDepends on"))
    assert changed(text, added) == ("", f"First.{newline}{newline}")
    gone = rewritten(story, body.replace("Depends on Story 1.1.\n\n", ""))
    assert changed(text, gone) == (f"Depends on Story 1.1.{newline}{newline}", "")


@pytest.mark.requirement("mdwrite:body:section")
def test_a_new_section_stands_before_the_record_and_one_that_is_gone_goes() -> None:
    text = sample.V6
    new = rewritten(read(text), f"{composed(read(text))}\n\n## Dev Notes\n\nText")
    assert new == text.replace("## Dev Agent Record", "## Dev Notes\n\nText\n\n## Dev Agent Record")
    assert rewritten(read(new), composed(read(text))) == text


@pytest.mark.requirement("mdwrite:body:refused")
@pytest.mark.parametrize(
    "body",
    ["Text\n\n## Status\n\nDone", "x\n\n## Acceptance Criteria\n\n1. y", "```\nopen", "a\0b"],
)
def test_what_would_be_another_field_is_refused(body: str) -> None:
    for text in (sample.V4, sample.V6):
        with pytest.raises(InvalidInput) as caught:
            rewritten(read(text), body)
        assert caught.value.hint


@pytest.mark.requirement("mdwrite:body:refused")
def test_bytes_that_are_no_text_are_kept_or_refused() -> None:
    data = sample.V4.replace("visitor", "visit\u00f6r").encode("latin-1")
    story = read(data, "a.md")
    assert "visit\ufffdr" in composed(story)
    assert rewritten(story, composed(story)) == story.document.text
    rewritten(story, composed(story).replace("password", "word"))
    with pytest.raises(InvalidInput, match=r"a\.md:9 is not UTF-8"):
        rewritten(story, composed(story).replace("visit", "Visit"))


@pytest.mark.requirement("mdwrite:body:composed")
def test_the_goal_of_an_epic_is_text_and_its_other_labels_are_not() -> None:
    text = EPICS.replace("Everything", "**Goal:** More mail.\n\n**Status:** done\n\nEverything")
    told = read_epics(text)
    epic = epic_in(told.document, told.epics[0])
    assert epic
    assert composed(epic) == "**Goal:** More mail.\n\nEverything about passkeys."


@pytest.mark.requirement("mdwrite:body:part")
def test_a_part_shows_its_text_under_labels_and_hides_its_fields() -> None:
    part = "**Points:** 3\n\n**Problem:** it breaks\n\n**Acceptance Criteria:**"
    text = EPICS.replace("As a visitor,\nI want one.\n\n**Acceptance Criteria:**", part)
    told = read_epics(text).stories[0]
    assert composed(told) == "**Problem:** it breaks\n\n## Notes\n\nCareful."
    assert rewritten(told, "**Problem:** gone") == text.replace("it breaks", "gone").replace(
        "#### Notes\n\nCareful.\n\n", ""
    )


@pytest.mark.requirement("mdwrite:body:part")
def test_a_file_that_is_one_epic_is_written_as_that_epic() -> None:
    told = read_epics("# Epic 2: Mail\n\n## Goal\n\nMore mail.\n")
    epic = epic_in(told.document, told.epics[0])
    assert epic
    text = written(epic, "assignee", "ann")
    assert text == "# Epic 2: Mail\n\n**Assignee:** ann\n\n## Goal\n\nMore mail.\n"
    assert rewritten(epic, "## Goal\n\nLess mail.") == "# Epic 2: Mail\n\n## Goal\n\nLess mail.\n"
