"""What is still to do of a write that was cut off: a pure question about files as they are."""

import pytest
from hypothesis import given, strategies as st

from panopticon.model.disk import Write
from panopticon.trackers.markdown.write.journal import Word, from_bytes, intent_of, left, to_bytes
from tests.trackers.markdown import making, sample

STORY = sample.V6.encode()
DONE = sample.V6.replace("Status: in-progress", "Status: done").encode()
ENTRIES = b"development_status:\n  3-4b-queue: in-progress\n  epic-3: backlog\n"
WRITES = [
    Write("s.md", STORY, DONE),
    Write("sprint-status.yaml", ENTRIES, ENTRIES.replace(b"in-progress", b"done")),
]
WORDS = {
    "s.md": Word("in-progress", "done"),
    "sprint-status.yaml": Word("in-progress", "done", entry="3-4b-queue"),
}
INTENT = intent_of("stories 3.4b: status done", WRITES, WORDS)


def todo(story: bytes | None, entries: bytes | None) -> list[Write] | None:
    """Ask what is left with these files."""
    return left(INTENT, {"s.md": story, "sprint-status.yaml": entries}.get)


@pytest.mark.requirement("mdwrite:journal:left")
def test_what_is_not_written_yet_is_left() -> None:
    assert todo(STORY, ENTRIES) == WRITES
    assert todo(DONE, ENTRIES) == WRITES[1:]
    assert todo(DONE, ENTRIES.replace(b"in-progress", b"done")) == []


@pytest.mark.requirement("mdwrite:journal:left")
def test_a_word_is_finished_in_a_file_that_changed_elsewhere() -> None:
    other = ENTRIES.replace(b"epic-3: backlog", b"epic-3: in-review")
    assert todo(DONE, other) == [
        Write("sprint-status.yaml", other, other.replace(b"in-progress", b"done"))
    ]
    said = DONE.replace(b"letters queued", b"mail queued")
    assert todo(said, ENTRIES) == WRITES[1:]


@pytest.mark.requirement("mdwrite:journal:dropped")
def test_all_is_dropped_where_another_word_stands() -> None:
    assert todo(STORY.replace(b"in-progress", b"blocked"), ENTRIES) is None
    assert todo(DONE, ENTRIES.replace(b"in-progress", b"review")) is None
    assert todo(None, ENTRIES) is None
    assert todo(DONE, None) is None
    assert todo(DONE, b"<<<<<<< HEAD\n" + ENTRIES) is None


@pytest.mark.requirement("mdwrite:journal:left")
@given(making.anything, making.anything, st.booleans())
def test_any_bytes_are_kept_in_the_journal(
    before: bytes,
    after: bytes,
    is_new: bool,  # noqa: FBT001
) -> None:
    writes = [Write("a.md", None if is_new else before, after), Write("b.md", before, None)]
    intent = from_bytes(to_bytes(intent_of("é", writes, {})))
    assert intent is not None
    assert intent.message == "é"
    found = left(intent, {write.path: write.before for write in writes}.get)
    assert found == [write for write in writes if write.before != write.after]
