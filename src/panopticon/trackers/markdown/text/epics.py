"""An epics file: epics by their headings, and the stories that it tells inside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from panopticon.model.issue import State
from panopticon.trackers.markdown.text import grammar
from panopticon.trackers.markdown.text.document import Document, Kind, Line, document_from
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.piece import Piece, Problem, decode, stripped
from panopticon.trackers.markdown.text.section import labels_of
from panopticon.trackers.markdown.text.story import Story, story_in


@dataclass(frozen=True, slots=True)
class Epic:
    """An epic: its number as written, its title, its goal, the numbers of its stories."""

    number: str
    title: Piece
    goal: str
    stories: tuple[str, ...]
    line: int

    @property
    def key(self) -> str:
        """Give the number in the one spelling that finds it again."""
        return canonical(self.number)


@dataclass(frozen=True, slots=True)
class Epics:
    """What an epics file says; an epic listed and told later is there once."""

    document: Document
    epics: tuple[Epic, ...]
    stories: tuple[Story, ...]
    problems: tuple[Problem, ...]


def read_epics(
    data: bytes | str, path: str = "", words: Mapping[str, State] | None = None
) -> Epics:
    """Read an epics file. Never fails."""
    document = document_from(decode(data) if isinstance(data, bytes) else data, path)
    found: dict[str, Epic] = {}
    inside: dict[str, list[str]] = {}
    stories: list[Story] = []
    around = ""
    last: Epic | None = None
    for heading, lines in _parts(document):
        if match := grammar.EPIC.match(heading.heading.text):
            epic = _epic(heading, match["number"], match.start("title"), lines)
            around, last = epic.key, epic
            inside.setdefault(around, [])
            found.setdefault(around, epic)
        elif match := grammar.EPIC_STORY.match(heading.heading.text):
            story = story_in(document, lines, heading, (), words)
            stories.append(story)
            if last and not inside[around]:
                found[around] = last  # the heading with the stories, not a list before it
            inside.setdefault(around, []).append(story.number)
    problems = [*document.problems, *(problem for story in stories for problem in story.problems)]
    problems += _doubles(path, stories)
    epics = (replace(epic, stories=tuple(inside[key])) for key, epic in found.items())
    return Epics(document, tuple(epics), tuple(stories), tuple(sorted(problems)))


def epic_in(
    document: Document, epic: Epic, words: Mapping[str, State] | None = None
) -> Story | None:
    """Read the lines of an epic above its stories as a story is read: status, labels, text."""
    lines = _block(document.lines, epic.line - 1)
    if not lines or lines[0].kind is not Kind.HEADING:
        return None
    story = story_in(document, lines, lines[0], (), words)
    return replace(story, number=epic.number, title=(epic.title,))


def _block(lines: Sequence[Line], start: int) -> Sequence[Line]:
    """Give a heading with its lines, up to the next epic, story or heading above it."""
    for end in range(start + 1, len(lines)):
        line = lines[end]
        if line.kind is Kind.HEADING and (line.level <= lines[start].level or _is_named(line)):
            return lines[start:end]
    return lines[start:]


def _parts(document: Document) -> Iterator[tuple[Line, Sequence[Line]]]:
    """Give each heading of an epic or story with its lines, up to the next of them or above it."""
    lines = document.lines[document.body :]
    starts: list[int] = []
    ends: list[int] = []
    is_open = False
    for i, line in enumerate(lines):
        if line.kind is not Kind.HEADING:
            continue
        is_named = _is_named(line)
        if is_open and (is_named or line.level <= lines[starts[-1]].level):
            ends.append(i)
            is_open = False
        if is_named:
            starts.append(i)
            is_open = True
    if is_open:
        ends.append(len(lines))
    for start, end in zip(starts, ends, strict=True):
        yield lines[start], lines[start:end]


def _is_named(line: Line) -> bool:
    words = line.heading.text
    return bool(grammar.EPIC.match(words) or grammar.EPIC_STORY.match(words))


def _epic(heading: Line, number: str, title_at: int, lines: Sequence[Line]) -> Epic:
    words = heading.heading
    title = stripped(words.text[title_at:], words.start + title_at, words.line)
    goals = (label.value.text for label in labels_of(lines) if label.name in {"epic goal", "goal"})
    first = (line.text.strip() for line in lines[1:] if line.kind is Kind.TEXT)
    return Epic(number, title, next(goals, "") or next(first, ""), (), heading.number)


def _doubles(path: str, stories: Sequence[Story]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for story in stories:
        line = story.head.number if story.head else 1
        if story.key in first:
            message = f"story {story.number} is told twice: first in line {first[story.key]}"
            yield Problem(path, line, "duplicate", message)
        first.setdefault(story.key, line)
