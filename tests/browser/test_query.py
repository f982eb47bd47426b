"""The query bar: its language, completed while one types, and what it could not read."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from panopticon.store.base import Store
from tests.browser.looking import Looking, cards, looking
from tests.browser.test_accessibility import faults
from tests.web.fakes import NOW, kept

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path: Path, store: Store, chromium: Browser) -> Iterator[Looking]:
    with looking(tmp_path, store, chromium) as found:
        yield found


def bar(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Filter or search")


def offers(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Fields and values")


def said(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has_text="updated:")


@pytest.mark.requirement("web:query:error")
def test_what_cannot_be_read_is_marked_and_the_board_stays(desk: Looking) -> None:
    page = desk.look()
    bar(page).fill("endpoint")
    expect(cards(page, "In progress")).to_have_count(2)
    expect(cards(page, "Backlog")).to_have_count(0)
    bar(page).fill("endpoint \N{GRINNING FACE} updated:soon")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("'soon' is no time. Write <2d (younger)")
    expect(said(page).locator("mark")).to_have_text("soon")
    expect(bar(page)).to_have_attribute("aria-invalid", "true")
    expect(bar(page)).to_have_accessible_description(re.compile("is no time"))
    expect(cards(page, "In progress")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"updated%3Asoon$"))
    bar(page).fill("endpoint")
    expect(said(page)).to_have_count(0)
    expect(bar(page)).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.requirement("web:query:error")
def test_an_address_that_cannot_be_read_shows_all_and_says_so(desk: Looking) -> None:
    page = desk.look()
    page.goto(page.url + "?q=updated:soon")
    expect(said(page)).to_be_visible()
    expect(cards(page, "Backlog")).to_have_count(4)
    expect(bar(page)).to_have_value("updated:soon")


@pytest.mark.requirement("web:query:error:begun")
def test_what_is_only_begun_is_not_asked(desk: Looking) -> None:
    page = desk.look()
    page.keyboard.press("/")
    page.keyboard.type("endpoint assignee:to")
    expect(cards(page, "In progress")).to_have_count(2)
    page.wait_for_timeout(1000)  # longer than the bar waits before it asks what stands there
    expect(page).to_have_url(re.compile(r"\?q=endpoint$"))
    expect(offers(page)).to_be_visible()
    expect(bar(page)).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.requirement("web:query:complete")
def test_fields_and_values_are_offered_and_taken_by_keys(desk: Looking) -> None:
    page = desk.look()
    page.keyboard.press("/")
    page.keyboard.type("as")
    expect(offers(page).get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(offers(page).get_by_role("option", name="assignee:")).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    expect(bar(page)).to_have_value("assignee:")
    names = offers(page).get_by_role("option")
    expect(names.first).to_have_text(re.compile("^me"))
    page.keyboard.type("ada")
    expect(names).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove filter assignee Ada Obi")).to_be_visible()
    expect(bar(page)).to_have_value("")
    expect(offers(page)).to_be_hidden()
    page.keyboard.type("-is:bl")
    offers(page).get_by_role("option", name="blocked").click()
    expect(bar(page)).to_have_value("-is:blocked ")
    expect(bar(page)).to_be_focused()


@pytest.mark.requirement("web:query:complete")
def test_the_list_is_asked_for_and_put_away(desk: Looking) -> None:
    page = desk.look()
    page.keyboard.press("/")
    expect(offers(page)).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(offers(page).get_by_role("option", name="updated:")).to_be_visible()
    page.keyboard.press("Escape")
    expect(offers(page)).to_be_hidden()
    expect(bar(page)).to_be_focused()
    page.keyboard.type("login")
    expect(offers(page)).to_be_hidden()
    expect(cards(page, "In progress")).to_have_count(1)


@pytest.mark.requirement("web:query:complete:server")
def test_words_of_items_without_a_card_are_offered(desk: Looking, store: Store) -> None:
    epic = replace(kept(store, "F17"), labels=("roadmap",))
    store.put(epic, NOW + timedelta(days=1))
    page = desk.look()
    with page.expect_response("**/api/search/words**"):
        page.keyboard.press("/")
    page.keyboard.type("label:road")
    expect(offers(page).get_by_role("option", name="roadmap")).to_be_visible()


@pytest.mark.requirement("web:query:language")
def test_the_whole_language_is_understood(desk: Looking) -> None:
    page = desk.look()
    for query, keys in {
        "endpoint -registration": ["US121"],
        '"profile page"': ["US123"],
        "state:review,done points:3": ["US120"],
        "title:add -is:held is:open -state:review": ["US128", "US129"],
        "step": ["US121"],  # its tasks are called so
    }.items():
        bar(page).fill(query)
        page.keyboard.press("Enter")
        expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(len(keys))
        for key in keys:
            expect(page.get_by_role("listitem", name=re.compile(f"^{key} "))).to_be_visible()


@pytest.mark.requirement("web:query:kept")
def test_terms_without_a_filter_stay_in_the_text(desk: Looking) -> None:
    page = desk.look(before=lambda page: page.route("**/api/board/matches?**", everything))
    bar(page).fill('-kind:defect kind:story "is:blocked kind:defect" updated:<2d state:review,done')
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove filter kind story")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Remove filter"))).to_have_count(1)
    kept = '-kind:defect "is:blocked kind:defect" updated:<2d state:review,done'
    expect(bar(page)).to_have_value(f"{kept} ")
    page.reload()
    expect(bar(page)).to_have_value(kept)


def everything(route: Route) -> None:
    route.fulfill(body=json.dumps({"seq": 1, "refs": []}))


@pytest.mark.requirement("web:query:help")
def test_the_overlay_tells_what_can_be_asked(desk: Looking) -> None:
    page = desk.look()
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Keys").get_by_role("region", name="In the query bar")
    expect(told).to_contain_text("updated:<2d")


@pytest.mark.requirement("web:query:a11y")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_judges_the_list_and_the_error(desk: Looking, scheme: str) -> None:
    page = desk.look(color_scheme=scheme)
    bar(page).fill("updated:soon")
    page.keyboard.press("Enter")
    expect(said(page)).to_be_visible()
    bar(page).fill("")
    page.keyboard.type("updated:soon as")
    expect(offers(page)).to_be_visible()
    assert faults(page) == []
