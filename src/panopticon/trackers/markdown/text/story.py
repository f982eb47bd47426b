"""A story as read from text: every field with its value and its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from panopticon.model.issue import State
from panopticon.trackers.markdown.text import grammar
from panopticon.trackers.markdown.text.checklist import Criterion, Task, criteria_of, tasks_of
from panopticon.trackers.markdown.text.document import Document, Kind, Line, document_from
from panopticon.trackers.markdown.text.entry import Entry, entries_from, unquoted
from panopticon.trackers.markdown.text.grammar import Dialect, Role
from panopticon.trackers.markdown.text.need import Need, needs_of
from panopticon.trackers.markdown.text.number import FileName, canonical, file_name_from, parts_of
from panopticon.trackers.markdown.text.piece import Piece, Problem, decode
from panopticon.trackers.markdown.text.record import Remark, comments_of, log_of
from panopticon.trackers.markdown.text.section import (
    Label,
    Section,
    body_of,
    labels_of,
    sections_of,
)
from panopticon.trackers.markdown.text.top import (
    as_a,
    first_of,
    labelled_number,
    lines_above,
    pieces_of,
    status_of,
    title_of,
)
from panopticon.trackers.markdown.text.word import Meaning, meaning_of


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
    def is_part(self) -> bool:
        """Tell whether it is one story of an epics file."""
        return len(self.lines) < len(self.document.lines) - self.document.body

    @property
    def name(self) -> str:
        """Give the title without its number, or what the file's name says."""
        return self.said(self.title[0]) if self.title else self.file_name.slug.replace("-", " ")

    @property
    def word(self) -> str:
        """Give the team's own status word."""
        return self.said(self.status[0]) if self.status else ""

    def said(self, place: Piece) -> str:
        """Give what a place says: in the front matter without its quotes."""
        return unquoted(place.text) if self.is_front(place) else place.text

    def is_front(self, place: Piece) -> bool:
        """Tell a place in the front matter."""
        return place.line <= self.document.body

    @property
    def has_front_status(self) -> bool:
        """Tell whether the front matter says the status that decides."""
        return bool(self.status) and self.is_front(self.status[0])

    @property
    def has_conflict(self) -> bool:
        """Tell whether a merge left its markers in the file."""
        return any(problem.code == "conflict" for problem in self.document.problems)

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
    labels = tuple(labels_of(lines_above(top, sections)))
    titled, title = title_of(heading, front)
    number, file_name = _number(titled or labelled_number(labels, front), document.path)
    status = tuple(status_of(labels, sections, front))
    meaning = meaning_of(status[0].text, words) if status else Meaning(State.BACKLOG)
    story = next((section.own for section in sections if section.role is Role.STORY), None)
    return Story(
        document=document,
        number=number,
        file_name=file_name,
        title=title,
        status=status,
        meaning=meaning,
        epic=first_of(labels, front, grammar.EPIC_LABELS),
        formatted_id=next(pieces_of(labels, front, grammar.FORMATTED_ID_LABELS), None),
        user_story=body_of(document, as_a(top) if story is None else story),
        criteria=_criteria(document, sections),
        tasks=_tasks(sections),
        needs=tuple(needs_of(lines, sections, front)),
        comments=tuple(comments_of(document, sections)),
        log=tuple(log_of(sections)),
        front=tuple(front),
        labels=labels,
        sections=tuple(sections),
        lines=tuple(lines),
        head=heading,
        dialect=_dialect(sections, front),
        problems=tuple(_problems(document.path, title, status, meaning)),
    )


def _number(number: str, path: str) -> tuple[str, FileName]:
    """Take the number of the title or else of the file, whose prefix may say more."""
    name = file_name_from(path, number)
    is_more = parts_of(name.number)[1:] == parts_of(number)  # `env-6-3-x.md`, "Story 6.3"
    return (name.number if is_more or not number else number), name


def _dialect(sections: Sequence[Section], front: Sequence[Entry]) -> Dialect:
    names = {section.name for section in sections}
    return grammar.dialect_of(names, {entry.key for entry in front})


def _criteria(document: Document, sections: Sequence[Section]) -> tuple[Criterion, ...]:
    chosen = [section for section in sections if section.role is Role.CRITERIA]
    return tuple(item for section in chosen for item in criteria_of(document, section))


def _tasks(sections: Sequence[Section]) -> tuple[Task, ...]:
    """Take the tasks; those of a plan or of steps where no section of tasks has any."""
    found = tasks_of([section for section in sections if section.role is Role.TASKS])
    return found or tasks_of([section for section in sections if section.role is Role.STEPS])


def _is_story(line: Line) -> bool:
    return grammar.EPIC_STORY.match(line.heading.text) is not None


def _problems(
    path: str, title: Sequence[Piece], status: Sequence[Piece], meaning: Meaning
) -> Iterator[Problem]:
    if not title:
        yield Problem(path, 1, "title", "no title: a heading `# Story 1.2: title` is missing")
    if status and not meaning.is_known:
        message = f"unknown status {status[0].text[:60]!r}: shown in the backlog"
        yield Problem(path, status[0].line, "status", message)
    for other in status[1:]:
        if meaning_of(other.text.strip("'\"")).state is not meaning.state:
            message = f"two statuses: {status[0].text[:40]!r} decides, {other.text[:40]!r} does not"
            yield Problem(path, other.line, "status", message)
