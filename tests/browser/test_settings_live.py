"""The settings and health pages while something happens: waiting, pausing, keys, colours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from panopticon.sandbox.serve import Options, Running, start
from tests.browser.connecting import CONNECT, SLOW, Desk, desk, hanging
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options(stories=8, seed=3)) as sandbox:
        yield sandbox


@pytest.fixture
def board(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    with desk(tmp_path, chromium, {}) as opened:
        yield opened


@pytest.mark.requirement("browser:settings:busy")
def test_one_can_stop_waiting_for_a_slow_tracker(board: Desk, box: Running) -> None:
    board.go("/settings")
    board.connect(box, box.api_key)
    with hanging(box):
        board.button("Test connection").click()
        expect(board.button("Test connection")).to_have_attribute("aria-busy", "true")
        expect(board.button("Test and save")).to_have_attribute("aria-disabled", "true")
        board.button("Stop waiting").click()
        expect(board.page.get_by_text("nothing was changed")).to_be_visible()
        expect(board.button("Test connection")).to_be_focused()
        expect(board.page.get_by_label("Key", exact=True)).to_have_value(box.api_key)
        board.button("Test connection").click()
        board.button("Cancel").click()
    expect(board.page.get_by_role("form", name="Connect Rally")).to_have_count(0)
    expect(board.button(CONNECT)).to_be_focused()


@pytest.mark.requirement("browser:settings:pause")
def test_all_trackers_can_rest(board: Desk, box: Running) -> None:
    board.connected(box)
    other = board.other()
    board.button("Pause all").click()
    expect(board.page.get_by_text("Paused: no tracker is asked")).to_be_visible()
    expect(board.button("Resume all")).to_be_focused()
    other.reload()
    expect(other.get_by_text("Paused: no tracker is asked")).to_be_visible()
    board.button("Resume all").click()
    expect(board.page.get_by_text("Asked for news every 60 s.")).to_be_visible()


@pytest.mark.requirement("browser:settings:keys")
def test_the_focus_goes_where_one_goes_on(board: Desk, box: Running) -> None:
    board.go("/settings")
    page = board.page
    board.button(CONNECT).press("Enter")
    expect(page.get_by_label("Server")).to_be_focused()
    page.keyboard.type(box.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Key", exact=True)).to_be_focused()
    expect(page.get_by_role("alert").filter(has_text="The key is missing")).to_be_visible()
    page.keyboard.type(box.api_key)
    page.keyboard.press("Enter")
    workspace = page.get_by_label("Workspace")
    expect(workspace).to_be_focused(timeout=SLOW)
    workspace.select_option(label="Northwind Engineering")
    board.button("Test and save").press("Enter")
    expect(board.button("Test connection")).to_be_focused(timeout=SLOW)
    board.button("Columns").press("Enter")
    expect(page.get_by_label("Column of Idea").first).to_be_focused(timeout=SLOW)
    board.button("Cancel").press("Enter")
    expect(board.button("Columns")).to_be_focused()
    board.button("Change").press("Enter")
    expect(page.get_by_label("Server")).to_be_focused()
    board.button("Cancel").press("Enter")
    expect(board.button("Change")).to_be_focused()
    board.button("Remove").press("Enter")
    board.button("Keep it").press("Enter")
    expect(board.button("Remove")).to_be_focused()


def opened(board: Desk) -> Iterator[str]:
    """Open one part of the settings after the other."""
    page = board.page
    board.button("Test connection").click()
    expect(page.get_by_text("The connection works")).to_be_visible(timeout=SLOW)
    yield "tested"
    board.button("Columns").click()
    expect(board.button("Save the columns")).to_be_visible(timeout=SLOW)
    yield "columns"
    board.button("Remove").click()
    yield "question"
    board.button("Keep it").click()
    board.button("Change").click()
    board.page.get_by_label("Server").fill("http://127.0.0.1:9")
    board.button("Test and save").click()
    expect(page.get_by_text("its own server only.").last).to_be_visible()
    yield "change, refused"
    board.button(CONNECT).click()
    board.button("Test and save").last.click()
    yield "form"
    board.go("/health")
    expect(page.get_by_role("region", name="Fine")).to_be_visible(timeout=SLOW)
    yield "health"


@pytest.mark.requirement("browser:settings:axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_is_open_has_no_serious_fault(board: Desk, box: Running, scheme: str) -> None:
    board.connected(box)
    board.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert {part: found for part in opened(board) if (found := faults(board.page))} == {}


@pytest.mark.requirement("browser:settings:colours")
def test_the_systems_own_colours_show_what_is_chosen(board: Desk) -> None:
    page = board.page
    page.emulate_media(forced_colors="active")
    board.go("/settings")
    page.get_by_role("radio", name="Dark").check()

    def border(name: str) -> str:
        label = page.get_by_role("radio", name=name).locator("xpath=..")
        return str(label.evaluate("e => getComputedStyle(e).outlineStyle"))

    assert border("Dark") == "solid"
    assert border("Light") == "none"
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Light")).to_be_checked()


@pytest.mark.requirement("browser:settings:steady")
def test_only_the_page_scrolls_never_the_window(board: Desk) -> None:
    board.page.set_viewport_size({"width": 390, "height": 844})
    board.go("/settings#scripts")
    expect(board.page.get_by_role("link", name="The API")).to_be_in_viewport()
    rail = board.page.get_by_role("navigation", name="Views").bounding_box()
    assert rail
    assert rail["y"] + rail["height"] == 844


@pytest.mark.requirement("browser:health:once")
def test_looking_again_twice_is_one_look(board: Desk, box: Running) -> None:
    board.connected(box)
    page = board.page
    board.go("/health")
    expect(page.get_by_role("region", name="Fine")).to_be_visible(timeout=SLOW)
    asked = looks(page)
    with hanging(box):
        again = board.button("Look again")
        again.dblclick()
        expect(again).to_have_attribute("aria-busy", "true")
        expect(page.get_by_text("Every tracker is being asked")).to_be_visible()
        board.button("Stop waiting").click()
        expect(page.get_by_text("What stands below is from before")).to_be_visible()
    assert len(asked) == 1
    expect(page.get_by_role("region", name="Fine")).to_be_visible()


@pytest.mark.requirement("browser:health:once")
def test_a_tracker_that_does_not_answer_is_a_finding(board: Desk, box: Running) -> None:
    board.connected(box)
    with hanging(box):
        board.go("/health")
        expect(board.page.get_by_text("Still waiting")).to_be_visible(timeout=SLOW)
        broken = board.page.get_by_role("region", name="Broken")
        expect(broken).to_contain_text("tracker rally", timeout=60_000)


def looks(page: Page) -> list[str]:
    """Count how often the doctor is asked from now on."""
    found: list[str] = []
    page.on(
        "request", lambda asked: found.append(asked.url) if "/api/doctor" in asked.url else None
    )
    return found
