"""What a page offers to choose from: fields of a form, columns, people, iterations.

Where a tracker does not answer, people and iterations are those that the stored items name.
"""

from collections.abc import Callable, Iterable, Mapping

from panopticon.errors import PanError, Unsupported
from panopticon.model.form import Move
from panopticon.model.issue import Issue, Iteration, Json, Kind, User
from panopticon.model.ref import number_of
from panopticon.services.board.card import person_json
from panopticon.services.context import Context
from panopticon.services.issue import phase, write as issue_write
from panopticon.services.issue.form import Forms, field_json
from panopticon.services.ref import resolve, source_name
from panopticon.services.within import PAGE_SECONDS
from panopticon.store.base import Outline
from panopticon.trackers.base import Place


def form_for_new(
    forms: Forms, tracker: str | None, kind: Kind | None, project: str | None
) -> dict[str, Json]:
    """Say what a new item of a kind is asked for; the first kind when none is named."""
    name = source_name(forms.ctx, tracker)
    kinds = forms.ctx.tracker(name).capabilities.kinds
    if kind not in kinds and (kind or not kinds):
        known = ", ".join(kinds) or "nothing"
        raise Unsupported(f"{name} makes no {kind or 'item'}.", f"It makes: {known}.", field="kind")
    chosen = kind or (Kind.STORY if Kind.STORY in kinds else kinds[0])
    places = _projects(forms, name)
    return {
        "tracker": name,
        "kind": chosen.value,
        "kinds": [one.value for one in kinds],
        "project": project or _first_project(forms.ctx, name, places),
        "projects": [{"id": place.id, "name": place.name} for place in places],
        "fields": [field_json(one) for one in forms.fields(name, chosen, project)],
    }


def form_for(forms: Forms, text: str) -> dict[str, Json]:
    """Say which fields of an item can be written."""
    ctx = forms.ctx
    issue = issue_write.stored(ctx, resolve(ctx, text, seconds=PAGE_SECONDS))
    name = issue.ref.tracker
    able = ctx.tracker(name).capabilities
    asked = forms.fields(name, issue.kind, issue.project or None)
    writable = able.writable.get(issue.kind, frozenset())
    own: Json = [{"id": issue.project_id, "name": issue.project}]
    return {
        "tracker": name,
        "kind": issue.kind.value,
        "kinds": [one.value for one in able.kinds],
        "project": issue.project,
        "projects": own,
        "fields": [field_json(one) for one in asked if one.name.partition(".")[0] in writable],
    }


def moves(forms: Forms, text: str) -> dict[str, Json]:
    """Say for each column whether an item may move there, and by which word."""
    ctx = forms.ctx
    issue = issue_write.stored(ctx, resolve(ctx, text, seconds=PAGE_SECONDS))
    return {
        "ref": str(issue.ref),
        "state": issue.state.value,
        "native_state": issue.native_state,
        "moves": [_move(issue, move) for move in forms.moves(issue)],
    }


def _move(issue: Issue, move: Move) -> Json:
    """Tell of a column; `note` says that it is kept here, where the tracker has no word for it."""
    is_kept = not move.is_allowed and phase.can_be_kept(issue, move.state)
    return {
        "state": move.state.value,
        "name": move.state.label,
        "native_state": move.native_state,
        "allowed": move.is_allowed or is_kept,
        "reason": None if is_kept else move.reason,
        "note": phase.note_of(issue.ref.tracker, move.state) if is_kept else None,
    }


def people(forms: Forms, tracker: str | None) -> dict[str, Json]:
    """Name the people of one source or of all; `error` says whose list may be short."""

    def told(name: str) -> list[dict[str, Json]]:
        return [_person(user) for user in forms.people(name) if not user.disabled]

    def seen(outlines: Iterable[Outline]) -> list[dict[str, Json]]:
        names = {who for one in outlines for who in (one.assignee, one.holder) if who}
        return [person_json(who) for who in names]

    found, error = _of_sources(forms.ctx, tracker, told, seen)
    shown: list[Json] = [*sorted(found, key=lambda one: str(one["name"]).casefold())]
    return {"people": shown, "error": error}


def iterations(forms: Forms, tracker: str | None) -> dict[str, Json]:
    """Name the timeboxes of one source or of all, in time's order; `error` as for people."""

    def told(name: str) -> list[dict[str, Json]]:
        return [_timebox(one) for one in forms.iterations(name)]

    def seen(outlines: Iterable[Outline]) -> list[dict[str, Json]]:
        pairs = {(one.iteration, one.project) for one in outlines if one.iteration}
        return [
            {"name": name, "start": None, "end": None, "state": None, "project": project}
            for name, project in pairs
        ]

    found, error = _of_sources(forms.ctx, tracker, told, seen)
    order = sorted(found, key=lambda one: (str(one["start"] or ""), str(one["name"])))
    return {"iterations": [*order], "error": error}


def _of_sources(
    ctx: Context,
    tracker: str | None,
    told: Callable[[str], list[dict[str, Json]]],
    seen: Callable[[Iterable[Outline]], list[dict[str, Json]]],
) -> tuple[list[dict[str, Json]], str | None]:
    """Ask one source or all; where one fails, take what is stored and say so."""
    found: list[dict[str, Json]] = []
    errors: dict[str, str] = {}
    for name in [ctx.source(tracker).name] if tracker else ctx.names:
        try:
            rows = told(name)
        except PanError as error:
            errors[name] = error.message
            rows = seen(one for one in ctx.store.outline() if one.ref.tracker == name)
        found += [row | {"source": name} for row in rows]
    return found, "; ".join(f"{name}: {text}" for name, text in errors.items()) or None


def _projects(forms: Forms, name: str) -> list[Place]:
    """Choose the projects to create in: the configured ones and those below, else all."""
    try:
        places = [place for place in forms.places(name) if place.kind == "project"]
    except PanError:
        outlines = forms.ctx.store.outline()
        return [Place("project", one, one) for one in _stored_projects(outlines, name)]
    words = _configured(forms.ctx, name)
    chosen = {p.id for p in places if p.name.casefold() in words or p.id in words}
    if forms.ctx.source(name).options.get("scope_down", True) is not False:
        while below := {p.id for p in places if p.parent in chosen} - chosen:
            chosen |= below
    return [place for place in places if place.id in chosen] or places


def _stored_projects(outlines: Iterable[Outline], name: str) -> list[str]:
    return sorted({one.project for one in outlines if one.ref.tracker == name and one.project})


def _configured(ctx: Context, name: str) -> set[str]:
    """Spell the configured projects as names and as numbers."""
    options: Mapping[str, object] = ctx.source(name).options
    listed = options.get("projects") or options.get("project") or ()
    words = listed if isinstance(listed, list | tuple) else str(listed).split(",")
    texts = {str(word).strip().casefold() for word in words}
    return texts | {number for text in texts if (number := number_of(text))}


def _first_project(ctx: Context, name: str, places: list[Place]) -> str | None:
    words = _configured(ctx, name)
    own = [p.name for p in places if p.name.casefold() in words or p.id in words]
    if own or len(places) == 1:
        return (own or [places[0].name])[0]
    return None


def _person(user: User) -> dict[str, Json]:
    """Give a person as the tracker calls them, known by their email."""
    told = person_json(user.name or user.email or user.id)
    return told | {"id": user.email or user.name or user.id, "name": user.name or told["name"]}


def _timebox(one: Iteration) -> dict[str, Json]:
    return {
        "name": one.name,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "state": one.state,
        "project": one.project,
    }
