"""Dragging cards, with a mouse and with a finger."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, expect

from panopticon.model.issue import State
from tests.browser.acting import (
    REASON,
    Acting,
    acting_at,
    card,
    column,
    drag,
    middle,
    option,
    refuse,
    say,
)
from tests.web.fakes import NOW, kept, remove, story

pytestmark = pytest.mark.browser
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
MOST_MS = 400  # from the movement to the next picture; tells a lift from drawing 5,000 cards anew
TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Acting]:
    yield from acting_at(tmp_path, chromium)


@pytest.mark.requirement("web:act:drag")
def test_a_dragged_card_is_moved_before_the_tracker_has_answered(desk: Acting) -> None:
    page = desk.look()
    desk.tracker.gate.clear()
    drag(page, "US128", "In progress")
    expect(card(page, "US128", "In progress")).to_be_visible()
    assert desk.state("US128") is State.BACKLOG
    desk.tracker.gate.set()
    say(page, "US128 moved to In progress in rally")
    assert desk.state("US128") is State.IN_PROGRESS
    expect(page).not_to_have_url(re.compile("item"))


@pytest.mark.requirement("web:act:drag")
def test_a_card_dropped_where_it_was_or_nowhere_stays(desk: Acting) -> None:
    page = desk.look()
    drag(page, "US128", "Backlog")
    drag(page, "US128", "Planning", drop=False)
    page.mouse.move(5, 300)
    page.mouse.up()
    expect(card(page, "US128", "Backlog")).to_be_visible()
    assert desk.tracker.written == []
    card(page, "US128").get_by_role("link").first.click()
    expect(page.get_by_role("complementary", name="Add password reset")).to_be_visible()


@pytest.mark.requirement("web:act:drag:illegal")
def test_a_closed_column_tells_the_trackers_reason(desk: Acting) -> None:
    desk.tracker.closed["US128"] = State.DONE
    page = desk.look()
    drag(page, "US128", "Done", drop=False)
    expect(column(page, "Done")).to_have_attribute("data-refusal", REASON)
    expect(column(page, "Done")).to_have_attribute("data-over", "bad")
    page.mouse.move(*middle(column(page, "In review")))
    expect(column(page, "In review")).to_have_attribute("data-over", "good")
    page.mouse.move(*middle(column(page, "Done")))
    page.mouse.up()
    refuse(page, f"US128 cannot go to Done: {REASON}")
    expect(column(page, "Done")).not_to_have_attribute("data-refusal", REASON)
    assert desk.tracker.written == []


@pytest.mark.requirement("web:act:drag:illegal")
def test_columns_are_neutral_until_the_tracker_has_told(desk: Acting) -> None:
    desk.tracker.closed["US128"] = State.DONE
    page = desk.look()
    held: list[Route] = []
    page.route("**/api/item/moves*", lambda route: held.append(route))  # noqa: PLW0108
    drag(page, "US128", "Done", drop=False)
    expect(column(page, "Done")).to_have_attribute("data-over", "good")
    expect(column(page, "Done")).not_to_have_attribute("data-refusal", REASON)
    held[0].continue_()
    expect(column(page, "Done")).to_have_attribute("data-refusal", REASON)
    expect(column(page, "Done")).to_have_attribute("data-over", "bad")
    page.mouse.up()
    refuse(page, REASON)


@pytest.mark.requirement("web:act:drag:fast")
def test_a_card_is_lifted_at_once_on_a_full_board(desk: Acting) -> None:
    for number in range(5_000):
        state = list(State)[number % 5]
        desk.store.put(story(f"US2{number:04}", f"Story {number} of the flood", state), NOW)
    page = desk.look()
    page.evaluate(
        """() => {
          const board = document.getElementById("board");
          window.addEventListener("pointermove", () => (window.moved = performance.now()), true);
          new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
            if (board.dataset.lifted) window.took = performance.now() - window.moved;
          }))).observe(board, { attributes: true, attributeFilter: ["data-lifted"] });
        }"""
    )
    took = []
    for _ in range(5):
        x, y = middle(column(page, "Backlog").get_by_role("listitem").first)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 9, y)
        page.wait_for_timeout(100)
        took.append(page.evaluate("window.took"))
        page.mouse.up()
    assert min(took) < MOST_MS, took


@pytest.mark.requirement("web:act:drag:cancel")
def test_escape_ends_a_drag(desk: Acting) -> None:
    page = desk.look()
    drag(page, "US128", "Done", drop=False)
    page.mouse.move(*middle(card(page, "US129")))
    page.keyboard.press("Escape")
    say(page, "Nothing was moved.")
    page.mouse.move(*middle(card(page, "US128")))
    page.mouse.up()
    expect(card(page, "US128", "Backlog")).to_be_visible()
    assert desk.tracker.written == []
    expect(page.get_by_role("complementary")).to_have_count(0)


@pytest.mark.requirement("web:act:drag:many")
def test_all_chosen_cards_go_along(desk: Acting) -> None:
    page = desk.look()
    card(page, "US128").get_by_role("checkbox").check()
    card(page, "US129").get_by_role("checkbox").check()
    drag(page, "US129", "Planning")
    say(page, "2 items moved to Planning")
    assert desk.state("US128") is desk.state("US129") is State.PLANNING


@pytest.mark.requirement("web:act:drag:live")
def test_news_during_a_drag_break_nothing(desk: Acting) -> None:
    page = desk.look()
    drag(page, "US128", "Planning", drop=False)
    for number in range(40):
        desk.store.put(story(f"US3{number:02}", f"News {number}"), NOW)
    renamed = replace(kept(desk.store, "US128"), title="Add a password reset", version="2")
    desk.store.put(renamed, NOW)
    expect(card(page, "US128")).to_contain_text("Add a password reset")
    expect(column(page, "Backlog").get_by_role("listitem")).not_to_have_count(4)
    page.mouse.move(*middle(column(page, "In review")), steps=3)
    page.mouse.up()
    say(page, "US128 moved to In review")


@pytest.mark.requirement("web:act:drag:live")
def test_a_card_that_goes_ends_its_drag(desk: Acting) -> None:
    page = desk.look()
    drag(page, "US128", "Planning", drop=False)
    remove(desk.store, "US128")
    refuse(page, "US128 is not here any more")
    page.mouse.up()
    expect(column(page, "Planning")).not_to_have_attribute("data-over", "good")
    assert desk.tracker.written == []


@pytest.mark.requirement("web:act:drag:lane")
def test_a_drop_in_another_lane(desk: Acting) -> None:
    page = desk.look("/?group=assignee")
    ada = page.get_by_role("region", name="Ada Obi")
    x, y = middle(card(page, "US128"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 9, y)
    page.mouse.move(*middle(ada.get_by_role("list", name="In review")), steps=4)
    page.mouse.up()
    say(page, "US128 assigned to Ada Obi")
    assert desk.tracker.get("US128").assignee == "ada.obi@example.com"
    assert desk.state("US128") is State.IN_REVIEW
    expect(ada.locator('[data-ref$="US128"]')).to_be_visible()


@pytest.mark.requirement("web:act:drag:lane")
def test_the_lane_of_another_epic_refuses(desk: Acting) -> None:
    desk.store.put(story("US900", "Lonely endpoint"), NOW)
    page = desk.look("/?group=epic")
    other = page.get_by_role("region", name="F17 User accounts")
    x, y = middle(card(page, "US900"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 9, y)
    page.mouse.move(*middle(other.get_by_role("list", name="In review")), steps=4)
    page.mouse.up()
    refuse(page, "A card keeps its epic here")
    assert desk.tracker.written == []


@pytest.mark.requirement("web:act:drag:scroll")
def test_a_card_held_at_the_edge_reaches_columns_out_of_sight(desk: Acting) -> None:
    page = desk.look(viewport={"width": 900, "height": 700})
    done = column(page, "Done")
    expect(done).not_to_be_in_viewport(ratio=0.9)
    x, y = middle(card(page, "US128"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(890, y, steps=5)
    expect(done).to_be_in_viewport(ratio=0.9)
    page.mouse.move(880, y + 5)
    page.mouse.up()
    say(page, "US128 moved to Done")


class Finger:
    """A finger on the glass."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)

    def down(self, x: float, y: float) -> None:
        self._send("touchStart", x, y)

    def move(self, x: float, y: float) -> None:
        self._send("touchMove", x, y)

    def up(self) -> None:
        self.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _send(self, kind: str, x: float, y: float) -> None:
        points = [{"x": x, "y": y}]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.requirement("web:act:drag:touch")
