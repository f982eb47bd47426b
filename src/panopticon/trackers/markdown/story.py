"""A story as read from text: every field with its value and its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from panopticon.model.issue import State
from panopticon.trackers.markdown import grammar
from panopticon.trackers.markdown.document import Document, Kind, Line, document_from
from panopticon.trackers.markdown.entry import Entry, entries_from
from panopticon.trackers.markdown.grammar import Dialect, Role
from panopticon.trackers.markdown.item import Criterion, Task, criteria_of, tasks_of
from panopticon.trackers.markdown.need import Need, needs_of
from panopticon.trackers.markdown.number import FileName, canonical, file_name_from, parts_of
from panopticon.trackers.markdown.record import Remark, comments_of, log_of
from panopticon.trackers.markdown.section import (
    Label,
    Section,
    body_of,
    label_of,
    labels_of,
    sections_of,
)
from panopticon.trackers.markdown.text import Piece, Problem, decode, stripped
from panopticon.trackers.markdown.word import Meaning, meaning_of

_ABOVE = frozenset({None, Role.DETAILS, Role.STATUS, Role.CONTEXT})


@dataclass(frozen=True, slots=True)
class Story:
    """What a file, or a part of an epics file, says of one story.

    `title` and `status` list every place that says it (a heading, the front matter), the one
    that decides first; all are written together. `head` is the line under which fields that are
    missing are added.
    """

    document: Document
    number: str
    file_name: FileName
    title: tuple[Piece, ...]
    status: tuple[Piece, ...]
    meaning: Meaning
    epic: str
    formatted_id: Piece | None
    user_story: Piece | None
    criteria: tuple[Criterion, ...]
    tasks: tuple[Task, ...]
    needs: tuple[Need, ...]
    comments: tuple[Remark, ...]
    log: tuple[Remark, ...]
    front: tuple[Entry, ...]
    labels: tuple[Label, ...]
    sections: tuple[Section, ...]
    lines: tuple[Line, ...]
    head: Line | None
    dialect: Dialect
    problems: tuple[Problem, ...]

    @property
    def key(self) -> str:
        """Give the number in the one spelling that finds it again; empty where there is none."""
        return canonical(self.number)

    @property
    def name(self) -> str:
        """Give the title without its number, or what the file's name says."""
        return self.title[0].text if self.title else self.file_name.slug.replace("-", " ")

    @property
    def word(self) -> str:
        """Give the team's own status word."""
        return self.status[0].text if self.status else ""

    @property
    def has_conflict(self) -> bool:
        """Tell whether a merge left its markers in the file."""
        return any(problem.code == "conflict" for problem in self.problems)

    def section(self, role: Role) -> Section | None:
        """Find the first section of a role."""
        return next((section for section in self.sections if section.role is role), None)

    def body(self, role: Role) -> Piece | None:
        """Give the text of the first section of a role, less the sections inside it."""
        section = self.section(role)
        return body_of(self.document, section.own) if section else None


def read(data: bytes | str, path: str = "", words: Mapping[str, State] | None = None) -> Story:
    """Read a story file; `words` are a team's own status words. Never fails."""
    text = decode(data) if isinstance(data, bytes) else data
    document = document_from(text, path)
    front, problems = entries_from(document.front, path)
    lines = document.lines[document.body :]
    titles = [line for line in lines if line.kind is Kind.HEADING]
    heading = next((line for line in titles if line.level == 1), None)
    if heading is None:
        heading = next((line for line in titles if _is_story(line)), None)
    story = story_in(document, lines, heading, front, words)
    told = sorted([*document.problems, *problems, *story.problems])
    return replace(story, problems=tuple(told))


def story_in(
    document: Document,
    lines: Sequence[Line],
    heading: Line | None,
    front: Sequence[Entry] = (),
    words: Mapping[str, State] | None = None,
) -> Story:
    """Read a story from some lines of a document, under its heading."""
    top, sections = sections_of([line for line in lines if line is not heading])
    above = list(_above(top, sections))
    labels = tuple(labels_of(above))
    number, title = _title(heading, front)
    number = number or _labelled_number(labels, front)
    file_name = file_name_from(document.path, number)
    if parts_of(file_name.number)[1:] == parts_of(number):
        number = file_name.number  # `env-6-3-slug.md` is more than its title's `Story 6.3`
    status = tuple(_status(labels, sections, front))
    meaning = meaning_of(status[0].text, words) if status else Meaning(State.BACKLOG)
    tasks = tasks_of([section for section in sections if section.role is Role.TASKS])
    if not tasks:
        tasks = tasks_of([section for section in sections if section.role is Role.STEPS])
    criteria = [section for section in sections if section.role is Role.CRITERIA]
    story = next((section for section in sections if section.role is Role.STORY), None)
    names = {section.name for section in sections}
    return Story(
        document=document,
        number=number or file_name.number,
        file_name=file_name,
        title=title,
        status=status,
        meaning=meaning,
        epic=_first(labels, front, grammar.EPIC_LABELS),
        formatted_id=next(_pieces(labels, front, grammar.FORMATTED_ID_LABELS), None),
        user_story=body_of(document, story.own if story else _paragraph(top)),
        criteria=tuple(item for section in criteria for item in criteria_of(document, section)),
        tasks=tasks,
        needs=tuple(needs_of(lines, sections, front)),
        comments=tuple(comments_of(document, sections)),
        log=tuple(log_of(sections)),
        front=tuple(front),
        labels=labels,
        sections=tuple(sections),
        lines=tuple(lines),
        head=heading,
        dialect=grammar.dialect_of(names, {entry.key for entry in front}),
        problems=tuple(_problems(document.path, heading, status, meaning)),
    )


