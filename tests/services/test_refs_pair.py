"""What people type where two trackers are: one item, candidates that work, near misses."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import AuthFailed, InvalidInput, NotFound, Retriable
from panopticon.model.issue import Issue, IssueFilter, Kind
from panopticon.model.ref import IssueRef
from panopticon.services import ref as issue_ref
from panopticon.services.issue import verbs as issue
from tests.services.pair import Pair, file, us

F17, E17 = IssueRef("rally", "F17"), IssueRef("stories", "epic-17")


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    pair = Pair(tmp_path)
    pair.put(
        us("US120"),
        us("US121", parent=F17),
        us("F17", "Accounts", Kind.FEATURE),
        file("1.2", "Log in"),
        file("1.4b"),
        file("app#2.1", "In the app"),
        file("web#2.1", "On the web"),
        file("web#2.2"),
        file("auth-spec"),
        file("epic-17", "Accounts", Kind.EPIC),
        file("17.1", parent=E17),
    )
    return pair


@pytest.mark.requirement("ref:pair:spellings")
@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("rally:US120", "rally:US120"),
        ("RALLY:us-120", "rally:US120"),
        ("1.2", "stories:1.2"),
        ("stories:1.2", "stories:1.2"),
        ("1.4B", "stories:1.4b"),
        ("app#2.1", "stories:app#2.1"),
        ("stories:web#2.1", "stories:web#2.1"),
        ("2.2", "stories:web#2.2"),
        ("auth-spec", "stories:auth-spec"),
        ("epic-17", "stories:epic-17"),
    ],
)
def test_every_spelling_means_one_item(pair: Pair, text: str, means: str) -> None:
    assert str(issue.resolve(pair.ctx, text)) == means


@pytest.mark.requirement("ref:pair:ambiguous")
def test_what_may_mean_several_is_answered_with_what_works(pair: Pair) -> None:
    pair.names = ("rally", "stories", "other")
    other = replace(us("US120", "Elsewhere"), ref=IssueRef("other", "US120"))
    pair.put(other)
    for text in ("US-120", "2.1"):
        with pytest.raises(InvalidInput) as caught:
            issue.resolve(pair.ctx, text)
        candidates = caught.value.details["candidates"]
        assert isinstance(candidates, list)
        assert len(candidates) == 2
        assert [str(issue.resolve(pair.ctx, one)) for one in candidates] == candidates
    assert "In the app" in caught.value.hint


@pytest.mark.requirement("ref:pair:near")
def test_near_misses_are_spelled_so_that_they_work(pair: Pair) -> None:
    pair.names = ("rally", "stories", "other")
    pair.put(replace(us("US129"), ref=IssueRef("other", "US129")), us("US129"))
    for text, near in [("US12", "other:US129"), ("1.3", "1.2"), ("stories:1.5", "1.2")]:
        with pytest.raises(NotFound) as caught:
            issue.resolve(pair.ctx, text)
        candidates = caught.value.details["candidates"]
        assert isinstance(candidates, list)
        assert near in candidates
        for one in candidates:
            issue.resolve(pair.ctx, one)


@pytest.mark.requirement("ref:pair:asked")
@pytest.mark.parametrize(("text", "asked"), [("US777", ["rally"]), ("7.7", ["stories"])])
def test_one_not_stored_is_asked_of_the_tracker_that_spells_so(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, text: str, asked: list[str]
) -> None:
    heard: list[str] = []
    for name in pair.names:
        tracker = pair.tracker(name)
        known = tracker.get

        def get(key: str, name: str = name, known: object = known) -> Issue:
            heard.append(name)
            return known(key)  # type: ignore[operator, no-any-return]

        monkeypatch.setattr(tracker, "get", get)
    found = us(text) if asked == ["rally"] else file(text)
    pair.tracker(asked[0]).put(found)
    assert issue.resolve(pair.ctx, text) == found.ref
    assert set(heard) == set(asked)
    assert pair.store.issue(found.ref)


@pytest.mark.requirement("ref:pair:asked")
def test_a_strange_spelling_is_asked_of_all(pair: Pair) -> None:
    pair.tracker("stories").put(file("NEW/9"))
    assert str(issue.resolve(pair.ctx, "NEW/9")) == "stories:NEW/9"
    pair.tracker("stories").put(file("OLD/9"))
    pair.tracker("rally").put(us("OLD/9"))
    with pytest.raises(InvalidInput, match="rally:OLD/9 or stories:OLD/9"):
        issue.resolve(pair.ctx, "OLD/9")


@pytest.mark.requirement("ref:pair:failing")
def test_a_tracker_that_cannot_answer_hides_nothing_of_the_other(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.faults["rally"] = AuthFailed("The key was refused.")
    pair.tracker("stories").put(file("NEW/9"))
    assert str(issue.resolve(pair.ctx, "NEW/9")) == "stories:NEW/9"
    assert str(issue.resolve(pair.ctx, "US120")) == "rally:US120"
    with pytest.raises(NotFound):
        issue.resolve(pair.ctx, "9.9")
    with pytest.raises(AuthFailed):
        issue.resolve(pair.ctx, "US999")
    for name, fault in (("stories", "rally"), ("rally", "stories")):
        pair.faults = {fault: AuthFailed("The key was refused.")}
        issue_ = replace(us("US7") if name == "rally" else file("7.7"), native_id="77")
        page = f"https://{name}.example/detail/77"
        pair.tracker(name).put(replace(issue_, url=page))
        assert issue.resolve(pair.ctx, page).tracker == name
        with pytest.raises(AuthFailed):
            issue.resolve(pair.ctx, "https://elsewhere.example/detail/77")
    pair.faults.clear()

    def hang(key: str) -> Issue:
        time.sleep(2)
        raise NotFound(key)

    monkeypatch.setattr(pair.tracker("rally"), "get", hang)
    begun = time.monotonic()
    with pytest.raises(Retriable):
        issue_ref.resolve(pair.ctx, "ODD/1", seconds=0.1)
    assert time.monotonic() - begun < 1.5


@pytest.mark.requirement("ref:pair:epic")
def test_an_epic_of_a_number_is_the_default_trackers_first(pair: Pair) -> None:
    def keys(text: str) -> list[str]:
        found = issue.list_issues(pair.ctx, IssueFilter(epic=text))
        return sorted(one.ref.key for one in found)

    assert keys("17") == ["US121"]
    assert keys("stories:17") == keys("epic-17") == ["17.1"]
    pair.default = "stories"
    assert keys("17") == ["17.1"]
    pair.default = None
    with pytest.raises(InvalidInput) as caught:
        keys("17")
    assert caught.value.details["candidates"] == ["rally:F17", "stories:epic-17"]
    assert keys("rally:F17") == ["US121"]


@pytest.mark.requirement("ref:pair:epic-letters")
def test_an_epic_whose_key_is_no_number_is_found_without_its_prefix(pair: Pair) -> None:
    epic = IssueRef("stories", "epic-dm.2")
    pair.put(file("epic-dm.2", "Data", Kind.EPIC), file("dm.2.1", parent=epic))
    for text in ("dm.2", "stories:dm.2", "epic-dm.2", "DM.2"):
        assert issue_ref.epic_refs(pair.ctx, text) == (epic,)
        found = issue.list_issues(pair.ctx, IssueFilter(epic=text))
        assert [one.ref.key for one in found] == ["dm.2.1"]
    with pytest.raises(NotFound):
        issue_ref.epic_ref(pair.ctx, "dm.3")


@pytest.mark.requirement("ref:pair:epic-joined")
@pytest.mark.parametrize("default", ["rally", "stories", None])
def test_joined_epics_and_items_count_once(pair: Pair, default: str | None) -> None:
    pair.default = default
    pair.put(
        file("epic-17", "Accounts", Kind.EPIC, twin_key="F17"),
        file("17.1", parent=E17, twin_key="US121"),
        file("17.2", parent=E17),
    )
    wanted = IssueFilter(epic="17")
    found = issue.list_issues(pair.ctx, wanted)
    kept = "17.1" if default == "stories" else "US121"
    assert {one.ref.key for one in found} == {"17.2", kept}
    assert issue.count(pair.ctx, wanted) == 2
    assert len(issue.list_issues(pair.ctx, replace(wanted, limit=1))) == 1
