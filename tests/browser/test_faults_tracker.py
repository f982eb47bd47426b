"""A tracker that refuses, dawdles, fails, lags and cuts its replies, as a browser sees it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from panopticon.model.issue import State
from tests.browser.acting import card, column, drag, refuse, say
from tests.browser.faulty import NEWS, SOON, Desk, desk_at, picture, within

pytestmark = pytest.mark.browser
KEY = "US120"
WORDS = {"In progress": "In-Progress", "In review": "Code Review", "Backlog": "Defined"}
PATIENT = 90_000  # milliseconds: Panopticon tries again before it gives up


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    yield from desk_at(tmp_path / "home", chromium)


def state(desk: Desk, key: str = KEY) -> State:
    """Ask the tracker itself where an item is."""
    with desk.somebody() as other:
        return other.get(key).state


@pytest.mark.requirement("web:faults:refused")
def test_a_refused_move_goes_back_with_the_trackers_words(desk: Desk) -> None:
    page = desk.look()
    desk.suffer(refuse={"field": "ScheduleState", "reason": "needs a passed test"})
    drag(page, KEY, "In progress")
    said = refuse(page, f"{KEY} was not changed:")
    expect(said).to_contain_text("needs a passed test")
    expect(card(page, KEY, "Backlog")).to_be_visible()
    expect(card(page, KEY, "In progress")).to_have_count(0)
    picture(desk, page, "refused")
    assert state(desk) is State.BACKLOG


@pytest.mark.requirement("web:faults:slow")
def test_a_tracker_of_five_seconds_blocks_nobody_and_writes_once(desk: Desk) -> None:
    page = desk.look()
    desk.suffer(write_latency_ms=5000)
    before = desk.wrote()
    began = time.monotonic()
    drag(page, KEY, "In progress")
    expect(card(page, KEY, "In progress")).to_have_attribute("aria-busy", "true")
    card(page, "US121").get_by_role("link").first.click()
    expect(page.get_by_role("complementary")).to_contain_text("Add login endpoint")
    box = page.get_by_role("complementary").get_by_label("Write a comment")
    box.fill("Sent once.")
    box.press("Control+Enter")
    box.press("Control+Enter")
    page.get_by_role("complementary").get_by_role("button", name="Sending").click()
    picture(desk, page, "slow")
    assert time.monotonic() - began < 4.5, "the page waited for the tracker"
    say(page, f"{KEY} moved to In progress")
    expect(page.get_by_role("complementary")).to_contain_text("Sent once.", timeout=NEWS)
    expect(box).to_have_value("", timeout=NEWS)
    desk.suffer()
    assert desk.wrote() - before == 2
    with desk.somebody() as other:
        assert [one.body for one in other.comments("US121")].count("Sent once.") == 1


@pytest.mark.requirement("web:faults:failing")
def test_a_failing_tracker_keeps_its_cards_and_says_until_when(desk: Desk) -> None:
    page = desk.look()
    before = column(page, "Backlog").get_by_role("listitem").count()
    desk.suffer(error_rate=1)
    source = page.locator("#sources")
    expect(source).to_contain_text("waits until", timeout=PATIENT)
    expect(column(page, "Backlog").get_by_role("listitem")).to_have_count(before)
    source.get_by_role("button", name="rally").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Trouble")
    picture(desk, page, "failing")
    desk.suffer()
    page.get_by_role("dialog").get_by_role("button", name="Sync now").click()
    expect(source).not_to_contain_text("waits", timeout=NEWS)


@pytest.mark.requirement("web:faults:failing:edit")
def test_what_a_failing_tracker_did_not_take_stays_and_is_sent_later(desk: Desk) -> None:
    page = desk.look(f"/item?ref=rally:{KEY}")
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="Edit title").click()
    panel.get_by_label("Title", exact=True).fill("Written in a storm")
    desk.suffer(error_rate=1)
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("alert").filter(has_text="Not saved: rally")).to_be_visible(
        timeout=PATIENT
    )
    expect(panel.get_by_label("Title", exact=True)).to_have_value("Written in a storm")
    picture(desk, page, "not-saved")
    desk.suffer()
    panel.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=f"{KEY} Written in a storm")).to_be_visible(timeout=NEWS)
    with desk.somebody() as other:
        assert other.get(KEY).title == "Written in a storm"


@pytest.mark.requirement("web:faults:lag")
def test_lagging_replicas_do_not_undo_what_was_done(desk: Desk) -> None:
    page = desk.look()
    desk.suffer(lag_ms=5000)
    drag(page, KEY, "In progress")
    say(page, f"{KEY} moved to In progress")
    before, until = desk.asked(), time.monotonic() + 8
    while time.monotonic() < until:
        assert card(page, KEY, "In progress").count() == 1
        assert card(page, KEY, "Backlog").count() == 0
        page.wait_for_timeout(50)
    assert desk.asked() > before, "nobody synced meanwhile"


@pytest.mark.requirement("web:faults:cut")
@pytest.mark.parametrize("fault", ["truncate_rate", "drop_after", "drop_before"])
def test_after_a_cut_reply_the_board_shows_what_the_tracker_has(desk: Desk, fault: str) -> None:
    page = desk.look()
    desk.suffer(write_latency_ms=1000)
    before = desk.wrote()
    drag(page, KEY, "In progress")
    within(10, lambda: desk.wrote() > before)
    desk.suffer(**{fault: 1, "write_latency_ms": 0})
    messages = page.get_by_role("region", name="Messages")
    said = messages.get_by_text("was not changed").or_(messages.get_by_text("moved to"))
    expect(said).to_have_count(1, timeout=PATIENT)
    picture(desk, page, f"cut-{fault}")
    desk.suffer()
    words = {State.BACKLOG: "Backlog", State.IN_PROGRESS: "In progress"}
    assert state(desk) is (State.BACKLOG if fault == "drop_before" else State.IN_PROGRESS)
    expect(card(page, KEY, words[state(desk)])).to_be_visible(timeout=30_000)
    assert sum(card(page, KEY, word).count() for word in words.values()) == 1


@pytest.mark.requirement("web:faults:two")
def test_two_browsers_drag_one_card(desk: Desk) -> None:
    page, other = desk.look(), desk.look()
    drag(other, KEY, "In review", drop=False)
    drag(page, KEY, "In progress")
    say(page, f"{KEY} moved to In progress")
    other.mouse.up()
    clash = refuse(other, f"{KEY} was not changed:")
    expect(clash).to_contain_text("In progress")
    for one in (page, other):
        expect(card(one, KEY, "In progress")).to_be_visible(timeout=SOON)
        expect(card(one, KEY, "In review")).to_have_count(0, timeout=SOON)
    picture(desk, other, "two")
    assert state(desk) is State.IN_PROGRESS


@pytest.mark.requirement("web:faults:two")
def test_somebody_in_the_tracker_was_first_and_is_named(desk: Desk) -> None:
    page = desk.look()
    drag(page, KEY, "In review", drop=False)
    with desk.somebody() as other:
        name = other.check().user
        other.transition(KEY, State.IN_PROGRESS)
    page.mouse.up()
    clash = refuse(page, f"{KEY} was not changed:")
    expect(clash).to_contain_text("moved it to In progress")
    picture(desk, page, "two-named")
    assert name
    expect(card(page, KEY, "In progress")).to_be_visible(timeout=SOON)
    assert state(desk) is State.IN_PROGRESS


@pytest.mark.requirement("web:faults:agree")
def test_two_browsers_never_disagree_for_long(desk: Desk) -> None:
    page, other = desk.look(), desk.look("/?view=list")
    for to in ("In progress", "In review", "Backlog"):
        drag(page, KEY, to)
        say(page, f"{KEY} moved to {to}")
        began = time.monotonic()
        row = other.get_by_role("row").filter(has=other.get_by_text(KEY, exact=True))
        expect(row).to_contain_text(WORDS[to], timeout=SOON)
        assert time.monotonic() - began < SOON / 1000
        page.get_by_role("button", name="Put away").first.click()


@pytest.mark.requirement("web:faults:comment")
def test_a_comment_survives_a_reload_and_a_failure_and_is_sent_once(desk: Desk) -> None:
    page = desk.look(f"/item?ref=rally:{KEY}")
    panel = page.get_by_role("complementary")
    box = panel.get_by_label("Write a comment")
    box.fill("A long thought.")
    page.reload()
    expect(box).to_have_value("A long thought.")
    desk.suffer(error_rate=1)
    box.press("Control+Enter")
    expect(panel.get_by_role("alert").filter(has_text="Not sent")).to_be_visible(timeout=PATIENT)
    picture(desk, page, "not-sent")
    page.reload()
    expect(box).to_have_value("A long thought.")
    desk.suffer()
    box.press("Control+Enter")
    expect(box).to_have_value("", timeout=NEWS)
    with desk.somebody() as other:
        assert [one.body for one in other.comments(KEY)].count("A long thought.") == 1
