"""The settings' part of the JSON API: trackers, the person's own settings, views, the doctor."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from panopticon.config import TYPES
from panopticon.services import doctor, tracker
from panopticon.services.settings import (
    file as settings,
    look as settings_look,
    source as settings_source,
    states as settings_states,
    validate,
    view,
)
from panopticon.web import examples
from panopticon.web.ask_settings import (
    Connection,
    Door,
    Name,
    Own,
    Saved,
    Sight,
    Trial,
    Typed,
    Words,
)
from panopticon.web.faults import Json
from panopticon.web.shapes import Fault, Invalid, told
from panopticon.web.site import Site
from panopticon.web.tag import whole

_PATIENCE = timedelta(seconds=20)


def add_settings(api: APIRouter, site: Site) -> None:
    """Add the routes behind the settings page."""
    _own_routes(api, site)
    _trial_routes(api, site)
    _source_routes(api, site)
    _words_routes(api, site)
    _view_routes(api, site)
    _try_route(api, site)


def _own_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.get("/settings", responses=told(examples.SETTINGS))
    def read_settings() -> Response:
        """Give the settings and the sources; never a key, only whether there is one."""
        return Json(settings.shown(ctx))

    @api.patch("/settings", responses=told(examples.SETTINGS))
    def change_settings(own: Own) -> Response:
        """Change some settings; they take effect at once.

        `fixed_by` names what decides a setting in the file's stead: a variable, a flag, or a
        file of the team. Those are refused.
        """
        found = settings.update(ctx, own.given())
        site.poller.follow(ctx.names, timedelta(seconds=ctx.config.poll_seconds))
        return Json(found)

    @api.get("/doctor", responses=told(examples.DOCTOR))
    def examine() -> Response:
        """Look what is wrong on this machine and how to mend it, as `pan doctor` does.

        Every tracker is tested; one that takes longer than 20 seconds is a finding.
        """
        found = doctor.look_around(ctx, _PATIENCE)
        return Json(whole({"findings": [finding.as_json() for finding in found]}))


def _trial_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.post("/sources/places", responses=told(examples.PLACES))
    def list_places(door: Door) -> Response:
        """List the workspaces and projects that a key may see."""
        found = settings_source.places(ctx, door.answers())
        rows = [{"kind": p.kind, "id": p.id, "name": p.name, "parent": p.parent} for p in found]
        return Json(whole({"places": rows}))

    @api.post("/sources/look", responses=told(examples.LOOKED))
    def look(sight: Sight) -> Response:
        """Say which story files lie in a folder of this machine: how many, and where.

        No file's text is given, and nothing about other files.
        """
        found = settings_look.looked(ctx, sight.type, sight.folder)
        return Json(whole(found.as_json()))

    @api.post("/sources/test", responses=told(examples.TESTED))
    def try_source(trial: Trial) -> Response:
        """Try a connection that is saved nowhere: who you are, what you may do, how many items.

        What does not work is told in the answer: `ok` is false, `error` and `message` say why.
        """
        return Json(whole(settings_source.tested(ctx, trial.answers()).as_json()))

    @api.post("/sources/{name}/test", responses=told(examples.TESTED))
    def test_source(name: Name) -> Response:
        """Test a saved connection: who you are, what you may do, how many items."""
        return Json(whole(settings_source.tested_again(ctx, name).as_json()))


def _source_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.put(
        "/sources/{name}", responses=told(examples.SAVED) | told(examples.SAVED, "Added.", 201)
    )
    def save_source(name: Name, connection: Connection) -> Response:
        """Test a connection, then save it; the running board follows.

        A type of tracker takes what `inputs` of `/api/settings` says, nothing else. The key goes
        into the secrets file, everything else into config.toml. What does not work is not saved.
        """
        kept = settings_source.save(ctx, connection.answers(name))
        _follow(site)
        shown = next(one for one in tracker.listed(ctx) if one.source.name == kept.name)
        answer = {
            "source": settings.source_json(ctx, shown),
            "files": [str(path) for path in kept.files],
            "warnings": list(kept.warnings),
        }
        return Json(whole(answer), 201 if kept.is_new else 200)

    @api.delete("/sources/{name}", responses=told({"name": "rally"}))
    def remove_source(name: Name) -> Response:
        """Remove a connection and its key; its items leave the board, nothing else is deleted."""
        settings_source.remove(ctx, name)
        _follow(site)
        return Json({"name": name})


def _follow(site: Site) -> None:
    """Have the background polling ask the sources that there are now, at once."""
    site.poller.follow(site.ctx.names)
    site.poller.nudge()


def _words_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.get("/sources/{name}/states", responses=told(examples.STATES))
    def read_states(name: Name) -> Response:
        """List the tracker's own words for states by kind, and the column each stands in."""
        return Json(whole(settings_states.words(ctx, name)))

    @api.put("/sources/{name}/states", responses=told(examples.STATES))
    def change_states(name: Name, words: Words) -> Response:
        """Put native words into other columns; the source is read anew at once.

        `own` marks the words whose column the team chose.
        """
        found = settings_states.put_words(ctx, name, words.states)
        _follow(site)
        return Json(whole(found))


def _view_routes(api: APIRouter, site: Site) -> None:
    ctx = site.ctx

    @api.get("/views", responses=told(examples.VIEWS))
    def read_views() -> Response:
        """List the saved views of the board."""
        return Json({"views": view.views(ctx)})

    @api.put("/views/{name:path}", responses=told(examples.VIEWS))
    def save_view(name: Name, saved: Saved) -> Response:
        """Keep the board's filters under a name; one that is called so is replaced."""
        return Json({"views": view.save(ctx, name, saved.query)})

    @api.delete("/views/{name:path}", responses=told(examples.VIEWS))
    def remove_view(name: Name) -> Response:
        """Forget a saved view."""
        return Json({"views": view.remove(ctx, name)})


def _try_route(api: APIRouter, site: Site) -> None:
    @api.post("/{tracker_type}/validate", include_in_schema=False)
    def try_any(tracker_type: str, typed: Typed) -> Response:
        return _tried(site, tracker_type, typed)

    def route_for(tracker_type: str) -> None:
        @api.post(
            f"/{tracker_type}/validate",
            responses=told(examples.VALID)
            | {400: {"model": Invalid | Fault, "description": "It does not work."}},
        )
        def try_connection(typed: Typed) -> Response:
            """Try a key that is not saved anywhere: request and answer are shaped as upstream's.

            It goes to `server`, else to the configured one of this type, else to the vendor's.
            """
            return _tried(site, tracker_type, typed)

    for name, words in TYPES.items():
        if words.needs_key:
            route_for(name)


def _tried(site: Site, tracker_type: str, typed: Typed) -> Response:
    words = TYPES.get(tracker_type)
    if words and not words.needs_key:
        return Json({"valid": False, "error": f"{words.label} need no API key"}, 400)
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
