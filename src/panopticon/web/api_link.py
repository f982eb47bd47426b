"""The links' part of the JSON API: what items of any sources are to one another."""

from fastapi import APIRouter
from starlette.responses import Response

from panopticon.services import event, link
from panopticon.web import examples_link as examples
from panopticon.web.ask_item import NewLink, Ref, Word
from panopticon.web.faults import Json
from panopticon.web.shapes import ABSENT, told
from panopticon.web.site import Site
from panopticon.web.tag import whole


def add_link(api: APIRouter, site: Site) -> None:
    """Add the routes about links."""
    ctx = site.ctx

    @api.get("/item/links", responses={**told(examples.LINKS), **ABSENT})
    def read_links(ref: Word = None) -> Response:
        """Give our own links of an item, or all; `asleep`: an end is not here now."""
        found = link.links_json(ctx, link.links(ctx, ref or None))
        return Json(whole({"links": found}))

    @api.post(
        "/item/link", status_code=201, responses={**told(examples.MADE, status=201), **ABSENT}
    )
    def make_link(asked: NewLink) -> Response:
        """Link two items; 200 when they are linked so already.

        What blocks what inside one tracker that keeps it itself is refused: PATCH `blocked_by`.
        """
        made = link.link(ctx, asked.ref, asked.kind, asked.other)
        return Json(whole(made.as_json(ctx)), 201 if made.is_new else 200)

    @api.delete("/item/link", responses={**told(examples.GONE), **ABSENT})
    def take_link(ref: Ref, other: Ref, kind: Word = None) -> Response:
        """Take away the links between two items, of one kind or all; none is no error."""
        gone = link.unlink(ctx, ref, other, kind or None)
        removed = link.links_json(ctx, gone)
        return Json(whole({"removed": removed, "seq": event.last(ctx)}))
