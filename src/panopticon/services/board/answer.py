"""The board: its cards, what changed since a page saw it, and how fresh each source is."""

import hashlib
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Any

import orjson

from panopticon.config import TYPES
from panopticon.model.issue import Json, State
from panopticon.services.board.card import person_json
from panopticon.services.board.claim import claims_json, waiting
from panopticon.services.board.filter import EVERYTHING, Wanted, fitting, with_text
from panopticon.services.board.memory import Memory, Sight
from panopticon.services.context import Context
from panopticon.services.sync.run import is_running
from panopticon.store.base import SyncRecord

Sources = list[dict[str, Json]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page has already: the event it saw, in which epoch; tags of whole boards."""

    wanted: Wanted = EVERYTHING
    since: int | None = None
    epoch: str = ""
    etags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """The board's JSON; no `body` where the page has it already."""

    etag: str
    body: bytes | None


def board(ctx: Context, memory: Memory, asked: Asked, sources: Sources) -> Answer:
    """Give the board, or only what changed where the page can be told so."""
    with memory.look(ctx) as sight:
        frame = _frame(ctx, memory, sight, sources)
        is_news = asked.since is not None and sight.follows(asked.since, asked.epoch)
        is_all = asked.wanted == EVERYTHING and not is_news
        etag = _etag(sight, frame) if is_all else ""
        if etag in asked.etags:
            return Answer(etag, None)
        refs, gone = sight.news(asked.since or 0) if is_news else (sight.ranked, [])
        question = None if is_news else ("board", *_question(ctx, memory, sight, asked.wanted))
        known = memory.fits.get(question)
        cards = fitting(ctx, memory, sight, asked.wanted, refs) if known is None else known
        written = {card.ref: sight.written[card.ref] for card in cards}
        seq, at = sight.seq, (sight.epoch, sight.seq)
    shown = known
    if shown is None:
        shown = with_text(ctx, memory, at, cards, asked.wanted.text)
        if question:
            memory.fits.keep(question, shown)
    told = {
        "seq": seq,
        "whole": not is_news,
        "now": ctx.now().isoformat(),
        "gone": [str(ref) for ref in gone],
        "cards": [orjson.Fragment(written[card.ref]) for card in shown],
    }
    return Answer(etag, orjson.dumps(frame | told))


def matches(ctx: Context, memory: Memory, wanted: Wanted) -> dict[str, Json]:
    """Name the cards that fit."""
    with memory.look(ctx) as sight:
        seq, at = sight.seq, (sight.epoch, sight.seq)
        question = ("matches", *_question(ctx, memory, sight, wanted))
        found = memory.fits.get(question)
        cards = fitting(ctx, memory, sight, wanted, sight.written) if found is None else found
    if found is None:
        shown = with_text(ctx, memory, at, cards, wanted.text)
        found = memory.fits.keep(question, shown)
    return {"seq": seq, "refs": [str(one.ref) for one in found]}


def _question(ctx: Context, memory: Memory, sight: Sight, wanted: Wanted) -> tuple[Hashable, ...]:
    """Name what decides which cards fit; who holds one may change with every minute."""
    minute = ctx.now().replace(second=0, microsecond=0)
    default = ctx.config.default_tracker
    return sight.epoch, sight.seq, wanted, minute, memory.me(ctx), default


def warm_up(ctx: Context, memory: Memory) -> None:
    """Read the items before the first page asks for them, and have them ready for searches."""
    with memory.look(ctx):
        pass
    ctx.store.catch_up()


def title_from(projects: Collection[str], place: str) -> str:
    """Name the board after its projects; `place` stands for several."""
    named = sorted(filter(None, projects))
    if len(named) == 1:
        return named[0]
    several = f"{named[0]} and {len(named) - 1} more" if named else ""
    return place or several or "Panopticon"


def freshness(ctx: Context) -> Sources:
    """Say for each source when its data was last good, and what is wrong since."""
    records = {record.source: record for record in ctx.store.sync_records()}
    return [
        {
            "name": one.name,
            "type": one.type,
            "label": TYPES[one.type].label,
            **_freshness_json(ctx, one.name, records),
        }
        for one in ctx.config.sources
    ]


def _freshness_json(ctx: Context, name: str, records: dict[str, SyncRecord]) -> dict[str, Json]:
    record = records.get(name)
    return {
        "ok_at": record.ok_at.isoformat() if record and record.ok_at else None,
        "error": record.error if record else None,
        "syncing": is_running(ctx, name),
    }


def _frame(ctx: Context, memory: Memory, sight: Sight, sources: Sources) -> dict[str, Any]:
    """Give what stands around the cards."""
    me = memory.me(ctx)
    return {
        "epoch": sight.epoch,
        "title": title_from(+sight.tree.projects, "Demo" if ctx.config.is_demo else ""),
        "me": person_json(me) if me else None,
        "claims": claims_json(ctx.config),
        "waiting": waiting(ctx),
        "is_demo": ctx.config.is_demo,
        "columns": [
            {"state": state.value, "name": state.label, "limit": ctx.config.limits.get(state)}
            for state in State
        ],
        "epics": orjson.Fragment(sight.epics),
        "sources": sources,
        "total": len(sight.written),
    }


def _etag(sight: Sight, frame: dict[str, Any]) -> str:
    """Name what a whole board says, whatever the time and the log's number."""
    told = orjson.dumps([sight.changed_at, frame])
    return hashlib.sha256(told).hexdigest()[:32]
