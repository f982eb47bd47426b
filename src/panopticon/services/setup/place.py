"""Finding the workspace and the projects that somebody named, among those that a key may see."""

from collections.abc import Mapping, Sequence

from panopticon.errors import InvalidInput, NotFound
from panopticon.trackers.base import Place


def inside(known: Sequence[Place], workspace: Place | None) -> list[Place]:
    """List the projects of a workspace, those inside other projects too."""
    above = {place.id: place.parent for place in known}
    projects = [place for place in known if place.kind == "project"]
    if workspace is None:
        return projects
    return [place for place in projects if workspace.id in _chain(place.id, above)]


def _chain(start: str, above: Mapping[str, str | None]) -> set[str]:
    found: set[str] = set()
    at: str | None = start
    while at is not None and at not in found:
        found.add(at)
        at = above.get(at)
    return found


def workspace_of(name: str | None, known: Sequence[Place]) -> Place | None:
    """Find the workspace; the only one there is needs no name."""
    workspaces = [place for place in known if place.kind == "workspace"]
    if name is not None:
        return place_called("workspace", name, workspaces)
    if len(workspaces) > 1:
        hint = f"Name it (--workspace). There is {_names(workspaces)}."
        raise InvalidInput("Which workspace?", hint)
    return workspaces[0] if workspaces else None


def place_called(kind: str, text: str, known: Sequence[Place]) -> Place:
    """Find a place by id, by reference or by name."""
    id_ = tail(text)
    exact = [place for place in known if place.id == id_]
    found = exact or [p for p in known if p.name.casefold() == text.strip().casefold()]
    if len(found) > 1:
        raise InvalidInput(f"Several places are called {text!r}.", f"Give the id: {_names(found)}.")
    if found:
        return found[0]
    raise NotFound(
        f"The key sees no {kind} {text!r}.",
        f"There is {_names(known)}." if known else f"It sees no {kind} at all: ask for access.",
        candidates=[{"id": place.id, "name": place.name} for place in known],
    )


def _names(known: Sequence[Place]) -> str:
    shown = ", ".join(f"{place.name} ({place.id})" for place in known[:12])
    return shown + (f" and {len(known) - 12} more" if len(known) > 12 else "")  # noqa: PLR2004


def tail(text: str) -> str:
    """Reduce a reference to its id."""
    return text.strip().rstrip("/").rsplit("/", 1)[-1]
