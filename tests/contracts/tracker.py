"""What every tracker must do: one class that each tracker's test inherits."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from panopticon.errors import InvalidInput, NotFound, Unsupported
from panopticon.model.change import Cursor, Scope
from panopticon.model.issue import Issue, IssueFields, Kind, NewIssue, State
from panopticon.trackers.base import Tracker

HOSTILE = [
    'He said "no"',
    "(a) AND (b)",
    "fish & chips + peas = 100%",
    "back\\slash and 'quote'",
    "rocket 🚀 and ünïcödé 漢字",
    "a; DROP TABLE issue; --",
]
WRONG_CLOCK = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass
class Subject:
    """A tracker under test; `later` moves its server from two hours ago to now."""

    tracker: Tracker
    later: Callable[[], None]

    def make(self, kind: Kind = Kind.STORY, **fields: object) -> Issue:
        """Create an item."""
        told: IssueFields = {"title": "A thing", **fields}  # type: ignore[typeddict-item]
        return self.tracker.create(NewIssue(kind, told))

    def pull(
        self, cursors: dict[str, Cursor], scope: Scope | None = None
    ) -> tuple[list[Issue], set[str]]:
        """Read every stream to its end and keep the cursors."""
        issues: list[Issue] = []
        deleted: set[str] = set()
        for stream in self.tracker.streams():
            last = cursors.get(stream, Cursor())
            for page in self.tracker.pull(stream, scope or Scope(), last, WRONG_CLOCK):
                issues += page.issues
                deleted |= set(page.deleted)
                last = page.cursor
            assert last.position is None
            cursors[stream] = last
        return issues, deleted


class TrackerContract:
    """Tests of a tracker; a subclass has a fixture `subject`."""

    def test_a_created_item_reads_back(self, subject: Subject) -> None:
        made = subject.make(title="Add login", body="One **two**\n\n- a\n- b", points=3.0)
        assert (made.title, made.body, made.points) == ("Add login", "One **two**\n\n- a\n- b", 3.0)
        assert (made.kind, made.state) == (Kind.STORY, State.BACKLOG)
        assert made.created_at.tzinfo is not None
        assert made.native_id
        assert subject.tracker.get(made.ref.key) == made

    @pytest.mark.parametrize("kind", [Kind.STORY, Kind.DEFECT, Kind.FEATURE, Kind.EPIC])
    def test_every_kind_can_be_made(self, subject: Subject, kind: Kind) -> None:
        made = subject.make(kind, title=f"A {kind}")
        assert subject.tracker.get(made.ref.key).kind is kind

    def test_a_task_belongs_to_its_story(self, subject: Subject) -> None:
        above = subject.make()
        task = subject.make(Kind.TASK, title="Step", parent=above.ref.key, hours=2.0)
        assert (task.kind, task.parent, task.hours) == (Kind.TASK, above.ref, 2.0)
        with pytest.raises(InvalidInput):
            subject.make(Kind.TASK, title="Orphan")

    def test_an_item_needs_a_title(self, subject: Subject) -> None:
        with pytest.raises(InvalidInput):
            subject.make(title=" ")

    @pytest.mark.parametrize("text", HOSTILE)
    def test_any_text_survives(self, subject: Subject, text: str) -> None:
        made = subject.make(title=text)
        assert subject.tracker.get(made.ref.key).title == text
        assert subject.tracker.update(made.ref.key, {"body": text, "labels": []}).body == text
        assert subject.tracker.comment(made.ref.key, text).body == text

    def test_newlines_leave_a_title_on_one_line(self, subject: Subject) -> None:
        assert subject.make(title="two\nlines\there").title == "two lines here"

    def test_fields_are_written_and_cleared(self, subject: Subject) -> None:
        key = subject.make(points=1.0).ref.key
        fields: IssueFields = {
            "title": "New",
            "labels": ["api", 'odd "tag" & 🚀'],
            "assignee": "me",
            "points": 8.0,
            "blocked": True,
            "blocked_reason": "waits for (x)",
            "acceptance_criteria": "- it works",
            "branch": "feature/x",
        }
        subject.tracker.update(key, fields)
        found = subject.tracker.get(key)
        assert (found.title, found.points) == ("New", 8.0)
        assert sorted(found.labels) == ["api", 'odd "tag" & 🚀']
        assert found.assignee == subject.tracker.check().user
        assert (found.blocked, found.blocked_reason) == (True, "waits for (x)")
        assert (found.acceptance_criteria, found.branch) == ("- it works", "feature/x")
        cleared = subject.tracker.update(
            key, {"assignee": None, "points": None, "labels": [], "blocked": False}
        )
        assert (cleared.assignee, cleared.points, cleared.labels, cleared.blocked) == (
            None,
            None,
            (),
            False,
        )

    def test_a_defect_has_a_priority_and_a_date(self, subject: Subject) -> None:
        key = subject.make(Kind.DEFECT, priority=1, due=date(2027, 3, 5)).ref.key
        found = subject.tracker.get(key)
        assert (found.priority, found.due) == (1, date(2027, 3, 5))
        assert subject.tracker.update(key, {"priority": 4, "due": None}).due is None
        assert subject.tracker.get(key).priority == 4

    @pytest.mark.parametrize("field", ["due", "priority"])
    def test_a_field_the_kind_lacks_is_unsupported(self, subject: Subject, field: str) -> None:
        made = subject.make()
        assert field not in subject.tracker.capabilities.writable[Kind.STORY]
        with pytest.raises(Unsupported) as caught:
            subject.tracker.update(made.ref.key, {field: None})  # type: ignore[misc]
        assert caught.value.hint
        assert subject.tracker.get(made.ref.key) == made

    def test_an_unknown_person_is_refused(self, subject: Subject) -> None:
        made = subject.make()
        with pytest.raises(InvalidInput):
            subject.tracker.update(made.ref.key, {"assignee": "nobody@nowhere.example"})

    @pytest.mark.parametrize("kind", [Kind.STORY, Kind.DEFECT, Kind.FEATURE])
    def test_an_item_moves_through_columns(self, subject: Subject, kind: Kind) -> None:
        key = subject.make(kind).ref.key
        for state in (State.IN_PROGRESS, State.DONE, State.IN_PROGRESS, State.BACKLOG):
            assert subject.tracker.transition(key, state).state is state
            assert subject.tracker.get(key).state is state

    def test_a_task_moves_through_columns(self, subject: Subject) -> None:
        key = subject.make(Kind.TASK, parent=subject.make().ref.key).ref.key
        for state in (State.IN_PROGRESS, State.DONE, State.BACKLOG):
            assert subject.tracker.transition(key, state).state is state

    def test_a_phase_is_shown_or_declared_unsupported(self, subject: Subject) -> None:
        key = subject.make().ref.key
        for state in (State.PLANNING, State.IN_REVIEW):
            with suppress(Unsupported):  # the phase is then kept by Panopticon itself
                assert subject.tracker.transition(key, state).state is state

    def test_an_unknown_native_word_is_refused_with_the_known(self, subject: Subject) -> None:
        key = subject.make().ref.key
        with pytest.raises(InvalidInput) as caught:
            subject.tracker.update(key, {"native_state": "Wibble"})
        assert "In-Progress" in caught.value.hint

    def test_a_key_is_found_in_every_spelling(self, subject: Subject) -> None:
        made = subject.make()
        number = made.ref.key.lstrip("US")
        for spelled in (f"US-{number}", f"us{number}", f"US{number}"):
            assert subject.tracker.get(spelled).ref == made.ref

    @pytest.mark.parametrize(
        "key", ["US999999", "ZZ1", 'x" OR "', "", "(", "🚀1", "US1) OR (Name = x"]
    )
    def test_an_unknown_key_is_not_found(self, subject: Subject, key: str) -> None:
        verbs: list[Callable[[], object]] = [
            lambda: subject.tracker.get(key),
            lambda: subject.tracker.update(key, {"title": "x"}),
            lambda: subject.tracker.delete(key),
            lambda: subject.tracker.comments(key),
            lambda: subject.tracker.comment(key, "x"),
            lambda: subject.tracker.children(key),
        ]
        for verb in verbs:
            with pytest.raises(NotFound):
                verb()

    def test_remarks_come_oldest_first(self, subject: Subject) -> None:
        key = subject.make().ref.key
        assert subject.tracker.comments(key) == []
        said = [subject.tracker.comment(key, f"**{word}**") for word in ("one", "two", "three")]
        assert [remark.body for remark in subject.tracker.comments(key)] == [
            "**one**",
            "**two**",
            "**three**",
        ]
        assert subject.tracker.comments(key) == said
        with pytest.raises(InvalidInput):
            subject.tracker.comment(key, " \n")

    def test_children_are_what_is_directly_below(self, subject: Subject) -> None:
        epic = subject.make(Kind.EPIC)
        feature = subject.make(Kind.FEATURE, parent=epic.ref.key)
        story = subject.make(parent=feature.ref.key)
        task = subject.make(Kind.TASK, parent=story.ref.key)
        below = {
            above.ref: [child.ref for child in subject.tracker.children(above.ref.key)]
            for above in (epic, feature, story, task)
        }
        assert below == {
            epic.ref: [feature.ref],
            feature.ref: [story.ref],
            story.ref: [task.ref],
            task.ref: [],
        }

    def test_dependencies_read_back(self, subject: Subject) -> None:
        first, second, third = (subject.make() for _ in range(3))
        subject.tracker.update(third.ref.key, {"blocked_by": [first.ref.key, second.ref.key]})
        assert set(subject.tracker.get(third.ref.key).blocked_by) == {first.ref, second.ref}
        subject.tracker.update(third.ref.key, {"blocked_by": []})
        assert subject.tracker.get(third.ref.key).blocked_by == ()

    def test_a_pull_request_is_linked_once(self, subject: Subject) -> None:
        key = subject.make().ref.key
        url = "https://github.example/o/r/pull/7?a=1&b=2"
        for _ in range(2):
            subject.tracker.link_pull_request(key, url)
        assert sum("pull/7" in remark.body for remark in subject.tracker.comments(key)) <= 1
        with pytest.raises(InvalidInput):
            subject.tracker.link_pull_request(key, "javascript:alert(1)")

    def test_a_deleted_item_is_gone_and_told(self, subject: Subject) -> None:
        made = subject.make()
        cursors: dict[str, Cursor] = {}
        subject.pull(cursors)
        subject.later()
        subject.tracker.delete(made.ref.key)
        with pytest.raises(NotFound):
            subject.tracker.get(made.ref.key)
        assert made.native_id in subject.pull(cursors)[1]
        assert subject.tracker.fetch([made.native_id]) == []
        assert made.native_id not in dict(subject.tracker.native_ids(Scope()))

    def test_the_streams_give_everything_as_get_does(self, subject: Subject) -> None:
        epic = subject.make(Kind.EPIC, title="All of it")
        feature = subject.make(Kind.FEATURE, parent=epic.ref.key)
        first = subject.make(parent=feature.ref.key, labels=["x"], assignee="me")
        second = subject.make(blocked_by=[first.ref.key])
        task = subject.make(Kind.TASK, parent=second.ref.key)
        defect = subject.make(Kind.DEFECT, priority=2)
        issues, _ = subject.pull({})
        found = {issue.ref: issue for issue in issues}
        assert len(found) == len(issues)
        for made in (epic, feature, first, second, task, defect):
            assert found[made.ref] == subject.tracker.get(made.ref.key)
        versions = dict(subject.tracker.native_ids(Scope()))
        assert versions == {issue.native_id: issue.version for issue in issues}

    def test_only_changes_come_after_a_full_run(self, subject: Subject) -> None:
        made = [subject.make(title=f"Story {n}") for n in range(5)]
        cursors: dict[str, Cursor] = {}
        subject.pull(cursors)
        subject.later()
        subject.tracker.update(made[2].ref.key, {"title": "Changed"})
        new = subject.make(title="New")
        issues, deleted = subject.pull(cursors)
        mine = {issue.ref for issue in (*made, new)}
        seen = {issue.ref: issue.title for issue in issues if issue.ref in mine}
        assert seen == {made[2].ref: "Changed", new.ref: "New"}
        assert not deleted & {issue.native_id for issue in made}

    def test_a_run_that_was_cut_off_goes_on(self, subject: Subject) -> None:
        for n in range(7):
            subject.make(title=f"Story {n}")
        whole, _ = subject.pull({})
        seen: list[str] = []
        for stream in subject.tracker.streams():
            cursor, ended = Cursor(), False
            while not ended:  # each run is killed after its first page
                page = next(iter(subject.tracker.pull(stream, Scope(), cursor, WRONG_CLOCK)))
                seen += [issue.native_id for issue in page.issues]
                cursor, ended = page.cursor, page.cursor.position is None
        assert sorted(seen) == sorted(issue.native_id for issue in whole)

    def test_items_are_read_by_native_id(self, subject: Subject) -> None:
        story, defect = subject.make(), subject.make(Kind.DEFECT)
        found = subject.tracker.fetch([story.native_id, defect.native_id, "999999999", "odd"])
        assert {issue.ref for issue in found} == {story.ref, defect.ref}

    def test_an_epic_means_all_that_lies_below(self, subject: Subject) -> None:
        epic = subject.make(Kind.EPIC)
        feature = subject.make(Kind.FEATURE, parent=epic.ref.key)
        story = subject.make(parent=feature.ref.key)
        inner = subject.make(parent=story.ref.key)
        task = subject.make(Kind.TASK, parent=inner.ref.key)
        subject.make(title="Elsewhere")
        wanted = {epic.ref, feature.ref, story.ref, inner.ref, task.ref}
        issues, _ = subject.pull({}, Scope(epics=(epic.ref.key,)))
        assert {issue.ref for issue in issues} == wanted
        with pytest.raises(NotFound):
            subject.pull({}, Scope(epics=("999999",)))

    def test_a_check_says_who_and_what(self, subject: Subject) -> None:
        subject.make()
        check = subject.tracker.check()
        assert "@" in check.user
        assert check.can_write is True
        assert check.counts[Kind.STORY] >= 1
        assert (
            subject.tracker.identity().endswith(check.workspace_id)
            or "memory" in subject.tracker.identity()
        )

    def test_places_people_and_choices_are_listed(self, subject: Subject) -> None:
        assert {place.kind for place in subject.tracker.places()} == {"workspace", "project"}
        assert subject.tracker.check().user in {user.email for user in subject.tracker.users()}
        assert any("In-Progress" in choice.values for choice in subject.tracker.choices())
        for box in subject.tracker.iterations():
            assert box.end - box.start > timedelta(days=1)
