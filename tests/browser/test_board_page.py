"""The board as people see it, by its roles and names only."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.issue import Comment, Kind, State
from panopticon.model.ref import IssueRef
from panopticon.store.base import Store
from tests.web.fakes import NOW, kept, remove, story
from tests.web.running import Running

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
SOON = 2_000
EVIL = "<img src=x onerror=alert(1)><script>alert(1)</script>\"' onmouseover=alert(1) 🐈"


def cards(page: Page, column: str) -> Locator:
    return page.get_by_role("region", name=column, exact=True).get_by_role("listitem")


@pytest.mark.requirement("web:browser:board")
def test_five_columns_of_cards(look: Look) -> None:
    page = look()
    for column, count in [
        ("Backlog", 4),
        ("Planning", 1),
        ("In progress", 2),
        ("In review", 1),
        ("Done", 1),
    ]:
        expect(cards(page, column)).to_have_count(count)
    expect(page).to_have_title("Northwind Accounts · Board")
    login = page.get_by_role("listitem", name="US121 Add login endpoint, held by Jun Li")
    expect(login).not_to_contain_text("In-Progress")  # the column says that already
    expect(login).to_contain_text("2/3")
    expect(login).to_contain_text("17 h left")
    given = page.get_by_role("listitem", name=re.compile(r"assigned to"))
    expect(given.first).to_contain_text(" ago")
    expect(page.locator("#summary")).to_contain_text("9 cards")
    expect(
        page.get_by_role("listitem", name=re.compile("US125 .* blocked by US122"))
    ).to_be_visible()
    expect(page.get_by_role("list", name="Sources")).to_contain_text("rally")


@pytest.mark.requirement("web:browser:filter")
def test_text_and_epic_narrow_and_stand_in_the_address(look: Look, store: Store) -> None:
    store.put(story("US900", "Lonely endpoint"), NOW)
    page = look()
    page.keyboard.press("/")
    page.keyboard.type("endpoint")
    expect(cards(page, "Backlog")).to_have_count(1)
    expect(cards(page, "In progress")).to_have_count(2)
    expect(page.get_by_role("combobox", name="Filter or search")).to_be_focused()
    page.get_by_role("combobox", name="Epic").select_option(label="F17 User accounts")
    expect(cards(page, "Backlog")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?q=endpoint&epic=F17$"))
    page.reload()
    expect(cards(page, "In progress")).to_have_count(2)
    expect(cards(page, "Backlog")).to_have_count(0)
    page.get_by_role("button", name="Remove filter epic F17").click()
    expect(cards(page, "Backlog")).to_have_count(1)
    page.go_back()
    expect(cards(page, "Backlog")).to_have_count(0)


@pytest.mark.requirement("web:browser:detail")
def test_a_card_opens_its_detail_and_gives_the_focus_back(look: Look, store: Store) -> None:
    full = replace(
        kept(store, "US125"),
        body="A **visitor** signs up.",
        acceptance_criteria="- [x] A valid request answers 201",
        custom={"c_Team": "Blue"},
    )
    store.put(full, NOW)
    page = look()
    card = page.get_by_role("link", name="US125 Implement signup form")
    card.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Implement signup form")
    expect(panel).to_contain_text("A visitor signs up.")
    expect(panel).to_contain_text("A valid request answers 201")
    expect(panel).to_contain_text("F17 User accounts")
    expect(panel.get_by_role("link", name="US122 Add registration endpoint")).to_be_visible()
    expect(panel).to_contain_text("Looks good.")
    expect(page).to_have_url(re.compile(r"/item\?ref=rally%3AUS125$"))
    expect(page).to_have_title("US125 Implement signup form · Northwind Accounts")
    panel.get_by_role("tab", name="Fields").click()
    expect(panel).to_contain_text("c_Team")
    expect(panel).to_contain_text("KindStory")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page).to_have_title("Northwind Accounts · Board")
    expect(card).to_be_focused()


@pytest.mark.requirement("web:browser:detail")
def test_what_waits_for_an_item_is_a_click_away(look: Look, store: Store) -> None:
    first = replace(kept(store, "US122"), blocks=(IssueRef("rally", "US125"),))
    store.put(first, NOW)
    panel = look("/item?ref=US122").get_by_role("complementary")
    expect(panel.get_by_role("definition").filter(has_text="US125")).to_have_count(1)
    panel.get_by_role("link", name="US125 Implement signup form").click()
    expect(panel.get_by_role("heading", level=2)).to_have_text("Implement signup form")


@pytest.mark.requirement("web:browser:detail")
def test_an_address_opens_the_item_by_any_spelling(look: Look) -> None:
    page = look("/item?ref=us-121")
    panel = page.get_by_role("complementary", name="Add login endpoint")
    expect(panel).to_contain_text("Step 2")
    expect(page.locator("li.card.open")).to_have_count(1)
    panel.get_by_role("link", name="F17 User accounts").click()
    expect(page.get_by_role("complementary", name="User accounts")).to_contain_text("Children · 9")
    page.go_back()
    expect(panel).to_be_visible()


@pytest.mark.requirement("web:browser:live")
def test_a_change_shows_without_a_reload(look: Look, store: Store) -> None:
    for number in range(60):
        store.put(story(f"US{300 + number}", f"Filler {number}"), NOW)
    page = look()
    page.evaluate("window.sameDocument = true")
    scroller = page.get_by_role("region", name="Backlog", exact=True).locator(".scroller")
    link = page.get_by_role("link", name="US330 Filler 30")
    link.focus()
    before = scroller.evaluate("(e) => e.scrollTop")
    assert before > 0
    store.put(replace(kept(store, "US330"), title="Renamed far away"), NOW)
    store.put(story("US128", "Add password reset", State.IN_REVIEW), NOW)
    expect(cards(page, "In review")).to_have_count(2, timeout=SOON)
    expect(page.get_by_role("link", name="US330 Renamed far away")).to_be_focused()
    assert abs(scroller.evaluate("(e) => e.scrollTop") - before) < 150
    assert page.evaluate("window.sameDocument")
    expect(page.get_by_role("status")).to_contain_text("2 changes came in.")


@pytest.mark.requirement("web:browser:live")
def test_the_focus_follows_a_card_that_is_moved_and_what_came_is_said(
    look: Look, store: Store
) -> None:
    page = look()
    link = page.get_by_role("link", name="US128 Add password reset")
    link.focus()
    store.put(story("US128", "Add password reset", State.IN_REVIEW), NOW)
    expect(cards(page, "In review")).to_have_count(2, timeout=SOON)
    expect(link).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("US128 moved to In review.")
    store.put(story("US999", "Something new"), NOW)
    expect(page.get_by_role("status")).to_contain_text("US999 came in.", timeout=SOON)


@pytest.mark.requirement("web:browser:live")
def test_the_open_item_follows_too(look: Look, store: Store) -> None:
    page = look("/item?ref=US128")
    panel = page.get_by_role("complementary", name="Add password reset")
    panel.get_by_role("tab", name="Detail").focus()
    store.put(story("US128", "Add password reset", body="Now with words."), NOW)
    expect(panel).to_contain_text("Now with words.", timeout=SOON)
    expect(panel.get_by_role("tab", name="Detail")).to_be_focused()
    remove(store, "US128")
    expect(page.get_by_role("complementary")).to_contain_text("US128 is gone", timeout=SOON)


@pytest.mark.requirement("web:browser:hostile")
def test_script_in_any_field_never_runs(look: Look, store: Store) -> None:
    bad = story(
        "US666",
        EVIL,
        body=EVIL + "\n\n[x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a>",
        acceptance_criteria=EVIL,
        assignee=EVIL,
        native_state=EVIL,
        labels=(EVIL,),
        blocked=True,
        blocked_reason=EVIL,
        url="javascript:alert(1)",
        custom={EVIL: EVIL},
        parent=IssueRef("rally", "F66"),
    )
    store.put(replace(story("F66", EVIL), kind=Kind.FEATURE), NOW)
    store.put(bad, NOW)
    store.put_comments(bad.ref, [Comment("1", EVIL, EVIL, NOW)])
    page = look("/item?ref=US666")
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("heading", level=2)).to_have_text(EVIL)
    panel.get_by_role("tab", name="Fields").click()
    expect(panel).to_contain_text("onerror")
    assert page.locator("main img, main script, #panel img, #panel script").count() == 0
    assert page.locator("[onerror], [onmouseover], a[href^='javascript']").count() == 0


@pytest.mark.requirement("web:browser:many")
def test_thousands_of_cards_are_not_all_drawn(look: Look, store: Store) -> None:
    for number in range(3000):
        store.put(story(f"US{1000 + number}", f"Story {number}", rank=f"{number:05}"), NOW)
    page = look()
    backlog = page.get_by_role("region", name="Backlog", exact=True)
    expect(backlog).to_contain_text("3004")
    assert page.locator("li.card").count() < 300
    backlog.locator(".scroller").evaluate("(e) => e.scrollTo(0, e.scrollHeight)")
    expect(page.get_by_role("link", name="US129 Add email verification")).to_be_visible()
    assert page.locator("li.card").count() < 400


@pytest.mark.requirement("web:browser:empty")
def test_an_empty_board_offers_the_next_step(look: Look, store: Store) -> None:
    page = look("/?q=nothing-like-this")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(cards(page, "Backlog")).to_have_count(4)
    remove(store, *store.versions("rally"))
    expect(page.get_by_role("heading", name="No items in scope")).to_be_visible(timeout=SOON)


@pytest.mark.requirement("web:browser:phone")
def test_a_phone_shows_one_column(look: Look) -> None:
    page = look(viewport={"width": 390, "height": 844})
    expect(cards(page, "In progress").first).to_be_visible()
    expect(page.get_by_role("region", name="Backlog", exact=True)).to_be_hidden()
    expect(page.locator(".switcher button .dot")).to_have_count(5)
    page.get_by_role("button", name="Backlog 4").click()
    expect(cards(page, "Backlog").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.eval_on_selector_all(
        "button, select, .rail a, input",
        "all => all.filter(e => e.offsetParent && e.offsetHeight < 44).map(e => e.outerHTML)",
    )
    assert [html for html in small if 'class="mark"' not in html] == []


@pytest.mark.requirement("web:browser:signed-out")
def test_without_a_session_the_page_says_how_to_open_it(chromium: Browser, board: Running) -> None:
    page = chromium.new_page()
    page.goto(f"{board.ready['url']}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in here.")
    expect(page.get_by_text("pan open", exact=True)).to_be_visible()
    page.close()


@pytest.mark.requirement("web:browser:live")
def test_freshness_is_in_sight(look: Look, store: Store) -> None:
    page = look()
    [old] = store.sync_records()
    waits = replace(old, error="503 from the server", ok_at=NOW - timedelta(hours=2))
    store.record_sync(waits)
    sources = page.get_by_role("list", name="Sources")
    expect(sources).to_contain_text("failed, data 2 h old", timeout=SOON)


@pytest.mark.requirement("web:browser:restart")
def test_a_restart_of_the_server_is_survived(
    look: Look, store: Store, board: Running, tmp_path: Path
) -> None:
    page = look()
    page.evaluate("window.sameDocument = true")
    port = board.dashboard.port
    board.stop()
    store.put(story("US950", "Made meanwhile"), NOW)
    again = Running(tmp_path, store, None, port)
    expect(page.get_by_role("link", name="US950 Made meanwhile")).to_be_visible(timeout=15_000)
    store.put(story("US951", "Made afterwards"), NOW)
    expect(page.get_by_role("link", name="US951 Made afterwards")).to_be_visible(timeout=8_000)
    assert page.evaluate("window.sameDocument")
    again.stop()
