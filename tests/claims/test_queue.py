"""Status writes that wait: in order, once, and never over what a person did later."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import AuthFailed, InvalidInput, NotFound, PanError
from panopticon.local import lock
from panopticon.model.event import EventKind
from panopticon.model.issue import Comment, Issue, Json, Kind, NewIssue, State
from panopticon.model.queued import Queued
from panopticon.services.claim.status import queue
from panopticon.services.claim.status.deliver import deliver
from panopticon.services.claim.status.goal import Goal
from panopticon.services.context import Context
from tests.claims.lifecycle import Killed, Room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def wait(
    room: Room, state: State | None = State.IN_REVIEW, remark: str = "", **fields: Json
) -> None:
    """Wish for a status while the tracker is away."""
    room.tracker.is_away = True
    issue = room.store.issue(room.ref)
    assert issue
    begun = queue.wish(room.ctx(), issue, "ann@example.com", Goal(state) if state else None)
    assert queue.sent(room.ctx(), replace(begun, fields=fields, remark=remark)).issue is None
    room.tracker.is_away = False
    room.later(minutes=1)


def replay(room: Room) -> queue.Replayed:
    return queue.replay(room.ctx(), "rally")


def move(room: Room, **fields: object) -> None:
    """Change the story as somebody else would: this machine does not hear of it."""
    room.tracker.update("US1", fields)  # type: ignore[arg-type]


@pytest.mark.requirement("claim:queue:order")
def test_a_write_goes_at_once_where_the_tracker_answers(room: Room) -> None:
    begun = queue.wish(room.ctx(), room.story, "ann@example.com", Goal(State.IN_REVIEW))
    done = queue.sent(room.ctx(), begun).issue
    assert done
    assert (done.state, len(room.store.queued())) == (State.IN_REVIEW, 0)
    assert room.events(EventKind.QUEUED) == []


@pytest.mark.requirement("claim:queue:order")
def test_what_waits_is_sent_in_order_each_on_what_the_one_before_left(room: Room) -> None:
    wait(room, State.IN_REVIEW, "Ready", coverage=80.0, commit_sha="a1")
    wait(room, State.DONE, "Merged", coverage=90.0, commit_sha="b2")
    assert len(room.store.queued()) == 2
    found = replay(room)
    assert (len(found.sent), found.dropped, found.waiting) == (2, (), 0)
    story = room.story
    assert (story.state, story.coverage, story.commit_sha) == (State.DONE, 90.0, "b2")
    assert [said.split("\n")[0] for said in room.remarks()] == ["Ready", "Merged"]
    assert len(room.events(EventKind.QUEUED)) == len(room.events(EventKind.SENT)) == 2


@pytest.mark.requirement("claim:queue:order")
def test_a_new_write_goes_after_those_that_wait(room: Room) -> None:
    wait(room, State.DONE)
    issue = room.store.issue(room.ref)
    assert issue
    begun = queue.wish(room.ctx(), issue, "ann@example.com", Goal(State.IN_REVIEW))
    done = queue.sent(room.ctx(), begun).issue
    assert done
    assert (done.state, len(room.store.queued())) == (State.IN_REVIEW, 0)
    assert len(room.events(EventKind.SENT)) == 1


@pytest.mark.requirement("claim:queue:order")
def test_the_same_wish_waits_once(room: Room) -> None:
    wait(room, coverage=80.0)
    wait(room, coverage=80.0)
    assert len(room.store.queued()) == 1


@pytest.mark.requirement("claim:queue:newer")
def test_what_somebody_did_later_wins_and_untouched_fields_still_go(room: Room) -> None:
    wait(room, State.IN_REVIEW, coverage=80.0, commit_sha="a1")
    move(room, state=State.DONE, coverage=99.0)
    found = replay(room)
    assert (found.sent, len(found.dropped), found.waiting) == ((), 1, 0)
    story = room.story
    assert (story.state, story.coverage, story.commit_sha) == (State.DONE, 99.0, "a1")
    (event,) = room.events(EventKind.DROPPED)
    assert (event.data["wanted"], event.data["found"]) == ("In review", "Completed")
    assert event.data["fields"] == {"coverage": 99.0}


@pytest.mark.requirement("claim:queue:newer")
def test_later_writes_of_an_overtaken_item_do_not_overrule_either(room: Room) -> None:
    wait(room, State.IN_REVIEW)
    wait(room, State.DONE)
    move(room, state=State.BACKLOG)
    assert len(replay(room).dropped) == 2
    assert room.story.state is State.BACKLOG


@pytest.mark.requirement("claim:queue:newer")
def test_a_write_of_fields_alone_excuses_no_later_status(room: Room) -> None:
    wait(room, None, coverage=80.0)
    wait(room, State.DONE)
    move(room, state=State.BACKLOG)
    assert (len(replay(room).dropped), room.story.state) == (1, State.BACKLOG)


@pytest.mark.requirement("claim:queue:newer")
def test_another_word_that_is_older_than_the_wish_is_no_later_change(room: Room) -> None:
    wait(room, State.DONE)
    (write,) = room.store.queued()
    room.store.requeue(replace(write, seen_native="Renamed since"))
    assert (len(replay(room).sent), room.story.state) == (1, State.DONE)


@pytest.mark.requirement("claim:queue:newer")
def test_where_it_is_there_already_or_only_its_text_changed_it_is_done(room: Room) -> None:
    wait(room, State.IN_REVIEW)
    move(room, state=State.IN_REVIEW)
    assert len(replay(room).sent) == 1
    wait(room, State.DONE)
    move(room, title="Another title")
    assert (len(replay(room).sent), room.story.state) == (1, State.DONE)


@pytest.mark.requirement("claim:queue:stop")
def test_the_first_failure_for_now_stops_all(room: Room) -> None:
    other = room.tracker.create(NewIssue(Kind.STORY, {"title": "Other"}))
    room.put(other)
    wait(room)
    room.tracker.is_away = True
    queue.sent(room.ctx(), queue.wish(room.ctx(), other, "ann@example.com", Goal(State.DONE)))
    found = replay(room)
    assert (found.waiting, found.error) == (2, "rally cannot be reached")
    tries = [one.tries for one in room.store.queued()]
    assert tries == [2, 1]


@pytest.mark.requirement("claim:queue:stop")
@pytest.mark.parametrize(("error", "sent"), [(InvalidInput("odd"), 1), (AuthFailed("who?"), 0)])
def test_another_kind_of_failure_keeps_its_item_only(
    room: Room, monkeypatch: pytest.MonkeyPatch, error: PanError, sent: int
) -> None:
    other = room.tracker.create(NewIssue(Kind.STORY, {"title": "Other"}))
    room.put(other)
    wait(room)
    wait(room, State.DONE)
    room.tracker.is_away = True
    queue.sent(room.ctx(), queue.wish(room.ctx(), other, "ann@example.com", Goal(State.DONE)))
    room.tracker.is_away = False
    write = type(room.tracker).update

    def refuse(tracker: object, key: str, fields: object) -> Issue:
        if key == "US1":
            raise error
        return write(tracker, key, fields)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(type(room.tracker), "update", refuse)
        found = replay(room)
    assert (len(found.sent), found.error) == (sent, error.message)
    assert next(one.error for one in room.store.queued()) == error.message
    assert [one.tries for one in room.store.queued() if one.ref == room.ref] == [3, 1]


@pytest.mark.requirement("claim:queue:refused")
def test_a_remark_that_is_refused_for_good_holds_up_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(room, remark="Ready.")
    wait(room, State.DONE)

    def refuse(tracker: object, key: str, body: str) -> Comment:
        raise InvalidInput("too long")

    monkeypatch.setattr(type(room.tracker), "comment", refuse)
    found = replay(room)
    assert (len(found.sent), found.waiting, room.story.state) == (2, 0, State.DONE)
    assert found.notes == ("US1: The tracker did not take the remark: too long",)
    assert found.as_json()["warnings"] == list(found.notes)


@pytest.mark.requirement("claim:queue:once")
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("step", ["transition", "update", "comment"])
def test_what_was_killed_midway_is_not_said_twice(room: Room, step: str, *, late: bool) -> None:
    wait(room, State.IN_REVIEW, "Ready", coverage=80.0)
    wait(room, State.DONE, "Merged")
    room.tracker.dies_at, room.tracker.dies_after = step, late
    with pytest.raises(Killed):
        replay(room)
    found = replay(room)
    assert (found.waiting, found.dropped) == (0, ())
    assert (room.story.state, room.story.coverage) == (State.DONE, 80.0)
    assert [said.split("\n")[0] for said in room.remarks()] == ["Ready", "Merged"]


@pytest.mark.requirement("claim:queue:once")
def test_of_two_at_once_one_sends(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    wait(room, State.IN_REVIEW, "Ready")
    sent: list[Queued] = []
    inside, leave = threading.Event(), threading.Event()

    def slow(ctx: Context, write: Queued) -> object:
        sent.append(write)
        inside.set()
        leave.wait(10)
        return deliver(ctx, write)

    monkeypatch.setattr(queue, "deliver", slow)
    first = threading.Thread(target=replay, args=[room])
    first.start()
    assert inside.wait(10)
    busy = replay(room)
    assert (busy.sent, busy.waiting) == ((), 1)
    assert "already done by process" in (busy.error or "")
    leave.set()
    first.join(10)
    assert (len(sent), len(room.store.queued()), len(room.remarks())) == (1, 0, 1)
    assert lock.is_held(room.ctx().config.home / "queue" / "rally.lock") is False


@pytest.mark.requirement("claim:queue:drop")
def test_what_waits_can_be_dropped(room: Room) -> None:
    wait(room, State.IN_REVIEW)
    wait(room, State.DONE)
    number = room.store.queued()[0].number
    assert [one.state for one in queue.drop(room.ctx(), number)] == [State.IN_REVIEW]
    with pytest.raises(NotFound):
        queue.drop(room.ctx(), number)
    assert [one.state for one in queue.drop(room.ctx(), None)] == [State.DONE]
    assert (len(room.store.queued()), len(room.events(EventKind.DROPPED))) == (0, 2)


@pytest.mark.requirement("claim:queue:drop")
def test_a_write_of_a_deleted_item_goes_by_itself(room: Room) -> None:
    wait(room)
    room.tracker.delete("US1")
    assert len(replay(room).dropped) == 1
    assert not room.store.queued()
