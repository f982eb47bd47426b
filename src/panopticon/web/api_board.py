"""The board's part of the JSON API: the cards, the live stream, polling and health."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.responses import Response, StreamingResponse

from panopticon import __version__
from panopticon.errors import NotFound
from panopticon.model.issue import IssueFilter
from panopticon.services import board, event
from panopticon.web.faults import Json
from panopticon.web.live import sources, stream
from panopticon.web.site import Site

Text = Annotated[str | None, Query(max_length=500)]


def add_board(api: APIRouter, site: Site) -> None:
    """Add the routes that the board reads."""
    _read_routes(api, site)
    _live_routes(api, site)


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
