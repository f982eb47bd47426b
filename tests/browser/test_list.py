"""The list beside the board."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from panopticon.model.issue import State
from panopticon.store.base import Store
from tests.browser.looking import Looking, looking
from tests.web.fakes import NOW, remove, story

pytestmark = pytest.mark.browser
SOON = 2_000
SHOWN = """all => all.sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
    .map(e => e.querySelector(".title").textContent)"""


@pytest.fixture
def desk(tmp_path: Path, store: Store, chromium: Browser) -> Iterator[Looking]:
    with looking(tmp_path, store, chromium) as found:
        yield found


@pytest.mark.requirement("web:browser:list")
def test_the_list_is_a_table_sorted_by_its_heads(desk: Looking) -> None:
    page = desk.look()
    page.locator("#tools").get_by_role("link", name="List").click()
    expect(page).to_have_url(re.compile(r"\?view=list$"))
    expect(page).to_have_title("Northwind Accounts · List")
    table = page.get_by_role("table", name="Items")
    expect(table.get_by_role("row")).to_have_count(10)
    login = table.get_by_role("row", name=re.compile("^US121 Add login endpoint"))
    for text in ("In-Progress", "Jun Li", "5", "2/3"):
        expect(login).to_contain_text(text)
    table.get_by_role("button", name="Title").click()
    expect(table.get_by_role("columnheader", name="Title")).to_have_attribute(
        "aria-sort", "ascending"
    )
    rows = table.locator("[data-ref]")
    first = rows.evaluate_all(SHOWN)
    assert first == sorted(first, key=str.lower)
    table.get_by_role("button", name="Title").click()
    expect(page).to_have_url(re.compile(r"sort=-title"))
    expect(table.get_by_role("columnheader", name="Title")).to_have_attribute(
        "aria-sort", "descending"
    )
    assert rows.evaluate_all(SHOWN) == first[::-1]
    login.click()
    expect(page.get_by_role("complementary", name="Add login endpoint")).to_be_visible()


@pytest.mark.requirement("web:browser:list")
def test_a_filter_narrows_the_list_and_news_reach_it(desk: Looking, store: Store) -> None:
    page = desk.look("/?view=list&q=endpoint")
    rows = page.get_by_role("table", name="Items").locator("[data-ref]")
    expect(rows).to_have_count(2)
    store.put(story("US900", "One more endpoint", State.DONE), NOW)
    expect(rows).to_have_count(3, timeout=SOON)


@pytest.mark.requirement("web:browser:list:many")
def test_the_list_draws_what_is_in_sight_and_keeps_the_focus(desk: Looking, store: Store) -> None:
    for number in range(2000):
        store.put(story(f"US{1000 + number}", f"Story {number}", rank=f"{number:05}"), NOW)
    page = desk.look("/?view=list")
    table = page.get_by_role("table", name="Items")
    rows = table.locator("[data-ref]")
    expect(rows.first).to_be_visible()
    assert rows.count() < 70
    expect(table).to_have_attribute("aria-rowcount", "2010")
    link = table.get_by_role("link", name="US1002 Story 2", exact=True)
    link.focus()
    page.locator(".list-scroller").evaluate("e => e.scrollTo(0, e.scrollHeight)")
    expect(table.get_by_role("link", name="US129 Add email verification")).to_be_visible()
    expect(link).to_be_focused()
    assert rows.count() < 70
    remove(store, "US1002")
    expect(table).to_have_attribute("aria-rowcount", "2009", timeout=SOON)
    expect(table.get_by_role("link", name="US1003 Story 3", exact=True)).to_be_focused()
