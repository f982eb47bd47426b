"""A real Chromium looking at a real dashboard."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from panopticon.store.base import Store
from tests.web.fakes import team_store
from tests.web.running import Running

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def store() -> Store:
    return team_store()


@pytest.fixture
def board(tmp_path: Path, store: Store) -> Iterator[Running]:
    running = Running(tmp_path, store, None)
    yield running
    running.stop()


@pytest.fixture
def look(chromium: Browser, board: Running) -> Iterator[Callable[..., Page]]:
    """Open the board signed in; every complaint of the page fails the test."""
    complaints: list[str] = []
    pages: list[Page] = []

    def opened(path: str = "/", **options: object) -> Page:
        context = chromium.new_context(**{"viewport": WIDE, **options})  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if _is_wrong(m) else None)
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        page.goto(str(board.dashboard.ready()["open_url"]))
        if path != "/":
            page.goto(f"{board.ready['url']}{path}")
        page.wait_for_selector("body[data-seq]")
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert complaints == []


def _is_wrong(message: ConsoleMessage) -> bool:
    """Leave out what Chromium says of a lost item or server: the page says it too."""
    expected = ("404 (Not Found)", "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED")
    return message.type == "error" and not any(word in message.text for word in expected)
