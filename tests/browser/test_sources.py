"""The sources in the header, and how the page stays connected."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from panopticon.store.base import Store
from tests.browser.faulty import within
from tests.browser.looking import RALLY, Looking, looking
from tests.web.fakes import NOW, kept, story

pytestmark = pytest.mark.browser
SOON = 2_000
PHONE = {"width": 390, "height": 844}
FOUR = tuple(replace(RALLY[0], name=name) for name in ("rally", "stories", "github", "jira"))


@pytest.fixture
def desk(tmp_path: Path, store: Store, chromium: Browser) -> Iterator[Looking]:
    with looking(tmp_path, store, chromium, is_polling=True) as found:
        yield found


@pytest.mark.requirement("web:browser:sources")
def test_a_source_tells_more_and_can_be_paused(desk: Looking, store: Store) -> None:
    page = desk.look()
    sources = page.get_by_role("list", name="Sources")
    sources.get_by_role("button", name=re.compile("^rally")).click()
    dialog = page.get_by_role("dialog", name="rally")
    expect(dialog).to_contain_text("Last good data")
    dialog.get_by_role("button", name="Pause rally").click()
    expect(dialog).to_contain_text("Next lookpaused")
    expect(sources).to_contain_text("paused")
    rested = len(desk.pulled)
    dialog.get_by_role("button", name="Resume rally").click()
    expect(dialog.get_by_role("button", name="Pause rally")).to_be_visible()
    within(5, lambda: len(desk.pulled) > rested)
    before = len(desk.pulled)
    dialog.get_by_role("button", name="Sync now").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Asking for news")
    within(5, lambda: len(desk.pulled) > before)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(sources.get_by_role("button", name=re.compile("^rally"))).to_be_focused()
    [old] = store.sync_records()
    store.record_sync(replace(old, error="503 from the server", ok_at=NOW - timedelta(hours=2)))
    expect(sources).to_contain_text("data 2 h old", timeout=SOON)
    sources.get_by_role("button", name=re.compile("^rally")).click()
    expect(dialog).to_contain_text("503 from the server")


@pytest.mark.requirement("web:browser:sources:room")
def test_sources_without_room_are_one_and_trouble_is_said(
    tmp_path: Path, store: Store, chromium: Browser
) -> None:
    [record] = store.sync_records()
    for source in FOUR[1:3]:
        store.record_sync(replace(record, source=source.name))
    store.record_sync(replace(record, source="jira", error="The key was refused."))
    with looking(tmp_path, store, chromium, sources=FOUR) as desk:
        wide = desk.look(viewport={"width": 1440, "height": 900})
        expect(wide.get_by_role("list", name="Sources").get_by_role("button")).to_have_count(4)
        narrow = desk.look(viewport={"width": 800, "height": 800})
        sources = narrow.get_by_role("list", name="Sources")
        expect(sources).to_contain_text("jira failed")
        expect(sources.get_by_role("button", name=re.compile("3 fresh"))).to_be_visible()
        phone = desk.look(viewport=PHONE)
        phone.get_by_role("button", name=re.compile("1 failed, 3 fresh")).click()
        expect(phone.get_by_role("dialog", name="Sources")).to_contain_text("The key was refused.")


@pytest.mark.requirement("web:browser:expired-session")
def test_a_page_without_session_says_so_and_asks_no_more(desk: Looking, store: Store) -> None:
    page = desk.look()
    page.context.clear_cookies()
    asked: list[str] = []
    store.put(story("US950", "Made meanwhile"), NOW)
    alert = page.get_by_role("alert").filter(has_text="pan open")
    expect(alert).to_be_visible()
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(6_500)
    assert [url for url in asked if "/api/" in url] == []
    again = page.context.new_page()
    again.goto(str(desk.dashboard.ready()["open_url"]))
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("link", name="US950 Made meanwhile")).to_be_visible()
    expect(alert).to_be_hidden()


@pytest.mark.requirement("web:browser:blocked-stream")
@pytest.mark.parametrize("how", ["refused", "held back"])
def test_without_a_stream_the_page_asks(desk: Looking, store: Store, how: str) -> None:
    def block(page: Page) -> None:
        held = lambda route: route.abort() if how == "refused" else hold(route)  # noqa: E731
        page.route("**/api/events*", held)

    page = desk.look(before=block)
    if how == "held back":
        expect(page.locator("body.offline")).to_be_visible(timeout=8_000)
    store.put(replace(kept(store, "US128"), title="Seen by asking"), NOW)
    link = page.get_by_role("link", name="US128 Seen by asking")
    expect(link).to_be_visible(timeout=8_000)
    page.unroute_all()


def hold(_route: Route) -> None:
    """Say nothing, as a proxy that waits for the end of the answer."""


@pytest.mark.requirement("web:browser:asleep")
def test_a_page_looked_at_again_catches_up_at_once(desk: Looking, store: Store) -> None:
    page = desk.look()
    hidden = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true })"
    page.evaluate(hidden % "true")
    store.put(story("US951", "Made while away"), NOW)
    page.wait_for_timeout(2_000)
    link = page.get_by_role("link", name="US951 Made while away")
    expect(link).to_have_count(0)
    page.evaluate(hidden % "false")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(link).to_be_visible(timeout=SOON)


@pytest.mark.requirement("web:browser:sources")
def test_what_is_not_there_yet_is_said(tmp_path: Path, store: Store, chromium: Browser) -> None:
    with looking(tmp_path, store, chromium, sources=FOUR[:2]) as desk:
        page = desk.look()
        expect(page.locator("#summary")).to_contain_text("without stories so far")


@pytest.mark.requirement("web:browser:tabs")
def test_a_tab_that_listens_no_more_is_replaced(desk: Looking, store: Store) -> None:
    first = desk.look()
    # Its stream is dead and it answers nobody: as a tab that the browser has put to sleep.
    first.evaluate("BroadcastChannel.prototype.postMessage = () => undefined")
    second = first.context.new_page()
    second.clock.install()
    second.goto(first.url)
    second.wait_for_selector("body[data-seq]")
    store.put(story("US960", "Heard in the end"), NOW)
    link = second.get_by_role("link", name="US960 Heard in the end")
    second.wait_for_timeout(1_500)
    expect(link).to_have_count(0)
    second.clock.run_for(60_000)
    expect(link).to_be_visible(timeout=8_000)