def test_a_finger_that_rests_takes_the_card_up(desk: Acting) -> None:
    page = desk.look(**TABLET)
    finger = Finger(page)
    x, y = middle(card(page, "US128"))
    finger.down(x, y)
    expect(page.locator("#board[data-lifted]")).to_be_visible()
    target_x, target_y = middle(column(page, "Planning"))
    for step in range(1, 6):
        finger.move(x + (target_x - x) * step / 5, y + (target_y - y) * step / 5)
    expect(column(page, "Planning")).to_have_attribute("data-over", "good")
    finger.up()
    say(page, "US128 moved to Planning")
    assert desk.state("US128") is State.PLANNING


@pytest.mark.requirement("web:act:drag:touch")
def test_a_finger_that_moves_scrolls(desk: Acting) -> None:
    for number in range(40):
        desk.store.put(story(f"US3{number:02}", f"More {number}"), NOW)
    page = desk.look(**TABLET)
    finger = Finger(page)
    x, y = middle(card(page, "US128"))
    finger.down(x, y)
    for step in range(1, 12):
        finger.move(x, y - 18 * step)
    expect(page.locator("#board[data-lifted]")).to_have_count(0)
    finger.up()
    first = column(page, "Backlog").get_by_role("listitem").first
    expect(first).not_to_be_in_viewport()
    assert desk.tracker.written == []


