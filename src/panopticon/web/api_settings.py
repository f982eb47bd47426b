"""The settings' part of the JSON API: trackers, the person's own settings, views, the doctor."""

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from panopticon.config import TYPES
from panopticon.services import validate
from panopticon.web.faults import Json
from panopticon.web.site import Site


class Typed(BaseModel):
    """What somebody typed to try a connection; the names are upstream's."""

    api_key: str | None = Field(default=None, alias="apiKey", max_length=4096)
    server: str | None = Field(default=None, max_length=2048)
    workspace: str | None = Field(default=None, max_length=500)
    project: str | None = Field(default=None, max_length=500)


def add_settings(api: APIRouter, site: Site) -> None:
    """Add the routes behind the settings page."""
    _try_route(api, site)


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
