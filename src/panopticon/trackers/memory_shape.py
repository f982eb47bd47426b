"""What an in-memory tracker has and lacks, so that it can stand in for unlike real ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from panopticon.errors import InvalidInput, NotFound, Unsupported
from panopticon.model.change import Scope
from panopticon.model.form import FieldType, FormField, Move
from panopticon.model.issue import PRIORITIES, Issue, IssueFields, Kind, State
from panopticon.model.ref import IssueRef, number_of, spelling_from
from panopticon.trackers.base import Capabilities

_EVERY = frozenset(IssueFields.__annotations__)
_LINKS = frozenset({"blocked_by", "blocks"})
_TYPES: Mapping[str, FieldType] = {
    "title": FieldType.TEXT,
    "body": FieldType.MARKDOWN,
    "acceptance_criteria": FieldType.MARKDOWN,
    "native_state": FieldType.CHOICE,
    "priority": FieldType.CHOICE,
    "labels": FieldType.LABELS,
    "assignee": FieldType.PERSON,
    "parent": FieldType.ITEM,
    "points": FieldType.NUMBER,
    "hours": FieldType.NUMBER,
    "due": FieldType.DATE,
    "iteration": FieldType.ITERATION,
    "release": FieldType.TEXT,
    "blocked": FieldType.FLAG,
    "blocked_reason": FieldType.TEXT,
    "blocked_by": FieldType.ITEM,
    "blocks": FieldType.ITEM,
    "branch": FieldType.TEXT,
    "coverage": FieldType.NUMBER,
    "commit_sha": FieldType.TEXT,
    "twin_key": FieldType.TEXT,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Key prefixes and lacking fields by kind, native words by column, and the missing verbs.

    Kinds that share a prefix share its numbers. A column without a word cannot be shown.
    """

    prefixes: Mapping[Kind, str]
    words: Mapping[State, str]
    lacks: Mapping[Kind, frozenset[str]] = field(default_factory=dict)
    steps: bool = False
    comments: bool = True
    delete: bool = True
    dependencies: bool = True
    link_pull_request: bool = True
    history: bool = True

    def takes(self, kind: Kind) -> frozenset[str]:
        """Name the fields a kind takes."""
        links = frozenset() if self.dependencies else _LINKS
        return _EVERY - self.lacks.get(kind, frozenset()) - links

    def capabilities(self) -> Capabilities:
        """Declare what there is."""
        return Capabilities(
            kinds=tuple(self.prefixes),
            writable={kind: self.takes(kind) for kind in self.prefixes},
            steps=self.steps,
            comments=self.comments,
            delete=self.delete,
            dependencies=self.dependencies,
            link_pull_request=self.link_pull_request,
            history=self.history,
        )

    def need(self, verb: str) -> None:
        """Raise Unsupported for a verb that is not there."""
        if not getattr(self, verb):
            raise Unsupported(
                f"This tracker has no {verb.replace('_', ' ')}.", "Do it at the tracker."
            )

    def prefix(self, kind: Kind) -> str:
        """Give the letters before a kind's numbers; raise Unsupported for a kind it lacks."""
        if kind not in self.prefixes:
            raise Unsupported(f"There is no {kind} here.", f"It knows {', '.join(self.prefixes)}.")
        return self.prefixes[kind]

    def above(self) -> set[Kind]:
        """Name the kinds that mean all that lies below; raise Unsupported where nothing does."""
        if not any("parent" in self.takes(kind) for kind in self.prefixes):
            raise Unsupported("Nothing lies below anything here.", "Leave the epic out.")
        return {Kind.FEATURE, Kind.EPIC} & self.prefixes.keys() or set(self.prefixes)

    def word(self, state: State) -> str:
        """Give the native word of a column; raise Unsupported for a column it cannot show."""
        if state not in self.words:
            raise Unsupported(
                f"This tracker cannot show {state}.", f"It shows {', '.join(self.words)}."
            )
        return self.words[state]

    def moves(self) -> tuple[Move, ...]:
        """Say which columns have a word."""
        return tuple(self._move(state) for state in State)

    def _move(self, state: State) -> Move:
        try:
            return Move(state, self.word(state))
        except Unsupported as refused:
            return Move(state, reason=refused.message)

    def form(self, kind: Kind) -> tuple[FormField, ...]:
        """Ask for every field that the kind takes, the title and required ones first."""
        self.prefix(kind)
        taken = self.takes(kind)
        required = {"title", "parent"} if kind is Kind.TASK else {"title"}
        fields = [
            FormField(
                name,
                name.replace("_", " ").capitalize(),
                type_,
                name in required,
                self._values(name),
                many=name in {"labels", *_LINKS},
            )
            for name, type_ in _TYPES.items()
            if name in taken
        ]
        return tuple(sorted(fields, key=lambda one: (one.name != "title", not one.required)))

    def _values(self, name: str) -> tuple[str, ...]:
        told = {"native_state": tuple(self.words.values()), "priority": PRIORITIES}
        return told.get(name, ())

    def state(self, word: object) -> State:
        """Give the column of a native word; raise InvalidInput with the known ones."""
        found = next((state for state, known in self.words.items() if known == word), None)
        if found is None:
            raise InvalidInput(
                f"There is no state {word!r}.",
                f"It allows: {', '.join(self.words.values())}.",
                field="native_state",
            )
        return found


FULL = Shape(
    prefixes={
        Kind.STORY: "US",
        Kind.DEFECT: "DE",
        Kind.TASK: "TA",
        Kind.FEATURE: "F",
        Kind.EPIC: "E",
    },
    words={
        State.BACKLOG: "Defined",
        State.PLANNING: "Planning",
        State.IN_PROGRESS: "In-Progress",
        State.IN_REVIEW: "In Review",
        State.DONE: "Completed",
    },
    lacks={
        Kind.STORY: frozenset({"due", "priority"}),
        Kind.TASK: frozenset({"due", "priority", "points", "blocked_by", "blocks"}),
    },
)


def within(issues: Sequence[Issue], scope: Scope, shape: Shape) -> list[Issue]:
    """Choose the items in scope; raises NotFound for an unknown epic."""
    rows = list(issues)
    if scope.project:
        rows = [issue for issue in rows if issue.project == scope.project]
    if scope.iteration:
        rows = [issue for issue in rows if issue.iteration == scope.iteration]
    if scope.epics:
        tops = {issue.ref for word in scope.epics for issue in _epic(issues, word, shape)}
        below = _descendants(issues, tops)
        rows = [issue for issue in rows if issue.ref in below]
    return rows


def _epic(issues: Sequence[Issue], word: str, shape: Shape) -> list[Issue]:
    kinds = shape.above()
    keys = spelling_from(word).keys
    found = [
        i
        for i in issues
        if i.kind in kinds
        and (i.ref.key in keys or (word.isdigit() and number_of(i.ref.key) == word))
    ]
    if not found:
        raise NotFound(f"No epic is meant by {word!r}.")
    if len(found) > 1:
        names = sorted(issue.ref.key for issue in found)
        raise InvalidInput(
            f"{word!r} may mean {' or '.join(names)}.", "Say which.", candidates=names
        )
    return found


def _descendants(issues: Sequence[Issue], found: set[IssueRef]) -> set[IssueRef]:
    while more := {i.ref for i in issues if i.parent in found} - found:
        found = found | more
    return found