def _is_story(line: Line) -> bool:
    return grammar.EPIC_STORY.match(line.heading.text) is not None


def _above(top: Sequence[Line], sections: Sequence[Section]) -> Iterator[Line]:
    """Give the lines that may hold the story's own labels: those above its content."""
    yield from top
    for section in sections:
        if section.role not in _ABOVE:
            break
        yield from section.own
    for section in sections:
        if section.role is Role.DETAILS:
            yield from section.own


def _paragraph(top: Sequence[Line]) -> list[Line]:
    """Find "As a … I want … so that" where no section holds it."""
    start = next(
        (i for i, line in enumerate(top) if line.text.lstrip("* ").startswith("As ")), None
    )
    if start is None:
        return []
    end = start
    while end < len(top) and top[end].kind is Kind.TEXT:
        end += 1
    return list(top[start:end])


def _title(heading: Line | None, front: Sequence[Entry]) -> tuple[str, tuple[Piece, ...]]:
    number = ""
    places: list[Piece] = []
    if heading:
        words = heading.heading
        for pattern in grammar.TITLES:
            if match := pattern.fullmatch(words.text.strip("*")):
                offset = words.start + len(words.text) - len(words.text.lstrip("*"))
                number = match.groupdict().get("number") or ""
                title = stripped(match["title"], offset + match.start("title"), words.line)
                break
        places.append(title)
    for entry in front:
        if entry.key == "title" and entry.scalar and (not places or entry.scalar == places[0].text):
            places.append(entry.value)
    return number, tuple(places)


def _labelled_number(labels: Sequence[Label], front: Sequence[Entry]) -> str:
    text = _first(labels, front, grammar.NUMBER_LABELS)
    for pattern in grammar.TITLES[:3]:
        if match := pattern.fullmatch(f"story {text.strip('*`')}"):
            return match["number"]
    return ""


def _first(labels: Sequence[Label], front: Sequence[Entry], names: frozenset[str]) -> str:
    return next((piece.text for piece in _pieces(labels, front, names) if piece.text), "")


def _pieces(
    labels: Sequence[Label], front: Sequence[Entry], names: frozenset[str]
) -> Iterator[Piece]:
    for label in labels:
        if label.name in names:
            yield label.value
    for entry in front:
        if grammar.heading_words(entry.key.replace("_", " ")) in names:
            yield entry.value


def _status(
    labels: Sequence[Label], sections: Sequence[Section], front: Sequence[Entry]
) -> Iterator[Piece]:
    """Find the status: a label, the section of that name, the front matter."""
    found = [label.value for label in labels if label.name in grammar.STATUS_LABELS][:1]
    found = [piece for piece in (*found, *_status_section(sections)) if piece.text]
    if found:
        yield _bare(min(found, key=lambda piece: piece.start))
    for entry in front:
        if entry.key == "status" and entry.scalar:
            yield entry.value


def _status_section(sections: Sequence[Section]) -> Iterator[Piece]:
    for section in sections:
        if section.role is not Role.STATUS:
            continue
        words = section.heading.heading
        _, colon, value = words.text.partition(":")
        if colon and value.strip(" *"):
            yield stripped(value, words.end - len(value), words.line)
        for line in section.own:
            if line.kind is Kind.TEXT and line.text.strip(" -"):
                label = label_of(line)
                is_status = label is not None and label.name in grammar.STATUS_LABELS
                yield label.value if label and is_status else _text_of(line)


def _text_of(line: Line) -> Piece:
    bare = line.text.lstrip("->* \t") if line.text.lstrip()[:2] in {"- ", "* ", "> "} else line.text
    return stripped(bare, line.end - len(bare), line.number)


def _bare(piece: Piece) -> Piece:
    """Take off the emphasis around the whole of a status."""
    for mark in ("***", "**", "__", "`", "*", "_"):
        size = len(mark)
        text = piece.text
        inner = text[size:-size]
        if len(text) > 2 * size and text.startswith(mark) and text.endswith(mark):
            if mark not in inner:
                return Piece(inner, piece.start + size, piece.end - size, piece.line)
            break
    return piece


def _problems(
    path: str, heading: Line | None, status: Sequence[Piece], meaning: Meaning
) -> Iterator[Problem]:
    if heading is None:
        yield Problem(path, 1, "title", "no title: a heading `# Story 1.2: title` is missing")
    if status and not meaning.is_known:
        message = f"unknown status {status[0].text[:60]!r}: shown in the backlog"
        yield Problem(path, status[0].line, "status", message)
    for other in status[1:]:
        if meaning_of(other.text.strip("'\"")).state is not meaning.state:
            message = f"two statuses: {status[0].text[:40]!r} decides, {other.text[:40]!r} does not"
            yield Problem(path, other.line, "status", message)
