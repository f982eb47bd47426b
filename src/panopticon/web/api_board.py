"""The board's part of the JSON API: the cards, the live stream, polling and health."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from panopticon import __version__
from panopticon.errors import NotFound
from panopticon.services import event
from panopticon.services.board import answer as board
from panopticon.services.board.filter import Wanted
from panopticon.web import examples_board as examples
from panopticon.web.faults import Json
from panopticon.web.live import sources, stream
from panopticon.web.shapes import Responses, told
from panopticon.web.site import Site

_LONGEST = 500  # characters
_BIGGEST = 2**63 - 1  # the largest number that the log holds
Word = Annotated[str, Query(max_length=_LONGEST)]
Seq = Annotated[int | None, Query(ge=0, le=_BIGGEST)]
_KEPT: Responses = {304: {"description": "The board is as `If-None-Match` says."}}
_STREAM: Responses = {
    200: {
        "description": "Server-sent events without end; `event` is what happened.",
        "content": {"text/event-stream": {"example": examples.EVENT}},
    }
}


def _word(means: str) -> Any:
    """Take one word of the address, of a bounded length."""
    return Query(max_length=_LONGEST, description=means)


Text = Annotated[
    str | None, _word('A query: words, "phrases", -negation, fields such as `assignee:me`.')
]
Tracker = Annotated[str | None, _word("A source's name.")]
Project = Annotated[str | None, _word("A project's name.")]
Epic = Annotated[str | None, _word("A ref or key such as F17: what lies below it.")]
Assignee = Annotated[
    str | None, _word("An email, a part of a name, `me` or `none`: who has it or holds it.")
]
Labels = Annotated[
    list[Word] | None, Query(description="A label; all that are given must be there.")
]
Iteration = Annotated[str | None, _word("An iteration's name, or `none`.")]
Kind = Annotated[str | None, _word("story, defect or issue.")]
State = Annotated[str | None, _word("A column: backlog, planning, in_progress, in_review or done.")]
Blocked = Annotated[str | None, _word("`yes` or `no`.")]
Epoch = Annotated[str | None, _word("The epoch that the page saw.")]


class Polling(BaseModel):
    """Whether background polling rests, of one source or all."""

    paused: bool
    source: str | None = Field(default=None, max_length=_LONGEST)


def add_board(api: APIRouter, site: Site) -> None:
    """Add the routes that the board reads."""
    _read_routes(api, site)
    _live_routes(api, site)
    _poll_routes(api, site)


def wanted(  # noqa: PLR0913 - the words of the address, one parameter each
    *,
    q: Text = None,
    tracker: Tracker = None,
    project: Project = None,
    epic: Epic = None,
    assignee: Assignee = None,
    label: Labels = None,
    iteration: Iteration = None,
    kind: Kind = None,
    state: State = None,
    blocked: Blocked = None,
) -> Wanted:
    """Read the filters: all that are given must hold; unknown words match nothing."""
    return Wanted(
        text=q if q and q.strip() else None,  # as sent: places in it are told
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

    @api.get("/board", responses={**told(examples.BOARD), **_KEPT})
    def read_board(
        filters: Filters,
        since: Seq = None,
        epoch: Epoch = None,
        if_none_match: Annotated[str, Header()] = "",
    ) -> Response:
        """Give the whole board, or what changed after `since` of `epoch`.

        Where that cannot be told (another epoch, too long ago) the answer is whole again. Filters
        narrow the cards, never the rest.
        """
        asked = board.Asked(filters, since, epoch or "", _tags(if_none_match))
        found = board.board(ctx, site.memory, asked, sources(ctx, site.poller.waits()))
        headers = {"Cache-Control": "no-store"}
        if found.etag:
            headers["ETag"] = f'W/"{found.etag}"'
        if found.body is None:
            return Response(None, 304, headers=headers)
        return Response(found.body, headers=headers, media_type="application/json")

    @api.get("/board/matches", responses=told(examples.MATCHES))
    def read_matches(filters: Filters) -> Response:
        """Name the cards that fit the filters."""
        return Json(board.matches(ctx, site.memory, filters))


def _live_routes(api: APIRouter, site: Site) -> None:
    @api.get("/events", responses=_STREAM)
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

    @api.get("/health", responses=told(examples.HEALTH))
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
    @api.post("/sync", status_code=202, responses=told(examples.ASKED, status=202))
    def sync() -> Response:
        """Ask every source for news now; what changed comes over the events."""
        asked = site.poller.nudge()
        if not asked:
            raise NotFound(
                "This server does not poll.", "`pan sync` in a terminal; the page follows."
            )
        return Json({"asked": asked}, 202)

    @api.post("/poll", responses=told(examples.POLLING))
    def poll(polling: Polling) -> Response:
        """Pause or resume background polling, of one source or all."""
        site.poller.pause(polling.source, paused=polling.paused)
        return Json({"sources": sources(site.ctx, site.poller.waits())})


def _tags(header: str) -> frozenset[str]:
    """Read the tags of `If-None-Match`, weak or not."""
    bare = (one.strip().removeprefix("W/").strip('"') for one in header.split(","))
    return frozenset(filter(None, bare))
