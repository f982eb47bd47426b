"""Find and do anything by typing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.issue import State
from tests.browser.acting import Acting, acting_at, card, focus, option, say
from tests.web.fakes import NOW, story

pytestmark = pytest.mark.browser
MANY = 20_000
MOST_MS = 60


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Acting]:
    yield from acting_at(tmp_path, chromium)


def opened(page: Page) -> Locator:
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find or do anything")
    expect(palette.get_by_role("combobox")).to_be_focused()
    return palette


@pytest.mark.requirement("web:act:palette")
def test_a_command_acts_on_the_card_that_had_the_focus(desk: Acting) -> None:
    page = desk.look()
    focus(page, "US128")
    palette = opened(page)
    page.keyboard.type("move")
    expect(palette.get_by_role("option").first).to_contain_text("Move to …m")
    page.keyboard.press("Enter")
    expect(palette).to_have_count(0)
    option(page, "Move US128 to", "Planning").click()
    say(page, "US128 moved to Planning")
    assert desk.state("US128") is State.PLANNING
    palette = opened(page)
    expect(palette.get_by_role("option").first).to_contain_text("Move to …")
    page.keyboard.press("Escape")
    expect(palette).to_have_count(0)
    expect(card(page, "US128").get_by_role("link").first).to_be_focused()


@pytest.mark.requirement("web:act:palette")
def test_items_are_found_by_key_and_title(desk: Acting) -> None:
    page = desk.look()
    palette = opened(page)
    page.keyboard.type("us-121")
    expect(palette.get_by_role("option").first).to_contain_text("US121 Add login endpoint")
    palette.get_by_role("combobox").fill("safari cookie")
    expect(palette.get_by_role("option").first).to_contain_text("DE31")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(palette.get_by_role("option", selected=True)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name=re.compile("Session cookie"))).to_be_visible()


@pytest.mark.requirement("web:act:palette")
def test_epics_and_saved_views_are_opened(desk: Acting) -> None:
    page = desk.look()
    opened(page)
    page.keyboard.type("user acc")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("epic="))
    palette = opened(page)
    palette.get_by_role("combobox").fill("blocked work")
    expect(palette.get_by_role("option").first).to_contain_text("Blocked work")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?blocked=yes$"))


@pytest.mark.requirement("web:act:palette")
def test_what_is_nothing_else_filters_the_board(desk: Acting) -> None:
    page = desk.look()
    palette = opened(page)
    page.keyboard.type("zzz")
    expect(palette.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=zzz"))


@pytest.mark.requirement("web:act:palette:fast")
def test_twenty_thousand_items_are_searched_at_once(desk: Acting) -> None:
    for number in range(MANY):
        desk.store.put(story(f"US1{number:05}", f"Story {number} of the flood"), NOW)
    page = desk.look()
    palette = opened(page)
    box = palette.get_by_role("combobox")
    page.keyboard.type("f")
    took = box.evaluate(
        """(box) => ["fl", "flo", "flood 19", "flood 1999", "us119"].map((text) => {
             const start = performance.now();
             box.value = text;
             box.dispatchEvent(new Event("input"));
             return performance.now() - start;
           })"""
    )
    expect(palette.get_by_role("option").first).to_contain_text("US119")
    assert min(took[1:]) < MOST_MS, took
