"""`pan checkout | release | renew | locks | steal`: who works on what."""

from datetime import datetime, timedelta

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.complete import complete_epics, complete_refs
from panopticon.cli.face import Face, faced
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.errors import Conflict
from panopticon.services.claim import hold
from panopticon.services.claim.checkout import Checkout, Wish, checkout as take
from panopticon.services.claim.desk import desk
from panopticon.services.claim.hold import Held

_RULE = 47
story_option = click.option("--story", required=True, help="US123.", shell_complete=complete_refs)
hours_option = click.option("--lock-hours", "hours", type=float, help="How long; 24 when absent.")
as_option = click.option("--as", "holder", help="Email of the holder; you when absent.")


@click.command(cls=WordCommand)
@click.option("--story", help="US123.", shell_complete=complete_refs)
@click.option("--epic", help="17: the best that is free.", shell_complete=complete_epics)
@hours_option
@click.option("--resume", is_flag=True, help="Take over what you hold in another place.")
@click.option("--blocked", help="ok: also a story that waits for another.")
@click.option("--no-branch", is_flag=True, help="Make no git branch.")
@as_option
@faced
def checkout(face: Face, *, holder: str | None, hours: float | None, **words: object) -> None:
    """Take a story, or the next best of an epic, so that nobody else works on it."""
    with face.trackers() as ctx:
        wish = Wish(
            story=str(words["story"]) if words["story"] else None,
            epic=str(words["epic"]) if words["epic"] else None,
            hours=hours or ctx.config.lock_hours,
            resume=bool(words["resume"]),
            is_blocked_ok=words["blocked"] in {"ok", "yes", "true"},
            with_branch=not words["no_branch"],
        )
        try:
            done = take(desk(ctx, holder), wish)
        except Conflict as error:
            if face.as_json:
                raise
            _draw_refusal(face.err, error)
            raise
        now = ctx.now()
    face.show(done.as_json(), lambda out: _draw_checkout(out, done, now))


@click.command(cls=WordCommand)
@story_option
@as_option
@faced
def release(face: Face, *, story: str, holder: str | None) -> None:
    """Give a story back; others may take it at once."""
    with face.trackers() as ctx:
        done = hold.release(desk(ctx, holder), story)
    face.show(done.as_json(), lambda out: _draw_held(out, done, "given back"))


@click.command(cls=WordCommand)
@story_option
@hours_option
@as_option
@faced
def renew(face: Face, *, story: str, hours: float | None, holder: str | None) -> None:
    """Hold a story longer."""
    with face.trackers() as ctx:
        done = hold.renew(desk(ctx, holder), story, hours or ctx.config.lock_hours)
    face.show(done.as_json(), lambda out: _draw_held(out, done, "yours"))


@click.command(cls=WordCommand)
@story_option
@click.option("--reason", required=True, help="Why; it is kept and shown.")
@hours_option
@as_option
@faced
def steal(face: Face, *, story: str, reason: str, hours: float | None, holder: str | None) -> None:
    """Take a story over from whoever holds it."""
    with face.trackers() as ctx:
        done = hold.steal(desk(ctx, holder), story, hours or ctx.config.lock_hours, reason)
    face.show(done.as_json(), lambda out: _draw_held(out, done, "yours now"))


@click.command(cls=WordCommand)
@faced
def locks(face: Face) -> None:
    """Show who holds what, and until when."""
    with face.trackers() as ctx:
        found = hold.locks(desk(ctx))
        now = ctx.now()
    face.show([one.as_json() for one in found], lambda out: _draw_locks(out, found, now))


def _draw_checkout(out: Terminal, done: Checkout, now: datetime) -> None:
    key = out.clean(done.issue.ref.key)
    out.line("Story Checkout Successful")
    out.line(out.dim("━" * _RULE))
    out.line(f"Story: {key} - {out.clean(done.issue.title)}")
    if done.issue.parent:
        out.line(f"Epic:  {out.clean(done.issue.parent.key)}")
    out.line("")
    ok, warn = out.green(out.sign("ok")), out.amber(out.sign("warn"))
    left = _left(done.claim.expires_at - now)
    out.line(f"{ok} Yours for {left} (fence {done.claim.fence})")
    for step in done.steps:
        out.line(
            f"{warn} {out.clean(step.error)}" if step.error else f"{ok} {out.clean(step.text)}"
        )
    out.line("")
    out.line(out.next(f"release story={done.issue.ref.key}"))


def _draw_refusal(err: Terminal, error: Conflict) -> None:
    """Draw the seed's report; the error's own sentence follows."""
    details = error.details
    if details.get("reason") != "locked":
        return
    err.line(f"{err.clean(str(details.get('story')))} - {err.clean(str(details.get('title')))}")
    rows = {"Held by": "holder", "Since": "locked_at", "Until": "expires_at"}
    for label, name in rows.items():
        if value := details.get(name):
            err.line(f"{label + ':':9}{err.clean(str(value))}")
    found = details.get("alternatives")
    if isinstance(found, list) and found:
        err.line("Free instead:")
        for number, one in enumerate(found, 1):
            what = f"{one['ref']} - {one['title']} ({one['why']})"
            err.line(f"  {number}. {err.clean(what)}")


def _draw_held(out: Terminal, done: Held, word: str) -> None:
    ok = out.green(out.sign("ok"))
    out.line(f"{ok} {out.clean(done.ref.key)} is {word} (fence {done.claim.fence}).")
    if done.warning:
        out.line(f"{out.amber(out.sign('warn'))} {out.clean(done.warning)}")


def _draw_locks(out: Terminal, found: list[Held], now: datetime) -> None:
    rows = [
        [
            one.ref.key,
            one.claim.holder,
            _left(one.claim.expires_at - now),
            str(one.claim.fence),
            one.claim.branch or "-",
        ]
        for one in found
    ]
    head = ["story", "holder", "left", "fence", "branch"]
    shown = lines(out, [Column(), Column(), Column(), Column(), Column(gives=True)], [head, *rows])
    for line in [out.dim(shown[0]), *shown[1:]] if rows else []:
        out.line(line)
    out.line(f"{len(rows)} held.")


def _left(left: timedelta) -> str:
    minutes = max(0, round(left.total_seconds() / 60))
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes < 2880 else f"{minutes // 1440} d"  # noqa: PLR2004
