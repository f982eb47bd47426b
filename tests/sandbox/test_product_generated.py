"""The generated part: as many stories as asked for, repeatable, whole, and fit to be read."""

import re
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from panopticon.sandbox.catalog import product
from panopticon.sandbox.product import Item, Workspace

NOW = datetime(2026, 2, 4, 10, 30, 0, 123_456, tzinfo=UTC)
SIZE = 3_039
ALLOWED = {"p", "ul", "ol", "li", "code", "b"}
DONE = ("Completed", "Accepted")


@pytest.fixture(scope="module")
def main() -> Workspace:
    return product(SIZE, 7, NOW).workspaces[0]


def of(workspace: Workspace, kind: str) -> list[Item]:
    return [it for it in workspace.items if it.kind == kind]


def texts(item: Item) -> list[str]:
    plain = [item.title, item.blocked_reason or "", *(job.title for job in item.jobs)]
    return [*plain, item.description, item.criteria, *(remark.text for remark in item.remarks)]


class Markup(HTMLParser):
    """Collects tags and fails on a tag closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == []
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.requirement("product:size:total")
@pytest.mark.parametrize("size", [0, 1, 12, 39, 40, 500])
def test_there_are_as_many_stories_as_asked_for(size: int) -> None:
    told = of(product(size, 1, NOW).workspaces[0], "story")
    seed = [*range(120, 130), *range(200, 208), *range(300, 315), *range(400, 406)]
    assert [it.number for it in told] == [*seed, *range(1000, 1500)][:size]


@pytest.mark.requirement("product:size:ratios")
def test_the_backlog_has_the_proportions_of_a_real_one(main: Workspace) -> None:
    told = [it for it in of(main, "story") if it.number >= 1000]
    tasks = sum(len(it.jobs) for it in told) / len(told)
    defects = sum(it.number >= 1000 for it in of(main, "defect"))
    features = sum(o.kind == "feature" and o.number > 20 for o in main.outcomes)
    assert 3.3 <= tasks <= 4.7
    assert defects == len(told) // 8
    assert features == len(told) // 25
    shares = {state: n / len(told) for state, n in Counter(it.state for it in told).items()}
    assert shares.keys() == {"Idea", "Defined", "In-Progress", "Completed", "Accepted"}
    assert all(0.03 < share < 0.5 for share in shares.values())
    assert 0.4 < sum(it.owner is not None for it in told) / len(told) < 0.9
    assert sum(it.sprint == "Sprint-24" for it in told) > 300
    assert len({it.owner for it in told}) >= 10


@pytest.mark.requirement("product:repeat:same")
def test_the_same_arguments_give_the_same_product() -> None:
    assert product(300, 3, NOW) == product(300, 3, NOW)
    one, other = product(300, 3, NOW).workspaces[0], product(300, 4, NOW).workspaces[0]
    assert [it.title for it in one.items] != [it.title for it in other.items]
    assert one.items[:39] == other.items[:39]


@pytest.mark.requirement("product:repeat:prefix")
@pytest.mark.parametrize("size", [5, 39, 64, 1_111])
def test_a_longer_backlog_begins_with_the_shorter(main: Workspace, size: int) -> None:
    short = product(size, 7, NOW).workspaces[0]
    for kind in ("story", "defect"):
        assert of(main, kind)[: len(of(short, kind))] == of(short, kind)
    assert main.outcomes[: len(short.outcomes)] == short.outcomes


@pytest.mark.requirement("product:read:duplicates")
def test_titles_hardly_repeat(main: Workspace) -> None:
    titles = [it.title for it in of(main, "story")]
    for start in range(0, len(titles) - 1_000, 250):
        window = titles[start : start + 1_000]
        assert len(window) - len(set(window)) < 20
    features = [o.title for o in main.outcomes if o.kind == "feature"]
    assert len(set(features)) == len(features)


@pytest.mark.requirement("product:read:gaps")
def test_texts_are_finished_sentences(main: Workspace) -> None:
    bad = re.compile(
        r"\{(?!id\}|token\}|provider\})|\b(a|an) (a|an) |\b[Aa] [aeio]|\b[Aa]n [bcdfgjkpqtvwxyz]"
        r"|lorem|TODO|TBD|\bfoo\b|\bNone\b|  |\.\.|\bthe the\b",
    )
    found = [
        (it.number, hit[0], text)
        for it in main.items
        for text in texts(it)
        if (hit := bad.search(text))
    ]
    assert found == []
    assert all(it.title == it.title.strip() and 12 <= len(it.title) <= 120 for it in main.items)
    assert not any(it.title.endswith(".") for it in main.items)


@pytest.mark.requirement("product:read:markup")
def test_rich_texts_use_few_tags_and_close_them(main: Workspace) -> None:
    markup = Markup()
    for it in main.items:
        for text in (it.description, it.criteria, *(remark.text for remark in it.remarks)):
            assert not re.search(r"&(?!amp;|lt;|gt;)", text)
            markup.feed(text)
            assert markup.open == []
    for outcome in main.outcomes:
        markup.feed(outcome.description)
    assert {"p", "ol", "li", "code"} <= markup.seen <= ALLOWED


@pytest.mark.requirement("product:whole:predecessors")
def test_predecessors_come_earlier(main: Workspace) -> None:
    earlier: set[int] = set()
    linked = 0
    for it in of(main, "story"):
        assert set(it.after) <= earlier, it.number
        linked += bool(it.after)
        earlier.add(it.number)
    assert linked > 100
    assert not any(it.after for it in of(main, "defect"))


@pytest.mark.requirement("product:whole:references")
def test_everything_named_exists(main: Workspace) -> None:
    people = {person.email for person in main.people if not person.disabled}
    projects = {project.name for project in main.projects}
    sprints = {sprint.name for sprint in main.sprints} | {None}
    releases = {release.name for release in main.releases} | {None}
    features = {o.number for o in main.outcomes if o.kind == "feature"} | {None}
    epics = {o.number for o in main.outcomes if o.kind == "epic"}
    for it in main.items:
        owners = {it.owner, *(job.owner for job in it.jobs)} - {None}
        assert owners | {remark.author for remark in it.remarks} <= people
        assert it.project in projects
        assert (it.sprint in sprints, it.release in releases) == (True, True)
        assert it.feature in features
        assert set(it.tags) <= set(main.tags)
    assert all(o.parent in epics for o in main.outcomes if o.number > 20)
    assert len({(it.kind, it.number) for it in main.items}) == len(main.items)
    assert not epics & features


@pytest.mark.requirement("product:whole:dates")
def test_dates_are_in_order(main: Workspace) -> None:
    for it in main.items:
        assert it.created < it.updated <= NOW, it.number
        assert it.updated.tzinfo is UTC
        assert it.updated.microsecond % 1000 == 0
        assert all(it.created <= remark.at <= it.updated for remark in it.remarks)
    ages = sorted((NOW - it.created).days for it in main.items)
    assert ages[len(ages) // 10] < 40
    assert ages[-len(ages) // 10] > 100


@pytest.mark.requirement("product:whole:states")
def test_parts_agree_with_the_state(main: Workspace) -> None:
    for it in main.items:
        tasks = {job.state for job in it.jobs}
        if it.state in DONE:
            assert tasks <= {"Completed"}
        elif it.state in ("Idea", "Defined"):
            assert tasks <= {"Defined"}
        for job in it.jobs:
            assert job.estimate > 0
            assert (job.todo == 0) == (job.state == "Completed")
        if it.kind == "story":
            assert (it.commit_sha is not None) == (it.coverage is not None) == (it.state in DONE)
            assert (it.branch is not None) == (it.state in (*DONE, "In-Progress"))
        if it.lock:
            assert (it.lock.by, it.state) == (it.owner, "In-Progress")
            assert it.lock.at <= NOW < it.lock.expires
        assert not (it.blocked_reason and it.state in DONE)


@pytest.mark.requirement("product:scope:siblings")
def test_all_stories_are_below_the_root(main: Workspace) -> None:
    below = {project.name for project in main.projects if project.parent == "DDC-AI"} | {"DDC-AI"}
    assert len(below) >= 3
    assert {it.project for it in of(main, "story")} == below
    beside = [it for it in main.items if it.project not in below]
    assert len({it.project for it in beside}) == 2
