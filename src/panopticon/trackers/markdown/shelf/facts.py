"""The light facts of a file: what its items, their links and its problems need without parsing.

They are kept between runs for files whose bytes are the same. Columns are not among them: they
depend on a team's own words.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from panopticon.trackers.markdown.text.document import Document, Line
from panopticon.trackers.markdown.text.epics import Epic, Epics, epic_in
from panopticon.trackers.markdown.text.field import values
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.piece import Problem, seen, shown
from panopticon.trackers.markdown.text.story import Story
from panopticon.trackers.markdown.text.word import unmarked

FORMAT = "3"  # rises when facts are read differently: kept ones are then read again
_LONGEST_WORD = 80
_NO_NUMBER = "epic."  # `epic-9-1-title.md` is story 9.1


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one story or epic; `digest` stands for its whole text.

    `needs` and `blocks` are numbers in one spelling; `says_needs` tells "none" from silence.
    `signs` counts what only stories have: a status, a user story, criteria, tasks.
    """

    path: str
    line: int
    number: str
    title: str
    digest: str
    word: str = ""
    word_line: int = 0
    epic: str = ""
    twin: str = ""
    twin_line: int = 0
    iteration: str = ""
    says_needs: bool = False
    needs: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    signs: int = 0
    is_spec: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one file tells: a story file one story, an epics file its epics and parts."""

    stories: tuple[Told, ...] = ()
    epics: tuple[Told, ...] = ()
    problems: tuple[Problem, ...] = ()


def of_story(story: Story, digest: str) -> FileFacts:
    """Take the facts of a story file; unknown status words are told later, with a team's own."""
    problems = tuple(_lasting(story.problems))
    return FileFacts(stories=(_told(story, digest),), problems=problems)


def of_epics(epics: Epics) -> FileFacts:
    """Take the facts of an epics file: each part by its own text."""
    around = {number: epic.key for epic in epics.epics for number in epic.stories}
    stories = tuple(_part(story, around.get(story.number, "")) for story in epics.stories)
    tops = tuple(_epic(epics.document, epic) for epic in epics.epics)
    problems = tuple(_lasting(epics.problems))
    return FileFacts(stories, tops, problems)


def _lasting(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what a team's own words may settle; it is told anew with them."""
    return (one for one in problems if not one.message.startswith("unknown status"))


def digest_of(text: str | bytes) -> str:
    """Stand for a text."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()[:20]


def text_of(document: Document, lines: Sequence[Line]) -> str:
    """Give the text of neighbouring lines."""
    return document.text[lines[0].start : lines[-1].end] if lines else ""


def _part(story: Story, epic: str) -> Told:
    told = _told(story, digest_of(text_of(story.document, story.lines)))
    return replace(told, epic=epic or told.epic)


def _epic(document: Document, epic: Epic) -> Told:
    story = epic_in(document, epic)
    if story is None:
        return Told(document.path, epic.line, epic.key, seen(shown(epic.title.text)), "")
    told = _told(story, digest_of(text_of(document, story.lines)))
    title = seen(shown(" ".join(epic.title.text.split())))
    return replace(told, number=epic.key, title=title, epic="")


def _told(story: Story, digest: str) -> Told:
    waits = [need for need in story.needs if not need.blocks]
    holds = [need for need in story.needs if need.blocks]
    head = story.head.number if story.head else 1
    twin = story.formatted_id
    return Told(
        path=story.document.path,
        line=head,
        number=story.key.removeprefix(_NO_NUMBER),
        title=seen(shown(" ".join(story.name.split()))),
        digest=digest,
        word=word_shown(story.word),
        word_line=story.status[0].line if story.status else 0,
        epic=shown(story.epic),
        twin=shown(story.said(twin)).strip("'\"`* ") if twin else "",
        twin_line=twin.line if twin else 0,
        iteration=shown(values(story).iteration or ""),
        says_needs=bool(story.needs),
        needs=tuple(dict.fromkeys(canonical(one) for need in waits for one in need.numbers)),
        blocks=tuple(dict.fromkeys(canonical(one) for need in holds for one in need.numbers)),
        signs=_signs(story),
        is_spec=bool(story.front and story.status and story.dialect.name == "spec"),
    )


def word_shown(word: str) -> str:
    """Give a status word as it is shown: one line, not too long, without marks of emphasis."""
    return unmarked(shown(" ".join(word.split()))[:_LONGEST_WORD])


def _signs(story: Story) -> int:
    tasks = bool(story.tasks and story.section(Role.TASKS))
    return sum(map(bool, (story.status, story.user_story, story.criteria, tasks)))
