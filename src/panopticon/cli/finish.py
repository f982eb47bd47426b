"""`pan finish | merged`: the work on a story is done; it is in the main branch."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from panopticon.cli.claim import as_option, story_option
from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.terminal import Terminal
from panopticon.errors import InvalidInput, LocalFault, Partial
from panopticon.services.claim.desk import desk
from panopticon.services.claim.status import merged as merges
from panopticon.services.claim.status.finish import Finish, Finished, finish as finished
from panopticon.services.claim.status.merged import Merged
from panopticon.services.claim.status.result import Result, from_progress, read, told

_SHORT = 10  # letters of a commit that people read


@click.command(cls=WordCommand)
@story_option
@click.option("--commit", help="SHA of the work; the end of its branch when absent.")
@click.option("--coverage", help="Percent: 87.5.")
@click.option("--results", help="Address of the pipeline's results.")
@click.option("--summary", help="File with a summary, or - to read it from stdin.")
@click.option("--progress", help="A pipeline's KEY-progress.json: coverage, commit, tasks.")
@click.option("--claim", help="ignore: whoever holds the story.")
@as_option
@faced
def finish(face: Face, *, holder: str | None, claim: str | None, **words: str | None) -> int:
    """Say that the work on a story is done: status, commit, coverage, a remark; then unlock it."""
    if claim not in {None, "ignore"}:
        raise InvalidInput(f"claim={claim} means nothing.", "claim=ignore is the one word.")
    story = words["story"] or words["name"]
    if not story:
        raise InvalidInput("Which story?", "Name it: story=US123.")
    result = _result(words)
    with face.trackers() as ctx:
        done = finished(desk(ctx, holder), Finish(story, result, claim == "ignore"))
    face.show(done.as_json(), lambda out: _draw_finished(out, done))
    return Partial.exit_code if done.is_stuck else 0


@click.command(cls=WordCommand)
@story_option
@click.option("--coverage", help="Percent to write with a named story: 87.5.")
@click.option("--fetch", is_flag=True, help="Ask the remote of git first.")
@faced
def merged(
    face: Face, *, story: str | None, name: str | None, coverage: str | None, fetch: bool
) -> int:
    """Find stories whose branch is merged and write that they are done; all, or a named one."""
    story = story or name
    if coverage is not None and not story:
        raise InvalidInput("Whose coverage is it?", "Name the story: story=US123.")
    percent = told(None, coverage, None, None).coverage
    with face.trackers() as ctx:
        troubles = merges.fetch(ctx) if fetch else []
        if story:
            one = merges.one(ctx, story, percent)
            found = [one] if one else []
        else:
            found = merges.sweep(ctx)
    for trouble in troubles:
        face.err.line(f"{face.err.amber(face.err.sign('warn'))} {face.err.clean(trouble)}")
    face.show([one.as_json() for one in found], lambda out: _draw_merged(out, found, story))
    return 1 if story and not found else 0


def _result(words: dict[str, str | None]) -> Result:
    """Read what was typed, the summary's file and the pipeline's."""
    summary = words["summary"]
    result = told(words["commit"], words["coverage"], words["results"], _text(summary))
    progress = words["progress"]
    if not progress:
        return result
    found = from_progress(Path(progress), result)
    beside = Path(progress.removesuffix("-progress.json") + "-summary.md")
    if summary is None and progress.endswith("-progress.json") and beside.is_file():
        found = replace(found, summary=told(None, None, None, _text(str(beside))).summary)
    return found


def _text(name: str | None) -> str | None:
    if name is None:
        return None
    raw = read(sys.stdin.buffer if name == "-" else Path(name))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "Name a file with the text, or - to read it from stdin."
        raise LocalFault(f"Cannot read {name}: it is no UTF-8 text.", hint) from error


def _draw_finished(out: Terminal, done: Finished) -> None:
    ok, warn = out.green(out.sign("ok")), out.amber(out.sign("warn"))
    issue, result = done.issue, done.result
    word = issue.state.label if issue.is_here_only else issue.native_state
    facts = [f"commit {result.commit[:_SHORT]}"] if result.commit else []
    facts += [f"coverage {result.coverage:g} %"] if result.coverage is not None else []
    facts += [f"{result.steps[0]} of {result.steps[1]} tasks"] if result.steps else []
    head = f"{issue.ref.key} is {word}" if not done.waits else f"{issue.ref.key} is finished"
    out.line(f"{ok} {out.clean(': '.join([head, *([', '.join(facts)] if facts else [])]))}")
    if done.waits:
        said = f"The tracker does not have it yet: {done.waits}"
        out.line(f"{warn} {out.clean(said)} {out.dim('`pan queue` shows what waits.')}")
    if done.is_unlocked:
        out.line(f"{ok} Unlocked")
    for note in done.notes:
        out.line(f"{warn} {out.clean(note)}")
    out.line(out.next("merged" if done.is_unlocked else "locks"))


def _draw_merged(out: Terminal, found: list[Merged], story: str | None) -> None:
    ok, warn = out.green(out.sign("ok")), out.amber(out.sign("warn"))
    for one in found:
        word = "done when the tracker answers" if one.waits else one.issue.native_state
        said = f"{one.issue.ref.key} is {word}: in {one.main} ({one.how}, {one.commit[:_SHORT]})"
        out.line(f"{ok} {out.clean(said)}")
        for note in (*one.notes, *([one.waits] if one.waits else [])):
            out.line(f"  {warn} {out.clean(note)}")
    if story and not found:
        out.line(f"{warn} {out.clean(story)} is not merged, as far as this clone knows.")
        out.line(out.hint("--fetch asks the remote first."))
    elif not found:
        out.line("Nothing new is merged.")
