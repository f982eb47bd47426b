"""The dashboard as one application: the guard, the JSON API, the pages, the static files."""

import threading

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from panopticon import __version__
from panopticon.services.board.memory import Memory
from panopticon.services.context import Context
from panopticon.web import faults
from panopticon.web.api import api_for
from panopticon.web.description import Described
from panopticon.web.guard import Security
from panopticon.web.live import Pulse, Rim
from panopticon.web.pages import pages_for
from panopticon.web.poller import Poller
from panopticon.web.site import Site


def make_app(
    ctx: Context,
    security: Security,
    *,
    poller: Poller | None = None,
    stopping: threading.Event | None = None,
    memory: Memory | None = None,
) -> FastAPI:
    """Build the application; without a poller it shows what others sync."""
    poller = poller or Poller.idle(ctx.now)
    pulse, ending = Pulse(ctx, poller.waits), stopping or threading.Event()
    site = Site(ctx, security, poller, pulse, ending, memory or Memory())
    app = Described(
        title="Panopticon",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page loads scripts from elsewhere, which our policy forbids
        redoc_url=None,
    )
    # As they are: `include_router` builds every route once more, which took half of the start.
    app.router.routes += [*api_for(site).routes, *pages_for(site).routes]
    app.mount("/static", StaticFiles(directory=faults.HERE / "static"))
    app.add_middleware(Rim, security=security)
    faults.listen(app, is_demo=ctx.config.is_demo)
    return app
