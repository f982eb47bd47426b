"""A new item is made from the board."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.config import Config, Source
from panopticon.errors import InvalidInput
from panopticon.model.issue import Kind
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.store.base import SyncRecord
from panopticon.trackers.base import Place, Tracker
from panopticon.trackers.memory import MemoryTracker
from tests.browser.acting import Acting, TeamAtWork, acting_at, card, say
from tests.web.fakes import NOW, team_store
from tests.web.served import served
from tests.web.trackers import ME, Clock

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Acting]:
    yield from acting_at(tmp_path, chromium)


def begun(page: Page) -> Locator:
    """Open the dialog by its key, and wait until it has asked for the fields."""
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New item")
    expect(dialog.get_by_role("textbox", name="Title")).to_be_focused()
    return dialog


@pytest.mark.requirement("web:create:fields")
def test_what_is_needed_comes_first(desk: Acting) -> None:
    page = desk.look()
    dialog = begun(page)
    expect(dialog.get_by_role("textbox").first).to_have_accessible_name("Title · needed")
    expect(dialog.get_by_role("textbox", name="Title")).to_have_attribute("aria-required", "true")
    expect(dialog.get_by_role("textbox", name="Description")).to_be_visible()
    expect(dialog.get_by_label("Points")).to_be_hidden()
    dialog.get_by_text("More fields").click()
    expect(dialog.get_by_label("Points")).to_be_visible()
    expect(dialog.get_by_label("Team")).to_be_visible()


@pytest.mark.requirement("web:create:made")
def test_a_new_item_is_on_the_board_and_opens(desk: Acting) -> None:
    page = desk.look()
    page.get_by_role("button", name="New").click()
    dialog = page.get_by_role("dialog", name="New item")
    dialog.get_by_role("textbox", name="Title").fill("Sign in with a passkey")
    dialog.get_by_role("textbox", name="Description").fill("No **passwords**.")
    dialog.get_by_text("More fields").click()
    dialog.get_by_label("Points").fill("5")
    dialog.get_by_label("Team").select_option("Green")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(card(page, "US901", "Backlog")).to_contain_text("Sign in with a passkey")
    say(page, "US901 created in rally").get_by_role("button", name="Open").click()
    panel = page.get_by_role("complementary", name="Sign in with a passkey")
    expect(panel).to_contain_text("No passwords.")
    made = desk.tracker.get("US901")
    assert (made.points, made.custom["c_Team"], made.kind) == (5.0, "Green", Kind.STORY)


@pytest.mark.requirement("web:create:filters")
def test_it_begins_as_the_filters_suggest(desk: Acting) -> None:
    page = desk.look("/?epic=F17&assignee=me&kind=defect")
    dialog = begun(page)
    expect(dialog.get_by_role("combobox", name="Kind")).to_have_value("defect")
    expect(dialog.get_by_role("textbox", name="Parent")).to_have_value("F17")
    expect(dialog.get_by_label("Assignee")).to_have_value(desk.tracker.me)
    page.keyboard.type("Crash on start")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    made = desk.tracker.get("DE901")
    assert (made.parent, made.assignee) == (IssueRef("rally", "F17"), desk.tracker.me)


@pytest.mark.requirement("web:create:needed")
def test_what_is_missing_is_said_beside_its_field(desk: Acting) -> None:
    page = desk.look()
    dialog = begun(page)
    dialog.get_by_role("button", name="Create").click()
    title = dialog.get_by_role("textbox", name="Title")
    expect(dialog.get_by_role("alert").filter(has_text="Title is needed.")).to_be_visible()
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    assert "create" not in desk.tracker.asked


@pytest.mark.requirement("web:create:refused:told")
def test_a_refusal_loses_nothing(desk: Acting) -> None:
    page = desk.look()
    dialog = begun(page)
    page.keyboard.type("A good idea")
    desk.tracker.fault = InvalidInput("Nobody is so called.", "Use an email.", field="assignee")
    page.keyboard.press("Enter")
    why = dialog.get_by_role("alert").filter(has_text="Nobody is so called. Use an email.")
    expect(why).to_be_visible()
    expect(dialog.get_by_label("Assignee")).to_be_focused()
    expect(dialog.get_by_role("textbox", name="Title")).to_have_value("A good idea")
    desk.tracker.fault = InvalidInput("The project is closed.", "Choose another.")
    page.keyboard.press("Control+Enter")
    expect(dialog.get_by_role("alert").filter(has_text="The project is closed.")).to_be_visible()
    desk.tracker.fault = None
    page.keyboard.press("Control+Enter")
    expect(card(page, "US901")).to_contain_text("A good idea")


@pytest.mark.requirement("web:create:draft")
def test_what_was_typed_comes_back(desk: Acting) -> None:
    page = desk.look()
    dialog = begun(page)
    page.keyboard.type("Half an idea")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    say(page, "What you typed is kept for the next new item.")
    page.reload()
    page.wait_for_selector("body[data-seq]")
    dialog = begun(page)
    expect(dialog.get_by_role("textbox", name="Title")).to_have_value("Half an idea")
    dialog.get_by_role("button", name="Start anew").click()
    expect(dialog.get_by_role("textbox", name="Title")).to_have_value("")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    dialog = begun(page)
    expect(dialog.get_by_role("textbox", name="Title")).to_have_value("")
    expect(page).to_have_url(re.compile("/$"))


@pytest.mark.requirement("web:create:kinds:other")
def test_another_kind_asks_for_its_own_fields(desk: Acting) -> None:
    page = desk.look()
    dialog = begun(page)
    page.keyboard.type("A crash")
    expect(dialog.get_by_label("Due")).to_have_count(0)
    kind = dialog.get_by_role("combobox", name="Kind")
    kind.focus()
    kind.select_option(label="Defect")
    expect(dialog.get_by_label("Due")).to_have_count(1)
    expect(dialog.get_by_role("textbox", name="Title")).to_have_value("A crash")
    expect(kind).to_be_focused()
    expect(dialog.get_by_label("Blocked", exact=True)).to_be_hidden()
    dialog.get_by_role("button", name="Create").click()
    expect(card(page, "DE901")).to_contain_text("A crash")


@pytest.mark.requirement("web:create:projects")
def test_of_several_projects_one_is_chosen(desk: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    projects = [Place("project", "2", "Accounts", "1"), Place("project", "3", "Billing", "1")]
    monkeypatch.setattr(desk.tracker, "places", lambda: projects)
    page = desk.look()
    dialog = begun(page)
    page.keyboard.type("Pay by card")
    project = dialog.get_by_role("combobox", name="Project")
    project.select_option("Billing")
    expect(dialog.get_by_role("textbox", name="Title")).to_have_value("Pay by card")
    dialog.get_by_role("button", name="Create").click()
    expect(card(page, "US901")).to_contain_text("Pay by card")
    assert desk.tracker.get("US901").project == "Billing"


@pytest.mark.requirement("web:create:trackers")
def test_of_several_trackers_one_is_chosen(tmp_path: Path, chromium: Browser) -> None:
    store, clock = team_store(), Clock()
    store.record_sync(SyncRecord("stories", NOW, NOW, NOW, None))
    team, other = TeamAtWork(clock, store), MemoryTracker(clock, "stories")
    trackers = {"rally": team, "stories": other}
    sources = tuple(Source(name, "rally", secret="good") for name in trackers)
    config = Config(home=tmp_path, folder=tmp_path / "northwind", sources=sources, me=ME)
    ctx = Context(config, lambda _: store, lambda s: cast("Tracker", trackers[s.name]), clock)
    with served(ctx) as (dashboard, ready):
        desk = Acting(team, store, chromium, dashboard, ready)
        dialog = begun(desk.look())
        tracker = dialog.get_by_role("combobox", name="Tracker")
        expect(tracker).to_have_value("rally")
        expect(dialog.get_by_label("Team")).to_have_count(1)
        tracker.select_option("stories")
        expect(dialog.get_by_label("Team")).to_have_count(0)
        dialog.get_by_role("textbox", name="Title").fill("A story in a file")
        dialog.get_by_role("button", name="Create").click()
        expect(dialog).to_be_hidden()
        desk.close()
    assert other.get("US1").title == "A story in a file"
    assert "create" not in team.asked
