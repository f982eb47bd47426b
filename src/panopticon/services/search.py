"""The verb that finds items by a query, over all sources; and the words that a query may use."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from panopticon.errors import InvalidInput, PanError
from panopticon.model.issue import NOT_STEPS, PRIORITIES, Comment, Issue, Json, Kind, State
from panopticon.model.query import Field, Is, Query
from panopticon.model.query_parse import query_from
from panopticon.model.query_value import special_words
from panopticon.model.ref import IssueRef, hyphenated
from panopticon.services import projection
from panopticon.services.context import Context
from panopticon.services.search_names import resolved
from panopticon.store.base import Lookup

_AROUND = 40  # characters of a snippet on each side
_MOST_WORDS = 200  # values of a field


@dataclass(frozen=True, slots=True)
class Snippet:
    """Where a word was found that the row itself does not show, and the text around it."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """An item that was found."""

    issue: Issue
    score: float
    snippet: Snippet | None


@dataclass(frozen=True, slots=True)
class Results:
    """What was asked for, as it was understood; how many there are in all."""

    query: Query
    results: tuple[Result, ...]
    total: int


def find(ctx: Context, text: str, limit: int | None = None) -> Results:
    """Find items, the best first; raises InvalidInput with `at` for what cannot be understood."""
    query = query_from(text, ctx.names)
    if not query.terms:
        raise InvalidInput("What is to be found?", "Write a few words, or `is:open`.", at=[0, 0])
    exact = resolved(ctx, query)
    found = ctx.store.search(Lookup(exact, ctx.names, ctx.now(), limit=limit))
    scores = {hit.ref: hit.score for hit in found.hits}
    read = ctx.store.together([hit.ref for hit in found.hits])
    shown = tuple(
        Result(issue, scores[issue.ref], _snippet(ctx, issue, comments, exact.texts))
        for issue, comments in read
    )
    return Results(query, shown, found.total)


def refs(
    ctx: Context, text: str, kinds: Sequence[Kind] = NOT_STEPS, me: str | None = None
) -> frozenset[IssueRef]:
    """Name what meets a query, everything where it is empty; raises InvalidInput with `at`."""
    query = resolved(ctx, query_from(text, ctx.names), me)
    found = ctx.store.search(Lookup(query, ctx.names, ctx.now(), tuple(kinds)))
    return frozenset(hit.ref for hit in found.hits)


def blocked(ctx: Context) -> frozenset[IssueRef]:
    """Name what cannot go on, as the board shows it: by its tracker's flag, a blocker or a link."""
    return refs(ctx, f"{Field.IS}:{Is.BLOCKED}", tuple(Kind))


def make_ready(ctx: Context) -> None:
    """Make ready what was written since the last search, so that the next need not."""
    with suppress(PanError):  # the next search does it, or says why it cannot
        ctx.store.catch_up()


def row(ctx: Context, result: Result) -> dict[str, Json]:
    """Give the line of `pan search --json`: that of `work list`, and why it is there."""
    snippet = result.snippet
    found: Json = {"in": snippet.place, "text": snippet.text} if snippet else None
    score: Json = round(result.score, 3)
    return projection.row(result.issue, ctx.now()) | {"score": score, "found": found}


def words(ctx: Context) -> list[dict[str, Json]]:
    """List the fields of a query with the values that they may have, for completion."""
    return [_field(ctx, field) for field in Field if field is not Field.TEXT]


def _field(ctx: Context, field: Field) -> dict[str, Json]:
    means, *examples = _MEANS[field]
    titles = ctx.store.epic_titles(ctx.names) if field is Field.EPIC else {}
    known = titles or dict.fromkeys(_values(ctx, field))
    values: list[Json] = [*special_words(field), *known]
    told: dict[str, Json] = {
        "name": field.value,
        "means": means,
        "values": values[:_MOST_WORDS],
        "examples": list[Json](examples),
    }
    return told | ({"titles": dict[str, Json](titles)} if titles else {})


