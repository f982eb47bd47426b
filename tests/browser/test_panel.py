"""The open item: opened, walked, moved, given; what it shows and where that comes from."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.errors import NotFound, Retriable
from panopticon.model.form import Revision
from panopticon.model.issue import Comment, Kind, State
from tests.browser.acting import Acting, acting_at, card, focus, option, say
from tests.browser.test_accessibility import faults
from tests.web.fakes import NOW, kept, story
from tests.web.trackers import ADA

pytestmark = pytest.mark.browser
SOON = 2_000
EVIL = "<img src=x onerror=alert(1)><script>alert(1)</script>\"' onmouseover=alert(1) 🐈"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Acting]:
    yield from acting_at(tmp_path, chromium)


def opened(page: Page) -> Locator:
    return page.get_by_role("complementary")


def heading(page: Page) -> Locator:
    return opened(page).get_by_role("heading", level=2)


@pytest.mark.requirement("web:panel:tabs")
def test_tabs_stand_in_the_address_and_obey_keys(desk: Acting) -> None:
    page = desk.look("/item?ref=US121&tab=history")
    tabs = opened(page).get_by_role("tablist").get_by_role("tab")
    expect(tabs).to_have_text(["Detail", "Fields", "History"])
    history = opened(page).get_by_role("tab", name="History")
    expect(history).to_have_attribute("aria-selected", "true")
    history.focus()
    page.keyboard.press("ArrowRight")
    expect(opened(page).get_by_role("tab", name="Detail")).to_be_focused()
    expect(opened(page).get_by_role("tabpanel", name="Detail")).to_contain_text("Step 2")
    expect(page).to_have_url(re.compile(r"/item\?ref=US121$"))
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("tab=fields$"))
    page.reload()
    expect(opened(page).get_by_role("tabpanel", name="Fields")).to_contain_text("Points")
    expect(opened(page).get_by_role("tabpanel")).to_have_count(1)


@pytest.mark.requirement("web:panel:focus")
def test_a_key_leads_to_the_title_and_a_click_leaves_the_focus(desk: Acting) -> None:
    page = desk.look()
    focus(page, "US128")
    page.keyboard.press("Enter")
    expect(heading(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page, "US128").get_by_role("link").first).to_be_focused()
    card(page, "US121").click()
    expect(heading(page)).to_have_text("Add login endpoint")
    expect(heading(page)).not_to_be_focused()
    opened(page).get_by_role("button", name="Close").click()
    expect(opened(page)).to_be_hidden()


@pytest.mark.requirement("web:panel:walk")
def test_the_items_are_walked_as_the_board_shows_them(desk: Acting) -> None:
    page = desk.look("/item?ref=US121")
    expect(heading(page)).to_have_text("Add login endpoint")
    page.keyboard.press("]")
    expect(heading(page)).to_have_text("Add registration endpoint")
    opened(page).get_by_role("button", name="Previous item").click()
    expect(heading(page)).to_have_text("Add login endpoint")
    page.keyboard.press("[")
    expect(heading(page)).to_have_text("Add OAuth integration")


@pytest.mark.requirement("web:panel:wide")
def test_the_panel_takes_the_full_width(desk: Acting) -> None:
    page = desk.look("/item?ref=US121")
    wide = opened(page).get_by_role("button", name="Full width")
    wide.click()
    expect(wide).to_have_attribute("aria-pressed", "true")
    assert opened(page).evaluate("(e) => e.offsetWidth") > 1300
    wide.click()
    assert opened(page).evaluate("(e) => e.offsetWidth") == 548


@pytest.mark.requirement("web:panel:move")
def test_the_state_opens_the_columns_with_reasons(desk: Acting) -> None:
    desk.tracker.closed["US128"] = State.DONE
    page = desk.look("/item?ref=US128")
    state = opened(page).get_by_role("button", name="State: Backlog. Move to …")
    state.click()
    expect(option(page, "Move US128 to", "Done")).to_contain_text("code review first")
    option(page, "Move US128 to", "In review").click()
    moved = opened(page).get_by_role("button", name="State: In review. Move to …")
    expect(moved).to_be_focused()
    say(page, "US128 moved to In review")
    assert desk.state("US128") is State.IN_REVIEW
    expect(opened(page)).to_contain_text("Code Review")


@pytest.mark.requirement("web:panel:assign")
def test_whose_it_is_is_changed_in_place(desk: Acting) -> None:
    page = desk.look("/item?ref=US123")
    opened(page).get_by_role("button", name="Assigned to Ada Obi. Change").click()
    option(page, "Assign US123 to", "Me").click()
    mine = opened(page).get_by_role("button", name="Assigned to Maya Rao. Change")
    expect(mine).to_be_visible()
    say(page, "US123 assigned to Maya Rao")
    assert desk.tracker.get("US123").assignee == desk.tracker.me


@pytest.mark.requirement("web:panel:take")
def test_a_free_item_is_taken(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    opened(page).get_by_role("button", name="Take").click()
    expect(opened(page).get_by_role("button", name="State: In progress")).to_be_visible()
    expect(opened(page).get_by_role("button", name="Take")).to_have_count(0)
    assert desk.tracker.get("US128").assignee == desk.tracker.me
    page.goto(f"{desk.ready['url']}/item?ref=US121")
    expect(heading(page)).to_have_text("Add login endpoint")
    expect(opened(page).get_by_role("button", name="Take")).to_have_count(0)


@pytest.mark.requirement("web:panel:delete")
def test_an_item_is_deleted_after_a_question(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    opened(page).get_by_role("button", name="More for US128").click()
    option(page, "More for US128", "Delete").click()
    option(page, "Delete US128?", "Keep it").click()
    expect(heading(page)).to_have_text("Add password reset")
    opened(page).get_by_role("button", name="More for US128").click()
    option(page, "More for US128", "Delete").click()
    option(page, "Delete US128?", "Delete US128").click()
    say(page, "US128 deleted in rally")
    expect(opened(page)).to_be_hidden()
    expect(card(page, "US128")).to_have_count(0)
    with pytest.raises(NotFound):
        desk.tracker.get("US128")


@pytest.mark.requirement("web:panel:history")
def test_the_history_says_who_when_and_what(desk: Acting) -> None:
    desk.tracker.revisions.append(Revision(NOW, ADA, "PLAN ESTIMATE changed from [3] to [5]"))
    page = desk.look("/item?ref=US128")
    moved = story("US128", "Add password reset", State.IN_REVIEW)
    desk.store.put(replace(moved, updated_at=NOW), NOW)
    opened(page).get_by_role("tab", name="History").click()
    entries = opened(page).get_by_role("tabpanel", name="History").get_by_role("listitem")
    told = entries.filter(has_text="Points 3 → 5")
    expect(told.first).to_contain_text("Ada Obi")
    expect(told.first).to_contain_text("from the tracker")
    seen = entries.filter(has_text="Backlog → In review")
    expect(seen.first).to_contain_text("seen by this board")
    expect(seen.first).to_contain_text(" ago")


@pytest.mark.requirement("web:panel:comments")
def test_a_comment_is_sent_and_a_failed_one_stays(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    box = opened(page).get_by_role("textbox", name="Write a comment")
    box.fill("Not **yet**.")
    desk.tracker.fault = Retriable("rally is away.", "Try again later.")
    page.keyboard.press("Control+Enter")
    alert = opened(page).get_by_role("alert").filter(has_text="Not sent: rally is away.")
    expect(alert).to_be_visible()
    expect(box).to_have_value("Not **yet**.")
    page.keyboard.press("Escape")
    opened(page).get_by_role("button", name="Close").click()
    card(page, "US128").click()
    expect(box).to_have_value("Not **yet**.")
    card(page, "US121").click()
    expect(heading(page)).to_have_text("Add login endpoint")
    expect(box).to_have_value("")
    card(page, "US128").click()
    desk.tracker.fault = None
    expect(box).to_have_value("Not **yet**.")
    opened(page).get_by_role("button", name="Comment", exact=True).click()
    comments = opened(page).get_by_role("region", name="Comments")
    expect(comments.get_by_role("listitem").filter(has_text="Not yet.")).to_have_count(1)
    expect(box).to_have_value("")
    assert [said.body for said in desk.tracker.comments("US128")] == ["Not **yet**."]


@pytest.mark.requirement("web:panel:comments:fresh")
def test_newer_comments_come_from_the_tracker(desk: Acting) -> None:
    us128 = kept(desk.store, "US128")
    desk.store.put_comments(us128.ref, [Comment("1", ADA, "Kept here.", NOW)])
    desk.tracker.comment("US128", "Said meanwhile.")
    page = desk.look("/item?ref=US128")
    comments = opened(page).get_by_role("region", name="Comments")
    expect(comments).to_contain_text("Said meanwhile.")
    desk.tracker.fault = Retriable("rally is away.", "Try again later.")
    page.reload()
    expect(comments).to_contain_text("These are the ones kept here: rally is away.")
    expect(comments).to_contain_text("Said meanwhile.")


@pytest.mark.requirement("web:panel:phone")
def test_on_a_phone_the_panel_is_the_page(desk: Acting) -> None:
    full = replace(kept(desk.store, "US121"), body="- [ ] one", labels=("auth",))
    desk.store.put(full, NOW)
    page = desk.look("/item?ref=US121", viewport=PHONE, has_touch=True)
    expect(opened(page)).to_contain_text("Step 2")
    assert opened(page).evaluate("(e) => e.offsetWidth") == PHONE["width"]
    for tab in ("Detail", "Fields", "History"):
        opened(page).get_by_role("tab", name=tab).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        small = page.eval_on_selector_all(
            "#panel :is(button, a, select, input:not([type=checkbox]), textarea)",
            "all => all.filter(e => e.offsetParent && e.offsetHeight < 44 && !e.closest('.prose')"
            " && !e.closest('.within')).map(e => e.outerHTML.slice(0, 120))",
        )
        assert small == []


@pytest.mark.requirement("web:panel:a11y")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_panel_at_work(desk: Acting, scheme: str) -> None:
    full = replace(kept(desk.store, "US121"), body="- [ ] one\n- [x] two", labels=("auth",))
    desk.tracker.put(full)
    desk.store.put(full, NOW)
    desk.tracker.comment("US121", "Said.")
    page = desk.look("/item?ref=US121", color_scheme=scheme)
    expect(opened(page)).to_contain_text("Said.")
    assert faults(page) == []
    opened(page).get_by_role("button", name="Edit title").click()
    page.keyboard.type("!")
    page.keyboard.press("Escape")
    opened(page).get_by_role("button", name="Edit description").click()
    assert faults(page) == []
    opened(page).get_by_role("tab", name="History").click()
    expect(opened(page).get_by_role("tabpanel")).to_contain_text("First seen")
    assert faults(page) == []
    opened(page).get_by_role("tab", name="Fields").click()
    for label in ("Labels", "Points", "Assignee", "Team"):
        opened(page).get_by_role("button", name=f"Edit {label}").click()
    assert faults(page) == []
    opened(page).get_by_role("tab", name="Fields").focus()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New item")
    dialog.get_by_text("More fields").click()
    dialog.get_by_role("textbox", name="Title").focus()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Title is needed.")
    assert faults(page) == []


@pytest.mark.requirement("web:browser:hostile")
def test_markup_in_any_field_stays_text_wherever_one_writes(desk: Acting) -> None:
    bad = replace(
        story("US666", EVIL, labels=(EVIL,), body=EVIL, acceptance_criteria=f"- [ ] {EVIL}"),
        custom={"c_Team": EVIL, EVIL: EVIL},
        native_state=EVIL,
        version="1",
    )
    step = replace(story("TA66", EVIL), kind=Kind.TASK, parent=bad.ref, version="1")
    for issue in (bad, step):
        desk.tracker.put(issue)
        desk.store.put(issue, NOW)
    desk.tracker.comment("US666", EVIL)
    desk.tracker.revisions.append(Revision(NOW, EVIL, EVIL))
    page = desk.look("/item?ref=US666")
    expect(opened(page).get_by_role("checkbox")).to_have_count(2)
    opened(page).get_by_role("button", name="Edit description").click()
    opened(page).get_by_role("button", name="Edit title").click()
    page.keyboard.type("!")
    desk.tracker.by_ada("US666", {"title": EVIL * 2}, EVIL)
    page.keyboard.press("Enter")
    expect(opened(page).get_by_role("button", name="Write mine")).to_be_visible()
    opened(page).get_by_role("tab", name="History").click()
    expect(opened(page).get_by_role("tabpanel")).to_contain_text("onerror")
    opened(page).get_by_role("tab", name="Fields").click()
    opened(page).get_by_role("button", name="Edit Labels").click()
    opened(page).get_by_role("button", name="Edit Team").click()
    expect(opened(page).get_by_role("term").filter(has_text="onerror")).to_have_count(1)
    page.keyboard.press("c")
    assert page.locator("main img, main script, #panel img, #panel script, dialog img").count() == 0
    assert page.locator("[onerror], [onmouseover], a[href^='javascript']").count() == 0


@pytest.mark.requirement("web:panel:key")
def test_the_key_is_copied(desk: Acting) -> None:
    page = desk.look("/item?ref=US121", permissions=["clipboard-read", "clipboard-write"])
    opened(page).get_by_role("button", name="Copy US121").click()
    say(page, "US121 is on the clipboard.")
    assert page.evaluate("navigator.clipboard.readText()") == "US121"
