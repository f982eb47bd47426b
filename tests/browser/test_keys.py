"""The board by keys alone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from panopticon.model.issue import State
from tests.browser.acting import REASON, Acting, acting_at, card, column, focus, option, say
from tests.web.fakes import NOW, kept, story

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Acting]:
    yield from acting_at(tmp_path, chromium)


def expect_focus(page: Page, key: str) -> None:
    expect(card(page, key).get_by_role("link").first).to_be_focused()


@pytest.mark.requirement("web:act:keys:move")
def test_m_moves_and_the_focus_stays_on_the_card(desk: Acting) -> None:
    desk.tracker.closed["US128"] = State.DONE
    page = desk.look()
    focus(page, "US128")
    page.keyboard.press("m")
    menu = page.get_by_role("listbox", name="Move US128 to")
    expect(menu.get_by_role("option")).to_have_count(5)
    expect(menu).to_be_focused()
    done = option(page, "Move US128", f"Done {REASON}")
    expect(done).to_be_disabled()
    expect(option(page, "Move US128", "Backlog It is here now")).to_be_disabled()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    assert desk.tracker.written == []
    page.keyboard.type("in r")
    page.keyboard.press("Enter")
    say(page, "US128 moved to In review")
    expect(card(page, "US128", "In review")).to_be_visible()
    expect_focus(page, "US128")


@pytest.mark.requirement("web:act:keys:move")
def test_escape_puts_the_menu_away(desk: Acting) -> None:
    page = desk.look()
    focus(page, "US128")
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect_focus(page, "US128")
    assert desk.tracker.written == []


@pytest.mark.requirement("web:act:keys:move")
def test_going_back_puts_the_menu_away(desk: Acting) -> None:
    page = desk.look()
    page.keyboard.press("g")
    expect(page).to_have_url(re.compile("group=epic"))
    focus(page, "US128")
    page.keyboard.press("m")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert desk.tracker.written == []


@pytest.mark.requirement("web:act:keys:assign")
def test_a_assigns(desk: Acting) -> None:
    page = desk.look()
    focus(page, "US128")
    page.keyboard.press("a")
    menu = page.get_by_role("listbox", name="Assign US128 to")
    expect(menu.get_by_role("option").nth(0)).to_contain_text("Me")
    expect(menu.get_by_role("option").nth(1)).to_contain_text("Nobody")
    page.keyboard.type("obi")
    expect(menu.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    say(page, "US128 assigned to Ada Obi")
    expect(card(page, "US128")).to_contain_text("Ada")
    assert desk.tracker.get("US128").assignee == "ada.obi@example.com"
    expect_focus(page, "US128")
    page.keyboard.press("a")
    expect(option(page, "Assign US128", "Ada Obi")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("nob")
    page.keyboard.press("Enter")
    say(page, "US128 assigned to nobody")
    page.keyboard.press("u")
    say(page, "Undone: US128 assigned to nobody")
    assert desk.tracker.get("US128").assignee == "ada.obi@example.com"


@pytest.mark.requirement("web:act:keys:label")
def test_t_labels(desk: Acting) -> None:
    desk.store.put(replace(kept(desk.store, "US129"), labels=("auth", "web")), NOW)
    desk.tracker.put(replace(desk.tracker.get("US129"), labels=("auth", "web")))
    page = desk.look()
    focus(page, "US128")
    page.keyboard.press("x")
    focus(page, "US129")
    page.keyboard.press("x")
    page.keyboard.press("t")
    expect(option(page, "Labels of 2 items", "auth")).to_have_attribute("aria-checked", "mixed")
    option(page, "Labels of 2 items", "auth").click()
    page.get_by_role("combobox", name="Labels of 2 items").fill("urgent")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Apply").click()
    say(page, "2 items labelled")
    assert desk.tracker.get("US128").labels == ("auth", "urgent")
    assert desk.tracker.get("US129").labels == ("auth", "web", "urgent")
    page.keyboard.press("u")
    say(page, "Undone: 2 items labelled")
    assert desk.tracker.get("US128").labels == ()
    assert desk.tracker.get("US129").labels == ("auth", "web")


@pytest.mark.requirement("web:act:keys:walk")
def test_keys_walk_the_cards(desk: Acting) -> None:
    page = desk.look()
    page.keyboard.press("j")
    expect_focus(page, "DE31")
    page.keyboard.press("j")
    expect_focus(page, "US125")
    page.keyboard.press("ArrowUp")
    expect_focus(page, "DE31")
    page.keyboard.press("l")
    expect_focus(page, "US126")
    page.keyboard.press("ArrowRight")
    expect_focus(page, "US121")
    page.keyboard.press("End")
    expect_focus(page, "US122")
    page.keyboard.press("h")
    expect_focus(page, "US126")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Add OAuth integration")).to_be_visible()


@pytest.mark.requirement("web:act:keys:walk")
def test_walking_reaches_cards_that_are_not_drawn_yet(desk: Acting) -> None:
    for number in range(600):
        desk.store.put(story(f"US3{number:03}", f"More {number}", State.DONE, rank="9"), NOW)
    page = desk.look()
    focus(page, "US120")
    page.keyboard.press("End")
    last = column(page, "Done").get_by_role("listitem").last
    expect(last.get_by_role("link").first).to_be_focused()
    expect(last).to_be_in_viewport()
    expect(last).to_have_attribute("aria-posinset", "601")
    page.keyboard.press("Home")
    first = column(page, "Done").get_by_role("listitem").first
    expect(first.get_by_role("link").first).to_be_focused()
    expect(first).to_have_attribute("aria-posinset", "1")
    for _ in range(70):
        page.keyboard.press("j")
    seventieth = column(page, "Done").locator('[aria-posinset="71"]')
    expect(seventieth.get_by_role("link").first).to_be_focused()
    expect(seventieth).to_be_in_viewport()


@pytest.mark.requirement("web:act:keys:walk")
def test_the_list_is_walked_too(desk: Acting) -> None:
    for number in range(300):
        desk.store.put(story(f"US3{number:03}", f"More {number}"), NOW)
    page = desk.look("/?view=list")
    page.keyboard.press("j")
    page.keyboard.press("End")
    rows = page.locator("#list").get_by_role("row")
    expect(rows.last.get_by_role("link").first).to_be_focused()
    page.keyboard.press("v")
    expect(page).not_to_have_url(re.compile("view=list"))


@pytest.mark.requirement("web:act:keys:lanes")
def test_walking_goes_on_in_the_next_lane(desk: Acting) -> None:
    page = desk.look("/?group=assignee")
    first = page.get_by_role("region", name="Ada Obi").get_by_role("link").last
    first.focus()
    page.keyboard.press("g")
    say(page, "Not grouped.")
    page.keyboard.press("g")
    page.keyboard.press("g")
    say(page, "Grouped by assignee.")
    focus(page, "US123")
    page.keyboard.press("l")
    expect_focus(page, "US123")
    focus(page, "US120")
    page.keyboard.press("k")
    expect_focus(page, "US120")
    focus(page, "US122")
    page.keyboard.press("k")
    expect_focus(page, "US121")


@pytest.mark.requirement("web:act:keys:typing")
def test_what_is_typed_into_a_box_does_nothing_else(desk: Acting) -> None:
    page = desk.look()
    focus(page, "US128")
    page.keyboard.press("/")
    box = page.locator("#query")
    expect(box).to_be_focused()
    page.keyboard.type("maxt?")
    expect(box).to_have_value("maxt?")
    page.keyboard.press("Control+a")
    expect(page.get_by_role("toolbar", name="Selected cards")).to_be_hidden()
    expect(page.get_by_role("listbox", name="Move")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.requirement("web:act:keys:overlay")
def test_the_overlay_shows_every_key(desk: Acting) -> None:
    page = desk.look()
    focus(page, "US128")
    page.keyboard.press("?")
    overlay = page.get_by_role("dialog", name="Keys")
    expect(overlay.get_by_role("region", name="Act on cards")).to_contain_text("Move to …m")
    expect(overlay).to_contain_text("Ctrl+K")
    expect(overlay).to_contain_text("Select none, else close the open item")
    keys = overlay.get_by_role("definition").all_inner_texts()
    caps = [cap for row in keys for cap in row.split()]
    assert len(caps) == len(set(caps))
    page.keyboard.press("m")
    expect(page.get_by_role("listbox", name="Move")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(overlay).to_have_count(0)
    expect_focus(page, "US128")


@pytest.mark.requirement("web:act:keys:peek")
def test_space_peeks(desk: Acting) -> None:
    page = desk.look()
    focus(page, "US128")
    page.keyboard.press("Space")
    expect(page.get_by_role("complementary", name="Add password reset")).to_be_visible()
    expect_focus(page, "US128")
    page.keyboard.press("Space")
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect_focus(page, "US128")
