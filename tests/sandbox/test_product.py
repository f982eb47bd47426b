"""The hand-written part of the product, as seed 003 prints it."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from panopticon.sandbox.catalog import product
from panopticon.sandbox.product import Item, Workspace

NOW = datetime(2026, 2, 4, 10, 30, tzinfo=UTC)
TITLES = {
    120: ("Create user model", 4),
    121: ("Add login endpoint", 6),
    122: ("Add registration endpoint", 5),
    123: ("Add profile page", 7),
    124: ("Implement login form", 5),
    125: ("Implement signup form", 4),
    126: ("Add OAuth integration", 10),
    127: ("Add MFA support", 8),
    128: ("Add password reset", 6),
    129: ("Add email verification", 5),
}


@pytest.fixture(scope="module")
def main() -> Workspace:
    return product(39, 1, NOW).workspaces[0]


def stories(workspace: Workspace, feature: int) -> list[Item]:
    return [it for it in workspace.items if it.kind == "story" and it.feature == feature]


def standing(item: Item) -> str:
    if item.state in ("Completed", "Accepted"):
        return "completed"
    held = item.lock is not None and item.lock.expires > NOW
    return "ready" if item.state in ("Idea", "Defined") and not held else "in progress"


@pytest.mark.requirement("product:seed:titles")
def test_epic_17_is_the_seeds(main: Workspace) -> None:
    told = stories(main, 17)
    assert {it.number: (it.title, len(it.jobs)) for it in told} == TITLES
    assert {it.number: it.lock.by for it in told if it.lock} == {
        123: "john.doe@example.com",
        124: "jane.smith@example.com",
    }


@pytest.mark.requirement("product:seed:counts")
@pytest.mark.parametrize(
    ("feature", "first", "expected"),
    [(17, 120, (8, 2, 0)), (18, 200, (5, 2, 1)), (19, 300, (8, 4, 3)), (20, 400, (4, 1, 1))],
)
def test_each_seed_epic_stands_where_the_seed_says(
    main: Workspace, feature: int, first: int, expected: tuple[int, int, int]
) -> None:
    told = stories(main, feature)
    assert [it.number for it in told] == list(range(first, first + sum(expected)))
    counts = Counter(map(standing, told))
    assert (counts["ready"], counts["in progress"], counts["completed"]) == expected
    parent = next(o for o in main.outcomes if o.kind == "feature" and o.number == feature).parent
    assert (parent, {it.project for it in told}) == (1, {"DDC-AI"})


@pytest.mark.requirement("product:seed:edges")
def test_texts_of_epic_17_give_away_the_gold_edges_and_no_other(main: Workspace) -> None:
    told = {it.number: it for it in stories(main, 17)}
    texts = {
        number: " ".join([it.description, it.criteria, *(job.title for job in it.jobs)])
        for number, it in told.items()
    }

    def mentioning(pattern: str) -> set[int]:
        return {n for n, text in texts.items() if re.search(pattern, text)}

    assert mentioning(r"(?i)user model|<code>users</code>") == {120, 121, 122, 123}
    assert mentioning(r"creates the <code>users</code> table") == {120}
    assert mentioning(r"POST /api/auth/login\b") == {121, 124}
    assert mentioning(r"[Cc]alls? POST /api/auth/login\b") == {124}
    assert mentioning(r"POST /api/users\b") == {122, 125}
    assert mentioning(r"[Cc]alls? POST /api/users\b") == {125}
    paths = Counter(
        path for text in texts.values() for path in set(re.findall(r"src/[\w/.-]+\.\w+", text))
    )
    assert {path for path, count in paths.items() if count > 1} == set()
    tables = Counter(
        name for text in texts.values() for name in set(re.findall(r"\w+_\w+(?=`|</code>)", text))
    )
    assert {name for name, count in tables.items() if count > 1} == set()
    assert mentioning(r"(?i)US-?1\d\d|depends on|prerequisite") == set()


@pytest.mark.requirement("product:seed:variety")
def test_seed_stories_are_as_varied_as_a_real_board(main: Workspace) -> None:
    told = [it for it in main.items if it.kind == "story"]
    assert {it.state for it in told} == {"Idea", "Defined", "In-Progress", "Completed", "Accepted"}
    assert sum(it.sprint == "Sprint-24" for it in told) > len(told) / 2
    assert sum(bool(it.blocked_reason) for it in told) >= 2
    assert sum(bool(it.after) for it in told) >= 5
    assert sum(bool(it.remarks) for it in told) >= 10
    assert any(it.owner is None for it in told)
    assert all(it.criteria.startswith("<ol>") and it.jobs and it.points for it in told)
    people = {person.email: person for person in main.people}
    assert len(people) >= 12
    assert sum(person.disabled for person in people.values()) == 1


@pytest.mark.requirement("product:seed:defects")
def test_seed_defects_use_the_trackers_words(main: Workspace) -> None:
    seen = [it for it in main.items if it.kind == "defect"]
    assert 8 <= len(seen) <= 15
    assert {it.defect_state for it in seen} == {"Submitted", "Open", "Fixed", "Closed"}
    assert {it.priority for it in seen} == {
        "Resolve Immediately",
        "High Attention",
        "Normal",
        "Low",
    }
    assert {it.severity for it in seen} == {
        "Crash/Data Loss",
        "Major Problem",
        "Minor Problem",
        "Cosmetic",
    }
    assert {17, 18, 19, 20} <= {it.feature for it in seen}


@pytest.mark.requirement("product:time:sprint")
@pytest.mark.parametrize("hours", range(0, 24 * 16, 7))
def test_sprint_24_is_always_the_current_one(hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    sprints = product(0, 1, now).workspaces[0].sprints
    assert [sprint.name for sprint in sprints] == [f"Sprint-{n}" for n in range(22, 27)]
    current = [sprint.name for sprint in sprints if sprint.start <= now.date() <= sprint.end]
    assert current == ["Sprint-24"]
    assert all(one.end + timedelta(days=1) == other.start for one, other in pairwise(sprints))


@pytest.mark.requirement("product:scope:second")
def test_the_second_workspace_is_another_company(main: Workspace) -> None:
    second = product(39, 1, NOW).workspaces[1]
    assert second.name != main.name
    mine = {project.name for project in main.projects}
    assert mine & {project.name for project in second.projects} == set()
    titles = {it.number: it.title for it in main.items if it.kind == "story"}
    shared = {it.number for it in second.items if it.kind == "story"} & titles.keys()
    assert 120 in shared
    assert all(titles[it.number] != it.title for it in second.items if it.number in shared)
