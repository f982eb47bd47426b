"""What the log says of claims and of writes that waited, as people read it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from panopticon.model.event import Event, EventKind
from panopticon.services.board.card import person_json

_HELD = {
    EventKind.TAKEN: "Checked it out",
    EventKind.RENEWED: "Renewed the claim",
    EventKind.RELEASED: "Gave it back",
    EventKind.EXPIRED: "The claim ran out",
    EventKind.STOLEN: "Took it over",
}
_WROTE = {
    EventKind.QUEUED: "The tracker did not answer; this waits",
    EventKind.SENT: "What waited was sent",
    EventKind.DROPPED: "What waited was dropped",
}
KINDS = _HELD.keys() | _WROTE.keys()


def text_of(event: Event) -> str:
    """Say what happened; who did it stands beside."""
    if event.kind in _WROTE:
        return _wrote(event)
    fence = event.data.get("fence")
    said = _HELD[event.kind] + _how(event)
    return f"{said} (fence {fence})." if fence else f"{said}."


def author_of(event: Event) -> str | None:
    """Name who did it: the holder, or who wished for the write."""
    who = event.data.get("by" if event.kind in _WROTE else "holder")
    return who if isinstance(who, str) and who else None


def time_of(event: Event) -> datetime:
    """Tell when it happened: a claim ran out at its end, whenever we learnt of it."""
    told = event.data.get("expires_at")
    ran_out = event.kind is EventKind.EXPIRED and isinstance(told, str)
    return min(event.at, datetime.fromisoformat(str(told))) if ran_out else event.at


def times_of(events: Iterable[Event]) -> list[datetime]:
    """Tell when the tracker's lock changed because of a claim."""
    return [event.at for event in events if event.kind in _HELD]


def told_once(events: Iterable[Event]) -> Iterator[Event]:
    """Leave out all but the newest renewal of each claim: a heartbeat is no news."""
    seen: set[object] = set()
    for event in events:  # newest first
        fence = event.data.get("fence")
        if event.kind is EventKind.RENEWED and fence in seen:
            continue
        if event.kind is EventKind.RENEWED:
            seen.add(fence)
        yield event


def lock_text(before: str | None, after: str | None) -> str | None:
    """Say what became of a lock that no claim we know of explains; None where it only went on."""
    if after is None:
        return "The lock was taken off."
    return None if before == after else f"Locked by {person_json(after)['name']}."


def _how(event: Event) -> str:
    data, worked = event.data, event.data.get("worked")
    if event.kind in {EventKind.TAKEN, EventKind.RENEWED}:
        return f" until {_spelled(data.get('expires_at'))}"
    if event.kind is EventKind.STOLEN:
        loser = data.get("from")
        whose = f" from {person_json(loser)['name']}" if isinstance(loser, str) and loser else ""
        return f"{whose}: {data['reason']}" if data.get("reason") else whose
    if worked is None:
        return ""
    if event.kind is EventKind.EXPIRED:
        return ", after work" if worked else " unused"
    return " with work on its branch" if worked else " without work"


def _wrote(event: Event) -> str:
    data = event.data
    why = data.get("error") or data.get("reason")
    found = data.get("found") if event.kind is EventKind.DROPPED else None
    parts = [str(data.get("what") or "a status write")]
    parts += [f"it is {found}"] if found else []
    parts += [str(why)] if why else []
    return f"{_WROTE[event.kind]}: {'; '.join(parts).rstrip('.')}."


def _spelled(told: object) -> str:
    if not isinstance(told, str):
        return "an unknown time"
    return f"{datetime.fromisoformat(told):%Y-%m-%d %H:%M} UTC"
