"""One folder read: items from files, epics and sprint-status; ids, links, columns, times."""

from pathlib import Path

import orjson
import pytest

from panopticon.errors import InvalidInput, NotFound
from panopticon.local.disk import LocalDisk
from panopticon.model.issue import Issue, Kind, State
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.shelf.kept import note_name
from panopticon.trackers.markdown.shelf.shelf import Shelf
from panopticon.trackers.markdown.shelf.shelves import Shelves
from tests.trackers.markdown.desk import EPICS, SPRINT, STORIES, Desk, desk_in, story

PLAN = """\
# Epics

## Epic 1: Letters

**Goal:** Letters arrive.

### Story 1.1: Write

As a clerk,
I want to write,
so that it is read.

**Prerequisites:** None

### Story 1.2: Send

As a clerk,
I want to send,
so that it arrives.

**Prerequisites:** Story 1.1
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "app")


def shelf_of(desk: Desk, **options: object) -> Shelf:
    (shelf,) = desk.tracker(**options).shelves.all()
    return shelf


def sprint(desk: Desk, *lines: str) -> None:
    desk.put(SPRINT, "development_status:\n" + "".join(f"  {line}\n" for line in lines))


def told(desk: Desk) -> list[str]:
    return [str(problem) for problem in shelf_of(desk).problems]


@pytest.mark.requirement("markdown:item:union")
def test_an_item_is_what_all_three_say_of_one_number(desk: Desk) -> None:
    desk.put_story("1-1-write.md", story("1.1", "Write well"))
    desk.put(EPICS, PLAN)
    sprint(
        desk, "epic-1: in-progress", "1-1-write: review", "1-2-send: backlog", "1-3-keep: drafted"
    )
    items = desk.issues()
    assert set(items) == {"epic-1", "1.1", "1.2", "1.3"}
    titles = [items[key].title for key in ("epic-1", "1.1", "1.2", "1.3")]
    assert titles == ["Letters", "Write well", "Send", "Keep"]
    assert [items[key].parent for key in ("1.1", "1.2", "1.3")] == [items["epic-1"].ref] * 3
    assert "I want to send" in items["1.2"].body
    assert (items["epic-1"].kind, items["epic-1"].state) == (Kind.EPIC, State.IN_PROGRESS)


@pytest.mark.requirement("markdown:item:status")
def test_the_file_says_the_status_then_sprint_status_then_the_part(desk: Desk) -> None:
    desk.put_story("1-1-a.md", story("1.1", "A", "done"))
    desk.put_story("1-2-b.md", "# Story 1.2: B\n\n## Acceptance Criteria\n\n1. x\n")
    part = "## Epic 1: E\n\n### Story 1.{}: P\n\n**Status:** review\n\nText.\n"
    desk.put(EPICS, part.format(3) + part.format(4))
    sprint(desk, "1-1-a: backlog", "1-2-b: in-progress", "1-3-p: done")
    words = {key: (one.native_state, one.state) for key, one in desk.issues().items()}
    assert words["1.1"] == ("done", State.DONE)
    assert words["1.2"] == ("in-progress", State.IN_PROGRESS)
    assert words["1.3"] == ("done", State.DONE)
    assert words["1.4"] == ("review", State.IN_REVIEW)
    assert words["epic-1"] == ("in-progress", State.IN_PROGRESS)  # as far as its stories are
    assert [line for line in told(desk) if "here" in line] == [
        f"{SPRINT}:2: 1-1-a is 'backlog' here, 'done' in {STORIES}/1-1-a.md:3"
    ]


@pytest.mark.requirement("markdown:item:own-words")
def test_a_team_may_have_its_own_words(desk: Desk) -> None:
    desk.put_story("1-1-a.md", story("1.1", "A", "simmering"))
    assert desk.issues()["1.1"].state is State.BACKLOG
    assert len(told(desk)) == 1
    tracker = desk.tracker(words={"simmering": State.IN_REVIEW})
    found = tracker.get("1.1")
    assert (found.state, found.native_state) == (State.IN_REVIEW, "simmering")
    assert tracker.check().warnings == ()


@pytest.mark.requirement("markdown:item:fields")
def test_fields_are_read(desk: Desk) -> None:
    more = "**Assignee:** ann@example.com\n**Points:** 5\n**FormattedID:** US7\n**Labels:** a, b\n"
    desk.put_story("1-1-a.md", story("1.1", "A", more=more))
    found = desk.issues()["1.1"]
    assert (found.assignee, found.points, found.twin_key) == ("ann@example.com", 5.0, "US7")
    assert found.labels == ("a", "b")
    assert [(task.title, task.done, task.depth) for task in found.tasks] == [
        ("Do it", False, 0),
        ("Begin", True, 1),
    ]
    assert found.acceptance_criteria == "1. It is there."
    assert (found.project, found.version is not None) == ("app", True)


@pytest.mark.requirement("markdown:item:links")
def test_links_lead_to_stories_that_are_there(desk: Desk) -> None:
    desk.put_story("1-1-a.md", story("1.1", "A", more="\n**Blocks:** Story 1.3\n"))
    desk.put_story("1-2-b.md", story("1.2", "B", more="\n**Depends on:** 1-1-write, Story 9.9\n"))
    desk.put_story("1-3-c.md", story("1.3", "C"))
    items = desk.issues()
    assert items["1.2"].blocked_by == (items["1.1"].ref,)
    assert items["1.3"].blocked_by == (items["1.1"].ref,)
    assert set(items["1.1"].blocks) == {items["1.2"].ref, items["1.3"].ref}
    version = items["1.2"].version
    (desk.repo.path / f"{STORIES}/1-1-a.md").unlink()
    again = desk.issues()["1.2"]
    assert again.blocked_by == ()
    assert again.version != version


@pytest.mark.requirement("markdown:item:epics")
def test_the_epic_is_the_label_s_then_the_heading_s_then_the_number_s(desk: Desk) -> None:
    desk.put(EPICS, PLAN + "\n## Epic 2: Parcels\n\n### Story 3.7: Odd one\n\nText.\n")
    desk.put_story("1-1-a.md", story("1.1", "A", more="**Epic:** Epic 2 - Parcels\n"))
    desk.put_story("7-6-b.md", story("7.6", "B"))
    desk.put_story("spec-c.md", "---\ntitle: C\nstatus: draft\n---\n\n## Intent\n\nC.\n")
    desk.put("docs/epics/epic-2-more.md", "# Epic 2 Handoff\n\nText.\n")
    items = desk.issues()
    assert [one.title for one in items.values() if one.kind is Kind.EPIC].count("Parcels") == 1
    assert "epic-2-handoff" not in items
    above = {key: one.parent.key if one.parent else None for key, one in items.items()}
    assert above["1.1"] == "epic-2"
    assert above["3.7"] == "epic-2"
    assert above["7.6"] == "epic-7"
    assert above["spec-c"] is None
    assert items["epic-7"].title == "Epic 7"


@pytest.mark.requirement("markdown:item:twice")
def test_of_two_files_with_one_number_the_named_one_has_it(desk: Desk) -> None:
    desk.put_story("1-1-a.md", story("1.1", "A"))
    desk.put_story("1-1-b.md", story("1.1", "B"))
    assert {key: one.title for key, one in desk.issues().items() if key != "epic-1"} == {
        "1.1": "A",
        "1-1-b": "B",
    }
    assert any("1-1-b.md:1: the same number as" in line for line in told(desk))
    sprint(desk, "1-1-b: done")
    assert {key for key in desk.issues() if key != "epic-1"} == {"1.1", "1-1-a"}
    assert desk.issues()["1.1"].title == "B"


@pytest.mark.requirement("markdown:item:maybe")
def test_a_file_without_a_number_is_a_story_if_its_text_or_sprint_status_says_so(
    desk: Desk,
) -> None:
    desk.put_story("polish.md", story("", "Polish").replace("Story : ", ""))
    desk.put_story("thoughts.md", "# Thoughts\n\nOn this and that.\n")
    desk.put_story("named.md", "# Named\n\nNothing else.\n")
    sprint(desk, "named: review", "last_updated: 2026-08-19", "not-yet-there: backlog")
    assert set(desk.issues()) == {"polish", "named", "not-yet-there"}


@pytest.mark.requirement("markdown:item:unreadable")
def test_a_file_that_cannot_be_read_is_still_an_item(desk: Desk) -> None:
    desk.put_story("1-1-too-long.md", story("1.1", "Long") + "x" * 5_000_001)
    desk.put_story("1-2-empty.md", "")
    desk.put_story("1-3-torn.md", "<<<<<<< ours\n# Story 1.3: Torn\n=======\n>>>>>>> theirs\n")
    bad = desk.put_story("1-4-bytes.md", "")
    bad.write_bytes(b"# Story 1.4: B\xff\n\nStatus: done\n")
    items = desk.issues()
    titles = [items[key].title for key in ("1.1", "1.2", "1.3")]
    assert titles == ["too long", "empty", "Torn"]
    assert items["1.4"].state is State.DONE
    lines = told(desk)
    for name in ("1-1-too-long.md:1: is larger than", "1-2-empty.md:1: no title"):
        assert any(name in line for line in lines)
    assert any("1-3-torn.md:1: merge-conflict" in line for line in lines)
    assert any("1-4-bytes.md:1: not UTF-8" in line for line in lines)


@pytest.mark.requirement("markdown:key:spellings")
@pytest.mark.parametrize(
    "spelled",
    [
        *("1.2", "1-2", "01.2", "01-02", "story-1-2", "1-2-any", "1-2-send", "stories:1.2"),
        *("app#1.2", "app#1-2-send", "1-2-send.md", "STORY-1-2", "stories:app#1-2"),
    ],
)
def test_a_story_is_found_in_every_spelling(desk: Desk, spelled: str) -> None:
    desk.put_story("1-2-send.md", story("1.2", "Send"))
    assert desk.tracker().get(spelled).ref.key == "1.2"


@pytest.mark.requirement("markdown:key:spellings")
@pytest.mark.parametrize("spelled", ["epic-1", "epic-01", "Epic-1", "epic 1", "app#epic-1"])
def test_an_epic_is_found_in_every_spelling(desk: Desk, spelled: str) -> None:
    desk.put(EPICS, PLAN)
    assert desk.tracker().get(spelled).ref.key == "epic-1"


@pytest.mark.requirement("markdown:key:projects")
def test_keys_of_several_folders_name_the_folder(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "app", [("1-1-a.md", story("1.1", "A"))])
    web = desk_in(
        tmp_path / "web", [("1-1-b.md", story("1.1", "B")), ("1-2-c.md", story("1.2", "C"))]
    )
    desk.folders = (str(desk.repo.path), str(web.repo.path))
    tracker = desk.tracker()
    assert {key for key in desk.issues() if "epic" not in key} == {"app#1.1", "web#1.1", "web#1.2"}
    assert tracker.get("app#1-1-a").title == "A"
    assert tracker.get("1.2").ref.key == "web#1.2"
    assert tracker.get("1.2").parent == tracker.get("web#epic-1").ref
    with pytest.raises(InvalidInput) as caught:
        tracker.get("1.1")
    assert caught.value.details["candidates"] == ["app#1.1", "web#1.1"]
    with pytest.raises(NotFound):
        tracker.get("app#1.2")


@pytest.mark.requirement("markdown:key:projects")
def test_two_folders_of_one_repository_are_told_apart(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "app")
    for part in ("web", "api"):
        desk.put(f"{part}/docs/stories/1-1-{part}.md", story("1.1", part))
    desk.repo.save()
    desk.folders = tuple(str(desk.repo.path / part) for part in ("web", "api"))
    tracker = desk.tracker()
    assert {place.name for place in tracker.places()} == {"app", "app/web", "app/api"}
    assert tracker.get("app/web#1.1").title == tracker.get("web#1-1").title == "web"
    root = desk.repo.git("rev-list", "--max-parents=0", "HEAD")
    assert tracker.identity() == f"markdown:{root}/api,{root}/web"


@pytest.mark.requirement("markdown:key:projects")
def test_two_repositories_of_one_name_go_by_their_folders(tmp_path: Path) -> None:
    desks = [desk_in(tmp_path / name, [("1-1-a.md", story("1.1", name))]) for name in ("ab", "cd")]
    for desk in desks:
        desk.repo.git("remote", "add", "origin", f"https://example.com/{desk.repo.path.name}/app")
    desk, other = desks
    desk.folders = (str(desk.repo.path), str(other.repo.path))
    assert [place.name for place in desk.tracker().places()][2:] == ["ab", "cd"]
    assert desk.tracker().get("cd#1.1").title == "cd"


def one(desk: Desk, key: str) -> Issue:
    return desk.tracker().get(key)


@pytest.mark.requirement("markdown:id:renamed")
@pytest.mark.parametrize("is_committed", [False, True])
def test_a_renamed_file_is_the_same_item(desk: Desk, is_committed: bool) -> None:  # noqa: FBT001
    desk.put_story("1-1-a.md", story("1.1", "A"))
    desk.repo.save()
    before = one(desk, "1.1")
    folder = desk.repo.path / STORIES
    (folder / "1-1-a.md").rename(folder / "1-7-b.md")
    if is_committed:
        text = (folder / "1-7-b.md").read_text()
        (folder / "1-7-b.md").write_text(text.replace("Story 1.1: A", "Story 1.7: B"))
        desk.repo.save("Rename")
    key = "1.7" if is_committed else "1.1"
    assert one(desk, key).native_id == before.native_id
    desk.notes = type(desk.notes)()  # another machine, which sees only git
    if is_committed:
        assert one(desk, key).native_id == before.native_id


@pytest.mark.requirement("markdown:id:name")
def test_items_are_the_same_when_their_repository_gets_another_name(desk: Desk) -> None:
    desk.put_story("1-1-a.md", story("1.1", "A"))
    before = one(desk, "1.1")
    desk.repo.git("remote", "add", "origin", "https://example.com/acme/letters.git")
    after = one(desk, "1.1")
    assert (before.project, after.project) == ("app", "letters")
    assert after.native_id == before.native_id


@pytest.mark.requirement("markdown:id:grown")
def test_an_entry_that_gets_a_file_is_the_same_item(desk: Desk) -> None:
    desk.put(EPICS, PLAN)
    sprint(desk, "1-2-send: backlog", "1-3-keep: backlog")
    before = desk.issues()
    desk.put_story("1-2-send.md", story("1.2", "Send it"))
    desk.put_story("1-3-keep-all.md", story("1.3", "Keep all"))
    after = desk.issues()
    assert [after[key].native_id for key in before] == [one.native_id for one in before.values()]
    assert after["1.3"].title == "Keep all"
    folder = desk.repo.path / STORIES
    (folder / "1-2-send.md").unlink()
    assert desk.issues()["1.2"].native_id == before["1.2"].native_id


@pytest.mark.requirement("markdown:time:git")
def test_times_are_git_s_and_the_file_s_where_it_was_changed_since(desk: Desk) -> None:
    file = desk.put_story("1-1-a.md", story("1.1", "A"))
    desk.repo.save(at=1_700_000_000)
    file.write_text(story("1.1", "A", "review"))
    desk.repo.save(at=1_700_100_000)
    found = one(desk, "1.1")
    assert (found.created_at.timestamp(), found.updated_at.timestamp()) == (1.7e9, 1_700_100_000)
    file.write_text(story("1.1", "A", "done"))
    changed = one(desk, "1.1")
    assert changed.created_at == found.created_at
    assert changed.updated_at.timestamp() == pytest.approx(file.stat().st_mtime)


@pytest.mark.requirement("markdown:time:forward")
def test_the_time_of_the_last_change_never_goes_back(desk: Desk) -> None:
    file = desk.put_story("1-1-a.md", story("1.1", "A"))
    desk.repo.save(at=1_700_000_000)
    file.write_text(story("1.1", "A", "review"))
    changed = one(desk, "1.1")
    desk.repo.git("checkout", "--", ".")
    back = one(desk, "1.1")
    assert back.version != changed.version
    assert back.updated_at >= changed.updated_at


@pytest.mark.requirement("markdown:read:unchanged")
def test_unchanged_files_are_not_opened_again(desk: Desk) -> None:
    files = [desk.put_story(f"1-{n}-x.md", story(f"1.{n}", "X")) for n in range(1, 6)]
    desk.put(EPICS, PLAN)
    assert shelf_of(desk).parsed == len(files) + 1
    assert shelf_of(desk).parsed == 0  # another process, the same notes
    files[0].write_text(files[0].read_text())
    assert shelf_of(desk).parsed == 0  # touched: its bytes are the same
    files[1].write_text(story("1.2", "Y"))
    assert shelf_of(desk).parsed == 1


@pytest.mark.requirement("markdown:read:unchanged")
def test_two_sources_on_one_folder_remember_apart(desk: Desk) -> None:
    files = [desk.put_story(f"1-{n}-x.md", story(f"1.{n}", "X")) for n in (1, 2)]
    disk = LocalDisk()
    names = {"all": (), "one": (f"{STORIES}/1-1-x.md",)}
    options = [Options(name, (str(desk.repo.path),), exclude=out) for name, out in names.items()]
    parsed = [Shelves(one, disk, desk.notes).all()[0].parsed for one in (*options, *options)]
    assert parsed == [len(files), 1, 0, 0]


@pytest.mark.requirement("markdown:id:renamed")
def test_an_id_outlives_a_change_in_what_is_read_of_files(desk: Desk) -> None:
    desk.put(SPRINT, "development_status:\n  1-1-a: backlog\n")
    before = one(desk, "1.1")
    desk.put_story("1-1-a.md", story("1.1", "A"))
    assert one(desk, "1.1").native_id == before.native_id
    name = note_name(f"stories:{shelf_of(desk).binding.mark}")
    kept = orjson.loads(desk.notes.note(name) or "")
    desk.notes.put_note(name, orjson.dumps({**kept, "facts": "0"}).decode())
    assert shelf_of(desk).parsed == 2  # the file and sprint-status
    assert one(desk, "1.1").native_id == before.native_id
    desk.notes.put_note(name, orjson.dumps({**kept, "facts": "0"}).decode())
    (desk.repo.path / STORIES / "1-1-a.md").write_bytes(b"x" * 20_000_000)  # too large to read
    assert (one(desk, "1.1").title, one(desk, "1.1").native_id) == ("A", before.native_id)
    desk.put_story("1-1-a.md", story("1.1", "B"))
    assert one(desk, "1.1").title == "B"


@pytest.mark.requirement("markdown:item:prefix")
def test_a_prefix_that_files_add_holds_for_their_whole_epics_file(desk: Desk) -> None:
    for number in (1, 2):
        desk.put_story(f"env-1-{number}-part-{number}.md", story(f"1.{number}", f"Part {number}"))
    parts = "".join(f"### Story 1.{n}: Part {n}\n\nText {n}.\n\n" for n in (1, 2, 3))
    desk.put(EPICS, f"## Epic 1: Rooms\n\n{parts}")
    desk.put(
        EPICS.replace("epics.md", "web/epics.md"), "## Epic 1: Web\n\n### Story 1.1: Page\n\nx\n"
    )
    sprint(desk, "epic-env-1: in-progress", "env-1-1-part-1: done", "env-1-3-part-3: backlog")
    items = desk.issues()
    assert set(items) == {"epic-env.1", "env.1.1", "env.1.2", "env.1.3", "epic-1", "1.1"}
    assert (items["epic-env.1"].title, items["env.1.3"].body) == ("Rooms", "Text 3.")
    assert items["1.1"].parent == items["epic-1"].ref
