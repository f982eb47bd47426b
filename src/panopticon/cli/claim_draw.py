"""Drawing checkouts, refusals and claims, as seed 003 draws them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.errors import Conflict
from panopticon.model.issue import Issue
from panopticon.model.lease import Lease
from panopticon.model.ref import hyphenated, number_of
from panopticon.services.claim.take.follow import Checkout, Step
from panopticon.services.claim.take.hold import Held

_RULE = 47  # columns
_TITLES = {
    "locked": "Story Already Locked",
    "elsewhere": "Story Locked in Another Place of Yours",
    "blocked": "Story Blocked",
    "none-available": "No Story Available",
    "too-many": "Too Many Stories Held",
    "not-lead": "Story Already Locked",
    "over": "Story Not Open",
}
_ROWS = (
    ("Locked by", "holder"),
    ("Locked at", "locked_at"),
    ("Expires", "expires_at"),
    ("Free at", "free_at"),
)


def draw_checkout(out: Terminal, done: Checkout, now: datetime, folder: Path) -> None:
    """Draw a story that is yours, what was done about it, and what comes next."""
    key = done.issue.ref.key
    out.line(f"Story Checkout {'Renewed' if done.is_renewed else 'Successful'}")
    out.line(out.dim(out.sign("rule") * _RULE))
    _draw_story(out, key, done.issue.title)
    if done.epic:
        out.line(f"Epic:  {_epic(out, done.epic.ref.key, done.epic.title)}")
    out.line()
    left = span(done.claim.expires_at - now)
    terms = f" (expires in {left}, fence {done.claim.fence})"
    for step in sorted(done.steps, key=lambda one: not one.is_lock):
        _draw_step(out, step, terms if step.is_lock else "")
    if not any(step.is_lock for step in done.steps):
        out.line(f"{out.green(out.sign('ok'))} Yours all the same{terms}")
    out.line()
    out.line("Ready to start:")
    if done.root and not folder.is_relative_to(done.root):
        out.line(f"  cd {out.clean(str(done.root))}")
    out.line(f"  {out.program} work show {out.clean(key)}")
    out.line("When it is done:")
    out.line(f"  {out.program} finish story={out.clean(key)}")


def _draw_step(out: Terminal, step: Step, more: str) -> None:
    if step.error:
        out.line(f"{out.amber(out.sign('warn'))} {_told(out, step.error)}")
        return
    sign = out.dim(out.sign("dot")) if step.is_note else out.green(out.sign("ok"))
    out.line(f"{sign} {_told(out, step.text)}{more}")


def _told(out: Terminal, text: str) -> str:
    return out.clean(text if out.has_unicode else text.replace("→", "->"))


def draw_refusal(err: Terminal, error: Conflict, now: datetime) -> None:
    """Draw who has it and since when, or what is in the way, and what is free instead."""
    facts = error.details
    err.line(f"{err.red(err.sign('bad'))} {_title(error)}")
    err.line(err.dim(err.sign("rule") * _RULE))
    if facts.get("story"):
        _draw_story(err, str(facts["story"]), str(facts.get("title") or ""))
    is_held = bool(facts.get("holder"))
    for label, name in _ROWS if is_held else ():
        if value := facts.get(name):
            is_over = name == "expires_at" and facts.get("free_at")
            err.line(f"{'Ended:' if is_over else label + ':':10} {_value(err, str(value), now)}")
    if not is_held or facts.get("by_hand") or facts.get("reason") == "not-lead":
        err.line(err.clean(error.message))
    _draw_alternatives(err, facts)
    err.line()
    err.line(err.hint(error.hint))


def _title(error: Conflict) -> str:
    if error.details.get("by_hand"):
        return "Story Locked by Hand"
    return _TITLES.get(str(error.details.get("reason")), "Story Not Available")


def _value(out: Terminal, value: str, now: datetime) -> str:
    """Show a time as people read it, with how far it is; other values as they are."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return out.clean(value)
    far = at - now
    told = f"in {span(far)}" if far > timedelta() else f"{span(-far)} ago"
    told = "just now" if abs(far) < timedelta(minutes=1) else told
    return f"{moment(at)} {out.dim(f'({told})')}"


