"""The verbs on items: what people type, what is shown, and writes that every face sees at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput, NotFound, Retriable
from panopticon.model.issue import IssueFilter, Kind, NewIssue, State
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.services.issue import verbs as issue
from panopticon.services.sync import pull as sync
from tests.services.shelf import NOW, Shelf, context, item

FEATURE = IssueRef("rally", "F17")


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.put(
        item("F17", "User Authentication", Kind.FEATURE),
        item("F18", "API Integration", Kind.FEATURE),
        item("US120", "Create user model", parent=FEATURE),
        item("US123", "Log in", parent=FEATURE, blocked_by=(IssueRef("rally", "US120"),)),
        item("TA1", "Write it", Kind.TASK, parent=IssueRef("rally", "US123"), state=State.DONE),
        item("TA2", "Test it", Kind.TASK, parent=IssueRef("rally", "US123")),
        item("US200", "Elsewhere", parent=IssueRef("rally", "F18")),
    )
    return shelf


@pytest.fixture
def ctx(tmp_path: Path, shelf: Shelf) -> Context:
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    shelf.requests = 0
    return ctx


@pytest.mark.requirement("model:ref:spellings")
@pytest.mark.parametrize("text", ["US123", "US-123", "us123", "us-123", "rally:US-123", " US123 "])
def test_every_spelling_means_the_item(ctx: Context, shelf: Shelf, text: str) -> None:
    assert issue.resolve(ctx, text) == IssueRef("rally", "US123")
    assert shelf.requests == 0


@pytest.mark.requirement("model:ref:unknown")
def test_an_unknown_ref_names_what_is_near(ctx: Context) -> None:
    with pytest.raises(NotFound) as caught:
        issue.show(ctx, "US-129")
    assert caught.value.details["candidates"] == ["US120", "US123"]
    assert "US120" in caught.value.hint
    with pytest.raises(NotFound):
        issue.show(ctx, "'; drop table item; --")


@pytest.mark.requirement("model:ref:address")
def test_an_address_means_the_item_of_that_page(ctx: Context, shelf: Shelf) -> None:
    url = "https://rally.example/#/detail/userstory/77"
    shelf.items["77"] = item("US300", native_id="77", url=url)
    assert issue.resolve(ctx, url) == IssueRef("rally", "US300")
    with pytest.raises(NotFound, match="elsewhere"):
        issue.resolve(ctx, "https://elsewhere.example/#/detail/userstory/77")
    with pytest.raises(InvalidInput, match="names no item"):
        issue.resolve(ctx, "https://rally.example/#/backlog")


@pytest.mark.requirement("issue:update:itself")
@pytest.mark.parametrize("name", ["blocked_by", "blocks"])
def test_an_item_cannot_wait_for_itself(ctx: Context, shelf: Shelf, name: str) -> None:
    with pytest.raises(InvalidInput, match="its own"):
        issue.update(ctx, "US123", {name: ["us-123"]})  # type: ignore[misc]
    with pytest.raises(InvalidInput, match="its own"):
        issue.update(ctx, "US123", {"parent": "US-123"})
    assert shelf.requests == 0


@pytest.mark.requirement("model:ref:unreadable")
@pytest.mark.parametrize("text", ["", "   ", "US1\n2", "US\x001"])
def test_words_that_are_no_ref_are_told(ctx: Context, text: str) -> None:
    with pytest.raises(InvalidInput):
        issue.show(ctx, text)


@pytest.mark.requirement("model:ref:unknown")
def test_an_unknown_tracker_names_those_there_are(ctx: Context) -> None:
    with pytest.raises(NotFound, match="jira") as caught:
        issue.show(ctx, "jira:US-123")
    assert "rally" in caught.value.hint


@pytest.mark.requirement("model:ref:ambiguous")
def test_a_key_of_two_trackers_lists_both(tmp_path: Path, shelf: Shelf) -> None:
    ctx = context(tmp_path, rally=shelf, rally_eu=shelf)
    sync.pull(ctx)
    with pytest.raises(InvalidInput) as caught:
        issue.resolve(ctx, "US123")
    assert caught.value.details["candidates"] == ["rally:US123", "rally-eu:US123"]
    assert issue.resolve(ctx, "rally-eu:us-123").tracker == "rally-eu"


@pytest.mark.requirement("model:ref:not-synced")
def test_an_item_that_was_never_synced_is_asked_for(ctx: Context, shelf: Shelf) -> None:
    shelf.put(item("US555", "Just made"))
    assert issue.show(ctx, "us-555").issue.title == "Just made"
    assert ctx.store.issue(IssueRef("rally", "US555")) is not None


@pytest.mark.requirement("model:ref:epic-number")
def test_a_number_means_the_epic_whatever_its_prefix(tmp_path: Path, shelf: Shelf) -> None:
    ctx = context(tmp_path, rally=shelf, rally_eu=shelf)
    sync.pull(ctx)
    assert issue.epic_ref(ctx, "17") == FEATURE  # the default tracker's
    assert issue.epic_ref(ctx, "F-17") == FEATURE
    assert issue.epic_ref(ctx, "rally-eu:17").tracker == "rally-eu"
    shelf.put(item("E17", "Another", Kind.EPIC))
    ctx.store.put(shelf.items["id-E17"], NOW)
    with pytest.raises(InvalidInput) as caught:
        issue.epic_ref(ctx, "17")
    assert caught.value.details["candidates"] == ["rally:E17", "rally:F17"]
    with pytest.raises(NotFound):
        issue.epic_ref(ctx, "99")


@pytest.mark.requirement("model:list:filtered")
def test_list_reads_the_store_only(ctx: Context, shelf: Shelf) -> None:
    found = issue.list_issues(ctx, IssueFilter(epic="17"))
    assert sorted(one.ref.key for one in found) == ["US120", "US123"]
    assert issue.list_issues(ctx, IssueFilter(epic="F-18"))[0].ref.key == "US200"
    with pytest.raises(NotFound):
        issue.list_issues(ctx, IssueFilter(tracker="nowhere"))
    assert shelf.requests == 0


@pytest.mark.requirement("model:list:few")
def test_a_limit_is_the_stores_work(ctx: Context) -> None:
    wanted = IssueFilter(kinds=(Kind.STORY,), limit=2)
    assert len(issue.list_issues(ctx, wanted)) == 2
    assert issue.count(ctx, wanted) == 3
    few = issue.beginning(ctx, "us-1", (Kind.STORY,), 1)
    assert [one.ref.key[:3] for one in few] == ["US1"]


@pytest.mark.requirement("model:show:around")
def test_show_gathers_what_stands_around(ctx: Context, shelf: Shelf) -> None:
    shown = issue.show(ctx, "US-123")
    assert shelf.requests == 0
    assert shown.parent is not None
    assert shown.parent.title == "User Authentication"
    assert [(one.title, one.done) for one in shown.issue.tasks] == [
        ("Write it", True),
        ("Test it", False),
    ]
    assert [one.title for one in shown.blockers] == ["Create user model"]
    assert shown.comments == ()
    shelf.put(item("US123", "Renamed there", parent=FEATURE))
    fresh = issue.show(ctx, "US-123", refresh=True)
    assert fresh.issue.title == "Renamed there"
    assert [one.body for one in fresh.comments] == ["About US123."]


@pytest.mark.requirement("model:write:seen-at-once")
def test_writes_go_to_the_tracker_and_are_seen_at_once(ctx: Context, shelf: Shelf) -> None:
    shelf.clock += timedelta(minutes=1)
    before, after = issue.update(ctx, "US-123", {"title": "New title", "parent": "18"})
    assert (before.title, after.title) == ("Log in", "New title")
    assert shelf.items["id-US123"].parent == IssueRef("rally", "F18")
    assert ctx.store.issue(after.ref) is not None
    assert issue.transition(ctx, "US123", State.IN_REVIEW).state is State.IN_REVIEW
    made = issue.create(ctx, NewIssue(Kind.STORY, {"title": "Made here"}))
    assert issue.resolve(ctx, made.ref.key) == made.ref
    assert issue.comment(ctx, "US123", "Done & tested").body == "Done & tested"
    assert issue.show(ctx, "US123").comments[-1].author == "Me"
    issue.delete(ctx, "US123")
    assert "id-US123" in shelf.thrown
    assert ctx.store.issue(IssueRef("rally", "US123")) is None
    last = ctx.store.events(0)[-1]
    assert (last.kind, last.ref) == ("issue.deleted", IssueRef("rally", "US123"))


@pytest.mark.requirement("model:write:refused")
def test_a_refused_write_changes_nothing_here(ctx: Context, shelf: Shelf) -> None:
    shelf.faults["get"] = Retriable("The server is away.")
    before = ctx.store.last_event()
    with pytest.raises(Retriable):
        issue.update(ctx, "US123", {"title": "Lost"})
    with pytest.raises(InvalidInput):
        issue.comment(ctx, "US123", " \n")
    assert ctx.store.last_event() == before


@pytest.mark.requirement("model:write:which-tracker")
def test_creating_asks_which_tracker_when_it_is_not_plain(tmp_path: Path, shelf: Shelf) -> None:
    ctx = context(tmp_path, one=shelf, two=shelf)
    with pytest.raises(InvalidInput) as caught:
        issue.create(ctx, NewIssue(Kind.STORY, {"title": "Where"}))
    assert caught.value.details["candidates"] == ["one", "two"]
    assert issue.create(ctx, NewIssue(Kind.STORY, {"title": "There"}), "two").ref.tracker == "two"


@pytest.mark.requirement("model:write:one-tracker")
def test_links_stay_inside_one_tracker(tmp_path: Path, shelf: Shelf) -> None:
    ctx = context(tmp_path, rally=shelf, other=shelf)
    sync.pull(ctx)
    with pytest.raises(InvalidInput, match="is not in"):
        issue.update(ctx, "rally:US123", {"blocked_by": ["other:US120"]})
