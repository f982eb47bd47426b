"""Finding items of all sources by a query: what names mean, what is shown, what is told."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.config import Source
from panopticon.errors import InvalidInput
from panopticon.model.issue import CARDS, Comment, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.query_parse import query_from
from panopticon.model.ref import IssueRef
from panopticon.services import search
from panopticon.services.board.answer import matches
from panopticon.services.board.filter import Wanted
from panopticon.services.board.memory import Memory
from panopticon.services.context import Context
from panopticon.store.registry import memory_store
from tests.services.shelf import NOW, item
from tests.web.fakes import context


def ref(key: str, tracker: str = "rally") -> IssueRef:
    return IssueRef(tracker, key)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    store = memory_store()
    rows = [
        item("F17", "Accounts", Kind.FEATURE),
        item("F18", "Billing", Kind.FEATURE),
        item("US1", "Log in", parent=ref("F17"), assignee="Ada.Obi@example.com", labels=("api",)),
        item("US2", "Sign up", parent=ref("F17"), iteration="Sprint 24", project="Accounts Web"),
        item("US3", "Pay", parent=ref("F18"), iteration="Sprint 25", project="Accounts API"),
        item("US4", native_state="Code Review", state=State.IN_REVIEW, updated_at=NOW),
        item("US5", lease=Lease("ada.obi@example.com", NOW, NOW + timedelta(hours=1))),
        item("US6", blocked_by=(ref("US1"),), body="Waits for the\nwarehouse " + "word " * 60),
        item("TA7", "Draw the icon", Kind.TASK, parent=ref("US2"), body="a hidden flaw"),
        replace(item("1.2", "Story of Log in"), ref=ref("1.2", "stories"), twin_key="US1"),
        replace(item("US1", "Namesake"), ref=ref("US1", "stories"), native_id="s1"),
        replace(item("US9", "Log in"), ref=ref("US9", "hidden")),
    ]
    for row in rows:
        store.put(row, NOW)
    store.put_comments(ref("US3"), [Comment("1", "Jo", "needs the invoice first", NOW)])
    sources = (Source("rally", "rally"), Source("stories", "rally"))
    ctx = context(tmp_path, store, sources=sources)
    ctx.config = replace(ctx.config, me="ada.obi@example.com", default_tracker="rally")
    return ctx


def found(ctx: Context, text: str) -> str:
    refs = search.refs(ctx, text)
    return " ".join(sorted(str(one).removeprefix("rally:") for one in refs))


@pytest.mark.requirement("search:names:resolved")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("log", "US1 stories:1.2"),
        ("tracker:STORIES", "stories:1.2 stories:US1"),
        ("epic:17", "US1 US2"),
        ("epic:f-18,17", "US1 US2 US3"),
        ("-epic:17 epic:rally:18", "US3"),
        ("ref:US1", "US1 stories:US1"),
        ("ref:us-1,US2", "US1 US2 stories:US1"),
        ("rally:US1", "US1"),
        ("stories:1.2", "stories:1.2"),
        ("project:web", "US2"),
        ('project:"accounts web",api', "US2 US3"),
        ("iteration:24", "US2"),
        ("sprint:none -tracker:stories kind:feature", "F17 F18"),
        ("assignee:me", "US1 US5"),
        ("is:mine -is:held", "US1"),
        ("assignee:ada", "US1 US5"),
        ('assignee:"ada obi"', "US1 US5"),
        ("assignee:obi@example.com", ""),
        ("assignee:nobody-here", ""),
        ("state:code-review", "US4"),
        ("state:Review", "US4"),
        ("state:defined epic:17", "US1 US2"),
        ("updated:<1d", "US4"),
        ("-updated:>1d", "US4"),
        ("label:API", "US1"),
        ("label:unknown", ""),
        ("is:joined", "US1 stories:1.2"),
        ("-is:joined log", ""),
        ("is:blocked", "US6"),
        ("icon", "US2"),
        ("kind:task flaw", "TA7"),
    ],
)
def test_names_are_resolved(ctx: Context, text: str, expected: str) -> None:
    if text == "is:joined":  # of two items that a key may mean neither is its twin
        ctx.store.drop("stories", ["s1"], NOW)
    if text == "-is:joined log":
        ctx.store.drop("stories", ["s1"], NOW)
    assert found(ctx, text) == expected


@pytest.mark.requirement("search:names:told")
@pytest.mark.parametrize(
    ("text", "place", "told", "hint"),
    [
        ("log tracker:raly", "raly", "'raly'", "rally"),
        ("log project:acc", "acc", "may mean", "Accounts"),
        ('project:"Nowhere"', '"Nowhere"', "no project 'Nowhere'", "Accounts Web"),
        ("iteration:none,spring24", "spring24", "no iteration", "Sprint 24"),
        ("state:Definde", "Definde", "no state", "state:Defined"),
        ("epic:99", "99", "'99'", "work list"),
        ("epic:zzz:1", "zzz:1", "'zzz'", "rally"),
        ("ref:US77", "US77", "'US77'", "US"),
        ("stories:US404", "stories:US404", "US404", "stories:US1"),
        ("asignee:me", "asignee", "asignee", "assignee"),
        (" x  is:opne", "opne", "opne", "is:open"),
    ],
)
def test_unknown_names_are_told_with_their_place(
    ctx: Context, text: str, place: str, told: str, hint: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        search.refs(ctx, text)
    at = caught.value.details["at"]
    assert isinstance(at, list)
    assert text[at[0] : at[1]] == place
    assert told in caught.value.message
    assert hint in caught.value.hint + str(caught.value.details.get("candidates"))


@pytest.mark.requirement("search:names:told")
def test_me_must_be_known(ctx: Context, tmp_path: Path) -> None:
    ctx.config = replace(ctx.config, me=None, folder=tmp_path / "no repository")
    with pytest.raises(InvalidInput, match="me") as caught:
        search.refs(ctx, "log assignee:me")
    assert caught.value.details["at"] == [13, 15]
    with pytest.raises(InvalidInput, match="to be found"):
        search.find(ctx, "  ")


@pytest.mark.requirement("search:results:snippet")
@pytest.mark.parametrize(
    ("text", "key", "place", "snippet"),
    [
        ("log epic:17", "US1", None, None),
        ('"THE WAREHOUSE" waits', "US6", "body", "Waits for the warehouse word"),
        ("invoice", "US3", "comment", "Jo: needs the invoice first"),
        ("icon", "US2", "task", "TA7: Draw the icon"),
        ("flaw", "US2", "task", "TA7: Draw the icon a hidden flaw"),
        ("label:api api", "US1", "label", "api"),
    ],
)
def test_what_the_row_does_not_show_is_quoted(
    ctx: Context, text: str, key: str, place: str | None, snippet: str | None
) -> None:
    result = search.find(ctx, text).results[0]
    told = search.row(ctx, result)
    assert told["ref"] == key
    if place is None:
        assert told["found"] is None
        return
    assert isinstance(told["found"], dict)
    assert told["found"]["in"] == place
    assert str(snippet) in str(told["found"]["text"])
    assert len(str(told["found"]["text"])) < 120


@pytest.mark.requirement("search:results:limit")
def test_the_first_are_shown_and_all_are_counted(ctx: Context) -> None:
    got = search.find(ctx, "-kind:feature tracker:rally", 2)
    assert len(got.results) == 2
    assert got.total == 6
    assert search.find(ctx, "us1").results[0].issue.ref.key == "US1"


@pytest.mark.requirement("search:board:blocked")
def test_blocked_is_the_same_in_queries_and_filters(ctx: Context) -> None:
    store = ctx.store
    store.put(item("DE1", kind=Kind.DEFECT, blocked=True, tasks=(Task("x", False, 0),)), NOW)
    store.put(item("DE2", kind=Kind.DEFECT, blocked=True, state=State.DONE), NOW)
    store.put(item("DE3", kind=Kind.DEFECT, blocked_by=(ref("DE2"),)), NOW)
    store.put(item("DE4", kind=Kind.DEFECT, blocked_by=(ref("US9", "hidden"),)), NOW)
    store.put(item("DE5", kind=Kind.DEFECT, blocked_by=(ref("TA7"), ref("X1", "gone"))), NOW)
    memory = Memory()
    for filtered, text in (("yes", "is:blocked"), ("no", "-is:blocked")):
        one = matches(ctx, memory, Wanted(blocked=filtered))["refs"]
        assert isinstance(one, list)
        assert one
        assert set(one) == {str(ref) for ref in search.refs(ctx, text, CARDS)}


@pytest.mark.requirement("search:words")
def test_every_field_is_named_with_its_values(ctx: Context) -> None:
    told = {str(one["name"]): one for one in search.words(ctx)}
    assert told["tracker"]["values"] == ["rally", "stories"]
    assert told["assignee"]["values"] == [
        "none",
        "me",
        "Ada.Obi@example.com",
        "ada.obi@example.com",
    ]
    assert told["epic"]["values"] == ["none", "F17", "F18"]
    assert told["epic"]["titles"] == {"F17": "Accounts", "F18": "Billing"}
    assert told["label"]["values"] == ["none", "api"]
    assert "Code Review" in str(told["state"]["values"])
    assert told["title"]["values"] == []
    for one in told.values():  # every example can be read
        assert isinstance(one["examples"], list)
        for example in one["examples"]:
            assert query_from(str(example)).terms