def _draw_alternatives(err: Terminal, facts: Mapping[str, object]) -> None:
    found = facts.get("alternatives")
    if not isinstance(found, list):
        return
    epic = facts.get("epic")
    where = f" in Epic {number_of(str(epic)) or epic}" if epic else ""
    if not found:
        if facts.get("story"):
            err.line()
            err.line(f"No other story is free{err.clean(where)}.")
        return
    err.line()
    err.line(f"Available alternatives{err.clean(where)}:")
    for number, one in enumerate(found, 1):
        what = f"{hyphenated(one['ref'])} - {one['title']} ({one['why']})"
        err.line(f"  {number}. {err.clean(what)}")
    err.line()
    err.line("Checkout alternative story:")
    err.line(f"  {err.program} checkout story={err.clean(found[0]['ref'])}")


def draw_held(out: Terminal, done: Held, text: str) -> None:
    """Draw what became of a claim."""
    ok, warn = out.green(out.sign("ok")), out.amber(out.sign("warn"))
    out.line(f"{ok} {out.clean(hyphenated(done.ref.key))} {text}")
    for note in done.notes:
        out.line(f"{ok} {_told(out, note)}")
    for warning in done.warnings:
        out.line(f"{warn} {_told(out, warning)}")


def draw_locks(
    out: Terminal, found: Sequence[Held], hands: Sequence[tuple[Issue, Lease]], now: datetime
) -> None:
    """Draw who holds what, and for how long; then the locks that nobody decided."""
    rows = [
        [
            one.ref.key,
            one.title,
            one.claim.holder,
            "ended" if one.is_ended else span(one.claim.expires_at - now),
            str(one.claim.fence),
            one.claim.branch or "-",
        ]
        for one in found
    ]
    head = ["story", "title", "holder", "left", "fence", "branch"]
    columns = [
        *(Column(), Column(gives=True), Column(gives=True), Column(right=True)),
        *(Column(right=True), Column(yields=True, paint=out.dim)),
    ]
    shown = lines(out, columns, [head, *rows])
    for line in [out.dim(shown[0]), *shown[1:]] if rows else []:
        out.line(line)
    ended = sum(one.is_ended for one in found)
    more = f", {ended} ended and soon free for others" if ended else ""
    out.line(f"{len(rows) - ended} held{more}." if rows else "Nobody holds a story.")
    for story, lease in hands:
        until = f" until {moment(lease.expires_at)}" if lease.expires_at else ""
        key, holder = hyphenated(story.ref.key), lease.holder
        out.line(out.dim(out.clean(f"{key} was locked by hand by {holder}{until}.")))


def moment(at: datetime) -> str:
    """Spell a time of this machine's zone: `2026-02-02 10:30 CET`."""
    return f"{at.astimezone():%Y-%m-%d %H:%M %Z}"


def span(left: timedelta) -> str:
    """Say how long in the largest unit that fits: `24 hours`, `90 minutes`, `5 days`."""
    minutes = max(0, round(left.total_seconds() / 60))
    if minutes < 120:  # noqa: PLR2004 - below two hours minutes count
        return _many(minutes, "minute")
    hours = round(minutes / 60)
    return _many(hours, "hour") if hours <= 72 else _many(round(hours / 24), "day")  # noqa: PLR2004


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _draw_story(out: Terminal, key: str, title: str) -> None:
    out.line(f"Story: {out.clean(hyphenated(key))} - {out.clean(title)}")


def _epic(out: Terminal, key: str, title: str) -> str:
    return f"{out.clean(number_of(key) or key)} - {out.clean(title)}"
