"""A search as nouns: terms that must all hold, each with its place in the text that was typed."""

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from panopticon.model.issue import Kind, State
from panopticon.model.ref import IssueRef


class Field(StrEnum):
    """What a term looks at; `text` is everything that is written about an item."""

    TEXT = "text"
    TITLE = "title"
    REF = "ref"
    TRACKER = "tracker"
    PROJECT = "project"
    EPIC = "epic"
    KIND = "kind"
    STATE = "state"
    IS = "is"
    ASSIGNEE = "assignee"
    LABEL = "label"
    ITERATION = "iteration"
    PRIORITY = "priority"
    POINTS = "points"
    UPDATED = "updated"
    CREATED = "created"


class Is(StrEnum):
    """What an item may be."""

    OPEN = "open"
    DONE = "done"
    MINE = "mine"
    BLOCKED = "blocked"
    HELD = "held"
    FREE = "free"
    JOINED = "joined"
    CANCELLED = "cancelled"


class Special(Enum):
    """Words that name no value: nobody or nothing, and who sits here."""

    NONE = "none"
    ME = "me"


@dataclass(frozen=True, slots=True)
class Between:
    """From `low` to `high`, None without end; `above`, `below`: that end itself is left out."""

    low: float | datetime | None
    high: float | datetime | None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Age:
    """Younger or older than so long before now."""

    length: timedelta
    is_younger: bool

    def before(self, now: datetime) -> Between:
        """Give the times that are meant."""
        line = now - self.length
        if self.is_younger:
            return Between(line, None, above=True)
        return Between(None, line, below=True)


@dataclass(frozen=True, slots=True)
class People:
    """The ids of those who are meant."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refs:
    """The items that are meant."""

    refs: tuple[IssueRef, ...]


# What is read from the text is plain; refs, people and times come in when names are resolved.
Meaning = str | int | Kind | State | Is | Special | Between | Age | IssueRef | People | Refs


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a term: as typed, what it means, and where it stands, in characters."""

    text: str
    meaning: Meaning
    start: int = dataclasses.field(default=0, compare=False)
    end: int = dataclasses.field(default=0, compare=False)
    is_quoted: bool = dataclasses.field(default=False, compare=False)

    def __str__(self) -> str:
        """Spell it so that it is read the same again."""
        is_word = isinstance(self.meaning, str) and self.text.casefold() in _WORDS
        is_plain = not self.is_quoted and not is_word and _PLAIN.fullmatch(self.text)
        return self.text if is_plain else f'"{_QUOTED.sub(_escaped, self.text)}"'


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: one of the values holds, or none of them where it is negated."""

    field: Field
    values: tuple[Value, ...]
    is_negated: bool = False
    start: int = dataclasses.field(default=0, compare=False)
    end: int = dataclasses.field(default=0, compare=False)

    def __str__(self) -> str:
        """Spell it so that it is read the same again."""
        sign = "-" if self.is_negated else ""
        is_word = self.field is Field.TEXT and len(self.values) == 1
        name = "" if is_word else f"{self.field.value}:"
        return sign + name + ",".join(map(str, self.values))


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold; none at all means everything."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        """Spell it so that it is read the same again."""
        return " ".join(map(str, self.terms))

    def of(self, *fields: Field) -> tuple[Term, ...]:
        """Give the terms that look at these."""
        return tuple(term for term in self.terms if term.field in fields)

    @property
    def texts(self) -> tuple[str, ...]:
        """Give the words and phrases that are looked for."""
        return tuple(
            value.text
            for term in self.of(Field.TEXT, Field.TITLE)
            if not term.is_negated
            for value in term.values
        )


_PLAIN = re.compile(r'[^\s",:\\/-][^\s",:\\]*')
_WORDS = frozenset({"none", "me", "and", "or", "not"})  # that mean something else without quotes
_QUOTED = re.compile(r'["\\]')


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}"
