"""Nothing typed on the settings page is lost, and nothing wrong is taken."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from panopticon.sandbox.serve import Options, Running, start
from tests.browser.connecting import CONNECT, SLOW, Desk, desk

pytestmark = pytest.mark.browser
SAVED = "The settings are saved."


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options(stories=8, seed=3)) as sandbox:
        yield sandbox


@pytest.fixture
def board(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    with desk(tmp_path, chromium, {}) as opened:
        yield opened


def save_board(page: Page) -> None:
    form = page.get_by_role("form", name="The board's settings")
    form.get_by_role("button", name="Save").click()


@pytest.mark.requirement("browser:settings:typed")
def test_an_open_form_outlives_a_save_and_a_look_at_the_board(board: Desk, box: Running) -> None:
    board.go("/settings")
    board.connect(box, "half-a-key")
    board.page.get_by_label("Seconds between looks").fill("90")
    board.page.get_by_label("Done").fill("7")
    save_board(board.page)
    expect(board.page.get_by_text(SAVED)).to_be_visible()
    review = board.page.get_by_role("spinbutton", name="In review")
    review.fill("4")
    for name in ("Board", "Health", "Settings"):
        board.page.get_by_role("link", name=name, exact=True).first.click()
    expect(board.page.get_by_label("Server")).to_have_value(box.url)
    expect(review).to_have_value("4")
    expect(board.page.get_by_role("spinbutton", name="Done")).to_have_value("7")


@pytest.mark.requirement("browser:settings:typed")
def test_a_reload_keeps_all_but_the_key(board: Desk, box: Running) -> None:
    board.go("/settings")
    board.connect(box, box.api_key)
    board.page.get_by_label("Name").fill("payments")
    board.page.reload()
    expect(board.page.get_by_label("Server")).to_have_value(box.url)
    expect(board.page.get_by_label("Name")).to_have_value("payments")
    expect(board.page.get_by_label("Key", exact=True)).to_have_value("")
    kept = board.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert box.api_key not in kept
    board.button("Cancel").click()
    board.page.reload()
    expect(board.button(CONNECT)).to_be_visible()


@pytest.mark.requirement("browser:settings:connect:door")
def test_an_empty_board_leads_to_the_open_form(board: Desk) -> None:
    board.go("/")
    board.button(CONNECT).click()
    form = board.page.get_by_role("form", name="Connect Rally")
    expect(form.get_by_label("Server")).to_be_visible()
    board.button("Cancel").click()
    board.go("/settings")
    expect(board.button(CONNECT)).to_be_visible()
    board.go("/settings#connect-rally")
    board.page.reload()
    expect(form).to_be_visible()


@pytest.mark.requirement("browser:settings:typed")
def test_a_change_half_done_can_be_folded_away(board: Desk, box: Running) -> None:
    board.connected(box)
    board.button("Change").click()
    board.page.get_by_label("Server").fill("http://127.0.0.1:9")
    board.button("Change").click()
    expect(board.page.get_by_label("Server")).to_be_hidden()
    board.button("Test connection").click()
    expect(board.page.get_by_text("The connection works")).to_be_visible(timeout=SLOW)
    board.button("Change").click()
    expect(board.page.get_by_label("Server")).to_have_value("http://127.0.0.1:9")


@pytest.mark.requirement("browser:settings:key")
def test_no_key_stays_in_the_page(board: Desk, box: Running) -> None:
    board.connected(box)
    expect(board.page.get_by_label("Key", exact=True)).to_have_count(0)
    board.button("Change").click()
    expect(board.page.get_by_label("Key", exact=True)).to_have_value("")
    board.button("Test and save").last.click()
    expect(board.page.get_by_text("rally: saved.")).to_be_visible(timeout=SLOW)
    assert box.api_key in (board.home / ".panopticon.env").read_text()


@pytest.mark.requirement("browser:settings:key")
def test_a_saved_key_goes_to_no_other_server(board: Desk, box: Running) -> None:
    board.connected(box)
    board.button("Change").click()
    with start(Options(stories=0)) as elsewhere:
        board.page.get_by_label("Server").fill(elsewhere.url)
        board.button("Test and save").click()
        refused = board.page.get_by_role("form", name="Change rally").get_by_role("alert")
        expect(refused).to_contain_text("its own server only")
        told = httpx2.get(f"{elsewhere.admin}/requests").json()
        assert told["count"] == 0
    expect(board.page.get_by_label("Server")).to_have_value(elsewhere.url)


@pytest.mark.requirement("browser:settings:two")
def test_two_who_save_overwrite_only_what_they_changed(board: Desk) -> None:
    board.go("/settings")
    board.page.get_by_label("Done").fill("9")
    other = board.other()
    other.get_by_label("In progress").fill("2")
    other.get_by_label("Seconds between looks").fill("120")
    save_board(other)
    expect(other.get_by_text(SAVED)).to_be_visible()
    save_board(board.page)
    expect(board.page.get_by_text(SAVED)).to_be_visible()
    expect(board.page.get_by_label("In progress")).to_have_value("2")
    expect(board.page.get_by_label("Seconds between looks")).to_have_value("120")
    other.reload()
    expect(other.get_by_label("Done")).to_have_value("9")
    expect(other.get_by_label("In progress")).to_have_value("2")


@pytest.mark.requirement("browser:settings:bounds")
@pytest.mark.parametrize(
    ("box_name", "typed", "reason"),
    [
        ("Seconds between looks", "0", "a number from 1 to"),
        ("Seconds between looks", "1e9", "a number from 1 to"),
        ("Seconds between looks", "e", "A number of seconds"),
        ("Done", "0", "a whole number from 1 to"),
        ("Done", "1.5", "A whole number of cards"),
    ],
)
def test_a_number_out_of_bounds_is_refused_beside_its_box(
    board: Desk, box_name: str, typed: str, reason: str
) -> None:
    board.go("/settings")
    number = board.page.get_by_label(box_name)
    number.click()
    number.clear()
    number.press_sequentially(typed)
    save_board(board.page)
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_have_accessible_description(re.compile(reason))
    expect(number).to_be_focused()
    expect(board.page.get_by_text(SAVED)).to_have_count(0)
    number.fill("30")
    save_board(board.page)
    expect(board.page.get_by_text(SAVED)).to_be_visible()
    expect(number).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.requirement("browser:settings:names")
def test_names_that_are_odd_or_taken_are_refused(board: Desk, box: Running) -> None:
    board.connected(box)
    board.connect(box, box.api_key)
    name = board.page.get_by_label("Name")
    expect(name).to_have_attribute("placeholder", "rally-2")
    for odd in ("a b", "../x", "ä", "-x", "rally", "<b>"):
        name.fill(odd)
        board.button("Test and save").click()
        expect(name).to_have_attribute("aria-invalid", "true")
    name.fill("primary")
    board.button("Choose projects").click()
    board.page.get_by_label("Workspace").select_option(label="Northwind Engineering")
    board.button("Test and save").click()
    expect(board.page.get_by_text("cannot be the name of a connection")).to_be_visible()
    name.fill("")
    board.button("Test and save").click()
    expect(board.page.get_by_role("article", name="rally-2")).to_be_visible(timeout=SLOW)
    expect(board.page.get_by_role("article", name="rally", exact=True)).to_be_visible()


@pytest.mark.requirement("browser:settings:default")
def test_removing_the_default_tracker_names_the_next(board: Desk, box: Running) -> None:
    board.connected(box)
    board.connected(box, "second")
    first = board.page.get_by_role("article", name="rally", exact=True)
    expect(first.get_by_text("default")).to_be_visible()
    first.get_by_role("button", name="Remove", exact=True).click()
    expect(first.get_by_text("second becomes the default tracker")).to_be_visible()
    board.button("Remove it").click()
    expect(first).to_have_count(0)
    expect(board.button(CONNECT)).to_be_focused()
    expect(board.page.get_by_role("article", name="second")).to_be_visible()


@pytest.mark.requirement("browser:settings:told")
def test_what_variables_decide_is_shown_and_fixed(
    tmp_path: Path, chromium: Browser, box: Running
) -> None:
    told = {
        "RALLY_API_KEY": box.api_key,
        "RALLY_SERVER": box.url,
        "PAN_POLL_SECONDS": "45",
    }
    with desk(tmp_path, chromium, told) as board:
        board.go("/settings")
        card = board.page.get_by_role("article", name="rally")
        expect(card).to_contain_text("change it there")
        expect(card.get_by_role("button", name="Change")).to_be_hidden()
        expect(card.get_by_role("button", name="Remove")).to_be_hidden()
        seconds = board.page.get_by_label("Seconds between looks")
        expect(seconds).to_be_disabled()
        expect(seconds).to_have_value("45")
        expect(board.page.get_by_text("Decided by PAN_POLL_SECONDS")).to_be_visible()


@pytest.mark.requirement("browser:settings:views")
def test_a_saved_view_opens_in_place_and_can_be_removed(board: Desk, box: Running) -> None:
    board.connected(box)
    page = board.page
    page.evaluate(
        "fetch('/api/views/Ada%20%2F%20own', {method: 'PUT', headers: {'Content-Type': "
        "'application/json'}, body: JSON.stringify({query: 'blocked=no&sort=title'})})"
    )
    page.get_by_role("link", name="Board", exact=True).first.click()
    page.get_by_role("link", name="Settings", exact=True).first.click()
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_role("link", name="Ada / own").click()
    expect(page).to_have_url(f"{board.url}/?blocked=no&sort=title")
    expect(page.locator("body[data-same=yes]")).to_have_count(1)
    page.go_back()
    board.button("Remove the view Ada / own").click()
    expect(page.get_by_text("None yet: filter the board")).to_be_visible()
    board.button("Undo").click()
    expect(page.get_by_role("link", name="Ada / own")).to_be_visible()
