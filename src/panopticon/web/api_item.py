"""The items' part of the JSON API: one item in full, the writes to it, and what to choose from."""

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from panopticon.errors import InvalidInput
from panopticon.model.issue import Json as Value, Kind, NewIssue, Task
from panopticon.services.board import item as board_item
from panopticon.services.claim import fence
from panopticon.services.issue import (
    choice,
    edit as issue_edit,
    history as issue_history,
    step as issue_step,
    verbs as issue,
)
from panopticon.services.issue.form import Forms
from panopticon.services.ref import resolve
from panopticon.web import examples_board as examples
from panopticon.web.ask_item import Edit, Move, New, Ref, Remark, Step, Tick, Word
from panopticon.web.faults import Json
from panopticon.web.html import comments_with_html, with_html
from panopticon.web.shapes import ABSENT, CONFLICT, told
from panopticon.web.site import Site
from panopticon.web.tag import tag_of, unchanged, whole


def add_item(api: APIRouter, site: Site) -> None:
    """Add the routes about one item."""
    forms = Forms(site.ctx)
    _read_routes(api, site)
    _text_routes(api, site)
    _write_routes(api, forms)
    _step_routes(api, forms)
    _life_routes(api, forms)
    _choice_routes(api, forms)


def answer(content: object, status_code: int = 200) -> Json:
    """Answer with what trackers hold, whatever that is."""
    return Json(whole(content), status_code)


def _read_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.get("/item", responses=ABSENT)
    def read_item(ref: Ref, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """Give one item in full, by any spelling of its ref; texts as markdown and safe HTML.

        With the ETag of an earlier answer in `If-None-Match`, 304 says that nothing has changed.
        """
        found = board_item.item(ctx, ref).as_json()
        tag = tag_of(whole(found))
        if known := unchanged(if_none_match, tag):
            return known
        response = answer(with_html(found))
        response.headers["ETag"] = tag
        return response

    @api.get("/item/history", responses=ABSENT)
    def read_history(ref: Ref) -> Response:
        """Tell what happened to an item, newest first: its tracker's revisions, our own log."""
        entries, error = issue_history.history(ctx, ref)
        return answer({"entries": [entry.as_json() for entry in entries], "error": error})


def _text_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.get("/item/comments", responses=ABSENT)
    def read_comments(ref: Ref) -> Response:
        """Ask the tracker for an item's remarks now; `error` says why they may be old."""
        found, error = board_item.comments(ctx, ref)
        remarks = [board_item.comment_json(comment) for comment in found]
        return answer({"comments": comments_with_html(remarks), "error": error})

    @api.post("/item/comment", status_code=201, responses=ABSENT)
    def add_comment(remark: Remark) -> Response:
        """Add a remark (markdown)."""
        made = board_item.comment_json(issue.comment(ctx, remark.ref, remark.body))
        return answer(comments_with_html([made])[0], 201)


def _write_routes(api: APIRouter, forms: Forms) -> None:
    ctx = forms.ctx

    @api.post("/item/move", responses=CONFLICT)
    def move_item(asked: Move) -> Response:
        """Move an item to a column; with `expected`, 409 when it stands elsewhere by now.

        409 `locked` also where another holds it, unless `claim` says to ignore that.
        """
        fence.guard_fields(ctx, resolve(ctx, asked.ref), {"state": asked.state}, asked.claim)
        goal = issue_edit.Goal(asked.state, asked.native_state, asked.expected)
        with forms.writing():
            return answer(issue_edit.move(ctx, asked.ref, goal).as_json(ctx))

    @api.patch("/item", responses=CONFLICT)
    def edit_item(asked: Edit) -> Response:
        """Write fields; with `expected`, 409 with those that somebody changed meanwhile.

        A new state is refused with 409 `locked` where another holds the item, unless `claim` says
        to ignore that.
        """
        given = asked.fields.given()
        fence.guard_fields(ctx, resolve(ctx, asked.ref), given, asked.claim)
        seen = asked.expected.seen() if asked.expected else None
        with forms.writing():
            return answer(issue_edit.edit(forms, asked.ref, given, seen).as_json(ctx))


def _step_routes(api: APIRouter, forms: Forms) -> None:
    ctx = forms.ctx

    @api.post("/item/task", responses=CONFLICT)
    def tick_step(asked: Tick) -> Response:
        """Tick or untick a step; answers with the item whose step it is.

        Of a step that is a line, `title` is as seen: 409 when another stands there by now.
        """
        step = Task(asked.title, asked.done, asked.position, asked.key, asked.native_state)
        with forms.writing():
            return answer(issue_step.tick(ctx, asked.ref, step).as_json(ctx))

    @api.post("/item/step", status_code=201, responses=ABSENT)
    def add_step(asked: Step) -> Response:
        """Add a step below an item, as its tracker keeps them; answers with the item."""
        with forms.writing():
            return answer(issue_step.add_step(forms, asked.ref, asked.title).as_json(ctx), 201)


def _life_routes(api: APIRouter, forms: Forms) -> None:
    @api.post("/item", status_code=201)
    def create_item(asked: New) -> Response:
        """Create an item of any kind that its tracker makes."""
        new = NewIssue(asked.kind, asked.fields.given(), asked.project)
        with forms.writing():
            return answer(issue_edit.create(forms, new, asked.tracker).as_json(forms.ctx), 201)

    @api.delete("/item", responses=ABSENT)
    def delete_item(ref: Ref) -> Response:
        """Delete an item in its tracker (into its recycle bin where it has one), then here."""
        return answer(issue_edit.delete(forms.ctx, ref))


def _choice_routes(api: APIRouter, forms: Forms) -> None:
    @api.get("/item/moves", responses={**told(examples.MOVES), **ABSENT})
    def read_moves(ref: Ref) -> Response:
        """Say for each of the five columns whether an item may move there, or why not.

        `note` says that the tracker has no word for a column, which is kept here then.
        """
        return answer(choice.moves(forms, ref))

    @api.get("/form")
    def read_form(
        ref: Word = None, tracker: Word = None, kind: Word = None, project: Word = None
    ) -> Response:
        """Say which fields a new item is asked for, or with `ref`, which of its can be written."""
        if ref:
            return answer(choice.form_for(forms, ref))
        return answer(choice.form_for_new(forms, tracker, _kind(kind), project or None))

    @api.get("/people")
    def read_people(tracker: Word = None) -> Response:
        """Name the people of one source or of all; `error` says whose list may be short."""
        return answer(choice.people(forms, tracker or None))

    @api.get("/iterations")
    def read_iterations(tracker: Word = None) -> Response:
        """Name the timeboxes of one source or of all; `error` says whose list may be short."""
        return answer(choice.iterations(forms, tracker or None))


def _kind(word: str | None) -> Kind | None:
    if not word:
        return None
    if word in set(Kind):
        return Kind(word)
    known: list[Value] = [kind.value for kind in Kind]
    raise InvalidInput(f"No kind is called {word!r}.", f"There is {', '.join(Kind)}.", kinds=known)
