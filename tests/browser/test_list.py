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


@pytest.mark.requirement("web:browser:list:phone")
def test_on_a_phone_a_row_says_who_and_when(desk: Looking) -> None:
    page = desk.look("/?view=list", viewport={"width": 390, "height": 844})
    login = page.get_by_role("table", name="Items").get_by_role("row", name=re.compile("^US121"))
    title = login.get_by_text("Add login endpoint").bounding_box()
    for shown in (login.get_by_text("Jun Li"), login.get_by_text(re.compile(" ago$|^now$"))):
        expect(shown).to_be_visible()
        box = shown.bounding_box()
        assert title
        assert box
        assert box["y"] >= title["y"] + title["height"]
        assert box["x"] + box["width"] <= 390
    expect(login.get_by_role("img", name="2 of 3 tasks done")).to_be_visible()


@pytest.mark.requirement("web:browser:list:width")
def test_on_a_wide_window_new_ends_where_the_list_ends(desk: Looking) -> None:
    page = desk.look("/?view=list", viewport={"width": 3840, "height": 1200})
    head = page.get_by_role("columnheader", name="Changed").bounding_box()
    new = page.get_by_role("button", name="New").first.bounding_box()
    assert head
    assert new
    assert abs(new["x"] + new["width"] - head["x"] - head["width"]) < 24


@pytest.mark.requirement("web:browser:skip")
@pytest.mark.parametrize("path", ["/", "/?view=list", "/settings"])
def test_the_skip_link_leaves_the_address_alone(desk: Looking, path: str) -> None:
    page = desk.look(path)
    before = page.url
    page.get_by_role("link", name="Skip to the board").press("Enter")
    focused = page.evaluate("document.activeElement.closest('main') !== null")
    assert focused
    assert page.url == before


@pytest.mark.requirement("web:browser:place")
def test_forced_colours_mark_the_place_in_the_rail(desk: Looking) -> None:
    page = desk.look("/settings", forced_colors="active")
    mark = "e => getComputedStyle(e).outlineStyle"
    assert page.get_by_role("link", name="Settings").first.evaluate(mark) == "solid"
    assert page.get_by_role("link", name="Health").first.evaluate(mark) == "none"
