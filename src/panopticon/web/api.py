"""The JSON API: everything the page shows and does, for scripts as well."""

from fastapi import APIRouter

from panopticon.web.api_board import add_board
from panopticon.web.api_claim import add_claim
from panopticon.web.api_item import add_item
from panopticon.web.api_link import add_link
from panopticon.web.api_search import add_search
from panopticon.web.api_settings import add_settings
from panopticon.web.faults import Json
from panopticon.web.shapes import FAULTS
from panopticon.web.site import Site


def api_for(site: Site) -> APIRouter:
    """Build the routes under /api."""
    api = APIRouter(prefix="/api", default_response_class=Json, responses=FAULTS)
    add_board(api, site)
    add_claim(api, site)
    add_item(api, site)
    add_link(api, site)
    add_search(api, site)
    add_settings(api, site)
    return api