def _values(ctx: Context, field: Field) -> list[str]:
    if field is Field.TRACKER:
        return list(ctx.names)
    fixed = _FIXED.get(field, ())
    stored = ctx.store.words(field, ctx.names) if field in _STORED else []
    return [*fixed, *(name for name, _ in stored)]


def _snippet(
    ctx: Context, issue: Issue, comments: Sequence[Comment], texts: Sequence[str]
) -> Snippet | None:
    """Show the first word that neither key nor title shows."""
    seen = f"{issue.ref.key} {hyphenated(issue.ref.key)} {issue.title}".casefold()
    for text in texts:
        if text.casefold() not in seen:
            for place, written in _written(ctx, issue, comments):
                if cut := _around(written, text):
                    return Snippet(place, cut)
    return None


def _written(ctx: Context, issue: Issue, comments: Sequence[Comment]) -> Iterator[tuple[str, str]]:
    """Yield what is written about an item, what is read anew last."""
    yield "body", issue.body
    yield "criteria", issue.acceptance_criteria
    yield "blocked", issue.blocked_reason or ""
    for label in issue.labels:
        yield "label", label
    for task in issue.tasks:
        yield "task", f"{task.key}: {task.title}" if task.key else task.title
    for comment in comments:
        yield "comment", f"{comment.author}: {comment.body}"
    for child in ctx.store.children(issue.ref):
        if child.kind is Kind.TASK:
            yield "task", f"{child.ref.key}: {child.title} {child.body}"
            for comment in ctx.store.comments(child.ref):
                yield "comment", f"{child.ref.key}: {comment.body}"


def _around(written: str, text: str) -> str | None:
    """Cut out a text with what stands around it."""
    flat = " ".join(written.split())
    match = re.search(re.escape(" ".join(text.split())), flat, re.IGNORECASE)
    if match is None:
        return None
    start, end = max(0, match.start() - _AROUND), min(len(flat), match.end() + _AROUND)
    before, after = "…" if start else "", "…" if end < len(flat) else ""
    return f"{before}{flat[start:end].strip()}{after}"


_STORED = frozenset({Field.PROJECT, Field.STATE, Field.ASSIGNEE, Field.LABEL, Field.ITERATION})
_FIXED: dict[Field, tuple[str, ...]] = {
    Field.KIND: tuple(kind.value for kind in Kind),
    Field.STATE: tuple(state.value for state in State),
    Field.IS: tuple(one.value for one in Is),
    Field.PRIORITY: tuple(PRIORITIES[1:]) + PRIORITIES[:1],
}
_MEANS: dict[Field, tuple[str, ...]] = {
    Field.TITLE: ("Words of the title alone.", "title:login"),
    Field.REF: ("One item.", "ref:US120"),
    Field.TRACKER: ("The source it comes from.", "tracker:rally"),
    Field.PROJECT: ("Its project.", 'project:"My Project"'),
    Field.EPIC: ("What lies below an epic or feature.", "epic:17", "epic:none"),
    Field.KIND: ("What sort of item it is.", "kind:story,defect"),
    Field.STATE: ("Its column, or the team's own word.", "state:review"),
    Field.IS: ("What it is just now.", "is:blocked", "-is:done"),
    Field.ASSIGNEE: ("Who has it or holds it.", "assignee:me", "assignee:none"),
    Field.LABEL: ("A label.", "label:api", 'label:"two words"'),
    Field.ITERATION: ("Its iteration.", 'iteration:"Sprint 24"'),
    Field.PRIORITY: ("Its priority.", "priority:high,urgent"),
    Field.POINTS: ("Its points.", "points:>=3", "points:3..8"),
    Field.UPDATED: ("When it changed last.", "updated:<2d", "updated:>2w"),
    Field.CREATED: ("When it was made.", "created:2026-11-01..2026-11-20"),
}
