"""The claims' part of the JSON API: checking out, holding, giving back, taking over.

The board acts for the person who runs it, in the session of the folder it runs in, and makes no
git branch: `pan checkout story=US123 resume=true` in the working folder takes it over there.
"""

import json

from fastapi import APIRouter
from starlette.responses import Response

from panopticon.errors import Conflict
from panopticon.model.issue import Json as Value
from panopticon.model.ref import IssueRef
from panopticon.services import event
from panopticon.services.board import item as board_item
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Wish, checkout
from panopticon.web import examples_claim as examples
from panopticon.web.ask_claim import Claiming
from panopticon.web.faults import Json
from panopticon.web.shapes import ABSENT, Fault, Responses, told
from panopticon.web.site import Site
from panopticon.web.tag import whole

_LOCKED: Responses = {
    409: {
        "model": Fault,
        "description": "Held by another (`locked`, with what is free instead), or in the way.",
        "content": {"application/json": {"example": json.dumps(examples.LOCKED)}},
    }
}


def add_claim(api: APIRouter, site: Site) -> None:
    """Add the routes about claims; the arbiter may be far away, so none of them is quick."""
    ctx = site.ctx

    @api.post("/claim", responses={**told(examples.CLAIMED), **ABSENT, **_LOCKED})
    def claim(asked: Claiming) -> Response:
        """Check an item out, hold it longer, give it back, or take it over.

        The arbiter of the project decides. `warnings` say what is not shown yet in the tracker,
        `notes` what became of the status of what was given back.
        """
        ref, done = _decided(desk(ctx), asked)
        card = board_item.card_now(ctx, ref)
        return Json(whole({**done, "item": card, "seq": event.last(ctx)}))

    @api.get("/locks", responses=told(examples.LOCKS))
    def read_locks() -> Response:
        """List who holds what and until when, as the arbiter has it on record."""
        return Json(whole([held.as_json() for held in hold.locks(desk(ctx))]))


def _decided(at: Desk, asked: Claiming) -> tuple[IssueRef, dict[str, Value]]:
    """Have it decided; of who holds it instead the refusal says `locked`."""
    try:
        return _asked(at, asked)
    except Conflict as error:
        if not error.details.get("holder"):
            raise
        raise _locked(error) from error


def _asked(at: Desk, asked: Claiming) -> tuple[IssueRef, dict[str, Value]]:
    hours = asked.hours or at.ctx.config.lock_hours
    if asked.verb in {"checkout", "resume"}:
        wish = Wish(
            story=asked.ref,
            hours=hours,
            resume=asked.verb == "resume",
            is_blocked_ok=asked.blocked,
            with_branch=False,
        )
        done = checkout(at, wish)
        return done.issue.ref, done.as_json()
    if asked.verb == "release":
        held = hold.release(at, asked.ref)
        return held.ref, {**held.as_json(), "notes": [*held.notes]}
    if asked.verb == "renew":
        held = hold.renew(at, asked.ref, hours)
    else:
        held = hold.steal(at, asked.ref, hours, asked.reason)
    return held.ref, held.as_json()


def _locked(error: Conflict) -> Conflict:
    """Say `locked` as `pan checkout --json` does."""
    return Conflict(error.message, error.hint, **{**error.details, "error": "locked"})
