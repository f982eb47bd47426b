"""A query read from text; what cannot be read is told with its place."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from panopticon.errors import InvalidInput
from panopticon.model.query import Field, Is, Query, Term, Value
from panopticon.model.query_value import Wrong, meaning_of, nearest

LONGEST = 500  # characters
MOST_VALUES = 50
_HEAD = re.compile(r"([A-Za-z_][\w.-]*):(?![:/\\])", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]*", re.ASCII)
_BARE = re.compile(r"\S+")
_PART = re.compile(r"[^\s,]*")
_SPACE = re.compile(r"\s*")
_INSIDE = re.compile(r'(?:[^"\\]|\\.|\\\Z)*', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_ALIASES = {
    "type": Field.KIND,
    "status": Field.STATE,
    "column": Field.STATE,
    "sprint": Field.ITERATION,
    "source": Field.TRACKER,
    "key": Field.REF,
    "id": Field.REF,
    "owner": Field.ASSIGNEE,
    "tag": Field.LABEL,
}
FIELDS = {one.value: one for one in Field} | _ALIASES
_JOINING = {
    "AND": "Leave it out: all words must be there anyway.",
    "OR": "Write a comma inside a field: title:login,password.",
    "NOT": "Write a hyphen before the word: -login.",
}


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of the text."""

    start: int
    end: int


def query_from(text: str, trackers: Collection[str] = ()) -> Query:
    """Read a query; a tracker's name and a colon begin a ref. Raises InvalidInput with `at`."""
    if len(text) > LONGEST:
        raise _wrong(
            _Place(LONGEST, len(text)),
            f"The query has {len(text)} characters; {LONGEST} are allowed.",
            "Search for a few words.",
        )
    return Query(_Reader(text, frozenset(one.casefold() for one in trackers)).terms())


