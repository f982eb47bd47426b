"""An item that is deleted in its tracker while somebody has it in hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.issue import Kind, NewIssue
from tests.browser.acting import card, drag, focus, option
from tests.browser.faulty import NEWS, Desk, desk_at, picture

pytestmark = pytest.mark.browser
TITLE = "Soon gone"


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    yield from desk_at(tmp_path / "home", chromium)


def made(desk: Desk) -> str:
    """Make an item in the tracker; gives its key."""
    with desk.somebody() as other:
        return other.create(NewIssue(Kind.STORY, {"title": TITLE})).ref.key


def vanish(desk: Desk, key: str) -> None:
    with desk.somebody() as other:
        other.delete(key)


def shown(page: Page, key: str) -> Locator:
    found = card(page, key)
    expect(found).to_be_visible(timeout=NEWS)
    return found


@pytest.mark.requirement("web:faults:gone")
def test_an_open_item_that_vanishes_says_so(desk: Desk) -> None:
    page = desk.look()
    key = made(desk)
    shown(page, key).get_by_role("link").first.click()
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("heading", name=TITLE)).to_be_visible()
    vanish(desk, key)
    expect(card(page, key)).to_have_count(0, timeout=NEWS)
    expect(panel.get_by_role("alert").first).to_contain_text("gone")
    expect(panel).to_contain_text(TITLE)
    picture(desk, page, "gone-open")
    panel.get_by_role("button", name="Close").click()
    expect(page.get_by_role("region", name="Backlog")).to_be_visible()


@pytest.mark.requirement("web:faults:gone")
def test_what_was_typed_into_an_item_that_vanishes_can_be_read(desk: Desk) -> None:
    page = desk.look()
    key = made(desk)
    shown(page, key).get_by_role("link").first.click()
    panel = page.get_by_role("complementary")
    panel.get_by_label("Write a comment").fill("A comment in the making.")
    panel.get_by_role("button", name="Edit title").click()
    panel.get_by_label("Title", exact=True).fill("A title in the making")
    vanish(desk, key)
    expect(panel.get_by_role("alert").filter(has_text="gone")).to_be_visible(timeout=NEWS)
    expect(panel.get_by_label("Title", exact=True)).to_have_value("A title in the making")
    expect(panel.get_by_label("Write a comment")).to_have_value("A comment in the making.")
    expect(panel.get_by_role("button", name="Save")).to_have_count(0)
    picture(desk, page, "gone-edited")


@pytest.mark.requirement("web:faults:gone:hand")
def test_a_card_that_vanishes_under_the_mouse_ends_the_drag(desk: Desk) -> None:
    page = desk.look()
    key = made(desk)
    shown(page, key)
    drag(page, key, "In progress", drop=False)
    vanish(desk, key)
    expect(page.get_by_role("region", name="Messages")).to_contain_text(key, timeout=NEWS)
    page.mouse.up()
    expect(card(page, key)).to_have_count(0)
    picture(desk, page, "gone-dragged")
    drag(page, "US120", "In progress")
    expect(card(page, "US120", "In progress")).to_be_visible()


@pytest.mark.requirement("web:faults:gone:hand")
def test_a_card_that_vanishes_between_key_and_choice_is_told(desk: Desk) -> None:
    page = desk.look()
    key = made(desk)
    shown(page, key)
    desk.rest()
    focus(page, key)
    page.keyboard.press("m")
    expect(option(page, f"Move {key} to", "In progress")).to_be_visible()
    vanish(desk, key)
    option(page, f"Move {key} to", "In progress").click()
    said = page.get_by_role("region", name="Messages").get_by_role("alert")
    expect(said.filter(has_text=key)).to_be_visible(timeout=NEWS)
    picture(desk, page, "gone-moved")
    desk.rest(paused=False)
    expect(card(page, key)).to_have_count(0, timeout=NEWS)
