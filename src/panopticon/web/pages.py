"""The pages: one shell that the browser fills from the API, and the door to it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from panopticon import __version__
from panopticon.errors import AuthFailed
from panopticon.services.server.session import COOKIE_LIFE
from panopticon.web import wanted
from panopticon.web.docs import guide_from
from panopticon.web.faults import HERE, page
from panopticon.web.site import Site

_ICONS = (HERE / "static/vendor/lucide/sprite.svg").read_text(encoding="utf-8")


def pages_for(site: Site) -> APIRouter:
    """Build the routes that people open."""
    pages = APIRouter(include_in_schema=False)
    _shell_routes(pages, site)
    _door_route(pages, site)
    return pages


def _shell_routes(pages: APIRouter, site: Site) -> None:
    @pages.get("/")
    @pages.get("/item")
    @pages.get("/settings")
    @pages.get("/health")
    def shell() -> Response:
        """Give the page; the address says what it shows."""
        return page(
            "board.html",
            version=__version__,
            icons=_ICONS,
            is_demo=site.ctx.config.is_demo,
        )

    @pages.get("/api/docs")
    def describe(request: Request) -> Response:
        """Give the description of the API for people to read."""
        return page(
            "docs.html",
            version=__version__,
            is_demo=site.ctx.config.is_demo,
            guide=guide_from(request.app.openapi(), str(request.base_url).rstrip("/")),
        )


def _door_route(pages: APIRouter, site: Site) -> None:
    @pages.get("/open")
    def enter(request: Request, code: Annotated[str, Query(max_length=200)] = "") -> Response:
        """Trade a single-use code for a session; lead on to the page that was asked for."""
        if not site.security.session.redeem(code):
            raise AuthFailed(
                "This link has been used, or is older than ten minutes.",
                "`pan open`, run on the machine where the board runs, makes a new one.",
            )
        name = site.security.wanted
        place = wanted.kept(request.headers.get("cookie", ""), name)
        response = RedirectResponse(place, status_code=303)
        response.set_cookie(
            site.security.cookie,
            site.security.session.cookie_for(site.security.port),
            max_age=int(COOKIE_LIFE.total_seconds()),
            httponly=True,
            samesite="strict",
        )
        if place != wanted.HOME:
            wanted.forget(response, name)
        return response
