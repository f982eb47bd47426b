"""Filters, the query bar and saved views."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.issue import Kind
from panopticon.model.ref import IssueRef
from panopticon.store.base import Store
from tests.browser.looking import RALLY, Looking, cards, looking
from tests.web.fakes import NOW, story

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(tmp_path: Path, store: Store, chromium: Browser) -> Iterator[Looking]:
    with looking(tmp_path, store, chromium) as found:
        yield found


def labelled(store: Store) -> None:
    store.put(story("US500", "Two words", labels=("auth", "browser"), iteration="Sprint 12"), NOW)
    store.put(story("US501", "One word", labels=("auth",)), NOW)


@pytest.mark.requirement("web:browser:filters:useful")
def test_only_fields_that_divide_the_cards_are_offered(desk: Looking, store: Store) -> None:
    page = desk.look()
    tools = page.locator("#tools")
    for name in ("Assignee", "Kind", "Blocked"):
        expect(tools.get_by_role("combobox", name=name, exact=True)).to_be_visible()
    for name in ("Tracker", "Project", "Label", "Iteration"):
        expect(tools.get_by_role("combobox", name=name, exact=True)).to_have_count(0)
    labelled(store)
    for name in ("Label", "Iteration"):
        expect(tools.get_by_role("combobox", name=name, exact=True)).to_be_visible()


@pytest.mark.requirement("web:browser:filter")
def test_labels_add_up_and_each_can_be_taken_away(desk: Looking, store: Store) -> None:
    labelled(store)
    page = desk.look()
    label = page.get_by_role("combobox", name="Label", exact=True)
    label.select_option("auth")
    expect(cards(page, "Backlog")).to_have_count(2)
    label.select_option("browser")
    expect(cards(page, "Backlog")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?label=auth&label=browser$"))
    page.get_by_role("button", name="Remove filter label browser").click()
    expect(cards(page, "Backlog")).to_have_count(2)
    page.get_by_role("combobox", name="Iteration").select_option("Sprint 12")
    expect(cards(page, "Backlog")).to_have_count(1)
    page.get_by_role("combobox", name="Filter or search").focus()
    page.keyboard.press("Backspace")
    expect(page).to_have_url(re.compile(r"\?iteration=Sprint\+12$"))


@pytest.mark.requirement("web:browser:filter")
def test_one_tracker_of_several_is_shown_alone(
    tmp_path: Path, store: Store, chromium: Browser
) -> None:
    other = replace(story("US1", "Of the other"), ref=IssueRef("stories", "US1"))
    store.put(other, NOW)
    sources = (*RALLY, replace(RALLY[0], name="stories"))
    with looking(tmp_path, store, chromium, sources=sources) as desk:
        page = desk.look()
        expect(cards(page, "Backlog")).to_have_count(5)
        page.get_by_role("combobox", name="Tracker", exact=True).select_option("stories")
        expect(cards(page, "Backlog")).to_have_count(1)
        expect(cards(page, "Backlog").first).to_contain_text("Of the other")
        expect(page).to_have_url(re.compile(r"\?tracker=stories$"))


@pytest.mark.requirement("web:browser:filters:words")
def test_typed_conditions_become_tokens(desk: Looking, store: Store) -> None:
    defect = replace(story("DE40", "A second defect"), kind=Kind.DEFECT)
    store.put(defect, NOW)
    page = desk.look()
    page.get_by_role("combobox", name="Filter or search").focus()
    page.keyboard.type("kind:defect ")
    expect(page.get_by_role("button", name="Remove filter kind defect")).to_be_visible()
    expect(cards(page, "Backlog")).to_have_count(2)
    page.keyboard.type("second")
    expect(cards(page, "Backlog")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=second&kind=defect$"))
    page.get_by_role("combobox", name="Filter or search").fill("")
    page.get_by_role("button", name="Remove filter kind defect").click()
    page.get_by_role("combobox", name="Filter or search").focus()
    page.keyboard.type('is:blocked assignee:"nobody at all"')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"assignee=nobody\+at\+all&blocked=yes"))
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()


@pytest.mark.requirement("web:browser:filters:room")
def test_what_finds_no_room_is_behind_one_button(desk: Looking, store: Store) -> None:
    labelled(store)
    page = desk.look(viewport={"width": 900, "height": 800})
    expect(page.get_by_role("combobox", name="Iteration")).to_have_count(0)
    page.get_by_role("button", name="Filter", exact=True).click()
    sheet = page.get_by_role("dialog", name="Filter")
    sheet.get_by_role("combobox", name="Iteration").select_option("Sprint 12")
    expect(cards(page, "Backlog")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("button", name="Filter", exact=True)).to_be_focused()
    expect(page.get_by_role("button", name="Remove filter iteration Sprint 12")).to_be_visible()


@pytest.mark.requirement("web:browser:filters:room")
def test_a_phone_has_all_behind_the_button(desk: Looking) -> None:
    page = desk.look(viewport=PHONE)
    page.get_by_role("button", name="Filter", exact=True).click()
    sheet = page.get_by_role("dialog", name="Filter")
    for name in ("Group", "Sort", "Assignee", "Kind"):
        expect(sheet.get_by_role("combobox", name=name, exact=True)).to_be_visible()
    sheet.get_by_role("button", name="Mine").click()
    expect(page).to_have_url(re.compile("assignee=me"))


@pytest.mark.requirement("web:browser:views")
def test_a_view_is_saved_opened_renamed_and_deleted(desk: Looking) -> None:
    page = desk.look("/?q=endpoint&sort=title")
    dialog = open_views(page)
    dialog.get_by_role("textbox", name="Name of this view").fill("Endpoints")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Endpoints", exact=True)).to_be_visible()
    other = desk.look()
    dialog = open_views(other)
    dialog.get_by_role("button", name="Endpoints", exact=True).click()
    expect(other).to_have_url(re.compile(r"/\?q=endpoint&sort=title$"))
    expect(dialog).to_be_hidden()
    dialog = open_views(other)
    dialog.get_by_role("button", name="Rename Endpoints").click()
    dialog.get_by_role("textbox", name="New name of Endpoints").fill("All endpoints")
    other.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="All endpoints", exact=True)).to_be_visible()
    other.reload()
    dialog = open_views(other)
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    dialog.get_by_role("button", name="Delete All endpoints").click()
    expect(dialog.get_by_role("list")).to_contain_text("None yet")


def open_views(page: Page) -> Locator:
    page.get_by_role("button", name="Views", exact=True).click()
    return page.get_by_role("dialog", name="Saved views")
