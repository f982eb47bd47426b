"""The items' part of the JSON API: one item in full, and the writes to it."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from panopticon.services import board_item
from panopticon.web.faults import Json
from panopticon.web.html import comments_with_html, with_html
from panopticon.web.site import Site

Ref = Annotated[str, Query(min_length=1, max_length=500)]


def add_item(api: APIRouter, site: Site) -> None:
    """Add the routes about one item."""
    ctx = site.ctx

    @api.get("/item")
    def read_item(ref: Ref) -> Response:
        """Give one item in full, by any spelling of its ref; texts as markdown and safe HTML."""
        return Json(with_html(board_item.item(ctx, ref).as_json()))

    @api.get("/item/comments")
    def read_comments(ref: Ref) -> Response:
        """Ask the tracker for an item's remarks now; `error` says why they may be old."""
        found, error = board_item.comments(ctx, ref)
        remarks = [board_item.comment_json(comment) for comment in found]
        return Json({"comments": comments_with_html(remarks), "error": error})
