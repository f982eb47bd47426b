"""A person connects a tracker in the page: a real `pan up`, a real sandbox, a real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from panopticon.sandbox.serve import Options, Running, start
from tests.browser.connecting import SLOW, Desk, desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options(stories=40, seed=3)) as sandbox:
        yield sandbox


@pytest.fixture
def board(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    with desk(tmp_path, chromium, {"PAN_POLL_SECONDS": "60"}) as opened:
        yield opened


@pytest.mark.requirement("browser:settings:connect")
def test_from_nothing_to_cards_without_a_terminal(board: Desk, box: Running) -> None:
    expect(board.page.get_by_text("No tracker is connected yet")).to_be_visible()
    board.connected(box)
    board.page.get_by_role("link", name="Board", exact=True).click()
    backlog = board.page.get_by_role("region", name="Backlog")
    expect(backlog.get_by_role("listitem").first).to_be_visible(timeout=SLOW)


@pytest.mark.requirement("browser:settings:secret")
def test_the_key_is_kept_in_the_secrets_file_and_nowhere_else(board: Desk, box: Running) -> None:
    board.connected(box)
    secrets = board.home / ".panopticon.env"
    assert box.api_key in secrets.read_text()
    assert secrets.stat().st_mode & 0o077 == 0
    others = [path for path in board.home.rglob("*") if path.is_file() and path != secrets]
    assert [path for path in others if box.api_key.encode() in path.read_bytes()] == []
    for path in ("/settings", "/api/settings", "/api/doctor", "/api/board"):
        board.go(path)
        assert box.api_key not in board.page.content()


@pytest.mark.requirement("browser:settings:test")
def test_a_connection_says_who_one_is_and_how_much_there_is(board: Desk, box: Running) -> None:
    board.go("/settings")
    board.connect(box, box.api_key)
    board.page.get_by_role("button", name="Test connection").click()
    told = board.page.get_by_role("status").filter(has_text="The connection works")
    expect(told).to_be_visible(timeout=SLOW)
    expect(told).to_contain_text("@")
    expect(told).to_contain_text("read and write")
    expect(told).to_contain_text("stories")


@pytest.mark.requirement("browser:settings:refused")
@pytest.mark.parametrize(("key", "server"), [("wrong-key", ""), ("some-key", "http://127.0.0.1:9")])
def test_what_does_not_work_is_said_and_nothing_is_lost(
    board: Desk, box: Running, key: str, server: str
) -> None:
    board.go("/settings")
    board.connect(box, key, server)
    board.page.get_by_role("button", name="Test and save").click()
    expect(board.page.get_by_role("form").get_by_role("alert")).to_be_visible(timeout=60_000)
    expect(board.page.get_by_label("Server")).to_have_value(server or box.url)
    expect(board.page.get_by_label("Key", exact=True)).to_have_value(key)
    assert not (board.home / ".panopticon.env").exists()


@pytest.mark.requirement("browser:settings:remove")
def test_removing_asks_first_and_clears_the_board(board: Desk, box: Running) -> None:
    board.connected(box)
    board.go("/")
    cards = board.page.get_by_role("region", name="Backlog").get_by_role("listitem")
    expect(cards.first).to_be_visible(timeout=SLOW)
    board.go("/settings")
    board.page.get_by_role("button", name="Remove", exact=True).click()
    expect(board.page.get_by_role("button", name="Keep it")).to_be_focused()
    board.page.get_by_role("button", name="Remove it").click()
    expect(board.page.get_by_text("No tracker is connected yet")).to_be_visible()
    board.go("/")
    expect(board.page.get_by_text("No tracker is connected yet")).to_be_visible()
    assert box.api_key not in (board.home / ".panopticon.env").read_text()


@pytest.mark.requirement("browser:settings:states")
def test_words_of_states_can_stand_in_other_columns(board: Desk, box: Running) -> None:
    board.connected(box)
    board.page.get_by_role("button", name="Columns").click()
    story = board.page.get_by_role("group", name="Story")
    story.get_by_label("Column of Completed").select_option(label="In review")
    board.page.get_by_role("button", name="Save the columns").click()
    expect(story.get_by_text("yours")).to_be_visible(timeout=SLOW)
    board.go("/")
    review = board.page.get_by_role("region", name="In review")
    expect(review.get_by_text("Completed").first).to_be_visible(timeout=SLOW)


@pytest.mark.requirement("browser:settings:board")
def test_limits_show_on_the_board(board: Desk, box: Running) -> None:
    board.connected(box)
    board.page.get_by_label("In progress").fill("2")
    board.page.get_by_role("form", name="The board's settings").get_by_role(
        "button", name="Save"
    ).click()
    expect(board.page.get_by_text("The settings are saved.")).to_be_visible()
    board.go("/")
    head = board.page.get_by_role("region", name="In progress")
    expect(head).to_contain_text("/ 2", timeout=SLOW)


@pytest.mark.requirement("browser:settings:theme")
def test_a_theme_is_kept_for_this_browser_and_its_tabs(board: Desk) -> None:
    board.go("/settings")
    other = board.page.context.new_page()
    other.goto(f"{board.url}/")
    board.page.get_by_role("radio", name="Dark").check()
    for page in (board.page, other):
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    other.reload()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.requirement("browser:settings:theme")
def test_a_chosen_theme_stands_before_the_page_is_drawn(board: Desk) -> None:
    board.go("/settings")
    board.page.get_by_role("radio", name="Dark").check()
    board.page.route("**/js/main.js*", lambda route: route.abort())
    board.page.reload()
    expect(board.page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.requirement("browser:health:findings")
def test_health_says_what_the_doctor_says(board: Desk) -> None:
    board.go("/health")
    looked = board.page.get_by_role("region", name="Worth a look")
    expect(looked.get_by_text("No tracker is configured.")).to_be_visible(timeout=SLOW)
    expect(board.page.get_by_role("region", name="Fine")).to_contain_text("Python")
    board.page.get_by_role("button", name="Look again").click()
    expect(board.page.get_by_text("Every tracker is being asked")).to_be_hidden(timeout=SLOW)
