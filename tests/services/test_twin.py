"""Who is one item in two trackers, and where its two sides differ."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from panopticon.model.issue import IssueFilter, Kind, State, Task
from panopticon.model.ref import IssueRef
from panopticon.services.twin import all_twins, differences, twins_about
from panopticon.services.twin_names import Twins
from tests.services.pair import Pair, file, made, us


def steps(*done: bool) -> tuple[Task, ...]:
    return tuple(Task(f"Step {at}", is_done, at) for at, is_done in enumerate(done))


def joined(**claims: str | None) -> dict[str, str]:
    """Join items; names are spelled `tracker__key`, dots as `_`."""
    twins = Twins()
    for name, text in claims.items():
        tracker, _, key = name.partition("__")
        twins.put(IssueRef(tracker, key.replace("_", ".")), text)
    refs = [IssueRef(n.partition("__")[0], n.partition("__")[2].replace("_", ".")) for n in claims]
    pairs = ((ref, twins.joined(ref)) for ref in refs)
    return {str(ref): f"{'>' if pair.folds else '<'}{pair.ref}" for ref, pair in pairs if pair}


@pytest.mark.requirement("twin:join:exactly-one")
@pytest.mark.parametrize(
    ("claims", "pairs"),
    [
        ({"stories__1_2": "US120", "rally__US120": None}, 2),
        ({"stories__1_2": "us-120", "rally__US120": None}, 2),
        ({"stories__1_2": "Rally:US120", "rally__US120": None}, 2),
        ({"stories__1_2": "other:US120", "rally__US120": None}, 0),
        ({"stories__1_2": "US121", "rally__US120": None}, 0),
        ({"stories__1_2": "US120", "rally__US120": None, "rally2__US120": None}, 0),
        ({"stories__1_2": "rally2:US120", "rally__US120": None, "rally2__US120": None}, 2),
        ({"stories__1_2": "US120", "stories__1_3": "US-120", "rally__US120": None}, 0),
        ({"stories__1_2": "US120", "web__1_3": "US120", "rally__US120": None}, 0),
        ({"stories__1_2": "1.3", "stories__1_3": None}, 0),
        ({"stories__1_2": "US120", "rally__US120": "1.2"}, 2),
        ({"stories__1_2": "US120", "rally__US120": "X-9", "other__X-9": None}, 2),
        ({"stories__app#1_2": None, "rally__US120": "1.2"}, 2),
        ({"stories__app#1_2": None, "stories__web#1_2": None, "rally__US120": "1.2"}, 0),
        ({"stories__1_2": None, "web__app#1_2": None, "rally__US120": "1.2"}, 2),
        ({"gh__own/repo#45": None, "rally__US120": "repo#45"}, 2),
        ({"gh__own/repo#45": None, "rally__US120": "45"}, 0),
    ],
)
def test_only_a_key_that_names_one_item_joins(claims: dict[str, str | None], pairs: int) -> None:
    found = joined(**claims)
    assert len(found) == pairs
    assert sorted(text[0] for text in found.values()) == ["<", ">"] * (pairs // 2) or not pairs
    if pairs:
        assert {text[1:] for text in found.values()} == found.keys()


@pytest.mark.requirement("twin:join:exactly-one")
def test_the_side_that_carries_the_key_folds() -> None:
    assert joined(stories__1_2="US120", rally__US120=None) == {
        "stories:1.2": ">rally:US120",
        "rally:US120": "<stories:1.2",
    }
    assert joined(rally__US120="1.2", stories__1_2=None)["rally:US120"] == ">stories:1.2"
    assert joined(rally__US120="1.2", stories__1_2="US120")["stories:1.2"] == ">rally:US120"


@pytest.mark.requirement("twin:join:problems")
def test_what_is_not_joined_is_told_once() -> None:
    twins = Twins()
    for tracker, key, text in [
        ("rally", "US1", None),
        ("rally", "US2", "X-1"),
        ("other", "US3", None),
        ("rally", "US3", None),
        ("other", "X-1", None),
        ("stories", "1.1", "US1"),
        ("stories", "1.2", "US1"),
        ("stories", "1.3", "US3"),
        ("stories", "1.4", "US2"),
        ("stories", "1.5", "US404"),
    ]:
        twins.put(IssueRef(tracker, key), text)
    assert list(twins.problems()) == [
        "stories:1.1 and stories:1.2 both carry the key of rally:US1: not joined.",
        "stories:1.3 carries US3, which may be other:US3 or rally:US3: not joined.",
        "stories:1.4 carries the key of rally:US2, which carries another's: not joined.",
    ]
    assert twins.problem(IssueRef("rally", "US1")) == next(twins.problems())
    twins.drop(IssueRef("stories", "1.2"))
    assert twins.joined(IssueRef("rally", "US1"))


@pytest.mark.requirement("twin:differs:fields")
@pytest.mark.parametrize(
    ("field", "here", "there", "values"),
    [
        ("title", {"title": "One"}, {"title": "Two"}, ("One", "Two")),
        ("state", {"state": State.DONE}, {}, ("done", "backlog")),
        ("state", {"cancelled": True}, {}, ("cancelled", "backlog")),
        ("criteria", {"acceptance_criteria": "- a"}, {"acceptance_criteria": "b"}, ("- a", "b")),
        ("criteria", {"acceptance_criteria": "- a"}, {}, ("- a", "")),
        ("points", {"points": 5.0}, {"points": 3.0}, (5.0, 3.0)),
        ("points", {"points": 5.0}, {}, (5.0, None)),
        ("assignee", {"assignee": "a@x.com"}, {"assignee": "b@x.com"}, ("a@x.com", "b@x.com")),
        ("assignee", {"assignee": "a@x.com"}, {}, ("a@x.com", None)),
        ("tasks", {"tasks": steps(True, False)}, {"tasks": steps(True)}, ("1/2", "1/1")),
    ],
)
def test_each_field_that_differs_is_named_with_both_values(
    field: str, here: dict[str, Any], there: dict[str, Any], values: tuple[Any, Any]
) -> None:
    one, other = replace(file("1.2", "T"), **here), replace(us("US1", "T"), **there)
    (found,) = differences(one, other, folds=True)
    assert (found.field, found.here, found.there) == (field, *values)
    (back,) = differences(other, one, folds=False)
    assert (back.field, back.here, back.there) == (field, values[1], values[0])


@pytest.mark.requirement("twin:differs:same")
@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"title": "Log in  "}, {"title": "log in"}),
        (
            {"acceptance_criteria": "1. Given a user\n2. **Then** it works"},
            {"acceptance_criteria": "- [x] Given a user\n- [ ] Then it works\n"},
        ),
        ({"assignee": "Ann Other"}, {"assignee": "ann.other@example.com"}),
        ({"assignee": "ANN@x.com"}, {"assignee": "ann@x.com"}),
        ({}, {"points": 3.0, "assignee": "a@x.com", "acceptance_criteria": "b"}),
        ({"tasks": steps(True)}, {}),
        ({}, {"tasks": steps(True)}),
    ],
)
def test_what_is_only_spelled_otherwise_or_left_out_is_no_difference(
    here: dict[str, Any], there: dict[str, Any]
) -> None:
    one, other = replace(file("1.2", "T"), **here), replace(us("US1", "T"), **there)
    assert differences(one, other, folds=True) == ()
    assert differences(other, one, folds=False) == ()


NAMES = [
    "rally:US1",
    "rally:US2",
    "eu:US1",
    "eu:US-1",
    "stories:app#1.2",
    "stories:web#1.2",
    "other:1.2",
]
KEYS = ["US1", "us-1", "eu:US1", "1.2", "app#1.2", "stories:1.2", "US2", None, None]


def drawn(chance: random.Random) -> dict[IssueRef, str | None]:
    """Draw some items, half of which carry keys that fit one, several or none of them."""
    refs = [IssueRef(*name.split(":")) for name in NAMES]
    return {ref: chance.choice(KEYS) for ref in refs if chance.random() < 0.8}


@pytest.mark.requirement("twin:join:part")
def test_what_is_gathered_about_one_item_says_of_it_what_all_items_say(tmp_path: Path) -> None:
    chance, seen = random.Random(7), {"pair": 0, "problem": 0}
    for _ in range(150):
        pair = Pair(tmp_path, names=("rally", "eu", "stories", "other"))
        for ref, text in drawn(chance).items():
            issue = made(ref.tracker, ref.key, "", Kind.STORY, twin_key=text)
            pair.store.put(issue, pair.at)
        whole = all_twins(pair.ctx)
        for ref in pair.store.refs(IssueFilter()):
            part = twins_about(pair.ctx, ref) or Twins()
            assert part.joined(ref) == whole.joined(ref), whole
            assert part.problem(ref) == whole.problem(ref), whole
            seen["pair"] += bool(whole.joined(ref))
            seen["problem"] += bool(whole.problem(ref))
    assert min(seen.values()) > 50, seen


@pytest.mark.requirement("twin:join:part")
def test_an_end_of_every_pair_that_a_change_makes_or_parts_is_told() -> None:
    chance, changes = random.Random(7), 0
    for _ in range(3000):
        twins = Twins()
        for ref, text in drawn(chance).items():
            twins.put(ref, text)
        ref = IssueRef(*chance.choice(NAMES).split(":"))
        refs = [IssueRef(*name.split(":")) for name in NAMES]
        before, told = {one: twins.joined(one) for one in refs}, twins.touching(ref)
        if chance.random() < 0.3:
            twins.drop(ref)
        else:
            twins.put(ref, chance.choice(KEYS))
        told |= twins.touching(ref)
        changed = {one for one in refs if twins.joined(one) != before[one]}
        ends = {
            one: {pair.ref for pair in (before[one], twins.joined(one)) if pair} for one in refs
        }
        assert all(told & {one, *ends[one]} for one in changed), (ref, changed, told, twins)
        changes += len(changed)
    assert changes > 500
