"""`pan hold`: a story stays held while a command runs, and the command ends with the claim."""

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.fence import branch_story_option
from panopticon.services.claim.desk import desk
from panopticon.services.claim.work import attend
from panopticon.services.claim.work.attend import Guarded
from panopticon.services.claim.work.heartbeat import Beat, Pulse


@click.command(cls=WordCommand)
@branch_story_option
@click.option("--lock-hours", "hours", type=float, help="How long each renewal holds.")
@click.option("--release", "is_given_back", is_flag=True, help="Give it back at the end.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@faced
def hold(
    face: Face,
    *,
    story: str | None,
    hours: float | None,
    is_given_back: bool,
    command: tuple[str, ...],
) -> int:
    """Hold a checked-out story while a command runs: `pan hold story=US123 -- make test`.

    Without a command it is held until Ctrl-C.

    The claim is renewed all the time, and looked at every minute and at the end. When another takes
    the story the command is ended (SIGTERM, 10 seconds later SIGKILL) and the exit code is 3; else
    it is the command's own. It finds PAN_STORY and PAN_FENCE in its environment. A holder that is
    killed holds no longer than the claim says.
    """
    with face.trackers() as ctx:
        wish = Guarded(story, hours, command, is_given_back=is_given_back)
        done = attend.attend(desk(ctx), wish, lambda pulse: _tell(face, pulse, bool(command)))
    for text in done.warnings:
        face.err.line(f"{face.err.amber(face.err.sign('warn'))} {face.err.clean(text)}")
    if face.as_json and not command:
        face.out.json(done.as_json())
    return done.code


def _tell(face: Face, pulse: Pulse, has_command: bool) -> None:  # noqa: FBT001 - one of two
    """Say on stderr what is worth it: stdout is the command's."""
    err, claim = face.err, pulse.claim
    key = err.clean(claim.key.rpartition("/")[2])
    why = err.clean(pulse.error.message) if pulse.error else ""
    until = f"{claim.expires_at:%H:%M} UTC"
    if pulse.beat is Beat.LOST:
        err.line(f"{err.red(err.sign('bad'))} {err.bold(f'LOST {key}')}: {why}")
    elif pulse.beat is Beat.RENEWED:
        if not has_command and not face.as_json:
            err.line(f"{err.green(err.sign('ok'))} {key} is held until {until}; Ctrl-C ends it.")
    elif pulse.beat is Beat.LATE:
        err.line(f"{err.amber(err.sign('warn'))} {key} is held until {until}; not renewed: {why}")
    elif pulse.beat is Beat.ENDED:
        word = f"the claim on {key} ended at {until}; others may take it: {why}"
        err.line(f"{err.amber(err.sign('warn'))} {word}")
    err.flush()