class _Reader:
    """Goes through the text once, from the left."""

    def __init__(self, text: str, trackers: frozenset[str]) -> None:
        self.text = text
        self.trackers = trackers
        self.at = 0

    def terms(self) -> tuple[Term, ...]:
        """Read all terms."""
        found: list[Term] = []
        count = 0
        while self._skip_space():
            found.append(self._term())
            count += len(found[-1].values)
            if count > MOST_VALUES:
                place = _Place(found[-1].start, found[-1].end)
                hint = "Search for fewer words."
                raise _wrong(place, f"A query has {MOST_VALUES} words at most.", hint)
        return tuple(found)

    def _skip_space(self) -> bool:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _term(self) -> Term:
        start = self.at
        is_negated = self._takes_sign()
        field = self._field()
        values = self._values(field) if field else (self._word(start),)
        return Term(field or Field.TEXT, values, is_negated, start, self.at)

    def _takes_sign(self) -> bool:
        """Pass a hyphen that negates: one with something behind it."""
        is_sign = self.text[self.at] == "-" and self.text[self.at + 1 : self.at + 2].strip() != ""
        self.at += is_sign
        return is_sign

    def _field(self) -> Field | None:
        """Pass a field's name and its colon; None where a word begins."""
        head = _HEAD.match(self.text, self.at)
        if head is None:
            return None
        name = head[1].casefold()
        known = FIELDS.get(name) or FIELDS.get(name.removesuffix("s"))
        if known:
            self.at = head.end()
            return known
        if not self.text[head.end() : head.end() + 1].strip():
            return None
        if name in self.trackers:
            return Field.REF
        if _NAME.fullmatch(name):
            raise self._unknown(head)
        return None

    def _unknown(self, head: re.Match[str]) -> InvalidInput:
        near = nearest(head[1], FIELDS)
        meant = f"Did you mean `{near}:`? " if near else ""
        names = ", ".join(one.value for one in Field if one is not Field.TEXT)
        bare = _BARE.match(self.text, head.start())
        quoted = f' To find the text itself, quote it: "{bare[0] if bare else head[0]}".'
        place = _Place(head.start(), head.end() - 1)
        return _wrong(
            place, f"There is no field `{head[1]}`.", meant + f"There is {names}." + quoted
        )

    def _values(self, field: Field) -> tuple[Value, ...]:
        values = [self._value(field)]
        while self.text[self.at : self.at + 1] == ",":
            self.at += 1
            values.append(self._value(field))
        return tuple(values)

    def _value(self, field: Field) -> Value:
        start = self.at
        is_quoted = self.text[start : start + 1] == '"'
        if is_quoted:
            text = self._quoted()
        else:
            match = _PART.match(self.text, start)
            text = match[0] if match else ""
            self.at = start + len(text)
        if not text.strip():
            place = _Place(start, max(self.at, start))
            before = "the comma" if self.text[start - 1 : start] == "," else f"`{field.value}:`"
            raise _wrong(place, f"Nothing stands after {before}.", _EXAMPLES[field])
        try:
            meaning = meaning_of(field, text, is_quoted=is_quoted)
        except Wrong as error:
            raise _wrong(_Place(start, self.at), error.message, error.hint) from None
        return Value(text, meaning, start, self.at, is_quoted)

    def _word(self, begin: int) -> Value:
        """Read a word or a phrase."""
        start = self.at
        if self.text[start] == '"' and not self._is_lone_quote():
            text = self._quoted()
            if not text.strip():
                place = _Place(begin, self.at)
                raise _wrong(place, "There is nothing between the quotes.", "Write a word there.")
            return Value(text, text, start, self.at, is_quoted=True)
        match = _BARE.match(self.text, start)
        assert match
        self.at = match.end()
        if hint := _JOINING.get(match[0]):
            place = _Place(start, self.at)
            raise _wrong(
                place, f"{match[0]} joins nothing here.", f'{hint} Or quote it: "{match[0]}".'
            )
        return Value(match[0], match[0], start, self.at)

    def _is_lone_quote(self) -> bool:
        """Tell a sign that stands alone, as in a title, from a phrase that begins."""
        rest = self.text[self.at + 1 :]
        return not rest[:1].strip() and '"' not in rest

    def _quoted(self) -> str:
        start = self.at
        match = _INSIDE.match(self.text, start + 1)
        assert match
        if self.text[match.end() : match.end() + 1] != '"':
            raise _wrong(
                _Place(start, len(self.text)),
                "The quote is not closed.",
                'Write a second " at its end.',
            )
        self.at = match.end() + 1
        return _ESCAPE.sub(r"\1", match[0])


def _wrong(place: _Place, message: str, hint: str) -> InvalidInput:
    return InvalidInput(message, hint, at=[place.start, place.end])


_EXAMPLES = {
    Field.TEXT: "Write text:login.",
    Field.TITLE: 'Write title:login or title:"two words".',
    Field.REF: "Write ref:US120.",
    Field.TRACKER: "Write the name of a source, as `pan trackers list` shows it.",
    Field.PROJECT: 'Write a project, in quotes where it has spaces: project:"My Project".',
    Field.EPIC: "Write epic:17, epic:F17 or epic:none.",
    Field.KIND: "Write kind:story or kind:story,defect.",
    Field.STATE: "Write a column, such as state:review, or the team's own word.",
    Field.IS: f"It takes {', '.join(Is)}.",
    Field.ASSIGNEE: "Write me, none, an email or a part of a name.",
    Field.LABEL: 'Write label:api, label:"two words" or label:none.',
    Field.ITERATION: 'Write iteration:"Sprint 24" or iteration:none.',
    Field.PRIORITY: "Write priority:high,urgent.",
    Field.POINTS: "Write points:3, points:>=3, points:3..8 or points:none.",
    Field.UPDATED: "Write updated:<2d, updated:>2w or updated:2026-11-01..2026-11-20.",
    Field.CREATED: "Write created:<2d, created:>2w or created:2026-11-01..2026-11-20.",
}
