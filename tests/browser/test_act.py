"""What becomes of an action: done, undone, refused, too late, or never heard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from panopticon.model.issue import State
from tests.browser.acting import (
    Acting,
    acting_at,
    card,
    drag,
    focus,
    option,
    refuse,
    say,
)
from tests.web.trackers import IDEA

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Acting]:
    yield from acting_at(tmp_path, chromium)


def move(page: Page, key: str, to: str) -> None:
    """Move a card by keys."""
    focus(page, key)
    page.keyboard.press("m")
    option(page, f"Move {key} to", to).click()


@pytest.mark.requirement("web:act:refused")
def test_a_refused_move_goes_back_with_the_reason(desk: Acting) -> None:
    desk.tracker.refused["US128"] = "Add password reset has no points yet."
    page = desk.look()
    desk.tracker.gate.clear()
    drag(page, "US128", "In progress")
    expect(card(page, "US128", "In progress")).to_be_visible()
    desk.tracker.gate.set()
    refuse(page, "US128 was not changed: Add password reset has no points yet. Ask its owner.")
    expect(card(page, "US128", "Backlog")).to_be_visible()
    expect(card(page, "US128", "In progress")).to_have_count(0)
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_role("alert")).to_have_count(1)  # the empty one of the page


@pytest.mark.requirement("web:act:clash")
def test_of_two_who_drag_a_card_the_second_hears_who_was_first(desk: Acting) -> None:
    page, other = desk.look(), desk.look()
    drag(other, "US128", "In review", drop=False)
    drag(page, "US128", "In progress")
    say(page, "US128 moved to In progress")
    other.mouse.up()
    clash = refuse(other, "US128 was not changed:")
    expect(clash).to_contain_text("It was moved to In progress meanwhile.")
    expect(card(other, "US128", "In progress")).to_be_visible()
    assert desk.state("US128") is State.IN_PROGRESS
    clash.get_by_role("button", name="Move anyway").click()
    say(other, "US128 moved to In review")
    expect(card(page, "US128", "In review")).to_be_visible()
    assert desk.state("US128") is State.IN_REVIEW


@pytest.mark.requirement("web:act:clash")
def test_a_clash_names_who_was_first_where_the_tracker_tells(desk: Acting) -> None:
    page = desk.look()
    drag(page, "US128", "In progress", drop=False)
    text = "SCHEDULE STATE changed from [Defined] to [Code Review]"
    desk.tracker.by_ada("US128", {"state": State.IN_REVIEW}, text)
    page.mouse.up()
    refuse(page, "US128 was not changed: Ada Obi moved it to In review.")
    expect(card(page, "US128", "In review")).to_be_visible()


@pytest.mark.requirement("web:act:clash")
def test_who_wanted_the_same_hears_no_refusal(desk: Acting) -> None:
    page = desk.look()
    desk.tracker.by_ada("US128", {"state": State.IN_REVIEW})
    move(page, "US128", "In review")
    say(page, "moved")
    expect(card(page, "US128", "In review")).to_be_visible()
    expect(page.get_by_role("button", name="Move anyway")).to_have_count(0)


@pytest.mark.requirement("web:act:away")
def test_a_write_that_nobody_answers_can_be_tried_again(desk: Acting) -> None:
    page = desk.look()
    page.route("**/api/item/move", lambda route: route.abort())
    drag(page, "US128", "In progress")
    said = refuse(page, "US128 may not have been changed: The board does not answer.")
    expect(card(page, "US128", "Backlog")).to_be_visible()
    page.unroute("**/api/item/move")
    said.get_by_role("button", name="Try again").click()
    say(page, "US128 moved to In progress")
    assert desk.state("US128") is State.IN_PROGRESS
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


@pytest.mark.requirement("web:act:partly")
def test_what_is_written_but_not_committed_is_told_so(desk: Acting) -> None:
    page = desk.look()
    refused = {
        "error": "partial",
        "message": "US128 is written, but not committed: the hook says no.",
        "hint": "Commit it by hand.",
        "written": True,
    }
    page.route("**/api/item/move", lambda route: route.fulfill(status=502, json=refused))
    drag(page, "US128", "In progress")
    said = refuse(page, "US128 is written, but not committed: the hook says no. Commit it by hand.")
    expect(said).not_to_contain_text("not changed")
    expect(said.get_by_role("button", name="Try again")).to_have_count(0)


@pytest.mark.requirement("web:act:undo")
def test_undo_brings_back_the_trackers_own_word(desk: Acting) -> None:
    page = desk.look()
    desk.tracker.update("US128", {"native_state": IDEA})
    desk.store.put(desk.tracker.get("US128"), desk.tracker.get("US128").updated_at)
    expect(card(page, "US128", "Backlog")).to_contain_text(IDEA)
    drag(page, "US128", "In progress")
    said = say(page, "US128 moved to In progress")
    assert desk.tracker.get("US128").native_state == "In-Progress"
    said.get_by_role("button", name="Undo").click()
    say(page, "US128 is back in Backlog.")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert desk.tracker.get("US128").native_state == IDEA
    expect(card(page, "US128", "Backlog")).to_contain_text(IDEA)


@pytest.mark.requirement("web:act:undo:own")
def test_each_message_undoes_its_own_action(desk: Acting) -> None:
    page = desk.look()
    move(page, "US128", "In progress")
    say(page, "US128 moved to In progress")
    move(page, "US129", "Planning")
    last = say(page, "US129 moved to Planning")
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)
    last.get_by_role("button", name="Undo").click()
    say(page, "US129 is back in Backlog")
    assert desk.state("US128") is State.IN_PROGRESS
    assert desk.state("US129") is State.BACKLOG
    page.keyboard.press("u")
    say(page, "US128 is back in Backlog")
    assert desk.state("US128") is State.BACKLOG
    page.keyboard.press("Control+z")
    assert len(desk.tracker.written) == 4


@pytest.mark.requirement("web:act:undo")
def test_undo_of_what_is_still_being_written_waits_for_it(desk: Acting) -> None:
    page = desk.look()
    desk.tracker.gate.clear()
    drag(page, "US128", "In progress")
    expect(card(page, "US128", "In progress")).to_be_visible()
    page.keyboard.press("Control+z")
    desk.tracker.gate.set()
    say(page, "US128 is back in Backlog")
    assert desk.state("US128") is State.BACKLOG


@pytest.mark.requirement("web:act:undo")
def test_undo_of_what_somebody_moved_on_asks_first(desk: Acting) -> None:
    page = desk.look()
    move(page, "US128", "In progress")
    said = say(page, "US128 moved to In progress")
    desk.tracker.by_ada("US128", {"state": State.IN_REVIEW})
    said.get_by_role("button", name="Undo").click()
    clash = refuse(page, "US128 was not undone:")
    expect(card(page, "US128", "In review")).to_be_visible()
    clash.get_by_role("button", name="Move anyway").click()
    say(page, "US128 is back in Backlog")
    assert desk.state("US128") is State.BACKLOG


@pytest.mark.requirement("web:act:undo:own")
def test_what_was_undone_by_a_key_offers_no_undo_any_more(desk: Acting) -> None:
    page = desk.look()
    move(page, "US128", "In progress")
    said = say(page, "US128 moved to In progress")
    desk.tracker.gate.clear()
    page.keyboard.press("u")
    expect(said).to_have_count(0)
    desk.tracker.gate.set()
    say(page, "US128 is back in Backlog")


@pytest.mark.requirement("web:act:take")
def test_taking_is_one_action_and_one_undo(desk: Acting) -> None:
    page = desk.look()
    before = desk.tracker.get("US128")
    card(page, "US128").get_by_role("button", name="Take US128").click()
    say(page, "US128 is yours and in progress")
    expect(page.get_by_role("region", name="Messages").get_by_role("status")).to_have_count(1)
    taken = desk.tracker.get("US128")
    assert (taken.state, taken.assignee) == (State.IN_PROGRESS, desk.tracker.me)
    page.keyboard.press("u")
    say(page, "US128 is free and back in Backlog")
    after = desk.tracker.get("US128")
    assert (after.state, after.native_state, after.assignee) == (
        before.state,
        before.native_state,
        None,
    )
    assert len(desk.tracker.written) == 2


@pytest.mark.requirement("web:act:done:though")
def test_what_is_done_though_something_speaks_against_it_says_so(desk: Acting) -> None:
    page = desk.look()
    move(page, "US125", "Done")
    say(page, "US125 moved to Done in rally, though US122 still blocks it")
    move(page, "US121", "Done")
    say(page, "US121 moved to Done in rally, though Jun Li still holds it")
    move(page, "US128", "Done")
    expect(say(page, "US128 moved to Done")).not_to_contain_text("though")


@pytest.mark.requirement("web:act:toast:swipe")
def test_a_finger_puts_a_message_away(desk: Acting) -> None:
    page = desk.look(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Backlog").tap()
    move(page, "US128", "In progress")
    said = say(page, "US128 moved to In progress")
    box = said.bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    y = box["y"] + box["height"] / 2
    for kind, x in (("touchStart", 60), ("touchMove", 90), ("touchMove", 160), ("touchEnd", None)):
        points = [] if x is None else [{"x": x, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(said).to_have_count(0)


@pytest.mark.requirement("web:act:order")
def test_quick_moves_of_one_card_are_written_in_order(desk: Acting) -> None:
    page = desk.look()
    desk.tracker.gate.clear()
    drag(page, "US128", "In progress")
    expect(card(page, "US128", "In progress")).to_be_visible()
    drag(page, "US128", "In review")
    expect(card(page, "US128", "In review")).to_be_visible()
    desk.tracker.gate.set()
    say(page, "US128 moved to In review")
    expect(card(page, "US128", "In review")).to_be_visible()
    assert desk.state("US128") is State.IN_REVIEW
    assert [fields.get("state") for _, fields in desk.tracker.written] == [
        State.IN_PROGRESS,
        State.IN_REVIEW,
    ]


@pytest.mark.requirement("web:act:order")
def test_a_move_after_a_refused_one_starts_where_the_card_is(desk: Acting) -> None:
    page = desk.look()
    desk.tracker.gate.clear()
    desk.tracker.refused["US128"] = "Not yet."
    drag(page, "US128", "In progress")
    expect(card(page, "US128", "In progress")).to_be_visible()
    drag(page, "US128", "In review")
    desk.tracker.gate.set()
    say(page, "US128 moved to In review")
    expect(card(page, "US128", "In review")).to_be_visible()
    assert re.fullmatch("in_review", desk.state("US128").value)
