"""`pan fence | push | hook`: looking at a claim before something is written in its name."""

import sys

import click

from panopticon.cli.command import WordCommand, WordGroup
from panopticon.cli.complete import complete_refs
from panopticon.cli.face import Face, faced
from panopticon.cli.terminal import Terminal
from panopticon.config import environment
from panopticon.services.claim import fence as fences
from panopticon.services.claim.desk import desk
from panopticon.services.claim.standing import Standing, Told
from panopticon.services.claim.work import hook as hooks, push as pushes
from panopticon.services.claim.work.hook import Hooks
from panopticon.services.claim.work.push import Pushed

branch_story_option = click.option(
    "--story", help="US123; else the branch's.", shell_complete=complete_refs
)


@click.command(cls=WordCommand)
@branch_story_option
@click.option("--hook", "name", type=click.Choice(hooks.NAMES), help="Ask as this git hook.")
@click.option("--branch", help="The branch that is asked about; the one you stand on.")
@faced
def fence(face: Face, *, story: str | None, name: str | None, branch: str | None) -> None:
    """Ask the arbiter whether a story is still yours: exit 3 when it is not.

    Without a story the branch tells; a branch that is no story's is nobody's business. A claim
    that has ended and that nobody took is renewed. What runs under `pan hold` was told its fence
    (PAN_STORY, PAN_FENCE): that one must count.
    """
    if name:
        return _hooked(face, name, branch)
    with face.trackers() as ctx:
        found = fences.ask(desk(ctx), story, branch, told_fences())
    document = found.as_json() if found else {"story": None, "held": None, "warnings": []}
    if found and found.warning and not face.as_json:
        _warn(face, found.warning)
    face.show(document, lambda out: _draw_standing(out, found) if found else None)
    return None


def _hooked(face: Face, name: str, branch: str | None) -> None:
    """Answer a git hook: nothing when all is well."""
    with face.context() as ctx:
        if name == "pre-push":
            lines = [] if sys.stdin.isatty() else sys.stdin.read().splitlines()
            warnings = hooks.before_push(ctx, lines, told_fences())
        else:
            warnings = hooks.before_commit(ctx, branch, told_fences())
    for text in warnings:
        _warn(face, text)


@click.command(cls=WordCommand)
@branch_story_option
@faced
def push(face: Face, *, story: str | None) -> None:
    """Push a story's branch and renew its claim; never forces.

    Exact where the arbiter is the git remote that the branch goes to: both are pushed, or
    neither. Else the arbiter is asked just before.
    """
    with face.trackers() as ctx:
        done = pushes.push(desk(ctx), story, lambda line: _heard(face, line), told_fences())
    for text in done.warnings if not face.as_json else ():
        _warn(face, text)
    face.show(done.as_json(), lambda out: _draw_pushed(out, done))


@click.group(cls=WordGroup)
def hook() -> None:
    """Let git itself ask before commits, merges and pushes on a story's branch."""


@hook.command(cls=WordCommand)
@faced
def install(face: Face) -> None:
    """Write the hooks pre-commit, pre-merge-commit and pre-push; those there run first."""
    with face.context() as ctx:
        done = hooks.install(ctx)
    word = "written" if done.changed else "there already"
    face.show(done.as_json(), lambda out: _draw_hooks(out, done, word))


@hook.command(cls=WordCommand)
@faced
def remove(face: Face) -> None:
    """Take the hooks away and put back those that were there."""
    with face.context() as ctx:
        done = hooks.remove(ctx)
    word = "taken away" if done.changed else "not there"
    face.show(done.as_json(), lambda out: _draw_hooks(out, done, word))


@hook.command(cls=WordCommand)
@faced
def status(face: Face) -> None:
    """Show which hooks git runs here."""
    with face.context() as ctx:
        found = hooks.status(ctx)
    face.show(found.as_json(), lambda out: _draw_hooks(out, found, ""))


def told_fences() -> Told:
    """Give the fence that `pan hold` told this command."""
    around = environment()
    story, fence = around.get("PAN_STORY", ""), around.get("PAN_FENCE", "")
    return {story: int(fence)} if story and fence.isdecimal() else {}


def _heard(face: Face, line: bytes) -> None:
    """Hand on what git, its hooks and the remote say."""
    face.err.line(face.err.clean(line.decode(errors="replace").rstrip()))
    face.err.flush()


def _warn(face: Face, text: str) -> None:
    face.err.line(f"{face.err.amber(face.err.sign('warn'))} {face.err.clean(text)}")


def _draw_standing(out: Terminal, found: Standing) -> None:
    key, claim = out.clean(found.ref.key), found.claim
    if found.is_ours and claim:
        until = f"{claim.expires_at:%Y-%m-%d %H:%M} UTC"
        out.line(f"{out.green(out.sign('ok'))} {key} is yours (fence {claim.fence}) until {until}.")
    else:
        out.line(f"{out.sign('dot')} Nobody holds {key}.")


def _draw_pushed(out: Terminal, done: Pushed) -> None:
    ok = out.green(out.sign("ok"))
    how = "together with its claim" if done.is_exact else "after a look at its claim"
    out.line(f"{ok} {out.clean(done.branch)} pushed to {out.clean(done.remote)}, {how}.")
    out.line(
        f"{ok} {out.clean(done.ref.key)} is yours until {done.claim.expires_at:%Y-%m-%d %H:%M} UTC."
    )


def _draw_hooks(out: Terminal, found: Hooks, word: str) -> None:
    words = {"ours": out.green(out.sign("ok")), "other": out.amber(out.sign("warn"))}
    told = {"ours": "asks pan", "other": "another hook, which does not ask", "absent": "none"}
    for one in found.hooks:
        kept = ", after the one that was there" if one.is_kept and one.state == "ours" else ""
        sign = words.get(one.state, out.sign("dot"))
        out.line(f"{sign} {one.name:18}{told[one.state]}{kept}")
    for text in found.warnings:
        out.line(f"{out.amber(out.sign('warn'))} {out.clean(text)}")
    out.line(
        out.dim(f"Hooks {word}: {out.clean(str(found.place.folder))}".replace("Hooks :", "In"))
    )
