"""Checking out, holding and giving back on the board."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.issue import State
from panopticon.model.ref import IssueRef
from tests.browser.acting import card, column, drag, focus, option, refuse, say
from tests.browser.claiming import Office, hears_nothing, held_by, office_at
from tests.web.trackers import ADA, ME

pytestmark = pytest.mark.browser


@pytest.fixture
def office(tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    with office_at(tmp_path, chromium) as office:
        yield office


def check_out(page: Page, key: str) -> Locator:
    return page.get_by_role("button", name=f"Check out {key}", exact=True)


@pytest.mark.requirement("browser:claim:checkout")
def test_a_free_card_is_checked_out_and_given_back_by_undo(office: Office) -> None:
    page = office.maya.look()
    check_out(page, "US128").click()
    told = say(page, "US128 is yours")
    mine = column(page, "In progress").get_by_role("listitem", name="US128").filter(has_text="left")
    expect(mine).to_be_visible()
    assert held_by(office, "US128") == ME
    told.get_by_role("button", name="Undo").click()
    say(page, "US128 is given back")
    expect(check_out(page, "US128")).to_be_visible()
    expect(column(page, "Backlog").get_by_role("listitem", name="US128")).to_be_visible()
    assert held_by(office, "US128") is None
    assert office.maya.tracker.get("US128").assignee is None


@pytest.mark.requirement("browser:claim:checkout")
def test_a_card_shows_the_claim_before_the_server_has_answered(office: Office) -> None:
    page = office.maya.look()
    office.maya.tracker.gate.clear()
    check_out(page, "US128").click()
    waiting = column(page, "In progress").get_by_role("listitem", name="US128")
    expect(waiting).to_have_attribute("aria-busy", "true")
    expect(waiting).to_contain_text("Maya")
    office.maya.tracker.gate.set()
    say(page, "US128 is yours")
    expect(waiting).not_to_have_attribute("aria-busy", "true")


@pytest.mark.requirement("browser:claim:race")
def test_of_two_who_check_out_one_card_one_has_it(office: Office) -> None:
    pages = {ME: office.maya.look(), ADA: office.ada.look()}
    for page in pages.values():
        check_out(page, "US128").evaluate("button => void setTimeout(() => button.click(), 700)")
    winner = _winner(office, "US128", pages[ME])
    loser = pages[ADA if winner == ME else ME]
    name = "Maya Rao" if winner == ME else "Ada Obi"
    told = refuse(loser, f"US128 is held by {name}.")
    expect(told).to_contain_text("Free instead")
    say(pages[winner], "US128 is yours")
    expect(pages[winner].get_by_role("alert").filter(has_text="US128")).to_have_count(0)
    told.get_by_role("button", name="Check out US129").click()
    say(loser, "US129 is yours")
    assert held_by(office, "US129") == (ADA if winner == ME else ME)
    assert held_by(office, "US128") == winner


def _winner(office: Office, key: str, page: Page) -> str:
    for _ in range(100):
        if winner := held_by(office, key):
            return winner
        page.wait_for_timeout(100)
    raise AssertionError("nobody has it")


@pytest.mark.requirement("browser:claim:instead")
def test_a_refusal_says_who_and_takes_another_at_once(office: Office) -> None:
    office.add("US130", "Add a sign-out link")
    office.add("US131", "Add a locale")
    page = office.maya.look()
    hears_nothing(page)
    office.take("ada", "US128", 17)
    check_out(page, "US128").click()
    told = refuse(page, "US128 is held by Ada Obi.")
    expect(told).to_contain_text("Since Nov 20, 2026")
    expect(told).to_contain_text("until Nov 21, 2026")
    expect(told.get_by_role("button", name="Check out")).to_have_count(3)
    page.wait_for_timeout(9000)  # good news are gone by then
    another = told.get_by_role("button", name="Check out US130 Add a sign-out link")
    expect(another).to_contain_text("similar complexity")
    another.click()
    say(page, "US130 is yours")
    assert (held_by(office, "US130"), held_by(office, "US128")) == (ME, ADA)
    expect(told).to_have_count(0)


@pytest.mark.requirement("browser:claim:keys")
def test_all_of_it_by_keys(office: Office) -> None:
    page = office.maya.look()
    hears_nothing(page)
    focus(page, "US129")
    page.keyboard.press("o")
    say(page, "US129 is yours")
    expect(card(page, "US129").get_by_role("link").first).to_be_focused()
    page.keyboard.press("r")
    say(page, "US129 is yours until")
    page.keyboard.press("b")
    say(page, "US129 is given back")
    assert held_by(office, "US129") is None
    office.take("ada", "US128")
    focus(page, "US128")
    page.keyboard.press("o")
    refuse(page, "US128 is held by Ada Obi.")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    say(page, "is yours")


@pytest.mark.requirement("browser:claim:keys")
def test_after_a_message_is_put_away_the_focus_is_where_it_was(office: Office) -> None:
    page = office.maya.look()
    hears_nothing(page)
    office.take("ada", "US128")
    focus(page, "US128")
    page.keyboard.press("o")
    told = refuse(page, "US128 is held by Ada Obi.")
    page.keyboard.press("n")
    expect(told.get_by_role("button").first).to_be_focused()
    told.get_by_role("button", name="Put away").focus()
    page.keyboard.press("Enter")
    expect(told).to_have_count(0)
    expect(card(page, "US128").get_by_role("link").first).to_be_focused()


@pytest.mark.requirement("browser:claim:menu")
def test_a_menu_offers_what_makes_sense(office: Office) -> None:
    office.take("maya", "US129")
    office.take("ada", "US128")
    page = office.maya.look()
    offered = {
        "US129": {"Renew", "Give back"},
        "US128": {"Take over …"},
        "DE31": {"Check out"},
    }
    for key, wanted in offered.items():
        card(page, key).click(button="right")
        for name in ("Renew", "Give back", "Take over …", "Check out"):
            choice = option(page, f"Actions for {key}", name)
            expect(choice).to_have_count(int(name in wanted))
        page.keyboard.press("Escape")
    card(page, "US120").click(button="right")
    expect(option(page, "Actions for US120", "Check out")).to_have_attribute(
        "aria-disabled", "true"
    )
    expect(option(page, "Actions for US120", "Check out")).to_contain_text("It is done.")
    page.keyboard.press("Escape")
    card(page, "US129").click(button="right")
    option(page, "Actions for US129", "Give back").click()
    say(page, "US129 is given back")


@pytest.mark.requirement("browser:claim:steal")
def test_taking_over_asks_for_a_reason(office: Office) -> None:
    office.take("ada", "US128")
    page = office.maya.look("/item?ref=US128")
    page.get_by_role("button", name="Take over …").click()
    dialog = page.get_by_role("dialog", name="Take US128 over from Ada Obi?")
    dialog.get_by_role("button", name="Take over").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say why")
    expect(dialog.get_by_role("textbox", name="Why")).to_be_focused()
    expect(dialog.get_by_role("textbox", name="Why")).to_have_accessible_description(
        re.compile("Say why.*Ada Obi loses the claim")
    )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert held_by(office, "US128") == ADA
    page.get_by_role("button", name="Take over …").click()
    dialog.get_by_role("textbox", name="Why").fill("Ada is away until Monday.")
    page.keyboard.press("Control+Enter")
    say(page, "US128 is yours now")
    assert held_by(office, "US128") == ME
    stolen = [event for event in office.store.events(0, 1000) if event.kind == "claim.stolen"]
    assert stolen[0].data["reason"] == "Ada is away until Monday."
    expect(page.get_by_role("button", name="Give back")).to_be_visible()


@pytest.mark.requirement("browser:claim:elsewhere")
def test_what_one_holds_in_another_place_is_held_here_instead(office: Office) -> None:
    office.take("maya's laptop", "US128")
    page = office.maya.look()
    focus(page, "US128")
    page.keyboard.press("b")
    told = refuse(page, "US128 was not given back: you hold it in another place.")
    told.get_by_role("button", name="Give back from here").click()
    say(page, "US128 is given back")
    assert held_by(office, "US128") is None
    office.take("maya's laptop", "US129")
    focus(page, "US129")
    expect(card(page, "US129")).to_contain_text("left")
    page.keyboard.press("r")
    told = refuse(page, "US129 was not renewed: you hold it in another place.")
    told.get_by_role("button", name="Hold it here instead").click()
    say(page, "US129 is yours")
    assert held_by(office, "US129") == ME


@pytest.mark.requirement("browser:claim:blocked")
def test_what_waits_is_checked_out_when_one_insists(office: Office) -> None:
    page = office.maya.look()
    focus(page, "US125")
    expect(check_out(page, "US125")).to_have_count(0)
    page.keyboard.press("o")
    told = refuse(page, "US125 was not checked out")
    expect(told).to_contain_text("US122")
    told.get_by_role("button", name="Check out anyway").click()
    say(page, "US125 is yours")
    assert held_by(office, "US125") == ME


@pytest.mark.requirement("browser:claim:prompt")
def test_starting_a_card_offers_to_check_it_out(office: Office) -> None:
    page = office.maya.look()
    drag(page, "US128", "In progress")
    told = say(page, "US128 moved to In progress")
    assert held_by(office, "US128") is None
    told.get_by_role("button", name="Check out").click()
    say(page, "US128 is yours")
    assert held_by(office, "US128") == ME
    drag(page, "US129", "Planning")
    expect(
        say(page, "US129 moved to Planning").get_by_role("button", name="Check out")
    ).to_have_count(0)


@pytest.mark.requirement("browser:claim:move")
def test_moving_what_another_holds_needs_insisting(office: Office) -> None:
    office.take("ada", "US128")
    page = office.maya.look()
    drag(page, "US128", "In review")
    told = refuse(page, "US128 was not changed: Ada Obi holds it.")
    assert office.maya.state("US128") is State.BACKLOG
    told.get_by_role("button", name="Move anyway").click()
    done = say(page, "US128 moved to In review")
    assert office.maya.state("US128") is State.IN_REVIEW
    done.get_by_role("button", name="Undo").click()
    say(page, "US128 is back in Backlog")
    assert office.maya.state("US128") is State.BACKLOG
    assert held_by(office, "US128") == ADA


@pytest.mark.requirement("browser:claim:away")
def test_an_arbiter_that_does_not_answer_can_be_asked_again(office: Office) -> None:
    page = office.maya.look()
    answers = iter([True])
    body = '{"error":"unavailable","message":"The remote does not answer.","hint":"Try again."}'

    def fail_once(route) -> None:  # type: ignore[no-untyped-def]
        if next(answers, False):
            route.fulfill(status=503, content_type="application/json", body=body)
        else:
            route.continue_()

    page.route("**/api/claim", fail_once)
    check_out(page, "US128").click()
    told = refuse(page, "US128 was not checked out: The remote does not answer.")
    expect(column(page, "Backlog").get_by_role("listitem", name="US128")).to_be_visible()
    told.get_by_role("button", name="Try again").click()
    say(page, "US128 is yours")
    assert office.store.issue(IssueRef("rally", "US128")).lease  # type: ignore[union-attr]


@pytest.mark.requirement("browser:claim:by-hand")
def test_a_lock_by_hand_is_respected_and_ones_own_made_a_claim(office: Office) -> None:
    page = office.maya.look()  # US126 is locked by hand for her, US121 for Jun
    card(page, "US126").click(button="right")
    expect(option(page, "Actions for US126", "Give back")).to_have_count(0)
    option(page, "Actions for US126", "Check out").click()
    say(page, "US126 is yours")
    assert held_by(office, "US126") == ME
    page.goto(f"{office.maya.ready['url']}/item?ref=US121")
    expect(page.get_by_role("region", name="Claim")).to_contain_text("set by hand in the tracker")
    expect(page.get_by_role("button", name="Take over …")).to_be_visible()
