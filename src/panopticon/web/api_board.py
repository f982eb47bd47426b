"""The board's part of the JSON API: the cards, the live stream, polling and health."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from panopticon import __version__
from panopticon.errors import NotFound
from panopticon.services import board, event
from panopticon.services.board_filter import Wanted
from panopticon.web.faults import Json
from panopticon.web.live import sources, stream
from panopticon.web.site import Site

_LONGEST = 500  # characters
_BIGGEST = 2**63 - 1  # the largest number that the log holds
Words = Annotated[str, Query(max_length=_LONGEST)]
Text = Annotated[str | None, Query(max_length=_LONGEST)]
Seq = Annotated[int | None, Query(ge=0, le=_BIGGEST)]


class Polling(BaseModel):
    """Whether background polling rests, of one source or all."""

    paused: bool
    source: str | None = Field(default=None, max_length=_LONGEST)


def add_board(api: APIRouter, site: Site) -> None:
    """Add the routes that the board reads."""
    _read_routes(api, site)
    _live_routes(api, site)
    _poll_routes(api, site)


def wanted(  # noqa: PLR0913 - one parameter a filter: they are the address's words
    *,
    q: Text = None,
    tracker: Text = None,
    project: Text = None,
    epic: Text = None,
    assignee: Text = None,
    label: Annotated[list[Words] | None, Query()] = None,
    iteration: Text = None,
    kind: Text = None,
    state: Text = None,
    blocked: Text = None,
) -> Wanted:
    """Read the filters: all that are given must hold; unknown words match nothing."""
    return Wanted(
        text=(q or "").strip() or None,
        tracker=tracker or None,
        project=project or None,
        epic=epic or None,
        assignee=assignee or None,
        labels=tuple(filter(None, label or ())),
        iteration=iteration or None,
        kind=kind or None,
        state=state or None,
        blocked=blocked or None,
    )


Filters = Annotated[Wanted, Depends(wanted)]


def _read_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.get("/board")
    def read_board(
        filters: Filters,
        since: Seq = None,
        epoch: Text = None,
        if_none_match: Annotated[str, Header(max_length=_LONGEST)] = "",
    ) -> Response:
        """Give the whole board, or what changed after `since` of `epoch`.

        Where that cannot be told (another epoch, too long ago) the answer is whole again. Filters
        narrow the cards, never the rest.
        """
        asked = board.Asked(filters, since, epoch or "", _etag(if_none_match))
        found = board.board(ctx, site.memory, asked, sources(ctx, site.poller.waits()))
        headers = {"Cache-Control": "no-store"}
        if found.etag:
            headers["ETag"] = f'W/"{found.etag}"'
        if found.body is None:
            return Response(None, 304, headers=headers)
        return Response(found.body, headers=headers, media_type="application/json")

    @api.get("/board/matches")
    def read_matches(filters: Filters) -> Response:
        """Name the cards that fit the filters."""
        return Json(board.matches(ctx, site.memory, filters))


def _live_routes(api: APIRouter, site: Site) -> None:
    @api.get("/events")
    def follow(
        after: Seq = None,
        last_event_id: Annotated[int | None, Header(ge=0, le=_BIGGEST)] = None,
    ) -> Response:
        """Stream what happens (server-sent events; the id is the event's sequence number)."""
        since = last_event_id if last_event_id is not None else after
        return StreamingResponse(
            stream(site.pulse, since, site.stopping),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

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


def _poll_routes(api: APIRouter, site: Site) -> None:
    @api.post("/sync", status_code=202)
    def sync() -> Response:
        """Ask every source for news now; what changed comes over the events."""
        asked = site.poller.nudge()
        if not asked:
            raise NotFound(
                "This server does not poll.", "`pan sync` in a terminal; the page follows."
            )
        return Json({"asked": asked}, 202)

    @api.post("/poll")
    def poll(polling: Polling) -> Response:
        """Pause or resume background polling, of one source or all."""
        site.poller.pause(polling.source, paused=polling.paused)
        return Json({"sources": sources(site.ctx, site.poller.waits())})


def _etag(header: str) -> str:
    """Take the bare tag of our own: we give one at a time."""
    return header.strip().removeprefix("W/").strip('"')
