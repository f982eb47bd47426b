"""Merged work, found in real repositories."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.config import Source
from panopticon.errors import PanError
from panopticon.model.event import EventKind
from panopticon.model.issue import Issue, State
from panopticon.services.claim.status import merged, queue
from panopticon.services.claim.status.finish import Finish, finish
from panopticon.services.claim.status.result import Result
from panopticon.services.claim.sync import pull
from tests.claims.lifecycle import BRANCH, Room
from tests.claims.test_git_merge import WAYS, by_merge


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def reviewed(room: Room) -> str:
    """Work on the story and finish it; gives the last commit."""
    sha = room.work("one.py", "two.py")
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


@pytest.mark.requirement("claim:merged:files")
def test_files_are_written_only_by_who_asks_for_it(room: Room) -> None:
    reviewed(room)
    room.git("merge", "-q", "--no-ff", "-m", "Merge it", BRANCH)
    ctx = room.ctx()
    ctx.config = replace(ctx.config, sources=(Source("rally", "markdown"),))
    for _ in range(2):
        (found,) = merged.sweep(ctx, is_asked=False)
        assert found.notes == ("it is merged: `pan merged story=US1` writes it into its file",)
        assert (found.as_json()["written"], room.story.state) == (False, State.IN_REVIEW)
    after = pull.around(ctx).after
    claims = after() if after else None
    assert claims
    assert claims.merged == 0
    assert any("pan merged story=US1" in said for said in claims.troubles)
    (done,) = merged.sweep(ctx)
    assert (done.as_json()["written"], room.story.state) == (True, State.DONE)
    assert merged.sweep(ctx, is_asked=False) == []


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
    assert [one.issue.state for one in merged.sweep(room.ctx())] == [State.DONE]


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
    assert len(room.store.queued()) == 1
    room.tracker.is_away = False
    queue.replay(room.ctx(), "rally")
    assert room.story.state is State.DONE
