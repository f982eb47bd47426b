"""The open item is written to: in place, one field at a time, against others who write too."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.issue import IssueFields, State
from panopticon.model.ref import IssueRef
from tests.browser.acting import Acting, acting_at, card, say
from tests.web.fakes import NOW, kept, remove

pytestmark = pytest.mark.browser
SOON = 2_000
LONG = "\n\n".join(f"Paragraph {number} of a long description." for number in range(60))


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Acting]:
    yield from acting_at(tmp_path, chromium)


def opened(page: Page) -> Locator:
    return page.get_by_role("complementary")


def begin(page: Page, what: str) -> Locator:
    """Open the editor of a field of the head or the detail."""
    opened(page).get_by_role("button", name=f"Edit {what.lower()}").click()
    return opened(page).get_by_role("textbox", name=what)


def row(page: Page, label: str) -> Locator:
    """Find a field of the second tab."""
    return opened(page).get_by_role("group", name=label, exact=True)


def by_ada(desk: Acting, key: str, fields: IssueFields) -> None:
    """Write at the tracker as Ada, and let the board see it."""
    desk.tracker.by_ada(key, fields)
    desk.store.put(desk.tracker.get(key), NOW)


@pytest.mark.requirement("web:panel:title")
def test_the_title_is_edited_in_place(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    box = begin(page, "Title")
    box.fill("Reset a password")
    page.keyboard.press("Enter")
    expect(opened(page).get_by_role("heading", level=2)).to_have_text("Reset a password")
    expect(opened(page).get_by_role("button", name="Edit title")).to_be_focused()
    expect(card(page, "US128")).to_contain_text("Reset a password")
    assert desk.tracker.get("US128").title == "Reset a password"
    begin(page, "Title")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    begin(page, "Title").fill("Half a")
    page.keyboard.press("Escape")
    expect(opened(page)).to_contain_text("What you typed is not saved.")
    expect(box).to_have_value("Half a")
    opened(page).get_by_role("button", name="Throw it away").click()
    expect(opened(page).get_by_role("heading", level=2)).to_have_text("Reset a password")
    assert len(desk.tracker.written) == 1


@pytest.mark.requirement("web:panel:text")
def test_a_description_is_written_as_markdown(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    begin(page, "Description").fill("A **visitor** signs up.")
    page.keyboard.press("Control+Enter")
    shown = opened(page).get_by_role("tabpanel", name="Detail")
    expect(shown).to_contain_text("A visitor signs up.")
    expect(shown.locator("strong", has_text="visitor")).to_be_visible()
    assert desk.tracker.get("US128").body == "A **visitor** signs up."
    say(page, "US128 description changed in rally")
    page.get_by_role("button", name="Undo").click()
    expect(shown).to_contain_text("Add a description")
    assert desk.tracker.get("US128").body == ""


@pytest.mark.requirement("web:panel:ticks")
def test_a_box_is_ticked_and_nothing_else_is_rewritten(desk: Acting) -> None:
    text = (
        "Must:\n\n```\n- [ ] not a box\n```\n\n"
        "- [ ] answers **409**\n  1. [x] says why\n- [ ] is *fast*\n"
    )
    full = replace(kept(desk.store, "US128"), acceptance_criteria=text)
    desk.tracker.put(full)
    desk.store.put(full, NOW)
    page = desk.look("/item?ref=US128")
    box = opened(page).get_by_role("checkbox", name="is fast")
    box.click()
    expect(box).to_be_checked()
    expect(box).to_be_enabled()
    wanted = text.replace("- [ ] is *fast*", "- [x] is *fast*")
    assert desk.tracker.get("US128").acceptance_criteria == wanted
    desk.tracker.refused["US128"] = "The criteria are frozen."
    nested = opened(page).get_by_role("checkbox", name="says why")
    expect(nested).to_be_checked()
    nested.click()
    expect(opened(page).get_by_role("alert").filter(has_text="frozen")).to_be_visible()
    expect(nested).to_be_checked()


@pytest.mark.requirement("web:panel:tasks")
def test_a_step_is_ticked_at_once_and_back_when_refused(desk: Acting) -> None:
    page = desk.look("/item?ref=US121")
    tasks = opened(page).get_by_role("region", name="Tasks")
    desk.tracker.gate.clear()
    step = tasks.get_by_role("checkbox", name="Step 2")
    step.click()
    expect(tasks).to_contain_text("Tasks · 3 of 3")
    expect(tasks).to_contain_text("Saving …")
    desk.tracker.gate.set()
    expect(tasks).not_to_contain_text("Saving …")
    expect(step).to_be_checked()
    assert desk.state("TA2") is State.DONE
    desk.tracker.refused["TA1"] = "TA1 is closed for good."
    tasks.get_by_role("checkbox", name="Step 1").click()
    expect(tasks.get_by_role("alert")).to_contain_text("TA1 is closed for good.")
    expect(tasks.get_by_role("checkbox", name="Step 1")).to_be_checked()


@pytest.mark.requirement("web:panel:step")
def test_a_step_is_added(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    box = opened(page).get_by_role("textbox", name="Add a task")
    box.fill("Write the mail")
    page.keyboard.press("Enter")
    expect(opened(page).get_by_role("checkbox", name="Write the mail")).to_be_visible()
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    assert desk.tracker.get("TA901").parent == IssueRef("rally", "US128")


@pytest.mark.requirement("web:panel:fields")
def test_every_field_has_its_control_and_is_saved_alone(desk: Acting) -> None:
    page = desk.look("/item?ref=DE31&tab=fields")
    row(page, "Points").get_by_role("button", name="Edit Points").click()
    row(page, "Points").get_by_role("textbox", name="Points").fill("2.5")
    page.keyboard.press("Enter")
    expect(row(page, "Points").get_by_role("button", name="Edit Points: 2.5")).to_be_visible()
    for label, value, shown in [
        ("Priority", "low", "low"),
        ("Assignee", "Ada Obi", "Ada Obi"),
        ("Team", "Green", "Green"),
    ]:
        row(page, label).get_by_role("button", name=f"Edit {label}").click()
        row(page, label).get_by_role("combobox", name=label).select_option(label=value)
        row(page, label).get_by_role("button", name="Save").click()
        changed = row(page, label).get_by_role("button", name=f"Edit {label}: {shown}")
        expect(changed).to_be_visible()
    row(page, "Due").get_by_role("button", name="Edit Due").click()
    row(page, "Due").get_by_label("Due", exact=True).fill("2026-12-24")
    page.keyboard.press("Enter")
    expect(row(page, "Due").get_by_role("button", name="2026")).to_be_visible()
    row(page, "Labels").get_by_role("button", name="Edit Labels").click()
    labels = row(page, "Labels").get_by_role("combobox", name="Labels")
    labels.fill("auth")
    page.keyboard.press("Enter")
    labels.fill("web")
    row(page, "Labels").get_by_role("button", name="Save").click()
    expect(row(page, "Labels").get_by_role("button", name="auth, web")).to_be_visible()
    row(page, "Blocked").get_by_role("checkbox", name="Blocked").click()
    expect(row(page, "Blocked")).to_contain_text("Yes")
    defect = desk.tracker.get("DE31")
    assert (defect.points, defect.priority, defect.assignee) == (2.5, 4, "ada.obi@example.com")
    assert (defect.labels, defect.blocked) == (("auth", "web"), True)
    assert (str(defect.due), defect.custom["c_Team"]) == ("2026-12-24", "Green")
    assert all(len(fields) == 1 for _, fields in desk.tracker.written)


@pytest.mark.requirement("web:panel:fields:read")
def test_what_cannot_be_written_is_listed_below(desk: Acting) -> None:
    odd = replace(kept(desk.store, "DE31"), custom={"c_Build": "4.2", "c_Team": "Blue"})
    desk.store.put(odd, NOW)
    page = desk.look("/item?ref=DE31&tab=fields")
    expect(row(page, "Team")).to_contain_text("Blue")
    terms = opened(page).get_by_role("term")
    expect(terms.filter(has_text="c_Build")).to_have_count(1)
    expect(terms.filter(has_text="c_Team")).to_have_count(0)
    expect(opened(page)).to_contain_text("c_Build4.2")
    expect(opened(page)).to_contain_text("KindDefect")


@pytest.mark.requirement("web:panel:conflict")
def test_of_two_who_save_a_title_the_second_chooses(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    begin(page, "Title").fill("Mine")
    desk.tracker.by_ada("US128", {"title": "Hers"}, "NAME changed to [Hers]")
    page.keyboard.press("Enter")
    met = opened(page).get_by_role("alert").filter(has_text="Ada Obi changed the title meanwhile.")
    expect(met).to_contain_text("Hers")
    expect(opened(page).get_by_role("textbox", name="Title")).to_have_value("Mine")
    expect(card(page, "US128")).to_contain_text("Hers")
    expect(met).to_be_visible()
    assert desk.tracker.get("US128").title == "Hers"
    met.get_by_role("button", name="Write mine").click()
    expect(opened(page).get_by_role("heading", level=2)).to_have_text("Mine")
    assert desk.tracker.get("US128").title == "Mine"
    begin(page, "Title").fill("Mine again")
    desk.tracker.by_ada("US128", {"title": "Hers again"}, "NAME changed to [Hers again]")
    page.keyboard.press("Enter")
    opened(page).get_by_role("button", name="Use theirs").click()
    expect(opened(page).get_by_role("heading", level=2)).to_have_text("Hers again")
    assert desk.tracker.get("US128").title == "Hers again"


@pytest.mark.requirement("web:panel:conflict:live")
def test_who_writes_is_told_at_once_that_the_field_changed(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    box = begin(page, "Description")
    box.fill("My words")
    by_ada(desk, "US128", {"body": "Her words"})
    met = opened(page).get_by_role("alert").filter(has_text="changed the description meanwhile")
    expect(met).to_contain_text("Her words", timeout=SOON)
    expect(box).to_have_value("My words")
    expect(box).to_be_focused()
    met.get_by_role("button", name="Write mine").click()
    expect(opened(page).get_by_role("tabpanel", name="Detail")).to_contain_text("My words")
    assert desk.tracker.get("US128").body == "My words"


@pytest.mark.requirement("web:panel:live")
def test_news_keep_the_text_the_caret_and_the_scroll(desk: Acting) -> None:
    full = replace(kept(desk.store, "US128"), acceptance_criteria=LONG)
    desk.tracker.put(full)
    desk.store.put(full, NOW)
    page = desk.look("/item?ref=US128")
    box = begin(page, "Description")
    page.keyboard.type("Half a sent")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    comment = opened(page).get_by_role("textbox", name="Write a comment")
    comment.fill("Half a comment")
    box.focus()
    sheet = opened(page).get_by_role("tabpanel", name="Detail")
    sheet.evaluate("(e) => e.scrollTo(0, 120)")
    caret, height = box.evaluate("(e) => [e.selectionStart, e.getBoundingClientRect().top]")
    by_ada(desk, "US128", {"title": "Renamed far away", "assignee": desk.tracker.me})
    heading = opened(page).get_by_role("heading", level=2)
    expect(heading).to_have_text("Renamed far away", timeout=SOON)
    expect(opened(page).get_by_role("button", name="Assigned to Maya Rao")).to_have_count(1)
    expect(box).to_have_value("Half a sent")
    expect(box).to_be_focused()
    expect(comment).to_have_value("Half a comment")
    assert box.evaluate("(e) => e.selectionStart") == caret == len("Half a sent") - 2
    assert abs(box.evaluate("(e) => e.getBoundingClientRect().top") - height) <= 1
    expect(opened(page).get_by_role("alert").filter(has_text="meanwhile")).to_have_count(0)


@pytest.mark.requirement("web:panel:facts")
def test_the_detail_shows_points_iteration_and_labels(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    detail = opened(page).get_by_role("tabpanel", name="Detail")
    expect(detail.get_by_role("button", name="Iteration: none")).to_be_visible()
    detail.get_by_role("button", name="Labels: none. Change").click()
    page.get_by_role("combobox", name="Labels of US128").fill("new one")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Apply").click()
    expect(detail.get_by_role("button", name="Labels: new one. Change")).to_be_visible()
    detail.get_by_role("button", name="Points: 3. Change in Fields").click()
    row(page, "Points").get_by_role("button", name="Edit Points").click()
    row(page, "Points").get_by_role("textbox").fill("5")
    page.keyboard.press("Enter")
    say(page, "US128 points changed to 5 in rally")


@pytest.mark.requirement("web:panel:parent")
def test_a_parent_is_found_by_key_or_title(desk: Acting) -> None:
    page = desk.look("/item?ref=DE31&tab=fields")
    parent = row(page, "Parent")
    parent.get_by_role("button", name="Edit Parent").click()
    parent.get_by_role("textbox", name="Parent").fill("no such thing")
    page.keyboard.press("Enter")
    told = "There is no item 'no such thing'. Type a key such as F17, or a part of the title."
    expect(parent.get_by_role("alert")).to_contain_text(told)
    parent.get_by_role("textbox", name="Parent").fill("F99")
    page.keyboard.press("Enter")
    expect(parent.get_by_role("alert")).to_contain_text(told.replace("no such thing", "F99"))
    assert desk.tracker.written == []
    parent.get_by_role("button", name="Find an item for Parent").click()
    page.get_by_role("combobox", name="Parent: which item?").fill("F17")
    page.keyboard.press("Enter")
    expect(parent.get_by_role("textbox", name="Parent")).to_have_value("F17")
    parent.get_by_role("button", name="Save").click()
    expect(parent.get_by_role("button", name="Edit Parent: F17")).to_be_visible()
    assert desk.tracker.get("DE31").parent == IssueRef("rally", "F17")


@pytest.mark.requirement("web:panel:number")
@pytest.mark.parametrize(
    ("typed", "told"),
    [("abc", "takes a number"), ("-1", "are 0 or more."), ("1,5", "takes a number")],
)
def test_what_is_no_number_is_never_saved_as_none(desk: Acting, typed: str, told: str) -> None:
    page = desk.look("/item?ref=US128&tab=fields")
    row(page, "Points").get_by_role("button", name="Edit Points").click()
    row(page, "Points").get_by_role("textbox").fill(typed)
    page.keyboard.press("Enter")
    expect(row(page, "Points").get_by_role("alert")).to_contain_text(f"Points {told}")
    assert desk.tracker.written == []
    row(page, "Points").get_by_role("textbox").fill("")
    page.keyboard.press("Enter")
    expect(row(page, "Points").get_by_role("button", name="Edit Points: none")).to_be_visible()
    assert desk.tracker.get("US128").points is None


@pytest.mark.requirement("web:panel:refused")
def test_a_refusal_stands_beside_the_field(desk: Acting) -> None:
    desk.tracker.refused["US128"] = "Points are frozen this week."
    page = desk.look("/item?ref=US128&tab=fields")
    row(page, "Points").get_by_role("button", name="Edit Points").click()
    row(page, "Points").get_by_role("textbox").fill("8")
    page.keyboard.press("Enter")
    why = row(page, "Points").get_by_role("alert")
    expect(why).to_contain_text("Points are frozen this week. Ask its owner.")
    expect(row(page, "Points").get_by_role("textbox")).to_have_value("8")
    expect(card(page, "US128")).to_contain_text("3")


@pytest.mark.requirement("web:panel:slow")
def test_a_slow_tracker_leaves_the_page_usable(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    begin(page, "Title").fill("Slowly renamed")
    desk.tracker.gate.clear()
    page.keyboard.press("Enter")
    expect(opened(page).get_by_role("status").filter(has_text="Saving …")).to_be_visible()
    opened(page).get_by_role("tab", name="Fields").click()
    expect(row(page, "Points")).to_be_visible()
    page.get_by_role("combobox", name="Filter or search").fill("login")
    expect(card(page, "US121")).to_be_visible()
    expect(card(page, "US129")).to_have_count(0)
    desk.tracker.gate.set()
    expect(opened(page).get_by_role("heading", level=2)).to_have_text("Slowly renamed")
    expect(opened(page).get_by_role("status").filter(has_text="Saving …")).to_have_count(0)


@pytest.mark.requirement("web:panel:gone")
def test_an_item_that_vanishes_leaves_the_typed_text(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    box = begin(page, "Description")
    box.fill("Words that took an hour")
    remove(desk.store, "US128")
    desk.tracker.delete("US128")
    gone = opened(page).get_by_role("alert").filter(has_text="US128 is gone.")
    expect(gone).to_be_visible(timeout=SOON)
    expect(box).to_have_value("Words that took an hour")
    expect(box).not_to_be_editable()
    expect(opened(page).get_by_role("button", name="Save")).to_have_count(0)
    opened(page).get_by_role("button", name="Close").click()
    expect(opened(page)).to_be_hidden()


@pytest.mark.requirement("web:panel:draft")
def test_what_was_typed_waits_for_the_item_to_be_opened_again(desk: Acting) -> None:
    page = desk.look("/item?ref=US128")
    begin(page, "Description").fill("Half a thought")
    card(page, "US121").click()
    expect(opened(page).get_by_role("heading", level=2)).to_have_text("Add login endpoint")
    say(page, "What you typed for US128 is kept")
    page.reload()
    card(page, "US128").click()
    box = opened(page).get_by_role("textbox", name="Description")
    expect(box).to_have_value("Half a thought")
    opened(page).get_by_role("button", name="Cancel").click()
    page.reload()
    expect(opened(page).get_by_role("heading", level=2)).to_have_text("Add password reset")
    expect(box).to_have_count(0)


@pytest.mark.requirement("web:panel:epic")
def test_an_epic_without_a_card_is_edited_and_put_back(desk: Acting) -> None:
    page = desk.look("/item?ref=F17")
    begin(page, "Title").fill("Accounts of users")
    page.keyboard.press("Enter")
    heading = opened(page).get_by_role("heading", level=2)
    expect(heading).to_have_text("Accounts of users")
    assert desk.tracker.get("F17").title == "Accounts of users"
    expect(card(page, "F17")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(heading).to_have_text("User accounts")
    opened(page).get_by_role("button", name=re.compile("^State: Backlog")).click()
    page.get_by_role("option", name="In progress").click()
    expect(opened(page).get_by_role("button", name=re.compile("^State: In prog"))).to_be_visible()
    assert desk.state("F17") is State.IN_PROGRESS


@pytest.mark.requirement("web:panel:limits")
@pytest.mark.parametrize(
    "title",
    ["x" * 10_000, "שלום עולם " * 200, "🐈‍⬛👩🏽‍🚀" * 500, "\u202eevil\u202c <b>bold</b> " * 50],
    ids=["long", "right-to-left", "emoji", "marks"],
)
def test_odd_titles_never_break_the_panel(desk: Acting, title: str) -> None:
    odd = replace(kept(desk.store, "US128"), title=title, labels=(title[:200],), native_state=title)
    desk.store.put(odd, NOW)
    page = desk.look("/item?ref=US128")
    heading = opened(page).get_by_role("heading", level=2)
    expect(heading).to_have_text(title.strip())
    expect(opened(page).get_by_role("tab", name="Detail")).to_be_in_viewport()
    box = begin(page, "Title")
    expect(box).to_have_value(title)
    expect(opened(page).get_by_role("tab", name="Detail")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert opened(page).evaluate("(e) => e.scrollWidth") <= 548
    assert page.locator("#panel b").count() == 0