@pytest.mark.requirement("web:act:menu:phone")
def test_on_a_phone_a_card_goes_by_touch_alone(desk: Acting) -> None:
    page = desk.look(**PHONE)
    page.get_by_role("button", name="Backlog").tap()
    page.get_by_role("button", name="Actions for US128").tap()
    option(page, "Actions", "Move to").tap()
    option(page, "Move US128", "In review").tap()
    say(page, "US128 moved to In review")
    assert desk.state("US128") is State.IN_REVIEW


@pytest.mark.requirement("web:act:menu:phone")
def test_on_a_phone_a_card_is_dragged_to_the_switch_of_a_column(desk: Acting) -> None:
    page = desk.look(**PHONE)
    page.get_by_role("button", name="Backlog").tap()
    finger = Finger(page)
    x, y = middle(card(page, "US128"))
    target_x, target_y = middle(page.get_by_role("button", name="Done", exact=False))
    finger.down(x, y)
    expect(page.locator("#board[data-lifted]")).to_be_visible()
    for step in range(1, 6):
        finger.move(x + (target_x - x) * step / 5, y + (target_y - y) * step / 5)
    finger.up()
    say(page, "US128 moved to Done")


@pytest.mark.requirement("web:act:menu")
def test_a_long_press_that_stays_asks_what_to_do(desk: Acting) -> None:
    page = desk.look(**TABLET)
    finger = Finger(page)
    finger.down(*middle(card(page, "US128")))
    expect(page.locator("#board[data-lifted]")).to_be_visible()
    finger.up()
    expect(page.get_by_role("listbox", name="Actions for US128")).to_be_visible()
    expect(page.get_by_role("complementary")).to_have_count(0)


@pytest.mark.requirement("web:act:menu")
def test_the_right_button_asks_what_to_do(desk: Acting) -> None:
    page = desk.look()
    card(page, "US128").click(button="right")
    expect(page.get_by_role("listbox", name="Actions for US128")).to_be_visible()
    option(page, "Actions", "Assign").click()
    option(page, "Assign US128", "Ada Obi").click()
    say(page, "US128 assigned to Ada Obi")
    page.goto(f"{desk.ready['url']}/?view=list")
    page.get_by_role("row", name="US128").click(button="right")
    expect(page.get_by_role("listbox", name="Actions for US128")).to_be_visible()
    page.mouse.click(5, 400)
    expect(page.get_by_role("listbox")).to_have_count(0)
