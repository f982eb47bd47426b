"""What cards, columns and lanes say, and how they are chosen."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from panopticon.model.issue import State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.store.base import Store
from tests.browser.looking import Looking, cards, column, looking
from tests.web.fakes import NOW, kept, remove, story

pytestmark = pytest.mark.browser
SOON = 2_000
COLOUR = "getComputedStyle(document.body).color"
CHOOSE = "theme => document.documentElement.dataset.theme = theme"


@pytest.fixture
def desk(tmp_path: Path, store: Store, chromium: Browser) -> Iterator[Looking]:
    limits = {"in_progress": 1, "planning": 4}
    with looking(tmp_path, store, chromium, limits=limits) as found:
        yield found


@pytest.mark.requirement("web:browser:limits")
def test_a_column_over_its_limit_says_so_whatever_is_filtered(desk: Looking) -> None:
    page = desk.look()
    expect(column(page, "Planning")).to_contain_text("1 / 4")
    expect(column(page, "In progress")).to_contain_text("2 / 1, 1 over")
    page.goto(f"{desk.ready['url']}/?q=login")
    expect(cards(page, "In progress")).to_have_count(1)
    expect(column(page, "In progress")).to_contain_text("2 / 1, 1 over")


@pytest.mark.requirement("web:browser:small")
def test_a_card_is_small_and_a_long_title_ends(desk: Looking, store: Store) -> None:
    store.put(story("US800", "endless " * 1250), NOW)
    page = desk.look()
    heights = (
        page.locator("#board")
        .get_by_role("listitem")
        .evaluate_all(
            "all => Object.fromEntries(all.map(e => [e.dataset.ref.split(':')[1], e.offsetHeight]))"
        )
    )
    assert heights["US121"] <= 96
    assert heights["US128"] <= 96
    assert heights["US800"] <= 120


@pytest.mark.requirement("web:browser:mine")
def test_mine_are_marked_and_shown_alone(desk: Looking) -> None:
    page = desk.look()
    page.get_by_role("button", name="Mine").click()
    expect(page).to_have_url(re.compile(r"\?assignee=me$"))
    expect(page.get_by_role("button", name="Mine")).to_have_attribute("aria-pressed", "true")
    expect(cards(page, "Backlog")).to_have_count(0)
    expect(cards(page, "Done")).to_have_count(1)
    page.get_by_role("button", name="Mine").click()
    expect(cards(page, "Backlog")).to_have_count(4)
    held = page.get_by_role("listitem", name=re.compile("^US126"))
    assert held.evaluate("e => getComputedStyle(e, '::before').width") == "2px"
    free = page.get_by_role("listitem", name=re.compile("^US128"))
    assert free.evaluate("e => getComputedStyle(e, '::before').content") == "none"


@pytest.mark.requirement("web:browser:take")
def test_only_free_cards_can_be_taken(desk: Looking) -> None:
    page = desk.look()
    verbs = page.locator("#board").get_by_role("button", name=re.compile("^Take "))
    assert set(verbs.evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")) == {
        "Take US128",
        "Take US129",
        "Take DE31",
    }


@pytest.mark.requirement("web:browser:agents")
def test_a_program_is_a_square(desk: Looking, store: Store) -> None:
    store.put(story("US801", "By a program", State.IN_REVIEW, assignee="claude-1"), NOW)
    page = desk.look()
    radius = "e => getComputedStyle(e.querySelector('.face')).borderRadius"
    program = page.get_by_role("listitem", name=re.compile("US801"))
    person = page.get_by_role("listitem", name=re.compile("US123"))
    assert program.evaluate(radius) == "6px"
    assert person.evaluate(radius) == "50%"


@pytest.mark.requirement("web:browser:expired")
def test_a_claim_that_ends_is_shown_no_more(desk: Looking, store: Store) -> None:
    ends = NOW + timedelta(seconds=18)  # within what the page takes for a living stream
    lease = Lease(holder="jun.li@example.com", locked_at=NOW, expires_at=ends)
    store.put(replace(kept(store, "US121"), lease=lease), NOW)
    page = desk.look(before=lambda page: page.clock.install())
    expect(page.get_by_role("listitem", name=re.compile("US121.*held by Jun Li"))).to_be_visible()
    page.clock.run_for(32_000)
    expect(
        page.get_by_role("listitem", name="US121 Add login endpoint", exact=True)
    ).to_be_visible()


@pytest.mark.requirement("web:browser:choose")
def test_cards_are_chosen_one_by_one_and_as_a_range(desk: Looking) -> None:
    page = desk.look()
    backlog = column(page, "Backlog")
    links = backlog.get_by_role("link")
    boxes = backlog.get_by_role("checkbox")
    backlog.get_by_role("listitem").first.hover()
    boxes.first.click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    links.nth(3).click(modifiers=["Shift"])
    expect(backlog.get_by_role("checkbox", checked=True)).to_have_count(4)
    links.nth(1).click(modifiers=["ControlOrMeta"])
    expect(backlog.get_by_role("checkbox", checked=True)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.get_by_role("toolbar", name="Selected cards")).to_contain_text("3")


@pytest.mark.requirement("web:browser:lanes")
def test_lanes_by_assignee_fold_and_stay_in_the_address(desk: Looking) -> None:
    page = desk.look()
    page.get_by_role("combobox", name="Group").select_option("assignee")
    expect(page).to_have_url(re.compile("group=assignee"))
    ada = page.get_by_role("region", name="Ada Obi", exact=True)
    expect(ada.get_by_role("list", name="In review").get_by_role("listitem")).to_have_count(1)
    expect(ada.get_by_role("list", name="Backlog").get_by_role("listitem")).to_have_count(0)
    names = page.locator("#board").get_by_role("heading", level=3).all_inner_texts()
    assert [name.split("\n")[0] for name in names][-1].startswith("Nobody")
    page.get_by_role("button", name="Ada Obi 1").click()
    expect(ada.get_by_role("listitem")).to_have_count(0)
    page.get_by_role("button", name="Ada Obi 1").click()
    expect(ada.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("heading", level=2, name="In review")).to_be_visible()


@pytest.mark.requirement("web:browser:lanes:many")
def test_lanes_far_from_sight_are_not_drawn(desk: Looking, store: Store) -> None:
    for lane in range(40):
        epic = IssueRef("rally", f"F{100 + lane}")
        store.put(replace(story(epic.key, f"Epic {lane}"), kind=kept(store, "F17").kind), NOW)
        for number in range(25):
            key = f"US{1000 + lane * 100 + number}"
            store.put(replace(story(key, f"Story {number}"), parent=epic), NOW)
    page = desk.look("/?group=epic")
    expect(page.get_by_role("listitem", name=re.compile("^US1000 "))).to_be_visible()
    page.wait_for_timeout(700)
    assert page.locator("#board").get_by_role("listitem").count() < 250
    page.locator("#board").evaluate("e => e.scrollTo(0, e.scrollHeight)")
    expect(page.get_by_role("listitem", name=re.compile("^US4900 "))).to_be_attached()
    assert page.locator("#board").get_by_role("listitem").count() < 250
    heads = page.get_by_role("heading", level=2, name="Backlog")
    expect(heads).to_be_in_viewport()


@pytest.mark.requirement("web:browser:focus")
def test_the_focus_outlives_a_card_that_goes_far_away(desk: Looking, store: Store) -> None:
    for number in range(400):
        store.put(story(f"US{1000 + number}", f"Filler {number}", rank=f"b{number:04}"), NOW)
    store.put(story("US900", "Wanders", rank="a"), NOW)
    page = desk.look()
    link = page.get_by_role("link", name="US900 Wanders")
    link.focus()
    store.put(story("US900", "Wanders", rank="z"), NOW)
    expect(cards(page, "Backlog").first).not_to_contain_text("Wanders", timeout=SOON)
    expect(link).to_be_focused()


@pytest.mark.requirement("web:browser:focus")
def test_the_neighbour_takes_the_focus_of_a_card_that_is_gone(desk: Looking, store: Store) -> None:
    page = desk.look()
    links = column(page, "Backlog").get_by_role("link")
    gone = str(links.nth(1).inner_text())
    neighbour = str(links.nth(2).get_attribute("href"))
    key = gone.split(maxsplit=1)[0]
    links.nth(1).focus()
    remove(store, key)
    expect(cards(page, "Backlog")).to_have_count(3, timeout=SOON)
    expect(page.locator(f'#board a[href="{neighbour}"]')).to_be_focused()


@pytest.mark.requirement("web:browser:sort")
def test_the_order_is_chosen(desk: Looking) -> None:
    page = desk.look()
    page.get_by_role("combobox", name="Sort").select_option("title")
    expect(page).to_have_url(re.compile(r"\?sort=title$"))
    titles = column(page, "Backlog").get_by_role("link").all_inner_texts()
    words = [title.split(maxsplit=1)[1] for title in titles]
    assert words == sorted(words)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/$"))


@pytest.mark.requirement("web:browser:wide")
def test_whole_columns_beside_the_open_item_at_1280(desk: Looking) -> None:
    page = desk.look("/item?ref=US122", viewport={"width": 1280, "height": 800})
    panel = page.get_by_role("complementary")
    expect(panel).to_be_visible()
    edge = panel.bounding_box()
    assert edge
    for name in ("Backlog", "Planning", "In progress"):
        box = column(page, name).bounding_box()
        assert box
        assert box["x"] >= 56
        assert box["x"] + box["width"] <= edge["x"]
    clipped = (
        page.locator("#board")
        .get_by_role("listitem")
        .evaluate_all(
            "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.dataset.ref)"
        )
    )
    assert clipped == []
    cards(page, "Done").first.scroll_into_view_if_needed()
    box = column(page, "Done").bounding_box()
    assert box
    assert box["x"] + box["width"] <= edge["x"]


@pytest.mark.requirement("web:browser:theme")
@pytest.mark.parametrize(("chosen", "system"), [("dark", "light"), ("light", "dark")])
def test_a_chosen_theme_is_stronger_than_the_system(
    desk: Looking, chosen: str, system: str
) -> None:
    page = desk.look(color_scheme=system)
    before = page.evaluate(COLOUR)
    page.evaluate(CHOOSE, chosen)
    by_choice = page.evaluate(COLOUR)
    assert by_choice != before
    page.evaluate("delete document.documentElement.dataset.theme")
    page.emulate_media(color_scheme=chosen)  # type: ignore[arg-type]
    assert page.evaluate(COLOUR) == by_choice
