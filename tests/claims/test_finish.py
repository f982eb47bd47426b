"""A story whose work is done: status, facts and remark first, then the lock."""

from pathlib import Path
from threading import Event

import orjson
import pytest

from panopticon.errors import Conflict, InvalidInput, LocalFault, Retriable
from panopticon.model.claim import FINISHED, Act, Ask
from panopticon.model.event import EventKind
from panopticon.model.issue import Comment, Issue, IssueFields, Kind, NewIssue, State
from panopticon.services.claim.status import finish as finishing, queue, result
from panopticon.services.claim.status.finish import Finish, Finished, finish
from panopticon.services.claim.status.goal import Goal
from panopticon.services.claim.status.result import Result
from tests.claims.lifecycle import BRANCH, NO_REVIEW, Far, Killed, Room

FULLY = Result(coverage=87.5, results="https://ci.example.com/7", summary="Sign in works.")


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def done(room: Room, result: Result = FULLY, **words: bool) -> Finished:
    return finish(room.desk(), Finish("US-1", result, **words))


@pytest.mark.requirement("claim:finish:shown")
def test_finished_work_is_in_review_with_its_facts_and_unlocked(room: Room) -> None:
    sha = room.work()
    room.take()
    told = done(room).as_json()
    story = room.story
    assert (story.state, story.commit_sha, story.coverage) == (State.IN_REVIEW, sha, 87.5)
    assert story.lease is None
    claim = room.claim()
    assert claim
    assert claim.is_released
    (remark,) = room.remarks()
    for word in (sha, "87.5 %", "2 of 3 done", "https://ci.example.com/7", "Sign in works."):
        assert word in remark
    assert (told["commit"], told["released"], told["queued"]) == (sha, True, False)
    assert told["warnings"] == []
    (event,) = room.events(EventKind.RELEASED)
    assert event.data["worked"] is True


@pytest.mark.requirement("claim:finish:why")
def test_the_record_keeps_that_the_work_is_done(room: Room) -> None:
    room.work()
    room.take()
    done(room)
    record = room.claim()
    assert record
    assert (record.is_released, record.reason) == (True, FINISHED)


