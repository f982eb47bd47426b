"""Merged work, found in real repositories."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import PanError
from panopticon.local import git_merge
from panopticon.model.event import EventKind
from panopticon.model.issue import Issue, State
from panopticon.services.claim import merged, queue
from panopticon.services.claim.finish import Finish, finish
from panopticon.services.claim.result import Result
from tests.claims.lifecycle import BRANCH, Room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def by_merge(room: Room) -> None:
    room.git("merge", "-q", "--no-ff", "-m", "Merge", BRANCH)


def by_fast_forward(room: Room) -> None:
    room.git("merge", "-q", "--ff-only", BRANCH)


def by_squash(room: Room) -> None:
    room.commit("meanwhile")
    room.git("merge", "-q", "--squash", BRANCH)
    room.git("commit", "-q", "-m", "Sign in (#7)")


def by_squash_beside_others(room: Room) -> None:
    """The squashed change stands among lines that others changed too: no patch is alike."""
    room.commit("README", "a\nx\n")
    room.git("switch", "-q", BRANCH)
    room.git("merge", "-q", "-m", "Up to date", "main")
    room.git("switch", "-q", "main")
    by_squash(room)


def by_rebase(room: Room) -> None:
    room.commit("meanwhile")
    room.git("switch", "-q", "-c", "copy", BRANCH)
    room.git("rebase", "-q", "main")
    room.git("switch", "-q", "main")
    room.git("merge", "-q", "--ff-only", "copy")


def by_rebase_of_the_branch(room: Room) -> None:
    room.commit("meanwhile")
    room.git("rebase", "-q", "main", BRANCH)
    room.git("switch", "-q", "main")
    room.git("merge", "-q", "--ff-only", BRANCH)


WAYS = [
    (by_merge, "merge"),
    (by_fast_forward, "merge"),
    (by_squash, "squash"),
    (by_squash_beside_others, "squash"),
    (by_rebase, "rebase"),
    (by_rebase_of_the_branch, "merge"),
]


def look(room: Room, recorded: str | None = None) -> str | None:
    main = git_merge.main_of(room.repository, ["main"])
    assert main
    found = git_merge.merge_of(room.repository, main, BRANCH, recorded)
    return found.how if found else None


@pytest.mark.requirement("claim:merged:ways")
@pytest.mark.parametrize(("way", "how"), WAYS)
def test_every_way_into_main_is_seen(room: Room, way: Callable[[Room], None], how: str) -> None:
    room.work("one.py", "two.py")
    assert look(room) is None
    way(room)
    assert look(room) == how
    room.commit("later")
    assert look(room) == how


@pytest.mark.requirement("claim:merged:ways")
@pytest.mark.parametrize("way", [by_merge, by_fast_forward, by_squash, by_rebase])
def test_a_deleted_branch_is_known_by_its_commit(room: Room, way: Callable[[Room], None]) -> None:
    sha = room.work("one.py", "two.py")
    way(room)
    room.git("branch", "-q", "-D", BRANCH)
    assert look(room) is None
    assert look(room, sha)
    assert look(room, "0" * 40) is None


@pytest.mark.requirement("claim:merged:ways")
def test_a_branch_without_work_is_not_merged(room: Room) -> None:
    room.git("branch", BRANCH, "main")
    assert look(room) is None
    room.commit("meanwhile")
    assert look(room) is None
    room.git("branch", "-q", "-f", BRANCH, "main")  # brought up to date, still nothing
    room.commit("more")
    assert look(room) is None


@pytest.mark.requirement("claim:merged:ways")
def test_work_that_was_thrown_away_is_not_merged(room: Room) -> None:
    room.work()
    room.git("branch", "-q", "-f", BRANCH, "main")
    room.commit("meanwhile")
    assert look(room) is None


@pytest.mark.requirement("claim:merged:ways")
def test_a_branch_on_top_of_a_merged_one_without_work_is_not_merged(room: Room) -> None:
    room.git("switch", "-q", "-c", "story/other")
    room.commit("other.py")
    room.git("branch", BRANCH)
    room.git("switch", "-q", "main")
    room.git("merge", "-q", "--no-ff", "-m", "Merge", "story/other")
    assert look(room) is None


@pytest.mark.requirement("claim:merged:ways")
def test_merged_in_part_is_not_merged(room: Room) -> None:
    first = room.work("one.py")
    room.git("switch", "-q", BRANCH)
    room.commit("two.py")
    room.git("switch", "-q", "main")
    room.commit("meanwhile")
    room.git("cherry-pick", first)
    assert look(room, first) is None
    room.git("merge", "-q", "--no-ff", "-m", "Merge", first)
    assert look(room, first) is None


@pytest.mark.requirement("claim:merged:ways")
def test_work_that_came_by_a_remote_is_seen_without_its_log(room: Room, tmp_path: Path) -> None:
    room.work()
    by_merge(room)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(room.repository), str(clone)], check=True)
    main = git_merge.main_of(clone, [])
    assert main
    assert main.name == "origin/main"
    found = git_merge.merge_of(clone, main, BRANCH, None)
    assert found
    assert found.how == "merge"


def reviewed(room: Room) -> str:
    """Work on the story and finish it; gives the last commit."""
    sha = room.work()
    room.take()
    finish(room.desk(), Finish("US1", Result(coverage=87.5)))
    room.later(minutes=5)
    return sha


@pytest.mark.requirement("claim:merged:done")
@pytest.mark.parametrize(("way", "how"), WAYS)
def test_a_merged_story_is_done(room: Room, way: Callable[[Room], None], how: str) -> None:
    reviewed(room)
    assert merged.sweep(room.ctx()) == []
    way(room)
    (found,) = merged.sweep(room.ctx())
    assert (found.how, found.issue.state, found.main) == (how, State.DONE, "main")
    assert (room.story.state, room.story.coverage) == (State.DONE, 87.5)
    assert "Merged" in room.remarks()[-1]
    assert merged.sweep(room.ctx()) == []
    assert len(room.remarks()) == 2


@pytest.mark.requirement("claim:merged:done")
def test_work_merged_before_it_was_finished_is_done_and_unlocked(room: Room) -> None:
    sha = room.work()
    room.take()
    by_merge(room)
    merged.sweep(room.ctx("bob"))
    claim = room.claim()
    assert claim
    assert (room.story.state, room.story.commit_sha, claim.is_released) == (State.DONE, sha, False)
    room.put(room.tracker.update("US1", {"state": State.IN_PROGRESS}))
    assert merged.one(room.ctx(), "US1", 90.0)
    claim = room.claim()
    assert claim
    assert (room.story.coverage, claim.is_released) == (90.0, True)
    assert room.events(EventKind.RELEASED)[0].data["worked"] is True


@pytest.mark.requirement("claim:merged:reopened")
def test_who_reopens_a_merged_story_is_not_overruled(room: Room) -> None:
    reviewed(room)
    by_merge(room)
    merged.sweep(room.ctx())
    room.put(room.tracker.update("US1", {"state": State.IN_PROGRESS}))
    assert merged.sweep(room.ctx()) == []
    room.commit("unrelated")
    assert merged.sweep(room.ctx()) == []
    room.store.put_note(f"merged:{room.ref}", "")  # another machine, which sees the remark
    room.store.put_note("merged-looked", "")
    room.later(days=-400)
    assert merged.sweep(room.ctx()) == []
    assert room.story.state is State.IN_PROGRESS
    room.git("switch", "-q", BRANCH)
    room.commit("again.py")
    room.git("switch", "-q", "main")
    assert merged.sweep(room.ctx()) == []
    room.git("merge", "-q", "--no-ff", "-m", "Merge", BRANCH)
    assert [one.how for one in merged.sweep(room.ctx())] == ["merge"]
    assert room.story.state is State.DONE


@pytest.mark.requirement("claim:merged:reopened")
def test_a_story_that_was_done_and_reopened_before_its_merge_was_seen_stays(room: Room) -> None:
    reviewed(room)
    by_merge(room)
    room.later(days=400)
    room.put(room.tracker.update("US1", {"state": State.DONE}))
    room.put(room.tracker.update("US1", {"state": State.IN_PROGRESS}))
    assert merged.sweep(room.ctx()) == []
    assert merged.one(room.ctx(), "US1")  # told by a person: that counts
    assert room.story.state is State.DONE


@pytest.mark.requirement("claim:merged:main")
def test_the_main_branch_is_the_one_that_is_told_else_the_remotes(
    tmp_path: Path, room: Room
) -> None:
    room.git("branch", "trunk")
    names = [("trunk", "trunk"), ("nowhere", "main"), (None, "main")]
    for told, name in names:
        found = git_merge.main_of(room.repository, [told])
        assert found
        assert found.name == name
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(room.repository), str(clone)], check=True)
    here = git_merge.main_of(clone, ["main"])
    assert here
    room.commit("meanwhile")
    assert git_merge.main_of(clone, ["main"]) == here
    assert git_merge.fetch(clone) is None
    assert git_merge.main_of(clone, ["main"]) != here
    assert git_merge.fetch(room.repository)  # it has no remote


@pytest.mark.requirement("claim:merged:main")
def test_work_merged_into_another_branch_is_not_done(tmp_path: Path) -> None:
    room = Room(tmp_path, main_branch="release")
    room.git("branch", "release")
    reviewed(room)
    by_merge(room)
    assert merged.sweep(room.ctx()) == []
    room.git("switch", "-q", "release")
    by_merge(room)
    assert [one.main for one in merged.sweep(room.ctx())] == ["release"]


@pytest.mark.requirement("claim:merged:trouble")
def test_one_that_cannot_be_written_hides_no_other(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed(room)
    by_merge(room)
    made = room.tracker.get("US1")
    other = replace(made, ref=replace(made.ref, key="US2"), native_id="99", branch=BRANCH)
    room.tracker.put(other)
    room.put(other)
    write = type(room.tracker).update

    def refuse(tracker: object, key: str, fields: object) -> Issue:
        if key == "US1":
            raise PanError("odd")
        return write(tracker, key, fields)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(type(room.tracker), "update", refuse)
        found = {one.issue.ref.key: one.notes for one in merged.sweep(room.ctx())}
        assert found == {"US1": ("odd",), "US2": ()}
        assert merged.sweep(room.ctx()) == []
    room.commit("something")
    assert [one.issue.ref.key for one in merged.sweep(room.ctx())] == ["US1"]


@pytest.mark.requirement("claim:merged:done")
def test_without_the_tracker_it_waits_once(room: Room) -> None:
    reviewed(room)
    by_merge(room)
    room.tracker.is_away = True
    (found,) = merged.sweep(room.ctx())
    assert found.waits
    assert merged.sweep(room.ctx()) == []
    assert queue.waiting(room.ctx()) == 1
    room.tracker.is_away = False
    queue.replay(room.ctx(), "rally")
    assert room.story.state is State.DONE
