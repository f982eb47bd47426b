"""Laws of reading that hold for every file."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from panopticon.trackers.markdown.text.epics import read_epics
from panopticon.trackers.markdown.text.piece import BOM, Piece, decode, encode, newline_of
from panopticon.trackers.markdown.text.sprint import read_sprint
from panopticon.trackers.markdown.text.story import Story, read
from tests.trackers.markdown import making, sample


def pieces(story: Story) -> list[Piece]:
    found = [*story.title, *story.status, *(task.title for task in story.tasks)]
    found += [task.tick for task in story.tasks if task.tick]
    found += [item.tick for item in story.criteria if item.tick]
    found += [item.place for item in story.criteria]
    found += [label.value for label in story.labels]
    found += [remark.place for remark in (*story.comments, *story.log)]
    found += [piece for piece in (story.user_story, story.formatted_id) if piece]
    return [*found, *(entry.value for entry in story.front if entry.value.text)]


@pytest.mark.requirement("story:read:anything")
@given(making.anything)
@settings(max_examples=150)
def test_anything_is_read_and_kept(data: bytes) -> None:
    story = read(data)
    assert encode(decode(data)) == data
    lines = "".join(line.text + line.ending for line in story.document.lines)
    mark = BOM if story.document.text.startswith(BOM) else ""
    assert encode(mark + lines) == data
    assert all(problem.line >= 1 for problem in story.problems)


@pytest.mark.requirement("story:read:places")
@given(making.files)
@settings(max_examples=150)
def test_values_stand_where_their_places_say(text: str) -> None:
    story = read(text)
    starts = [line.start for line in story.document.lines]
    for piece in pieces(story):
        assert text[piece.start : piece.end] == piece.text
        assert starts[piece.line - 1] <= piece.start
        assert piece.line == len(starts) or piece.start <= starts[piece.line]


@pytest.mark.requirement("story:read:places")
@pytest.mark.parametrize("text", sample.ALL.values())
@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_change_no_value(text: str, ending: str) -> None:
    plain, other = read(text), read(BOM + text.replace("\n", ending))
    assert newline_of(other.document.text) == ending
    assert [task.title.text for task in other.tasks] == [task.title.text for task in plain.tasks]
    assert [item.text for item in other.criteria] == [item.text for item in plain.criteria]
    assert (other.name, other.word, other.key) == (plain.name, plain.word, plain.key)
    assert [remark.text for remark in other.comments] == [r.text for r in plain.comments]


SIZE = 5_000_000
BIG = {
    "prose": "As a reader I want words, so that there are many of them.\n",
    "tasks": "- [ ] a task (AC: 1)\n",
    "nested": "".join("  " * depth + "- [ ] deeper\n" for depth in range(200)),
    "criteria": "1. a criterion\n   goes on\n",
    "headings": "### AC1: one\n",
    "sections": "## Tasks\n## Acceptance Criteria\n",
    "labels": "**Depends on:** Story 1.1, 1.2\n",
    "comments": "<!--\n",
    "fences": "```\n",
    "rows": "| a | b |\n|---|---|\n",
    "keys": "key: [a, *b]\n",
    "items": "- item\n",
    "remarks": "- **2026-01-01T00:00:00Z a:** b\n",
    "conflicts": "<<<<<<< a\n",
    "one line": "- [ ] ",
    "spaces": " ",
    "stars": "*",
    "dashes": "-",
    "digits": "1.",
    "hashes": "#",
    "colons": "a: ",
    "bars": "| ",
    "brackets": "(AC",
    "backticks": "`",
    "numbers": "story 1.1, ",
}
HEADS = (
    "# Story 1.2: T\n\n## Tasks\n",
    "# T\n## Acceptance Criteria\n",
    "---\n",
    "# T\n## Dependencies\n",
    "# T\n## Dev Agent Record\n### Comments\n",
    "# T\nStatus: ",
    "# Story ",
)


@pytest.mark.requirement("story:read:linear")
@pytest.mark.parametrize("name", BIG)
def test_no_part_of_reading_is_quadratic(name: str) -> None:
    """20 KB take milliseconds; what is quadratic takes seconds already."""
    for head in HEADS:
        text = head + BIG[name] * (20_000 // len(BIG[name]))
        started = time.process_time()
        read(text)
        assert time.process_time() - started < 1, head


OTHERS: list[tuple[Callable[[str], object], str]] = [
    (read_epics, "## Epic 1: a\n### Story 1.1: b\n**Acceptance Criteria:**\n- c\n"),
    (read_epics, "### Story 1.1: b\n"),
    (read_epics, "## Epic 1: a\n"),
    (read_sprint, "  1-1-a: done # b\n"),
    (read_sprint, "".join(f"{' ' * depth}a: \n" for depth in range(60))),
    (read_sprint, "  - a: [b, 'c\n"),
    (read_sprint, '"'),
]


@pytest.mark.requirement("story:read:linear")
@pytest.mark.parametrize(("reader", "part"), OTHERS)
def test_other_files_take_linear_time(reader: Callable[[str], object], part: str) -> None:
    text = "development_status:\n" + part * (40_000 // len(part))
    started = time.process_time()
    reader(text)
    assert time.process_time() - started < 2


@pytest.mark.slow
@pytest.mark.requirement("story:read:linear")
@pytest.mark.parametrize("name", ["prose", "tasks", "criteria", "rows", "spaces", "one line"])
def test_five_megabytes(name: str) -> None:
    text = HEADS[0] + BIG[name] * (SIZE // len(BIG[name]))
    started = time.process_time()
    assert read(text).document.text == text
    assert time.process_time() - started < 30
