"""`pan checkout | release | renew | locks | steal`: who works on what."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from panopticon.cli.claim_draw import (
    draw_checkout,
    draw_held,
    draw_locks,
    draw_refusal,
    moment,
    span,
)
from panopticon.cli.command import WordCommand
from panopticon.cli.complete import complete_epics, complete_refs
from panopticon.cli.face import Face, faced
from panopticon.cli.freshness import draw_due, due
from panopticon.errors import Conflict, InvalidInput
from panopticon.services.claim.desk import desk
from panopticon.services.claim.holds import Holds
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Wish, checkout as take

hours_option = click.option(
    "--lock-hours", "hours", type=float, help="How long to hold it; the setting when absent."
)
as_option = click.option("--as", "holder", help="Email of the holder; you when absent.")
_YES = frozenset({"ok", "yes", "true", "1"})


def story_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Take a story as `story=US123` or as the bare reference."""
    named = click.option("--story", "story", help="US123.", shell_complete=complete_refs)
    bare = click.argument("name", required=False, shell_complete=complete_refs)
    return bare(named(command))


@click.command(cls=WordCommand)
@story_option
@click.option("--epic", help="17: the best that is free.", shell_complete=complete_epics)
@hours_option
@click.option("--resume", is_flag=True, help="Take over what you hold in another place.")
@click.option("--blocked", help="ok: also a story that waits for another.")
@click.option("--no-branch", is_flag=True, help="Make no git branch.")
@as_option
@faced
def checkout(face: Face, *, holder: str | None, hours: float | None, **words: Any) -> int | None:
    """Take a story, or the next best of an epic, so that nobody else works on it."""
    with face.trackers() as ctx:
        wish = Wish(
            story=words["story"] or words["name"],
            epic=words["epic"],
            hours=ctx.config.lock_hours if hours is None else hours,
            resume=words["resume"],
            is_blocked_ok=(words["blocked"] or "").lower() in _YES,
            with_branch=not words["no_branch"],
        )
        try:
            done = take(desk(ctx, holder), wish)
        except Conflict as error:
            if face.as_json or "reason" not in error.details:
                raise
            draw_refusal(replace(face.err, program=face.paper.program), error, ctx.now())
            return error.exit_code
        now, folder, ends = ctx.now(), ctx.config.folder, due(face, ctx, but=[done.issue.ref])
    face.show(done.as_json(), lambda out: draw_checkout(out, done, now, folder))
    draw_due(face, ends)
    return None


@click.command(cls=WordCommand)
@story_option
@click.option("--status", help="keep: leave the status, also when no work was done.")
@as_option
@faced
def release(
    face: Face, *, story: str | None, name: str | None, status: str | None, holder: str | None
) -> None:
    """Give a story back, or that of the branch you are on; others may take it at once.

    Without work since the checkout its status goes back to what it was. The branch stays.
    """
    if status not in {None, "keep"}:
        raise InvalidInput(f"status={status} is not known.", "Give status=keep, or leave it out.")
    with face.trackers() as ctx:
        done = hold.release(desk(ctx, holder), story or name, keep_status=bool(status))
    face.show(done.as_json(), lambda out: draw_held(out, done, "is given back."))


@click.command(cls=WordCommand)
@story_option
@hours_option
@as_option
@faced
def renew(
    face: Face, *, story: str | None, name: str | None, hours: float | None, holder: str | None
) -> None:
    """Hold a story longer, or that of the branch you are on."""
    with face.trackers() as ctx:
        told = ctx.config.lock_hours if hours is None else hours
        done = hold.renew(desk(ctx, holder), story or name, told)
        left, until = span(done.claim.expires_at - ctx.now()), moment(done.claim.expires_at)
    text = f"is yours for {left}, until {until} (fence {done.claim.fence})."
    face.show(done.as_json(), lambda out: draw_held(out, done, text))


@click.command(cls=WordCommand)
@story_option
@click.option("--reason", default="", help="Why; it is kept and shown.")
@hours_option
@as_option
@faced
def steal(face: Face, *, reason: str, hours: float | None, **words: Any) -> None:
    """Take a story over from whoever holds it.

    Their session hears of it when it next renews, commits or pushes.
    """
    with face.trackers() as ctx:
        told, at = ctx.config.lock_hours if hours is None else hours, desk(ctx, words["holder"])
        done = hold.steal(at, _one(words["story"], words["name"]), told, reason)
        left = span(done.claim.expires_at - ctx.now())
    key = done.ref.key
    text = f"is yours for {left} (fence {done.claim.fence}). `pan checkout story={key}` goes on."
    face.show(done.as_json(), lambda out: draw_held(out, done, out.hint(text)))


@click.command(cls=WordCommand)
@click.option("--mine", is_flag=True, help="Only what you hold.")
@as_option
@faced
def locks(face: Face, *, mine: bool, holder: str | None) -> None:
    """Show who holds what, and until when."""
    with face.trackers() as ctx:
        at, now = desk(ctx, holder), ctx.now()
        holds = Holds(at)
        found = hold.locks(at, mine=mine, ended=True, holds=holds)
        hands = [] if mine or face.as_json else holds.by_hand()
        ends = due(face, ctx)
    face.show([one.as_json() for one in found], lambda out: draw_locks(out, found, hands, now))
    draw_due(face, ends)


def _one(story: str | None, name: str | None) -> str:
    if found := story or name:
        return found
    raise InvalidInput("Which story?", "Name it: story=US123.")
