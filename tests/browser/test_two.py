"""Two unlike trackers on one board: told apart, joined, linked, and each written in its own way."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.model.issue import State, Task
from panopticon.store.base import SyncRecord
from tests.browser.acting import card, column, drag, option, refuse, say
from tests.browser.test_accessibility import faults
from tests.browser.two import STEPS, WHY_NOT, Pair, pair_at
from tests.web.fakes import NOW
from tests.web.trackers import ME

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Pair]:
    yield from pair_at(tmp_path, chromium)


def panel(page: Page, title: str = "Add login form") -> Locator:
    return page.get_by_role("complementary", name=title)


def tasks(page: Page) -> Locator:
    return panel(page).get_by_role("region", name="Tasks")


@pytest.mark.requirement("web:two:source")
def test_a_card_says_its_source(desk: Pair) -> None:
    page = desk.look()
    mine = column(page, "Backlog").get_by_role("listitem", name=re.compile("^1.3 .*in stories$"))
    expect(mine.get_by_title("stories", exact=True)).to_have_text("S")
    theirs = column(page, "Backlog").get_by_role("listitem", name=re.compile("^US128 .*in rally$"))
    expect(theirs.get_by_title("rally", exact=True)).to_have_text("R")


@pytest.mark.requirement("web:two:fold", "web:two:mark")
def test_a_joined_pair_is_one_card(desk: Pair) -> None:
    page = desk.look()
    expect(column(page, "In progress").get_by_role("listitem")).to_have_count(2)
    joined = card(page, "rally:US121")
    expect(joined).to_contain_text("≠ 1.2")
    expect(joined).to_have_accessible_name(re.compile("also 1.2 in stories, other there: title"))
    expect(page.get_by_role("main")).to_contain_text("12 cards")
    page.get_by_role("combobox", name="Tracker", exact=True).select_option("stories")
    expect(card(page, "stories:1.2")).to_be_visible()
    expect(card(page, "stories:1.2")).to_contain_text("≠ US121")
    expect(joined).to_have_count(0)
    page.get_by_role("combobox", name="Tracker", exact=True).select_option("")
    expect(joined).to_be_visible()
    desk.edit_by_hand("1.2", twin_key=None)
    desk.store.put(desk.stories.get("1.2"), NOW)
    expect(card(page, "stories:1.2")).to_be_visible()
    expect(joined).not_to_contain_text("1.2")


@pytest.mark.requirement("web:two:fold:epic")
def test_a_joined_epic_is_one_lane_and_one_filter(desk: Pair) -> None:
    page = desk.look("/?group=epic&epic=epic-1")
    lanes = page.get_by_role("main").get_by_role("heading", level=3)
    pick = page.get_by_role("combobox", name="Epic", exact=True)
    expect(lanes.get_by_role("button")).to_have_text(
        [re.compile("^User accounts in the app|epic-1")]
    )
    expect(pick.get_by_role("option", name=re.compile("epic-1"))).to_have_count(1)
    desk.edit_by_hand("epic-1", twin_key="F17")
    desk.store.put(desk.stories.get("epic-1"), NOW)
    lane = page.get_by_role("region", name="F17 User accounts")
    expect(lane.get_by_role("listitem", name=re.compile("^1.3 "))).to_be_visible()
    expect(lane.get_by_role("listitem", name=re.compile("^US128 "))).to_be_visible()
    expect(lanes).to_have_count(1)
    expect(pick.get_by_role("option", name=re.compile("epic-1"))).to_have_count(0)
    expect(pick).to_have_value("F17")


@pytest.mark.requirement("web:two:twin")
def test_the_panel_shows_where_the_two_differ(desk: Pair) -> None:
    page = desk.look("/item?ref=stories:1.2")
    twin = panel(page).get_by_role("region", name="Also in rally as US121")
    row = twin.get_by_role("row", name=re.compile("^Points"))
    expect(row.get_by_role("cell")).to_have_text(["3", "5"])
    expect(twin.get_by_role("row", name=re.compile("^State"))).to_have_count(0)
    desk.edit_by_hand("1.2", state=State.IN_REVIEW, native_state="review")
    desk.store.put(desk.stories.get("1.2"), NOW)
    row = twin.get_by_role("row", name=re.compile("^State"))
    expect(row.get_by_role("cell")).to_have_text(["In review", "In progress"])
    twin.get_by_role("link", name="Open US121").click()
    other = panel(page, "Add login endpoint")
    row = other.get_by_role("region", name="Also in stories as 1.2").get_by_role(
        "row", name=re.compile("^Points")
    )
    expect(row.get_by_role("cell")).to_have_text(["5", "3"])
    desk.edit_by_hand("1.2", points=8.0)
    desk.store.put(desk.stories.get("1.2"), NOW)
    expect(row.get_by_role("cell")).to_have_text(["5", "8"])
    page.get_by_role("button", name="Next item").click()
    expect(page.get_by_role("region", name=re.compile("^Also in"))).to_have_count(0)


@pytest.mark.requirement("web:two:twin:text")
def test_of_long_texts_only_what_differs_is_shown(desk: Pair) -> None:
    same = [f"{number}. It is checked in a way that takes some words." for number in range(1, 9)]
    first = [*same, "9. It says what is wrong."]
    second = [line.replace(". ", ") ") for line in same]
    text = replace(desk.tracker.get("US121"), acceptance_criteria="\n".join(first), version="8")
    desk.store.put(text, NOW + timedelta(days=1))
    desk.edit_by_hand("1.2", acceptance_criteria="\n".join(second))
    desk.store.put(desk.stories.get("1.2"), NOW)
    page = desk.look("/item?ref=rally:US121")
    row = panel(page, "Add login endpoint").get_by_role("row", name=re.compile("^Acceptance"))
    cells = row.get_by_role("cell")
    expect(cells).to_have_text(["… 9. It says what is wrong.", "nothing more"])


@pytest.mark.requirement("web:two:links")
def test_items_of_two_trackers_are_linked_and_unlinked(desk: Pair) -> None:
    page = desk.look("/item?ref=stories:1.3")
    links = panel(page, "Remember the user").get_by_role("region", name="Links")
    links.get_by_role("button", name="Add a link").click()
    option(page, "1.3 is …", "Blocked by").click()
    page.get_by_role("combobox", name="Blocked by which item?").fill("registration")
    page.keyboard.press("Enter")
    linked = links.get_by_role("link", name=re.compile("^US122 Add registration endpoint"))
    expect(linked).to_be_visible()
    expect(links).to_contain_text("Blocked by")
    expect(card(page, "stories:1.3")).to_contain_text("US122")
    links.get_by_role("button", name="Remove the link to US122").click()
    expect(linked).to_have_count(0)
    expect(card(page, "stories:1.3")).not_to_contain_text("US122")
    say(page, "1.3 is no longer blocked by US122")
    page.get_by_role("heading", name="Remember the user").click()
    page.keyboard.press("u")
    say(page, "Undone: 1.3 is no longer blocked by US122")
    expect(linked).to_be_visible()
    expect(card(page, "stories:1.3")).to_contain_text("US122")


@pytest.mark.requirement("web:two:links")
def test_what_is_linked_is_shown_as_it_is_now(desk: Pair) -> None:
    page = desk.look("/item?ref=stories:1.3")
    links = panel(page, "Remember the user").get_by_role("region", name="Links")
    links.get_by_role("button", name="Add a link").click()
    option(page, "1.3 is …", "Implements").click()
    page.get_by_role("combobox", name="Implements which item?").fill("registration")
    page.keyboard.press("Enter")
    say(page, "1.3 implements US122")
    expect(links.get_by_role("link", name=re.compile("^US122 Add registration"))).to_be_visible()
    other = replace(desk.tracker.get("US122"), title="Register", version="8")
    desk.store.put(other, NOW + timedelta(days=1))
    expect(links.get_by_role("link", name=re.compile("^US122 Register"))).to_be_visible()


@pytest.mark.requirement("web:two:links:refused")
def test_a_link_that_cannot_be_is_refused_beside_the_list(desk: Pair) -> None:
    page = desk.look("/item?ref=rally:US128")
    links = panel(page, "Add password reset").get_by_role("region", name="Links")
    links.get_by_role("button", name="Add a link").click()
    option(page, "US128 is …", "Blocks").click()
    page.get_by_role("combobox", name="Blocks which item?").fill("US129")
    page.keyboard.press("Enter")
    expect(links.get_by_role("alert")).to_contain_text("rally keeps by itself what blocks what")
    expect(links.get_by_role("link")).to_have_count(0)


@pytest.mark.requirement("web:two:tick")
def test_a_line_is_ticked_and_the_tick_undone(desk: Pair) -> None:
    page = desk.look("/item?ref=stories:1.2")
    levels = [one.get_attribute("aria-level") for one in tasks(page).get_by_role("listitem").all()]
    assert levels == [None, None, "2", "2", None]
    half = tasks(page).get_by_role("checkbox", name="Check the fields")
    assert half.evaluate("box => box.indeterminate")
    expect(tasks(page)).to_contain_text("half done")
    box = tasks(page).get_by_role("checkbox", name="The password")
    box.click()
    expect(tasks(page)).to_contain_text("Tasks · 3 of 5")
    expect(box).to_be_checked()
    say(page, "1.2: “The password” done in stories")
    assert desk.task("1.2", 3).done
    page.get_by_role("button", name="Undo").click()
    expect(box).not_to_be_checked()
    expect(tasks(page)).to_contain_text("Tasks · 2 of 5")
    assert not desk.task("1.2", 3).done


@pytest.mark.requirement("web:two:tick")
def test_the_board_counts_a_tick(desk: Pair) -> None:
    page = desk.look("/item?ref=stories:1.3")
    expect(card(page, "stories:1.3")).to_contain_text("0/1")
    panel(page, "Remember the user").get_by_role("checkbox", name="Keep a cookie").click()
    expect(card(page, "stories:1.3")).to_contain_text("1/1")
    page.keyboard.press("u")
    say(page, "1.3: “Keep a cookie” open again in stories")
    expect(card(page, "stories:1.3")).to_contain_text("0/1")
    assert not desk.task("1.3", 0).done


@pytest.mark.requirement("web:two:tick", "web:two:undo:epic")
def test_a_tick_on_what_has_no_card_is_undone_by_key(desk: Pair) -> None:
    desk.edit_by_hand("epic-1", tasks=(Task("Tell everybody", False, 0),))
    desk.store.put(desk.stories.get("epic-1"), NOW)
    page = desk.look("/item?ref=stories:epic-1")
    epic = panel(page, "User accounts in the app")
    box = epic.get_by_role("checkbox", name="Tell everybody")
    box.click()
    say(page, "epic-1: “Tell everybody” done in stories")
    expect(box).to_be_checked()
    page.keyboard.press("u")
    say(page, "epic-1: “Tell everybody” open again in stories")
    expect(box).not_to_be_checked()
    assert not desk.stories.get("epic-1").tasks[0].done
    epic.get_by_role("button", name=re.compile("^State: ")).click()
    option(page, "Move epic-1 to", "In progress").click()
    say(page, "epic-1 moved to In progress in stories")
    page.keyboard.press("u")
    say(page, "epic-1 is back in Backlog")
    assert desk.stories.get("epic-1").state is State.BACKLOG
    expect(
        page.get_by_role("main").get_by_role("listitem", name=re.compile("^epic-1"))
    ).to_have_count(0)


@pytest.mark.requirement("web:two:tick:moved")
def test_a_line_that_moved_is_never_ticked_for_another(desk: Pair) -> None:
    page = desk.look("/item?ref=stories:1.2")
    box = tasks(page).get_by_role("checkbox", name="Tell what is wrong")
    expect(box).to_be_visible()
    first = Task("Ask the designer", False, 0)
    desk.edit_by_hand("1.2", tasks=(first, *(replace(t, position=t.position + 1) for t in STEPS)))
    box.click()
    expect(tasks(page).get_by_role("alert")).to_contain_text("another step there now")
    expect(tasks(page).get_by_role("checkbox", name="Ask the designer")).to_be_visible()
    expect(box).not_to_be_checked()
    assert desk.stories.written == 0


@pytest.mark.requirement("web:two:step")
def test_a_line_is_added(desk: Pair) -> None:
    page = desk.look("/item?ref=stories:1.2")
    tasks(page).get_by_role("textbox", name="Add a task").fill("Write it down")
    page.keyboard.press("Enter")
    expect(tasks(page).get_by_role("checkbox", name="Write it down")).to_be_visible()
    assert desk.task("1.2", 5).title == "Write it down"
    tasks(page).get_by_role("checkbox", name="Write it down").click()
    expect(tasks(page)).to_contain_text("3 of 6")


@pytest.mark.requirement("web:two:move")
def test_a_story_file_is_dragged_and_a_closed_column_says_why(desk: Pair) -> None:
    page = desk.look()
    drag(page, "stories:1.3", "Planning")
    expect(card(page, "stories:1.3", "Planning")).to_be_visible()
    say(page, "1.3 moved to Planning in stories")
    assert desk.stories.get("1.3").native_state == "ready-for-dev"
    desk.stories.shut = {State.DONE}
    page.reload()
    drag(page, "stories:1.4b", "Done")
    expect(card(page, "stories:1.4b", "In review")).to_be_visible()
    refuse(page, WHY_NOT)
    assert desk.stories.get("1.4b").state is State.IN_REVIEW


@pytest.mark.requirement("web:two:take")
def test_a_free_story_file_is_taken(desk: Pair) -> None:
    page = desk.look()
    card(page, "stories:1.3").get_by_role("button", name="Take 1.3").click()
    expect(card(page, "stories:1.3", "In progress")).to_be_visible()
    say(page, "1.3 is yours and in progress")
    taken = desk.stories.get("1.3")
    assert (taken.assignee, taken.native_state) == (ME, "in-progress")


@pytest.mark.requirement("web:two:create")
def test_a_new_item_follows_its_tracker(desk: Pair) -> None:
    page = desk.look()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New item")
    kind = dialog.get_by_role("combobox", name="Kind")
    expect(kind.get_by_role("option", name="Defect")).to_have_count(1)
    dialog.get_by_role("combobox", name="Tracker").select_option("stories")
    expect(kind.get_by_role("option")).to_have_text(["Story", "Epic"])
    expect(dialog.get_by_label("Iteration")).to_have_count(0)
    dialog.get_by_label("Title").fill("Forget the user")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(card(page, "stories:9.1", "Backlog")).to_contain_text("Forget the user")
    assert desk.stories.get("9.1").title == "Forget the user"


@pytest.mark.requirement("web:two:trouble")
def test_a_source_that_fails_hides_nothing(desk: Pair) -> None:
    gone = SyncRecord("stories", NOW, NOW, NOW, "The folder docs/stories is gone.")
    desk.store.record_sync(gone)
    page = desk.look()
    sources = page.get_by_role("list", name="Sources")
    expect(sources.get_by_role("listitem").filter(has_text="stories")).to_contain_text("failed")
    expect(sources.get_by_role("listitem").filter(has_text="rally")).not_to_contain_text("failed")
    expect(card(page, "rally:US128")).to_be_visible()
    expect(card(page, "stories:1.3")).to_be_visible()
    sources.get_by_role("button", name=re.compile("^stories")).click()
    told = page.get_by_role("dialog", name="stories")
    expect(told).to_contain_text("The folder docs/stories is gone.")
    expect(told).to_contain_text("BMAD story files")
    expect(told).not_to_contain_text("markdown")


@pytest.mark.requirement("web:two:a11y")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE])
def test_axe_judges_board_and_panel(desk: Pair, scheme: str, size: dict[str, int] | None) -> None:
    options = {"viewport": size} if size else {}
    page = desk.look("/item?ref=stories:1.2", color_scheme=scheme, **options)
    expect(panel(page).get_by_role("region", name="Also in rally as US121")).to_be_visible()
    assert faults(page) == []
