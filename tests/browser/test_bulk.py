"""One action on many cards."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.issue import State
from tests.browser.acting import Acting, acting_at, card, focus, option, refuse, say
from tests.web.fakes import NOW, kept, remove

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Acting]:
    yield from acting_at(tmp_path, chromium)


def bar(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Selected cards")


def choose(page: Page, *keys: str) -> None:
    for key in keys:
        focus(page, key)
        page.keyboard.press("x")
    expect(bar(page)).to_contain_text(f"{len(keys)} selected")


@pytest.mark.requirement("web:act:bulk")
def test_chosen_cards_move_together_and_one_is_refused(desk: Acting) -> None:
    desk.tracker.refused["US129"] = "It is locked."
    page = desk.look()
    choose(page, "US128", "US129", "US121")
    bar(page).get_by_role("button", name="Move").click()
    desk.tracker.gate.clear()
    option(page, "Move 3 items to", "In review").click()
    for key in ("US128", "US129", "US121"):
        expect(card(page, key, "In review")).to_be_visible()
    expect(bar(page)).to_contain_text("0 of 3 written")
    desk.tracker.gate.set()
    refuse(page, "US129 was not changed: It is locked.")
    said = say(page, "2 items moved to In review")
    expect(card(page, "US129", "Backlog")).to_be_visible()
    expect(bar(page)).to_contain_text("3 selected")
    said.get_by_role("button", name="Undo").click()
    say(page, "Undone: 2 items moved")
    expect(bar(page)).to_be_hidden()
    assert desk.state("US128") is State.BACKLOG
    assert desk.state("US121") is State.IN_PROGRESS


@pytest.mark.requirement("web:act:bulk")
def test_several_refusals_are_said_one_by_one(desk: Acting) -> None:
    desk.tracker.refused |= {"US128": "It is locked.", "US129": "It has no points."}
    page = desk.look()
    choose(page, "US128", "US129")
    page.keyboard.press("m")
    option(page, "Move 2 items to", "Done").click()
    said = refuse(page, "2 items were not changed.")
    expect(said.get_by_role("listitem")).to_have_text(
        ["US128: It is locked.", "US129: It has no points."], use_inner_text=True
    )


@pytest.mark.requirement("web:act:bulk")
def test_all_that_are_shown_are_chosen_and_assigned(desk: Acting) -> None:
    page = desk.look()
    page.keyboard.press("Control+a")
    expect(bar(page)).to_contain_text("9 selected")
    bar(page).get_by_role("button", name="Assign").click()
    option(page, "Assign 9 items to", "Ada Obi").click()
    say(page, "9 items assigned to Ada Obi")
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()


@pytest.mark.requirement("web:act:bulk:stop")
def test_what_is_not_written_yet_can_be_stopped(desk: Acting) -> None:
    page = desk.look()
    page.keyboard.press("Control+a")
    desk.tracker.gate.clear()
    bar(page).get_by_role("button", name="Assign").click()
    option(page, "Assign 9 items to", "Ada Obi").click()
    expect(bar(page)).to_contain_text("0 of 9 written")
    bar(page).get_by_role("button", name="Stop").click()
    desk.tracker.gate.set()
    say(page, "3 items assigned to Ada Obi")
    say(page, "Stopped. Not written: 6 of 9.")
    assert len(desk.tracker.written) == 3
    expect(bar(page).get_by_role("button", name="Stop")).to_be_hidden()


@pytest.mark.requirement("web:act:bulk:live")
def test_news_leave_the_choice_as_it_is(desk: Acting) -> None:
    page = desk.look()
    choose(page, "US128", "US129")
    desk.store.put(replace(kept(desk.store, "US128"), title="Reset a password"), NOW)
    remove(desk.store, "US129")
    expect(card(page, "US128")).to_contain_text("Reset a password")
    expect(bar(page)).to_contain_text("1 selected")
    expect(card(page, "US128").get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
