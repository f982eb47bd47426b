"""`pan search QUERY…`: items of all trackers, the best first."""

from collections.abc import Sequence

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.item_list import short_names
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.cli.text import cut
from panopticon.errors import InvalidInput
from panopticon.services import search as searching
from panopticon.services.search import Results

_MOST = 50


class SearchCommand(WordCommand):
    """Takes every word as part of the query but its own options: `-is:done` and `a=b` are words."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the query's words where click reads no options."""
        own: list[str] = []
        query: list[str] = []
        left = list(args)
        while left:
            arg = left.pop(0)
            if arg == "--":
                query, left = [*query, *left], []
            elif arg == "--limit" and left:
                own += [arg, left.pop(0)]
            elif arg.startswith(("--", "limit=", "json=")) or arg == "-h":
                own.append(arg)
            else:
                query.append(arg)
        return super().parse_args(ctx, [*own, "--", *query])


@click.command(cls=SearchCommand)
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=_MOST, help="At most so many (50).")
@faced
def search(face: Face, *, query: Sequence[str], limit: int) -> None:
    """Find items in the store by words and fields; asks no tracker.

    All terms must hold; a hyphen before one negates it: `login "reset link" -is:done`. Fields are
    title, ref, tracker, project, epic, kind, state, is, assignee, label, iteration, priority,
    points, updated and created: `assignee:me updated:<2d`, `epic:17 label:api,ui`,
    `state:review points:>=3`. Quote what your shell would read: '"reset link" updated:<2d'.
    """
    text = " ".join(query)
    with face.context() as ctx:
        try:
            found = searching.find(ctx, text, limit)
        except InvalidInput as error:
            if not face.as_json:
                error.hint = f"{_marked(face.err, text, error)}{error.hint}"
            raise
        rows = [searching.row(ctx, one) for one in found.results] if face.as_json else []
    face.show(rows, lambda out: _draw(out, found))


def _marked(err: Terminal, text: str, error: InvalidInput) -> str:
    """Show the query with a line below that points at what is wrong."""
    place = error.details.get("at")
    if not isinstance(place, list) or err.clean(text) != text or not text:
        return ""
    start, end = map(int, place)
    return f"{text}\n{' ' * start}{'^' * max(1, end - start)}\n"


def _draw(out: Terminal, found: Results) -> None:
    """Draw each item in a line, and below it the place of a word that the line does not show."""
    if not found.results:
        _draw_none(out, found)
        return
    columns = [
        Column(paint=out.accent),
        Column(gives=True),
        Column(paint=out.dim, yields=True),
        Column(yields=True),
        Column(paint=out.dim, yields=True),
    ]
    issues = [one.issue for one in found.results]
    names = short_names(one.ref for one in issues)
    several = len({one.ref.tracker for one in issues}) > 1
    rows = [
        [
            names[one.ref],
            one.title,
            one.native_state,
            (one.assignee or "").partition("@")[0],
            one.ref.tracker if several else "",
        ]
        for one in issues
    ]
    indent = " " * 4
    for line, one in zip(lines(out, columns, rows), found.results, strict=True):
        out.line(line)
        if snippet := one.snippet:
            told = out.clean(f"{snippet.place}: {snippet.text}")
            shown = cut(told, out.columns - len(indent), out.sign("cut"))
            out.line(indent + out.dim(shown))
    count = f"{found.total} item" if found.total == 1 else f"{found.total} items"
    shown = count if found.total <= len(issues) else f"{len(issues)} of {count}"
    out.line(f"{shown}. {out.next(f'work show {names[issues[0].ref]}')}")


def _draw_none(out: Terminal, found: Results) -> None:
    """Say what to try where nothing was found."""
    out.line(f"Nothing meets {out.clean(str(found.query))}.")
    if len(found.query.terms) > 1:
        out.line(out.hint("All terms must hold: leave one out."))
    out.line(out.next("sync"))
