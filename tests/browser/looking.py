"""A dashboard to look at: with somebody who looks, limits of columns, any sources, and polling."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

from panopticon.config import Source, load
from panopticon.store.base import Store
from panopticon.web.serve import Dashboard, Ready
from tests.web.fakes import context

ME = "maya.rao@example.com"
RALLY = (Source("rally", "rally", secret="good"),)
WIDE = {"width": 1440, "height": 900}
# What Chromium says of an answer that the page itself explains.
TOLD = (
    "400 (Bad Request)",
    "401 (Unauthorized)",
    "404 (Not Found)",
    "ERR_FAILED",
    "ERR_ABORTED",
    "ERR_INTERNET",
)


@dataclass
class Looking:
    """A dashboard, and browsers before it."""

    dashboard: Dashboard
    ready: Ready
    chromium: Browser
    pulled: list[str]
    pages: list[Page] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def look(
        self, path: str = "/", *, before: Callable[[Page], object] | None = None, **options: object
    ) -> Page:
        """Open the board signed in, each time in a browser of its own."""
        browser = self.chromium.new_context(**{"viewport": WIDE, **options})  # type: ignore[arg-type]
        page = browser.new_page()
        self.pages.append(page)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.set_default_timeout(12_000)
        if before:
            before(page)
        page.goto(str(self.dashboard.ready()["open_url"]))
        if path != "/":
            page.goto(f"{self.ready['url']}{path}")
        page.wait_for_selector("body[data-seq]")
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(word in message.text for word in TOLD):
            self.complaints.append(message.text)


@contextmanager
def looking(
    home: Path, store: Store, chromium: Browser, *, is_polling: bool = False, **config: object
) -> Iterator[Looking]:
    """Run a dashboard; `config` are values of its Config, `is_polling` lets sources be asked."""
    plain = context(home, store)
    known = {"me": ME, "home": load({}, home, home, {}).home, **config}
    ctx = replace(plain, config=replace(plain.config, **known))  # type: ignore[arg-type]
    # What the page saves is read back, as a run does it.
    ctx.read_config = lambda: replace(ctx.config, views=load({}, home, home, {}).views)
    pulled: list[str] = []
    ready, told = Ready(), Event()

    def hear(said: Ready) -> None:
        ready.update(said)
        told.set()

    dashboard = Dashboard(ctx, pull=pulled.append if is_polling else None)
    thread = Thread(target=dashboard.serve, args=(hear,), daemon=True)
    thread.start()
    assert told.wait(10)
    desk = Looking(dashboard, ready, chromium, pulled)
    yield desk
    for page in desk.pages:
        page.context.close()
    dashboard.stop()
    thread.join(10)
    assert desk.complaints == []


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def cards(page: Page, name: str) -> Locator:
    return column(page, name).get_by_role("listitem")
