"""A stream that does not come through, a tab that sleeps, a hundred tabs, and floods of news."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import card, column, drag, focus, say
from tests.browser.faulty import NEWS, SOON, SYNCED, Desk, desk_at, picture, within
from tests.browser.forwarding import Forwarding

pytestmark = pytest.mark.browser
KEY = "US120"
POLLED = 15_000  # milliseconds: the stream's first word, a look every five seconds, a sync
PATIENT = 60_000
TABS = 30
CHANGES = 1000
SLEEPING = """
const Real = Date;
globalThis.slept = 0;
globalThis.Date = class extends Real {
  constructor(...told) { if (told.length) super(...told); else super(Real.now() + slept); }
  static now() { return Real.now() + slept; }
};
"""
DAY = 86_400_000
NOTICED = 8_000  # milliseconds until a page that nobody woke notices that it slept


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    yield from desk_at(tmp_path / "home", chromium)


def titled(desk: Desk, title: str, key: str = KEY) -> None:
    with desk.somebody() as other:
        other.update(key, {"title": title})


@pytest.mark.requirement("web:faults:proxy")
@pytest.mark.parametrize("how", ["swallow", "buffer", "refuse"])
def test_behind_a_proxy_without_streams_changes_still_come(desk: Desk, how: str) -> None:
    with Forwarding({"/api/events": how}) as proxy:
        way = {"server": proxy.url, "bypass": "<-loopback>"}
        page = desk.look(proxy=way)
        expect(page.locator("#status")).to_contain_text("asking every few seconds", timeout=POLLED)
        assert "/api/events" in proxy.paths
        titled(desk, "Asked for, not told")
        link = page.get_by_role("link", name=f"{KEY} Asked for, not told")
        expect(link).to_be_visible(timeout=POLLED)
        picture(desk, page, f"proxy-{how}")
        other = desk.look()
        drag(other, KEY, "In progress")
        expect(card(page, KEY, "In progress")).to_be_visible(timeout=POLLED)
        drag(page, KEY, "Backlog")
        say(page, f"{KEY} moved to Backlog")
        expect(card(other, KEY, "Backlog")).to_be_visible(timeout=SOON)


@pytest.mark.requirement("web:faults:asleep")
@pytest.mark.parametrize(("is_told", "soon"), [(True, SOON), (False, NOTICED)])
def test_a_tab_that_slept_a_day_catches_up_at_once(desk: Desk, soon: int, *, is_told: bool) -> None:
    """A tab that comes to the front is told so; the page on a screen that slept is not."""
    with Forwarding({}) as proxy:
        way = {"server": proxy.url, "bypass": "<-loopback>"}
        page = desk.look(before=lambda page: page.add_init_script(SLEEPING), proxy=way)
        within(10, lambda: "/api/events" in proxy.paths)
        proxy.mute()  # the stream died in the night, and nobody said so
        titled(desk, "Changed in the night")
        other = desk.look()
        changed = f"{KEY} Changed in the night"
        expect(other.get_by_role("link", name=changed)).to_be_visible(timeout=NEWS)
        expect(page.get_by_role("link", name=changed)).to_have_count(0)
        page.evaluate(f"slept = {DAY}")
        if is_told:
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_role("link", name=changed)).to_be_visible(timeout=soon)
        titled(desk, "And followed on")
        link = page.get_by_role("link", name=f"{KEY} And followed on")
        expect(link).to_be_visible(timeout=NEWS)
        ages = page.locator("#board [data-ref] time")
        last = other.locator("#board [data-ref] time").last
        expect(ages.last).to_have_text(last.text_content() or "?")
        picture(desk, page, "asleep")


@pytest.mark.requirement("web:faults:tabs")
def test_thirty_tabs_share_one_stream_and_are_usable(desk: Desk) -> None:
    first = desk.look()
    streams: list[str] = []
    first.context.on(
        "request", lambda one: streams.append(one.url) if "/api/events" in one.url else None
    )
    tabs = [first, *(tab(desk, first) for _ in range(TABS - 1))]
    assert streams == [], "another tab opened a stream of its own"
    front = tabs[-1]
    front.bring_to_front()
    drag(front, KEY, "In progress")
    say(front, f"{KEY} moved to In progress")
    for page in tabs:
        expect(card(page, KEY, "In progress")).to_be_visible(timeout=NEWS)
    began = time.monotonic()
    with desk.client() as client:
        assert client.get("/api/board").status_code == 200
    assert time.monotonic() - began < SOON / 1000
    tabs.pop(0).close()
    titled(desk, "After the listener left")
    for page in tabs:
        link = page.get_by_role("link", name=f"{KEY} After the listener left")
        expect(link).to_be_visible(timeout=NEWS)
    assert len(streams) <= 2, streams


def tab(desk: Desk, first: Page) -> Page:
    page = first.context.new_page()
    page.goto(f"{desk.url}/")
    page.wait_for_selector("body[data-seq]", timeout=SYNCED)
    return page


@pytest.mark.requirement("web:faults:calm")
def test_scroll_focus_and_text_survive_fifty_live_changes(desk: Desk) -> None:
    page = desk.look()
    backlog = column(page, "Backlog")
    focus(page, "US129")
    scroller = backlog.locator(":scope > *").last
    scroller.evaluate("one => (one.scrollTop = 300)")
    top = scroller.evaluate("one => one.scrollTop")
    assert top > 0
    with desk.somebody() as other:
        for number in range(50):
            key = ("US120", "US121", "US123", "US300", "US127")[number % 5]
            other.update(key, {"title": f"Live {number}"})
            page.wait_for_timeout(100)
    expect(page.get_by_role("link", name="US300 Live 48")).to_be_visible(timeout=NEWS)
    assert page.evaluate("document.activeElement.closest('[data-ref]').dataset.ref").endswith(
        "US129"
    )
    assert scroller.evaluate("one => one.scrollTop") == top
    box = page.get_by_role("searchbox").or_(page.get_by_role("combobox", name="Filter")).first
    box.focus()
    page.keyboard.type("Li")
    with desk.somebody() as other:
        other.update("US300", {"title": "Live at last"})
    expect(page.get_by_role("link", name="US300 Live at last")).to_be_visible(timeout=NEWS)
    page.keyboard.type("ve")
    expect(box).to_have_value("Live")


@pytest.fixture
def crowd(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    yield from desk_at(tmp_path / "home", chromium, stories=CHANGES)


@pytest.mark.requirement("web:faults:flood")
def test_hundreds_of_changes_of_one_sync_are_all_there_in_order(crowd: Desk) -> None:
    page = crowd.look("/?sort=title")
    expect(page.locator("#summary")).to_contain_text("1,1")
    crowd.rest()
    with crowd.client() as client:
        cards = client.get("/api/board").json()["cards"]
    keys = [card["key"] for card in cards]
    assert len(keys) > CHANGES
    with crowd.somebody() as other:
        for number, key in enumerate(keys):
            other.update(key, {"title": f"A flood {number:04}"})
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    crowd.rest(paused=False)
    backlog = column(page, "Backlog")
    first, second, *_ = [n for n, card in enumerate(cards) if card["state"] == "backlog"]
    rows = backlog.get_by_role("listitem")
    expect(rows.first).to_contain_text(f"A flood {first:04}", timeout=PATIENT)
    backlog.get_by_role("link", name=f"A flood {second:04}").click()
    expect(page.get_by_role("complementary")).to_contain_text(f"A flood {second:04}")
    expect(page.locator("#board").get_by_text("A flood", exact=False).first).to_be_visible()
    with crowd.client() as client:
        within(60, lambda: all("A flood" in one["title"] for one in whole(client)))
    shown = [text.split("A flood ")[1][:4] for text in rows.all_inner_texts()]
    assert len(shown) > 1
    assert shown == sorted(shown)
    assert sum("/api/board" in url for url in asked) < 60, "it asked again and again"
    picture(crowd, page, "flood")


def whole(client: httpx2.Client) -> list[dict[str, str]]:
    return list(client.get("/api/board").json()["cards"])
