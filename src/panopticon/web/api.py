"""The JSON API: everything the page shows and does, for scripts as well."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from panopticon import __version__
from panopticon.config import TYPES
from panopticon.errors import NotFound
from panopticon.model.issue import IssueFilter
from panopticon.services import board, board_item, event, validate
from panopticon.web.faults import Json
from panopticon.web.html import comments_with_html, with_html
from panopticon.web.live import sources, stream
from panopticon.web.site import Site

Text = Annotated[str | None, Query(max_length=500)]
Ref = Annotated[str, Query(min_length=1, max_length=500)]


class Typed(BaseModel):
    """What somebody typed to try a connection; the names are upstream's."""

    api_key: str | None = Field(default=None, alias="apiKey", max_length=4096)
    server: str | None = Field(default=None, max_length=2048)
    workspace: str | None = Field(default=None, max_length=500)
    project: str | None = Field(default=None, max_length=500)


def api_for(site: Site) -> APIRouter:
    """Build the routes under /api."""
    api = APIRouter(prefix="/api", default_response_class=Json)
    _read_routes(api, site)
    _live_routes(api, site)
    _try_route(api, site)
    return api


def _read_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.get("/board")
    def read_board(
        q: Text = None, epic: Text = None, tracker: Text = None, project: Text = None
    ) -> Response:
        """Give the five columns with their cards, the epics and how fresh each source is."""
        wanted = IssueFilter(
            text=q or None, epic=epic or None, tracker=tracker or None, project=project or None
        )
        found = board.board(ctx, wanted, site.memory).as_json(ctx.now())
        return Json({**found, "sources": sources(ctx, site.poller.waits())})

    @api.get("/item")
    def read_item(ref: Ref) -> Response:
        """Give one item in full, by any spelling of its ref; texts as markdown and safe HTML."""
        return Json(with_html(board_item.item(ctx, ref).as_json(ctx.now())))

    @api.get("/item/comments")
    def read_comments(ref: Ref) -> Response:
        """Ask the tracker for an item's remarks now; `error` says why they may be old."""
        found, error = board_item.comments(ctx, ref)
        remarks = [board_item.comment_json(comment) for comment in found]
        return Json({"comments": comments_with_html(remarks), "error": error})


def _live_routes(api: APIRouter, site: Site) -> None:
    @api.get("/events")
    def follow(
        after: int | None = None,
        last_event_id: Annotated[int | None, Header()] = None,
    ) -> Response:
        """Stream what happens (server-sent events; the id is the event's sequence number)."""
        since = last_event_id if last_event_id is not None else after
        return StreamingResponse(
            stream(site.pulse, since, site.stopping),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @api.post("/sync", status_code=202)
    def sync() -> Response:
        """Ask every source for news now; what changed comes over the events."""
        asked = site.poller.nudge()
        if not asked:
            raise NotFound(
                "This server does not poll.", "`pan sync` in a terminal; the page follows."
            )
        return Json({"asked": asked}, 202)

    @api.get("/health")
    def health() -> Response:
        """Say that the server lives, and how its sources are."""
        return Json(
            {
                "status": "ok",
                "timestamp": site.ctx.now().isoformat(),
                "version": __version__,
                "seq": event.last(site.ctx),
                "sources": sources(site.ctx, site.poller.waits()),
            }
        )


def _try_route(api: APIRouter, site: Site) -> None:
    @api.post("/{tracker_type}/validate", include_in_schema=False)
    def try_any(tracker_type: str, typed: Typed) -> Response:
        return tried(tracker_type, typed)

    def route_for(tracker_type: str) -> None:
        @api.post(f"/{tracker_type}/validate")
        def try_connection(typed: Typed) -> Response:
            """Try a key that is not saved anywhere: request and answer are shaped as upstream's.

            It goes to `server`, else to the configured one of this type, else to the vendor's.
            """
            return tried(tracker_type, typed)

    def tried(tracker_type: str, typed: Typed) -> Response:
        key = (typed.api_key or "").strip()
        if not key:
            return Json({"valid": False, "error": "API key is required"}, 400)
        found = validate.validate(
            site.ctx,
            validate.Question(tracker_type, key, typed.server, typed.workspace, typed.project),
        )
        if not found.is_valid:
            wrong = {"valid": False, "error": found.message, "errorType": found.error_type}
            return Json(wrong, 400)
        count = f"Found {found.found} artifacts"
        return Json({"valid": True, "message": found.message, "testQueryResult": count})

    for name in TYPES:
        route_for(name)
