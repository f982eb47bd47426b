"""What the board shows of claims: rings, words before they end, who decides, what waits."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.event import EventKind
from panopticon.model.here import Here
from panopticon.model.issue import State
from panopticon.model.queued import Queued
from panopticon.model.ref import IssueRef
from tests.browser.acting import acting_at, card, column, option, refuse, say
from tests.browser.claiming import PHONE, Office, hears_nothing, held_by, office_at
from tests.browser.test_accessibility import faults
from tests.web.fakes import NOW
from tests.web.trackers import ADA, ME

pytestmark = pytest.mark.browser


@pytest.fixture
def office(tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    with office_at(tmp_path, chromium) as office:
        yield office


def on_clock(office: Office, path: str = "/") -> Page:
    """Open the board on a clock that a test moves."""
    page = office.maya.look(path)
    page.clock.install(time=NOW)
    page.reload()
    page.wait_for_selector("body[data-seq]")
    return page


def skip(office: Office, page: Page, minutes: float) -> None:
    """Let time pass for everybody."""
    office.clock.skip(minutes)
    page.clock.fast_forward(round(minutes * 60_000))
    page.clock.run_for(16_000)


def rest_of(page: Page, key: str) -> float:
    """Say which share of a ring is left, in percent."""
    drawn = card(page, key).locator("svg.ring circle").last.get_attribute("stroke-dasharray")
    return float(str(drawn).split()[0])


@pytest.mark.requirement("browser:claim:ring")
def test_a_ring_drains_turns_red_and_goes(office: Office) -> None:
    office.take("maya", "US128", 10)
    page = on_clock(office)
    mine = card(page, "US128")
    expect(mine.get_by_role("time")).to_have_text("10 h left")
    assert rest_of(page, "US128") == pytest.approx(100, abs=0.5)
    plain = mine.get_by_role("time").evaluate("time => getComputedStyle(time).color")
    skip(office, page, 5 * 60)
    expect(mine.get_by_role("time")).to_have_text("4 h left")
    assert rest_of(page, "US128") == pytest.approx(50, abs=1)
    assert mine.get_by_role("time").evaluate("time => getComputedStyle(time).color") == plain
    skip(office, page, 4 * 60 + 20)
    expect(mine.get_by_role("time")).to_have_text("39 min left")
    assert mine.get_by_role("time").evaluate("time => getComputedStyle(time).color") != plain
    skip(office, page, 50)
    expect(page.get_by_role("button", name="Check out US128")).to_be_visible()
    expect(mine.get_by_text("Maya")).to_have_count(0)


@pytest.mark.requirement("browser:claim:warn")
def test_before_a_claim_ends_that_is_said_once(office: Office) -> None:
    office.take("maya", "US128", 3)
    page = on_clock(office)
    region = page.get_by_role("region", name="Messages")
    warning = region.get_by_role("status").filter(has_text="Your claim on US128 ends soon")
    expect(warning).to_have_count(0)
    skip(office, page, 130)
    expect(warning).to_contain_text(re.compile(r"ends soon, at \d\d:\d\d\."))
    skip(office, page, 1)
    expect(warning).to_have_count(1)
    warning.get_by_role("button", name="Put away").click()
    page.reload()
    page.wait_for_selector("body[data-seq]")
    page.clock.run_for(40_000)
    expect(warning).to_have_count(0)
    office.take("maya", "US128", 1.6)  # renewed: another end, about which another word is due
    office.take("maya", "US129", 1.6)
    skip(office, page, 60)
    both = region.get_by_role("status").filter(has_text="2 of your claims end soon.")
    expect(both.get_by_role("listitem")).to_have_count(2)
    both.get_by_role("button", name="Renew all").click()
    expect(card(page, "US128").get_by_role("time")).to_have_text(re.compile("2[34] h left"))
    expect(card(page, "US129").get_by_role("time")).to_have_text(re.compile("2[34] h left"))
    expect(both).to_have_count(0)


@pytest.mark.requirement("browser:claim:warn")
def test_nobody_is_told_of_the_claims_of_others(office: Office) -> None:
    office.take("ada", "US128", 0.5)
    page = on_clock(office)
    page.clock.run_for(20_000)
    expect(card(page, "US128").get_by_role("time")).to_contain_text("min left")
    expect(page.get_by_role("region", name="Messages").get_by_role("status")).to_have_count(0)


@pytest.mark.requirement("browser:claim:lost")
def test_who_loses_a_claim_is_told_by_whom_and_why(office: Office) -> None:
    office.take("maya", "US128", 10)
    mine, ada = office.maya.look(), office.ada.look("/item?ref=US128")
    expect(card(mine, "US128")).to_contain_text("Maya")
    ada.get_by_role("button", name="Take over …").click()
    ada.get_by_role("dialog").get_by_role("textbox", name="Why").fill("The release needs it.")
    ada.get_by_role("dialog").get_by_role("button", name="Take over").click()
    told = say(mine, "Ada Obi took US128 over: it is no longer yours.")
    expect(mine.get_by_text("US128 was taken over by Ada Obi.")).to_have_count(0)  # said once
    told.get_by_role("button", name="See why").click()
    history = mine.get_by_role("tabpanel", name="History")
    expect(history).to_contain_text("The release needs it.")


@pytest.mark.requirement("browser:claim:lost")
def test_what_others_do_with_claims_is_said(office: Office) -> None:
    page = office.maya.look()
    office.take("ada", "US128", 10)
    expect(page.get_by_role("status").filter(has_text="US128 is held by Ada Obi.")).to_have_count(1)
    expect(page.get_by_role("region", name="Messages").get_by_role("status")).to_have_count(0)


def wait_to_be_written(office: Office) -> None:
    """Have two writes wait for the tracker, as the terminal would."""
    first = Queued(
        ref=IssueRef("rally", "US123"),
        by=ME,
        at=NOW - timedelta(minutes=20),
        seen_native="Code Review",
        seen_at=NOW,
        state=State.DONE,
        fields={"coverage": 91.0},
        remark="Done.",
        tries=3,
        error="rally does not answer.",
    )
    second = Queued(IssueRef("rally", "US122"), ME, NOW, "In-Progress", NOW, State.IN_REVIEW)
    office.store.queue(first)
    office.store.queue(second)
    office.store.log(EventKind.QUEUED, first.ref, {}, NOW)


@pytest.mark.requirement("browser:claim:queue")
@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}])
def test_writes_that_wait_are_counted_and_told(office: Office, options: dict[str, Any]) -> None:
    page = office.maya.look(**options)
    count = page.get_by_role("button", name="2 writes wait for rally")
    expect(count).to_have_count(0)
    wait_to_be_written(office)
    count.click()
    told = page.get_by_role("dialog", name="Writes that wait").get_by_role("listitem")
    expect(told).to_have_count(2)
    expect(told.first).to_contain_text("US123 to Done, coverage, a remark")
    expect(told.first).to_contain_text("tried 3 times")
    expect(told.first).to_contain_text("rally does not answer.")
    told.last.get_by_role("button", name="Open US122").click()
    expect(page.get_by_role("heading", name="Add registration endpoint")).to_be_visible()
    for write in office.store.queued():
        office.store.unqueue(write.number)
    office.store.log(EventKind.SENT, IssueRef("rally", "US123"), {}, NOW)
    expect(count).to_have_count(0)


def fact(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name="Claim").locator(f"dt:text-is('{name}') + dd")


@pytest.mark.requirement("browser:claim:panel")
def test_the_open_item_says_all_of_its_claim(office: Office) -> None:
    office.take("maya", "US128", 10)
    page = office.maya.look("/item?ref=US128")
    expect(fact(page, "Held by")).to_contain_text("Maya Rao · 10 h left")
    expect(fact(page, "Since")).to_have_text("Nov 20, 2026, 12:00 PM")
    expect(fact(page, "Until")).to_have_text("Nov 20, 2026, 10:00 PM")
    expect(fact(page, "Decided by")).to_contain_text("fence 1")
    fact(page, "Decided by").get_by_role("button", name="What decides").click()
    meaning = page.get_by_role("dialog", name="What decides")
    expect(meaning).to_contain_text("store:local, gives a story to one person at a time")
    expect(meaning).to_contain_text("The fence rises each time the story is taken")
    page.keyboard.press("Escape")
    expect(meaning).to_have_count(0)
    expect(fact(page, "Branch")).to_contain_text("story/US-128")
    claim = page.get_by_role("region", name="Claim")
    expect(claim.get_by_role("button", name="Copy the branch")).to_be_visible()
    expect(claim).to_contain_text("pan checkout story=US128 resume=true")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    claim.get_by_role("button", name="Copy the command").click()
    say(page, "It is on the clipboard.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "pan checkout story=US128 resume=true"
    page.get_by_role("button", name="Give back").press("Enter")
    say(page, "US128 is given back")
    expect(claim).to_have_count(0)
    expect(page.get_by_role("button", name="State: Backlog")).to_be_focused()
    page.get_by_role("complementary").get_by_role("button", name="Check out", exact=True).click()
    expect(fact(page, "Decided by")).to_contain_text("fence 2")
    page.get_by_role("button", name="Renew", exact=True).click()
    say(page, "US128 is yours until")


@pytest.mark.requirement("browser:claim:panel")
def test_of_others_the_open_item_offers_to_take_over_alone(office: Office) -> None:
    office.take("ada", "US128", 10)
    panel = office.maya.look("/item?ref=US128").get_by_role("complementary")
    expect(panel.get_by_role("button", name="Take over …")).to_be_visible()
    for name in ("Give back", "Renew", "Check out"):
        expect(panel.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(panel).not_to_contain_text("resume=true")


@pytest.mark.requirement("browser:claim:here-only")
def test_a_column_that_only_we_keep_is_marked(office: Office) -> None:
    ref = IssueRef("rally", "US128")
    office.store.keep_here(ref, Here(None, State.PLANNING, "Defined", State.BACKLOG), NOW)
    page = office.maya.look()
    planned = column(page, "Planning").get_by_role("listitem", name="US128")
    expect(planned).to_have_accessible_name(re.compile("Planning here only"))
    mark = planned.get_by_text("here only")
    expect(mark).to_have_attribute("title", re.compile("rally has no word for Planning"))
    page.goto(f"{office.maya.ready['url']}/?view=list")
    expect(page.get_by_role("row", name="US128").get_by_text("here only")).to_be_visible()
    expect(page.get_by_text("here only")).to_have_count(1)


@pytest.mark.requirement("browser:claim:nobody")
def test_where_nobody_decides_cards_are_taken_as_before(tmp_path: Path, chromium: Browser) -> None:
    for desk in acting_at(tmp_path, chromium):
        page = desk.look()
        expect(page.get_by_role("button", name="Check out")).to_have_count(0)
        card(page, "US129").click(button="right")
        shut = option(page, "Actions for US129", "Check out")
        expect(shut).to_have_attribute("aria-disabled", "true")
        expect(shut).to_contain_text("Nobody decides claims here yet: pan init chooses who does.")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Take US128").click()
        say(page, "US128 is yours and in progress")


@pytest.mark.requirement("browser:claim:filters")
def test_mine_held_and_free(office: Office) -> None:
    office.take("maya", "US128")
    office.take("ada", "US129")
    office.clock.skip(1)
    page = office.maya.look()
    board = page.get_by_role("main").get_by_role("listitem")
    page.get_by_role("button", name="Mine").click()
    expect(card(page, "US129")).to_have_count(0)
    keys = {"US128", "US126", "US120"}  # held, held, and assigned to her
    expect(board.filter(has_text=re.compile("^(US|DE)")).or_(board)).to_have_count(len(keys))
    for key in keys:
        expect(card(page, key)).to_have_count(1)
    for question, wanted in {"is:held": "US129", "is:free": "DE31"}.items():
        page.goto(f"{office.maya.ready['url']}/?q={question}")
        expect(card(page, wanted)).to_have_count(1)
        expect(card(page, "DE31" if wanted == "US129" else "US129")).to_have_count(0)


def told_of_another(office: Office, page: Page) -> Locator:
    """Check out what another has taken, of whom this page has not heard."""
    page.goto(f"{office.maya.ready['url']}/item?ref=US128")
    panel = page.get_by_role("complementary")
    free = panel.get_by_role("button", name="Check out", exact=True)
    expect(free).to_be_visible()
    hears_nothing(page)
    office.take("ada", "US128", 17)
    free.click()
    return refuse(page, "US128 is held by Ada Obi.")


@pytest.mark.requirement("browser:claim:a11y")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [{}, {"viewport": PHONE, "has_touch": True}])
def test_claims_have_no_serious_fault(office: Office, scheme: str, options: dict[str, Any]) -> None:
    office.take("maya", "US129", 0.5)
    wait_to_be_written(office)
    ref = IssueRef("rally", "DE31")
    office.store.keep_here(ref, Here(None, State.PLANNING, "Defined", State.BACKLOG), NOW)
    page = office.maya.look(color_scheme=scheme, **options)
    expect(page.get_by_role("status").filter(has_text="ends soon")).to_have_count(1)
    assert faults(page) == []
    told_of_another(office, page)
    assert faults(page) == []
    page.goto(f"{office.maya.ready['url']}/item?ref=US129")
    expect(page.get_by_role("region", name="Claim")).to_be_visible()
    assert faults(page) == []
    page.goto(f"{office.maya.ready['url']}/item?ref=US128")
    page.get_by_role("button", name="Take over …").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []


@pytest.mark.requirement("browser:claim:phone")
def test_on_a_phone_another_is_taken_by_touch(office: Office) -> None:
    office.add("US130", "A story whose title is far too long for the width of any phone there is")
    page = office.maya.look(viewport=PHONE, has_touch=True)
    told = told_of_another(office, page)
    for button in told.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    told.get_by_role("button", name="Check out US130").tap()
    say(page, "US130 is yours")
    assert (held_by(office, "US130"), held_by(office, "US128")) == (ME, ADA)