@pytest.mark.requirement("claim:finish:part")
def test_a_remark_that_is_refused_is_said_and_the_rest_stands(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.work()
    room.take()

    def refuse(tracker: object, key: str, body: str) -> Comment:
        raise InvalidInput("Rally refused a value.", "Nothing was written.")

    monkeypatch.setattr(type(room.tracker), "comment", refuse)
    told = done(room)
    assert (room.story.state, told.is_unlocked, told.waits) == (State.IN_REVIEW, True, None)
    assert told.notes == ("The tracker did not take the remark: Rally refused a value.",)


@pytest.mark.requirement("claim:finish:part")
def test_a_field_that_is_refused_is_said_and_the_remark_goes(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = room.work()
    room.take()
    write = type(room.tracker).update

    def refuse(tracker: Far, key: str, fields: IssueFields) -> Issue:
        if "coverage" in fields:
            raise InvalidInput("Rally refused a value.", "Nothing was written.")
        return write(tracker, key, fields)

    monkeypatch.setattr(type(room.tracker), "update", refuse)
    told = done(room)
    assert (room.story.state, room.story.commit_sha) == (State.IN_REVIEW, sha)
    assert told.is_unlocked
    assert told.notes == ("The tracker did not take coverage: Rally refused a value.",)
    assert len(room.remarks()) == 1


@pytest.mark.requirement("claim:finish:again")
def test_finishing_again_says_nothing_twice(room: Room) -> None:
    room.work()
    room.take()
    assert done(room).as_json() == done(room).as_json()
    assert len(room.remarks()) == 1
    assert len(room.events(EventKind.RELEASED)) == 1


STEPS = [(name, late) for name in ("transition", "update", "comment", "show") for late in (0, 1)]


@pytest.mark.requirement("claim:finish:killed")
@pytest.mark.parametrize(("step", "late"), STEPS)
def test_a_finish_that_was_killed_is_ended_by_the_next(room: Room, step: str, late: int) -> None:
    room.work()
    room.take()
    room.tracker.dies_at, room.tracker.dies_after = step, bool(late)
    with pytest.raises(Killed):
        done(room)
    claim = room.claim()
    assert claim
    assert not claim.is_released or room.story.state is State.IN_REVIEW
    done(room)
    claim = room.claim()
    assert claim
    assert claim.is_released
    assert (room.story.state, room.story.coverage, room.story.lease) == (
        State.IN_REVIEW,
        87.5,
        None,
    )
    assert len(room.remarks()) == 1
    assert len(room.events(EventKind.RELEASED)) == 1


@pytest.mark.requirement("claim:finish:claim")
def test_only_the_session_that_holds_it_finishes(room: Room) -> None:
    room.work()
    with pytest.raises(Conflict):
        done(room)
    room.take("bob")
    with pytest.raises(Conflict) as caught:
        done(room)
    assert (caught.value.details["holder"], caught.value.exit_code) == ("bob@example.com", 3)
    room.take("ann", "-laptop", Act.STEAL)
    with pytest.raises(Conflict):
        done(room)
    assert (room.story.state, room.remarks()) == (State.IN_PROGRESS, [])


@pytest.mark.requirement("claim:finish:claim")
def test_a_story_given_back_is_not_finished_as_if_it_were_held(room: Room) -> None:
    room.work()
    claim = room.take()
    sitting = room.desk()
    sitting.arbiter.ask(Ask(Act.RELEASE, claim.key, claim.holder, claim.session, fence=claim.fence))
    with pytest.raises(Conflict):
        done(room)


@pytest.mark.requirement("claim:finish:ignored")
def test_told_to_ignore_the_claim_it_writes_and_leaves_the_lock_of_another(room: Room) -> None:
    room.work()
    room.take("bob")
    done(room, is_claim_ignored=True)
    claim = room.claim()
    assert claim
    assert (room.story.state, claim.is_released) == (State.IN_REVIEW, False)
    assert room.story.lease


@pytest.mark.requirement("claim:finish:expired")
def test_a_claim_that_ended_while_working_is_finished_when_nobody_took_it(room: Room) -> None:
    room.work()
    room.take(seconds=0)
    assert any("nobody took" in note for note in done(room).notes)
    assert room.story.state is State.IN_REVIEW


@pytest.mark.requirement("claim:finish:words")
@pytest.mark.parametrize(
    ("word", "state"),
    [("completed", State.DONE), ("In Review", State.IN_REVIEW), ("in-progress", State.IN_PROGRESS)],
)
def test_a_team_chooses_where_finished_work_goes(tmp_path: Path, word: str, state: State) -> None:
    room = Room(tmp_path, words={"review": word})
    room.work()
    room.take()
    done(room)
    assert room.story.state is state


@pytest.mark.requirement("claim:finish:words")
def test_an_unknown_word_stops_before_anything_is_written(tmp_path: Path) -> None:
    room = Room(tmp_path, words={"review": "Code Revue"})
    room.work()
    room.take()
    with pytest.raises(InvalidInput, match="Code Revue") as caught:
        done(room)
    assert "In Review" in caught.value.hint
    assert (room.story.state, room.remarks()) == (State.IN_PROGRESS, [])


@pytest.mark.requirement("claim:finish:here")
def test_a_tracker_without_a_word_for_review_has_the_phase_kept_here(tmp_path: Path) -> None:
    room = Room(tmp_path, shape=NO_REVIEW)
    room.work()
    room.take()
    told = done(room)
    assert (told.issue.state, told.issue.is_here_only) == (State.IN_REVIEW, True)
    assert any("kept here only" in note for note in told.notes)
    assert room.story.state is State.IN_PROGRESS
    room.put(room.tracker.update("US1", {"title": "Sign in and out"}))
    kept = room.store.issue(room.ref)
    assert kept
    assert kept.state is State.IN_REVIEW
    room.put(room.tracker.update("US1", {"state": State.DONE}))
    moved = room.store.issue(room.ref)
    assert moved
    assert (moved.state, moved.is_here_only) == (State.DONE, False)


@pytest.mark.requirement("claim:finish:here")
def test_a_phase_that_was_kept_here_ends_when_work_goes_on(tmp_path: Path) -> None:
    room = Room(tmp_path, shape=NO_REVIEW)
    room.work()
    room.take()
    reviewed = done(room).issue
    wish = queue.wish(room.ctx(), reviewed, "ann@example.com", Goal(State.IN_PROGRESS))
    again = queue.sent(room.ctx(), wish).issue
    assert again
    assert (again.state, again.is_here_only) == (State.IN_PROGRESS, False)


@pytest.mark.requirement("claim:finish:auto-sync")
def test_where_wanted_the_tracker_is_read_after_the_end_of_work(room: Room) -> None:
    room.work()
    room.take()
    room.tracker.create(NewIssue(Kind.STORY, {"title": "New there"}))
    done(room)
    assert room.store.find("rally", ["US2"]) == []
    room.auto_sync = True
    room.take()
    done(room, Result(coverage=90.0))
    assert room.store.find("rally", ["US2"])


@pytest.mark.requirement("claim:finish:stays")
def test_what_somebody_has_accepted_is_not_put_back(room: Room) -> None:
    room.work()
    room.take()
    room.put(room.tracker.update("US1", {"state": State.DONE}))
    assert "Status stays Completed" in done(room).notes
    assert (room.story.state, room.story.coverage) == (State.DONE, 87.5)


@pytest.mark.requirement("claim:finish:commit")
def test_a_branch_without_work_tells_no_commit(room: Room) -> None:
    room.git("branch", BRANCH)
    room.take()
    told = done(room)
    assert (told.result.commit, room.story.commit_sha) == (None, None)
    assert any("none of its own" in note for note in told.notes)


@pytest.mark.requirement("claim:finish:commit")
def test_a_commit_is_spelled_in_full_and_an_unknown_one_is_told(room: Room) -> None:
    sha = room.work()
    room.take()
    room.tracker.dies_at = "comment"
    with pytest.raises(Killed):
        done(room, Result(commit="abcdef0123"))
    told = done(room, Result(commit="abcdef0123"))
    assert told.result.commit == "abcdef0123"
    assert any("is not in" in note for note in told.notes)
    room.take()
    assert done(room, Result(commit=sha[:8])).result.commit == sha


@pytest.mark.requirement("claim:finish:bad")
@pytest.mark.parametrize(
    "words",
    [
        {"coverage": "130"},
        {"coverage": "-1"},
        {"coverage": "abc"},
        {"coverage": "nan"},
        {"commit": "HEAD~1"},
        {"commit": "--all"},
        {"results": "ci.example.com"},
        {"results": "javascript:alert(1)"},
        {"results": "https://x y"},
        {"results": "https://ann:secret@ci.example.com/7"},
        {"results": "https://ghp_token@ci.example.com/7"},
        {"summary": "x" * 20_001},
    ],
)
def test_senseless_facts_are_refused(words: dict[str, str]) -> None:
    blank: dict[str, str | None] = dict.fromkeys(("commit", "coverage", "results", "summary"))
    with pytest.raises(InvalidInput):
        result.told(**{**blank, **words})


@pytest.mark.requirement("claim:finish:progress")
def test_a_progress_file_tells_what_nobody_typed(tmp_path: Path) -> None:
    file = tmp_path / "17-1-progress.json"
    facts = {"coverage": 91.2, "git_commit": "abcdef01", "tasks_completed": 5, "tasks_total": 6}
    file.write_bytes(orjson.dumps({"story_key": "17-1", "metrics": facts}))
    found = result.from_progress(file, Result(coverage=80.0))
    assert (found.commit, found.coverage, found.steps) == ("abcdef01", 80.0, (5, 6))
    for odd in ("{", "[" * 100_000, '{"coverage": [1]}', '{"git_commit": {"a": 1}}'):
        file.write_text(odd)
        with pytest.raises(InvalidInput):
            result.from_progress(file, Result())
    file.write_text('{"tasks_completed": true, "tasks_total": true, "coverage": null}')
    assert result.from_progress(file, Result()) == Result()
    file.write_bytes(b" " * 1_000_001)
    with pytest.raises(InvalidInput, match="1 MB"):
        result.from_progress(file, Result())
    with pytest.raises((InvalidInput, LocalFault)):
        result.from_progress(Path("/dev/zero"), Result())
    with pytest.raises(LocalFault):
        result.from_progress(tmp_path / "none.json", Result())


@pytest.mark.requirement("claim:finish:offline")
def test_without_the_tracker_the_status_waits_and_the_story_is_free(room: Room) -> None:
    sha = room.work()
    room.take()
    room.tracker.is_away = True
    told = done(room)
    assert told.waits
    assert (told.is_unlocked, len(room.store.queued())) == (True, 1)
    done(room)
    assert len(room.store.queued()) == 1
    room.tracker.is_away = False
    queue.replay(room.ctx(), "rally")
    story = room.story
    assert (story.state, story.coverage, story.commit_sha) == (State.IN_REVIEW, 87.5, sha)
    assert len(room.remarks()) == 1


@pytest.mark.requirement("claim:finish:slow")
def test_a_tracker_that_hangs_is_asked_once_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path, words={"review": "Ready for QA"})
    room.work()
    room.take()
    hung, asked = Event(), []

    def hang(tracker: object, *words: object) -> Issue:
        asked.append(words)
        hung.wait(20)
        raise Retriable("too late")

    for verb in ("get", "words", "show_claim", "update", "comment"):
        monkeypatch.setattr(type(room.tracker), verb, hang)
    monkeypatch.setattr(finishing, "_SECONDS", 0.2)
    told = done(room)
    hung.set()
    assert (len(asked), told.is_unlocked, len(room.store.queued())) == (1, True, 1)
    assert told.notes == ()
    assert "has not answered in 0.2 seconds" in (told.waits or "")


@pytest.mark.requirement("claim:finish:offline")
def test_nobody_who_cannot_ask_the_arbiter_finishes(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.work()
    room.take()
    sitting = room.desk()

    def silent(key: str) -> None:
        raise Retriable(f"{key} cannot be asked")

    monkeypatch.setattr(type(sitting.arbiter), "read", lambda _, key: silent(key))
    with pytest.raises(Retriable, match="cannot be asked") as caught:
        finish(sitting, Finish("US1"))
    assert "claim=ignore" in caught.value.hint
    told = finish(sitting, Finish("US1", is_claim_ignored=True))
    assert (told.is_unlocked, room.story.state) == (False, State.IN_REVIEW)
