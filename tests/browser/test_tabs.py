"""Many tabs of one browser, over its few connections."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from panopticon.store.base import Store
from tests.web.fakes import NOW, kept, story

pytestmark = pytest.mark.browser
SOON = 2_000
TABS = 8


@pytest.mark.requirement("web:browser:tabs")
def test_eight_tabs_follow_and_the_first_may_close(look: Callable[..., Page], store: Store) -> None:
    first = look()
    tabs = [first]
    for _ in range(TABS - 1):
        page = first.context.new_page()
        page.goto(first.url)
        page.wait_for_selector("body[data-seq]")
        tabs.append(page)
    store.put(story("US700", "Made for all"), NOW)
    for page in tabs:
        expect(page.get_by_role("link", name="US700 Made for all")).to_be_visible(timeout=SOON)
    tabs.pop(0).close()
    store.put(replace(kept(store, "US700"), title="Made after the first left"), NOW)
    for page in tabs:
        link = page.get_by_role("link", name="US700 Made after the first left")
        expect(link).to_be_visible(timeout=SOON)
    tabs[0].close()
    tabs[1].reload()
    store.put(replace(kept(store, "US700"), title="And once more"), NOW)
    for page in tabs[1:]:
        expect(page.get_by_role("link", name="US700 And once more")).to_be_visible(timeout=SOON)


@pytest.mark.requirement("web:browser:tabs")
def test_a_browser_without_locks_has_a_stream_of_its_own(
    look: Callable[..., Page], store: Store
) -> None:
    page = look()
    page.add_init_script("delete Navigator.prototype.locks")
    page.reload()
    page.wait_for_selector("body[data-seq]")
    assert page.evaluate("navigator.locks === undefined")
    store.put(story("US701", "Heard alone"), NOW)
    expect(page.get_by_role("link", name="US701 Heard alone")).to_be_visible(timeout=SOON)


@pytest.mark.requirement("web:browser:hostile")
def test_thousands_of_backticks_are_shown_as_they_are(
    look: Callable[..., Page], store: Store
) -> None:
    ticks = "`" * 30_000
    store.put(story("US702", f"Ticks {ticks}", body=ticks, acceptance_criteria=ticks), NOW)
    page = look("/item?ref=US702")
    expect(page.get_by_role("complementary")).to_contain_text("shown as it was written")
    assert page.locator("#panel code, main code").count() < 100
