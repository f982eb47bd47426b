"""A dashboard whose tracker takes writes, and somebody who acts on its board with a browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import cast

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from panopticon.config import Config, Source
from panopticon.errors import InvalidInput
from panopticon.model.form import Move
from panopticon.model.issue import Issue, IssueFields, State
from panopticon.services.context import Context
from panopticon.store.base import Store
from panopticon.trackers.base import Tracker
from panopticon.web.serve import Dashboard, Ready
from tests.web.fakes import team_store
from tests.web.served import served
from tests.web.trackers import ME, Clock, TeamTracker

WIDE = {"width": 1440, "height": 900}
REASON = "Accepted needs a code review first."
# What Chromium says of an answer that the page itself explains.
TOLD = (
    "409 (Conflict)",
    "400 (Bad Request)",
    "422 (",
    "404 (Not Found)",
    "ERR_FAILED",
    "502 (",
    "503 (",
)


class TeamAtWork(TeamTracker):
    """A team that closes columns to items, refuses a write once, and answers when it is let."""

    def __init__(self, clock: Clock, store: Store) -> None:
        super().__init__(clock, store)
        self.closed: dict[str, State] = {}
        self.refused: dict[str, str] = {}
        self.written: list[tuple[str, IssueFields]] = []
        self.gate = Event()
        self.gate.set()
        self._turn = Lock()

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        shut = self.closed.get(issue.ref.key)
        return tuple(
            Move(move.state, reason=REASON) if move.state is shut else move
            for move in super().moves(issue)
        )

    def update(self, key: str, fields: IssueFields) -> Issue:
        self.gate.wait(10)
        with self._turn:
            if key in self.refused:
                raise InvalidInput(self.refused.pop(key), "Ask its owner.")
            self.written.append((key, fields))
        return super().update(key, fields)


@dataclass
class Acting:
    """A dashboard that is being acted on: its tracker, its store, and browsers before it."""

    tracker: TeamAtWork
    store: Store
    chromium: Browser
    dashboard: Dashboard
    ready: Ready

    def __post_init__(self) -> None:
        self.complaints: list[str] = []
        self.pages: list[Page] = []

    def look(self, path: str = "/", **options: object) -> Page:
        """Open the board signed in, each time in a browser of its own."""
        context = self.chromium.new_context(**{"viewport": WIDE, **options})  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if is_wrong(m) else None)
        page.goto(str(self.dashboard.ready()["open_url"]))
        if path != "/":
            page.goto(f"{self.ready['url']}{path}")
        page.wait_for_selector("body[data-seq]")
        self.pages.append(page)
        return page

    def state(self, key: str) -> State:
        """Say where the tracker has an item."""
        return self.tracker.get(key).state

    def close(self) -> None:
        for page in self.pages:
            page.context.close()
        assert self.complaints == []


Look = Callable[..., Page]


def acting_at(home: Path, chromium: Browser) -> Iterator[Acting]:
    """Run a dashboard over a store and a tracker that have the same items."""
    store, clock = team_store(), Clock()
    tracker = TeamAtWork(clock, store)
    sources = (Source("rally", "rally", secret="good"),)
    views = {"Blocked work": "blocked=yes"}
    config = Config(home=home, folder=home / "northwind", sources=sources, me=ME, views=views)
    ctx = Context(config, lambda _: store, lambda _: cast("Tracker", tracker), clock)
    with served(ctx) as (dashboard, ready):
        desk = Acting(tracker, store, chromium, dashboard, ready)
        yield desk
        tracker.gate.set()
        desk.close()


def is_wrong(message: ConsoleMessage) -> bool:
    return message.type == "error" and not any(word in message.text for word in TOLD)


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def card(page: Page, key: str, column_name: str | None = None) -> Locator:
    place = column(page, column_name) if column_name else page.locator("#board")
    return place.locator(f'[data-ref$="{key}"]')


def focus(page: Page, key: str) -> None:
    """Put the focus on a card, as Tab would."""
    card(page, key).get_by_role("link").first.focus()


def drag(page: Page, key: str, to: str, *, drop: bool = True) -> None:
    """Drag a card with the mouse to a column by its name."""
    x, y = middle(card(page, key))
    page.mouse.move(x, y)
    page.mouse.down()
    target_x, target_y = middle(column(page, to))
    page.mouse.move(x + 8, y + 2)
    page.mouse.move(target_x, target_y, steps=4)
    if drop:
        page.mouse.up()


def middle(place: Locator) -> tuple[float, float]:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def say(page: Page, text: str) -> Locator:
    """Expect that a message is said quietly."""
    said = page.get_by_role("region", name="Messages").get_by_role("status").filter(has_text=text)
    expect(said).to_have_count(1)
    return said


def refuse(page: Page, text: str) -> Locator:
    """Expect that a refusal is said aloud."""
    region = page.get_by_role("region", name="Messages")
    said = region.get_by_role("alert").filter(has_text=text)
    expect(said).to_have_count(1)
    return said


def option(page: Page, menu: str, text: str) -> Locator:
    """Find a choice of an open menu."""
    return page.get_by_role("listbox", name=menu).get_by_role("option", name=text)
