"""The board: every item in its column, how fresh each source is, and the epics to filter by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from panopticon.errors import NotFound
from panopticon.model.issue import CARDS, OUTCOMES, Issue, IssueFilter, Json, State
from panopticon.model.ref import IssueRef
from panopticon.services.board_card import Around, card_json
from panopticon.services.board_memory import Memory
from panopticon.services.context import Context
from panopticon.services.issue_ref import epic_ref
from panopticon.services.sync_run import is_running
from panopticon.store.base import SyncRecord


@dataclass(frozen=True, slots=True)
class Board:
    """What the page shows; `seq` is the last event that is surely in it."""

    title: str
    seq: int
    columns: Mapping[State, tuple[Issue, ...]]
    around: Around
    epics: tuple[Issue, ...]
    freshness: tuple[dict[str, Json], ...]
    total: int

    def as_json(self, now: datetime) -> dict[str, Json]:
        """Give the one shape that the browser draws from."""
        return {
            "title": self.title,
            "seq": self.seq,
            "now": now.isoformat(),
            "total": self.total,
            "columns": [
                {
                    "state": state.value,
                    "name": state.label,
                    "count": len(issues),
                    "cards": [card_json(issue, self.around) for issue in issues],
                }
                for state, issues in self.columns.items()
            ],
            "epics": [_epic_json(epic) for epic in self.epics],
            "sources": list(self.freshness),
        }


def board(ctx: Context, wanted: IssueFilter, memory: Memory | None = None) -> Board:
    """Read the board; `wanted` narrows the cards, never the epics or the freshness.

    `memory` keeps the items between calls where somebody asks often.
    """
    sight = (memory or Memory(ctx.names)).look(ctx.store)
    cards = [issue for issue in sight.issues if issue.kind in CARDS]
    known = {issue.ref: issue for issue in sight.issues}
    return Board(
        title=title_from(cards, "Demo" if ctx.config.is_demo else ""),
        seq=sight.seq,
        columns=columns_from(narrowed(ctx, cards, wanted)),
        around=Around(known, sight.progress),
        epics=tuple(sorted(_epics_from(known), key=lambda epic: _natural(epic.ref.key))),
        freshness=freshness(ctx),
        total=len(cards),
    )


def warm_up(ctx: Context, memory: Memory) -> None:
    """Read the items before the first page asks for them."""
    memory.look(ctx.store)


def narrowed(ctx: Context, cards: list[Issue], wanted: IssueFilter) -> list[Issue]:
    """Keep the cards that the store finds for these conditions."""
    if wanted == IssueFilter():
        return cards
    epic = _epic_for(ctx, wanted.epic) if wanted.epic else None
    if wanted.epic and not epic:
        return []
    exact = replace(wanted, kinds=wanted.kinds or CARDS, epic=epic, trackers=ctx.names)
    found = {issue.ref for issue in ctx.store.issues(exact)}
    return [card for card in cards if card.ref in found]


def columns_from(issues: Iterable[Issue]) -> dict[State, tuple[Issue, ...]]:
    """Put items into their columns: as ranked, and what was done last first."""
    columns: dict[State, list[Issue]] = {state: [] for state in State}
    for issue in issues:
        columns[issue.state].append(issue)
    columns[State.DONE].sort(key=lambda issue: issue.updated_at, reverse=True)
    return {state: tuple(found) for state, found in columns.items()}


def title_from(issues: Iterable[Issue], place: str) -> str:
    """Name the board after its projects; `place` stands for several."""
    projects = sorted({issue.project for issue in issues if issue.project})
    if len(projects) == 1:
        return projects[0]
    several = f"{projects[0]} and {len(projects) - 1} more" if projects else ""
    return place or several or "Panopticon"


def freshness(ctx: Context) -> tuple[dict[str, Json], ...]:
    """Say for each source when its data was last good, and what is wrong since."""
    records = {record.source: record for record in ctx.store.sync_records()}
    return tuple(_freshness_json(ctx, name, records.get(name)) for name in ctx.names)


def _freshness_json(ctx: Context, name: str, record: SyncRecord | None) -> dict[str, Json]:
    return {
        "name": name,
        "ok_at": record.ok_at.isoformat() if record and record.ok_at else None,
        "error": record.error if record else None,
        "syncing": is_running(ctx, name),
    }


def _epics_from(known: Mapping[IssueRef, Issue]) -> list[Issue]:
    """Keep the epics one may filter by: those that have items right below them."""
    parents = {issue.parent for issue in known.values() if issue.kind in CARDS}
    return [i for i in known.values() if i.kind in OUTCOMES and i.ref in parents]


def _epic_for(ctx: Context, text: str) -> str | None:
    """Find the epic that is meant; one that is not there has no cards, which is no fault."""
    try:
        return str(epic_ref(ctx, text))
    except NotFound:
        return None


def _epic_json(epic: Issue) -> dict[str, Json]:
    return {"ref": str(epic.ref), "key": epic.ref.key, "title": epic.title}


def _natural(key: str) -> tuple[str, int, str]:
    digits = "".join(c for c in key if c.isdigit())
    return (key.rstrip("0123456789"), int(digits[:12] or 0), key)
