"""What the board says of claims stays true: what is settled goes, marks follow the claim."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from panopticon.model.claim import Act, Ask
from panopticon.model.issue import State
from panopticon.model.ref import IssueRef
from panopticon.services.claim import shown
from tests.browser.acting import card, drag, focus, option, refuse, say
from tests.browser.claiming import PHONE, Office, hears_nothing, office_at
from tests.web.trackers import ME

pytestmark = pytest.mark.browser


@pytest.fixture
def office(tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    with office_at(tmp_path, chromium) as office:
        yield office


def refused_to_maya(office: Office, path: str = "/", **options: object) -> Locator:
    """Have Maya ask for what Ada took before her page heard of it; from then on it hears again."""
    page = office.maya.look(path, **options)
    hears_nothing(page)
    office.take("ada", "US128", 17)
    name = "Check out" if "item" in path else "Check out US128"
    page.get_by_role("button", name=name, exact=True).click()
    told = refuse(page, "US128 is held by Ada Obi.")
    page.unroute_all()
    return told


@pytest.mark.requirement("browser:claim:settled")
def test_a_refusal_goes_when_its_story_is_free_again(office: Office) -> None:
    told = refused_to_maya(office)
    office.add("US130", "Add a sign-out link")  # news: it reads the board again
    expect(card(told.page, "US128")).to_contain_text("left")
    expect(told).to_be_visible()
    at, ref = office.desks["ada"], IssueRef("rally", "US128")
    claim = at.arbiter.ask(Ask(Act.RELEASE, at.key(ref), at.holder, at.session, fence=1))
    shown.learn(at, ref, claim, Act.RELEASE)
    shown.show(at, ref, claim)
    expect(told).to_have_count(0)


@pytest.mark.requirement("browser:claim:settled")
def test_a_refusal_goes_when_one_holds_what_it_offered(office: Office) -> None:
    told = refused_to_maya(office)
    expect(told).to_contain_text("US129")
    told.page.get_by_role("main").get_by_role("button", name="Check out US129").click()
    say(told.page, "US129 is yours")
    expect(told).to_have_count(0)


@pytest.mark.requirement("browser:claim:settled")
@pytest.mark.parametrize("width", [960, 1024, 1300])
def test_a_refusal_stands_beside_the_open_item(office: Office, width: int) -> None:
    told = refused_to_maya(office, "/item?ref=US128", viewport={"width": width, "height": 800})
    expect(told).to_contain_text("Free instead")
    box, panel = told.bounding_box(), told.page.get_by_role("complementary").bounding_box()
    assert box
    assert panel
    assert 0 <= box["x"] < box["x"] + box["width"] <= panel["x"]


@pytest.mark.requirement("browser:claim:settled")
def test_on_a_phone_the_open_item_scrolls_on_from_under_a_refusal(office: Office) -> None:
    told = refused_to_maya(office, "/item?ref=US128", viewport=PHONE)
    expect(told).to_contain_text("Free instead")
    panel = told.page.get_by_role("complementary")
    panel.get_by_role("tabpanel").evaluate("sheet => sheet.scrollTo(0, sheet.scrollHeight)")
    last, box = panel.get_by_role("region", name="Comments").bounding_box(), told.bounding_box()
    assert last
    assert box
    assert last["y"] + last["height"] <= box["y"]


@pytest.mark.requirement("browser:claim:panel")
def test_the_history_spells_times_as_the_panel_does(office: Office) -> None:
    office.take("ada", "US128", 10)
    told = office.maya.look("/item?ref=US128&tab=history").get_by_role("complementary")
    expect(told).to_contain_text("Checked it out until Nov 20, 2026, 10:00 PM (fence 1).")
    expect(told).not_to_contain_text("UTC")


@pytest.mark.requirement("browser:claim:edge")
def test_the_edge_marks_what_one_holds_and_not_what_another_does(office: Office) -> None:
    ref = IssueRef("rally", "US128")
    office.maya.tracker.update("US128", {"assignee": ME})
    office.store.put(office.maya.tracker.get("US128"), office.clock())
    page = office.maya.look()
    edged = "e => getComputedStyle(e, '::before').content !== 'none'"
    assert card(page, "US128").evaluate(edged)  # assigned to her, held by nobody
    office.take("ada", "US128")
    expect(card(page, "US128")).to_contain_text("Ada")
    assert not card(page, "US128").evaluate(edged)
    office.take("maya", "US129")
    expect(card(page, "US129")).to_contain_text("Maya")
    assert card(page, "US129").evaluate(edged)
    stored = office.store.issue(ref)
    assert stored
    assert stored.assignee == ME


@pytest.mark.requirement("browser:claim:note")
def test_a_column_that_would_be_kept_here_says_so(office: Office) -> None:
    shape = office.maya.tracker._shape
    words = dict(shape.words)
    del words[State.PLANNING]
    office.maya.tracker._shape = replace(shape, words=words)
    page = office.maya.look()
    focus(page, "US128")
    page.keyboard.press("m")
    planning = option(page, "Move US128 to", "Planning")
    expect(planning).to_contain_text("Planning is kept here only: rally has no word for it")
    expect(planning).not_to_have_attribute("aria-disabled", "true")
    expect(option(page, "Move US128 to", "In review")).not_to_contain_text("kept here")
    page.keyboard.press("Escape")
    drag(page, "US128", "Planning", drop=False)
    expect(page.get_by_text("Planning is kept here only")).to_be_visible()
    page.mouse.up()
    say(page, "US128 moved to Planning")
    expect(card(page, "US128", "Planning")).to_contain_text("here only")


@pytest.mark.requirement("browser:claim:panel")
def test_the_demo_names_its_own_command(office: Office) -> None:
    office.take("maya", "US128")
    ctx = office.desks["maya"].ctx
    ctx.config = replace(ctx.config, is_demo=True)
    claim = office.maya.look("/item?ref=US128").get_by_role("region", name="Claim")
    expect(claim).to_contain_text("pan --demo checkout story=US128 resume=true")
