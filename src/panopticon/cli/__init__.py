"""The terminal face: one file per noun, each command parses, calls one service and renders.

Commands are named in a table and imported when they are run, because `pan --help` and shell
completion must not pay for servers and stores.
"""

import sys
from collections.abc import Sequence

import click

from panopticon import __version__
from panopticon.cli.command import Entry, LazyGroup, Serve, Start
from panopticon.cli.failure import answer

__all__ = ["COMMANDS", "answer", "main", "pan", "run"]

COMMANDS = {
    "demo": Entry("demo:demo", "Try everything on a simulated tracker: no account, no key."),
    "init": Entry("init:init", "Connect a tracker: asks, or takes flags; tests; writes the files."),
    "doctor": Entry("doctor:doctor", "Say what is wrong here and how to mend it."),
    "sync": Entry("sync:sync", "Read what changed in the trackers into the store and the cache."),
    "work": Entry("work:work", "List, show, create and change items of work."),
    "link": Entry("link:link", "Link two items: US120 blocks 1.2, 1.2 implements US120."),
    "unlink": Entry("link:unlink", "Take away the links between two items."),
    "links": Entry("link:links", "Show what is linked to an item, or all links."),
    "search": Entry("search:search", "Find items of all trackers: words, phrases, fields."),
    "checkout": Entry("claim:checkout", "Take a story, or the next best of an epic."),
    "release": Entry("claim:release", "Give a story back."),
    "renew": Entry("claim:renew", "Hold a story longer."),
    "locks": Entry("claim:locks", "Show who holds what."),
    "steal": Entry("claim:steal", "Take a story over from whoever holds it, with a reason."),
    "fence": Entry("fence:fence", "Ask whether a story is still yours, before you write."),
    "push": Entry("fence:push", "Push a story's branch together with its claim."),
    "hook": Entry("fence:hook", "Let git ask before commits and pushes."),
    "hold": Entry("hold:hold", "Hold a story while a command runs."),
    "rally": Entry("rally:rally", "Set a Rally workspace up: the fields that show claims."),
    "finish": Entry("finish:finish", "Say that the work on a story is done, and unlock it."),
    "merged": Entry("finish:merged", "Find merged stories and write that they are done."),
    "queue": Entry("queue:queue", "Show status writes that wait for a tracker."),
    "trackers": Entry("tracker:trackers", "List the configured trackers and test them."),
    "up": Entry("server:up", "Start the board on 127.0.0.1."),
    "down": Entry("server:down", "Stop the board."),
    "status": Entry("server:status", "Show whether the board runs and how fresh the data is."),
    "open": Entry("server:open_board", "Open the running board in the browser."),
    "token": Entry("server:token", "Print the token that scripts send to the board."),
    "sandbox": Entry("sandbox:sandbox", "Serve simulated trackers for tests and trials."),
    "completion": Entry("completion:completion", "Print the shell's completion script."),
}


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--demo", "is_demo", is_flag=True, default=None, help="Work on the demo's data.")
@click.version_option(__version__, "-V", "--version", message="pan %(version)s")
@click.pass_obj
def pan(start: Start, is_demo: bool | None) -> None:  # noqa: FBT001 - click hands flags over so
    """Every issue tracker, developer and coding agent of a team on one live board.

    Options may be written as words: `pan sync epic=17 force=true`. Every command takes --json.
    """
    start.flags["is_demo"] = is_demo


def run(arguments: Sequence[str], serve: Serve | None = None) -> int:
    """Run one command line and give its exit code; every error becomes text here, once."""
    return answer(lambda: _invoke(arguments, serve), arguments)


def _invoke(arguments: Sequence[str], serve: Serve | None) -> int:
    start = Start(flags={}, serve=serve)
    code = pan.main(args=list(arguments), prog_name="pan", standalone_mode=False, obj=start)
    return code if isinstance(code, int) else 0


def main(serve: Serve | None = None) -> None:
    """Be the program `pan`; `serve` starts the dashboard, which this face does not know."""
    sys.exit(run(sys.argv[1:], serve))
