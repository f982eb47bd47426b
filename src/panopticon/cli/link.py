"""`pan link | unlink | links`: what items of any trackers are to one another."""

from collections.abc import Sequence

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.complete import complete_refs
from panopticon.cli.face import Face, faced
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.model.link import Link
from panopticon.services import link as service


@click.command(cls=WordCommand)
@click.argument("ref", shell_complete=complete_refs)
@click.argument("kind")
@click.argument("other", shell_complete=complete_refs)
@faced
def link(face: Face, *, ref: str, kind: str, other: str) -> None:
    """Link two items: `pan link US120 blocks 1.2`; blocks, implements or related."""
    with face.trackers() as ctx:
        made = service.link(ctx, ref, kind, other)
        document = made.as_json(ctx)
    face.show(document, lambda out: _draw_made(out, made))


@click.command(cls=WordCommand)
@click.argument("ref", shell_complete=complete_refs)
@click.argument("other", shell_complete=complete_refs)
@click.option("--kind", help="Only this kind: blocks, implements, related.")
@faced
def unlink(face: Face, *, ref: str, other: str, kind: str | None) -> None:
    """Take away the links between two items."""
    with face.trackers() as ctx:
        gone = service.unlink(ctx, ref, other, kind)
        document = {"removed": service.links_json(ctx, gone)}
    face.show(document, lambda out: _draw_gone(out, gone))


@click.command(cls=WordCommand)
@click.argument("ref", required=False, shell_complete=complete_refs)
@faced
def links(face: Face, *, ref: str | None) -> None:
    """Show the links of an item, or all."""
    with face.trackers() as ctx:
        found = service.links(ctx, ref)
        document = service.links_json(ctx, found)
        titles = service.titles(ctx, found)
    face.show(document, lambda out: _draw_links(out, found, titles))


def _draw_made(out: Terminal, made: service.Made) -> None:
    one = made.link
    sign = out.green(out.sign("ok")) if made.is_new else out.sign("dot")
    known = "" if made.is_new else " already"
    out.line(f"{sign} {_spoken(out, one)}{known}.")
    out.line(out.next(f"links {one.source}"))


def _draw_gone(out: Terminal, gone: Sequence[Link]) -> None:
    for one in gone:
        out.line(f"{out.green(out.sign('ok'))} No longer: {_spoken(out, one)}.")
    if not gone:
        out.line(f"{out.sign('dot')} No such link; nothing changed.")
    out.line(out.next("links"))


def _draw_links(out: Terminal, found: Sequence[Link], titles: dict[str, str]) -> None:
    rows = [
        [
            str(one.source),
            titles[str(one.source)],
            one.kind.seen,
            str(one.target),
            titles[str(one.target)],
        ]
        for one in found
    ]
    columns = [
        Column(paint=out.accent),
        Column(gives=True),
        Column(),
        Column(paint=out.accent),
        Column(gives=True),
    ]
    for line in lines(out, columns, rows):
        out.line(line)
    count = f"{len(found)} {'link' if len(found) == 1 else 'links'}"
    after = f"work show {found[0].source}" if found else "link US120 blocks 1.2"
    out.line(f"{count}. {out.next(after)}")


def _spoken(out: Terminal, one: Link) -> str:
    return out.clean(f"{one.source} {one.kind.seen} {one.target}")
