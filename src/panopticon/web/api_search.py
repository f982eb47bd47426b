"""Searching over the JSON API: the words that a query may use."""

from fastapi import APIRouter
from starlette.responses import Response

from panopticon.services import search
from panopticon.web import examples_search as examples
from panopticon.web.faults import Json
from panopticon.web.shapes import told
from panopticon.web.site import Site


def add_search(api: APIRouter, site: Site) -> None:
    """Add the routes of searches."""

    @api.get("/search/words", responses=told(examples.WORDS))
    def read_words() -> Response:
        """Name the fields of a query with the values there are.

        `values` come in the order to offer them; `titles` tell what epics are called. A wrong
        query (`q` of the board) is answered with 400, and `at` is where it is wrong: from and to,
        in characters.
        """
        return Json({"fields": search.words(site.ctx)})
