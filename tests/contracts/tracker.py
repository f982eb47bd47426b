"""What every tracker must do: one class that each tracker's test inherits.

The tracker gets a fixture `subject` whose server starts two hours ago; `later()` brings it to
now. Nothing here knows the server: what is particular is declared by the `Subject` and by the
tracker's own capabilities, and what is declared as lacking must raise Unsupported.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from panopticon.errors import Conflict, InvalidInput, NotFound, Unsupported
from panopticon.model.change import Cursor, Scope
from panopticon.model.issue import IssueFields, Kind, NewIssue, State, Task
from tests.contracts.subject import EVERY_FIELD, WRONG_CLOCK, Subject, refused

HOSTILE = [
    'He said "no"',
    "(a) AND (b)",
    "fish & chips + peas = 100%",
    "back\\slash and 'quote'",
    "rocket 🚀 and ünïcödé 漢字",
    "a; DROP TABLE issue; --",
]
NO_KEYS = ['x" OR "', "", "(", "🚀1"]


class TrackerContract:
    """Tests of a tracker; a subclass has a fixture `subject`."""

    @pytest.mark.requirement("tracker:create:read-back")
    def test_a_created_item_reads_back(self, subject: Subject) -> None:
        made = subject.make(title="Add login", body="One **two**\n\n- a\n- b")
        assert (made.title, made.body) == ("Add login", "One **two**\n\n- a\n- b")
        assert (made.kind, made.state) == (subject.leaf, State.BACKLOG)
        assert made.created_at.tzinfo is not None
        assert made.native_id
        assert subject.tracker.get(made.ref.key) == made

    @pytest.mark.requirement("tracker:create:kinds")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_kind_can_be_made_or_is_refused(self, subject: Subject, kind: Kind) -> None:
        if kind in subject.creatable:
            made = subject.make(kind, title=f"A {kind}")
            assert kind in subject.tracker.capabilities.kinds
            assert subject.tracker.get(made.ref.key).kind is kind
        else:
            refused(lambda: subject.tracker.create(NewIssue(kind, {"title": "x"})))

    @pytest.mark.requirement("tracker:create:task")
    def test_a_task_belongs_to_an_item(self, subject: Subject) -> None:
        if Kind.TASK not in subject.creatable:
            refused(lambda: subject.tracker.create(NewIssue(Kind.TASK, {"title": "Step"})))
            return
        above = subject.make()
        assert subject.make(Kind.TASK, title="Step", parent=above.ref.key).parent == above.ref
        with pytest.raises(InvalidInput):
            subject.tracker.create(NewIssue(Kind.TASK, {"title": "Orphan"}))

    @pytest.mark.requirement("tracker:create:untitled")
    def test_an_item_needs_a_title(self, subject: Subject) -> None:
        with pytest.raises(InvalidInput):
            subject.make(title=" ")

    @pytest.mark.requirement("tracker:text:hostile")
    @pytest.mark.parametrize("text", HOSTILE)
    def test_any_text_survives(self, subject: Subject, text: str) -> None:
        made = subject.make(title=text)
        assert subject.tracker.get(made.ref.key).title == text
        assert subject.tracker.update(made.ref.key, {"body": text, "labels": []}).body == text
        if subject.tracker.capabilities.comments:
            assert subject.tracker.comment(made.ref.key, text).body == text

    @pytest.mark.requirement("tracker:text:one-line")
    def test_newlines_leave_a_title_on_one_line(self, subject: Subject) -> None:
        assert subject.make(title="two\nlines\there").title == "two lines here"

    @pytest.mark.requirement("tracker:update:fields")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_every_declared_field_is_written_and_cleared(
        self, subject: Subject, kind: Kind
    ) -> None:
        if kind not in subject.creatable:
            assert not subject.tracker.capabilities.writable.get(kind)
            return
        key = subject.make(kind).ref.key
        wanted = {name: value for name, value in EVERY_FIELD.items() if subject.takes(name, kind)}
        subject.tracker.update(key, wanted)  # type: ignore[arg-type]
        found = subject.tracker.get(key)
        expected = wanted | ({"assignee": subject.me} if "assignee" in wanted else {})
        read: dict[str, object] = {name: getattr(found, name) for name in wanted}
        if "labels" in wanted:
            read["labels"] = sorted(found.labels)
            expected["labels"] = sorted(EVERY_FIELD["labels"])
        assert read == expected
        empty: IssueFields = {"assignee": None, "points": None, "labels": [], "due": None}
        clear = {name: value for name, value in empty.items() if name in wanted}
        subject.tracker.update(key, clear)  # type: ignore[arg-type]
        cleared = subject.tracker.get(key)
        assert {name: getattr(cleared, name) or None for name in clear} == dict.fromkeys(clear)

    @pytest.mark.requirement("tracker:update:unsupported")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_field_the_kind_lacks_is_unsupported(self, subject: Subject, kind: Kind) -> None:
        if kind not in subject.creatable:
            assert not subject.tracker.capabilities.writable.get(kind)
            return
        made = subject.make(kind)
        for name, value in EVERY_FIELD.items():
            if not subject.takes(name, kind):
                told: IssueFields = {name: value}  # type: ignore[misc]
                refused(lambda told=told: subject.tracker.update(made.ref.key, told))  # type: ignore[misc]
        assert subject.tracker.get(made.ref.key) == made

    @pytest.mark.requirement("tracker:update:unknown-person")
    def test_an_unknown_person_is_refused(self, subject: Subject) -> None:
        made = subject.make()
        stranger: IssueFields = {"assignee": "nobody@nowhere.example"}
        if not subject.takes("assignee"):
            refused(lambda: subject.tracker.update(made.ref.key, stranger))
            return
        with pytest.raises(InvalidInput):
            subject.tracker.update(made.ref.key, stranger)

    @pytest.mark.requirement("tracker:transition:columns")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_an_item_moves_through_the_declared_columns(self, subject: Subject, kind: Kind) -> None:
        assert {State.BACKLOG, State.DONE} <= set(subject.columns)
        if kind not in subject.creatable:
            assert kind not in subject.ladder
            return
        key = subject.make(kind).ref.key
        for state in (State.IN_PROGRESS, State.DONE, State.IN_PROGRESS, State.BACKLOG):
            if state in subject.columns:
                assert subject.tracker.transition(key, state).state is state
                assert subject.tracker.get(key).state is state

    @pytest.mark.requirement("tracker:transition:undeclared")
    def test_a_column_is_shown_or_unsupported(self, subject: Subject) -> None:
        key = subject.make().ref.key
        for state in State:
            if state in subject.columns:
                assert subject.tracker.transition(key, state).state is state
            else:  # the phase is then kept by Panopticon itself
                refused(lambda state=state: subject.tracker.transition(key, state))  # type: ignore[misc]

    @pytest.mark.requirement("tracker:transition:unknown-word")
    def test_an_unknown_native_word_is_refused_with_the_known(self, subject: Subject) -> None:
        key = subject.make().ref.key
        with pytest.raises(InvalidInput) as caught:
            subject.tracker.update(key, {"native_state": "Wibble"})
        assert all(word in caught.value.hint for word in subject.words)

    @pytest.mark.requirement("tracker:get:spellings")
    def test_a_key_is_found_in_every_spelling(self, subject: Subject) -> None:
        made = subject.make()
        for spelled in (made.ref.key, *subject.spellings(made.ref.key)):
            assert subject.tracker.get(spelled).ref == made.ref

    @pytest.mark.requirement("tracker:get:unknown")
    def test_an_unknown_key_is_not_found(self, subject: Subject) -> None:
        may = subject.tracker.capabilities
        for key in (*NO_KEYS, *subject.strangers):
            verbs: list[tuple[bool, Callable[[str], object]]] = [
                (True, subject.tracker.get),
                (True, lambda key: subject.tracker.update(key, {"title": "x"})),
                (True, subject.tracker.children),
                (may.delete, subject.tracker.delete),
                (may.comments, subject.tracker.comments),
                (may.comments, lambda key: subject.tracker.comment(key, "x")),
            ]
            for declared, verb in verbs:
                with pytest.raises(NotFound if declared else Unsupported):
                    verb(key)

    @pytest.mark.requirement("tracker:comments:order")
    def test_remarks_come_oldest_first(self, subject: Subject) -> None:
        key = subject.make().ref.key
        if not subject.tracker.capabilities.comments:
            refused(lambda: subject.tracker.comments(key))
            refused(lambda: subject.tracker.comment(key, "one"))
            return
        assert subject.tracker.comments(key) == []
        bodies = ["**one**", "**two**", "**three**"]
        said = [subject.tracker.comment(key, body) for body in bodies]
        assert [remark.body for remark in subject.tracker.comments(key)] == bodies
        assert subject.tracker.comments(key) == said

    @pytest.mark.requirement("tracker:comments:empty")
    def test_an_empty_remark_is_refused(self, subject: Subject) -> None:
        key = subject.make().ref.key
        with pytest.raises(InvalidInput if subject.tracker.capabilities.comments else Unsupported):
            subject.tracker.comment(key, " \n")

    @pytest.mark.requirement("tracker:steps:lines")
    def test_steps_that_are_lines_are_added_and_ticked(self, subject: Subject) -> None:
        key = subject.make().ref.key
        if not subject.tracker.capabilities.steps:
            refused(lambda: subject.tracker.add_step(key, "Step"))
            refused(lambda: subject.tracker.tick(key, Task("Step", True, 0)))
            return
        before = len(subject.tracker.get(key).tasks)
        for name in ("First", "Second\nline"):
            subject.tracker.add_step(key, name)
        first, second = subject.tracker.get(key).tasks[before:]
        assert (first.title, second.title, first.done) == ("First", "Second line", False)
        for done in (True, False, True):
            ticked = subject.tracker.tick(key, replace(first, done=done))
            assert ticked == subject.tracker.get(key)
            assert [one.done for one in ticked.tasks[before:]] == [done, False]
        with pytest.raises(InvalidInput):
            subject.tracker.add_step(key, " ")

    @pytest.mark.requirement("tracker:steps:moved")
    def test_a_step_that_is_another_now_is_not_ticked(self, subject: Subject) -> None:
        if not subject.tracker.capabilities.steps:
            return
        key = subject.make().ref.key
        made = subject.tracker.add_step(key, "First")
        last = made.tasks[-1]
        for wrong in (replace(last, title="Other"), replace(last, position=last.position + 7)):
            with pytest.raises(Conflict):
                subject.tracker.tick(key, replace(wrong, done=True))
        assert subject.tracker.get(key) == made

    @pytest.mark.requirement("tracker:children:direct")
    def test_children_are_what_is_directly_below(self, subject: Subject) -> None:
        made = subject.chain()
        below = {
            above.ref: [child.ref for child in subject.tracker.children(above.ref.key)]
            for above in made
        }
        following = [[one.ref] for one in made[1:]] + [[]]
        assert below == dict(zip([one.ref for one in made], following, strict=True))

    @pytest.mark.requirement("tracker:dependencies:both")
    def test_dependencies_read_back(self, subject: Subject) -> None:
        first, second, third = (subject.make() for _ in range(3))
        may = subject.tracker.capabilities
        assert may.dependencies is any("blocked_by" in names for names in may.writable.values())
        wanted: IssueFields = {"blocked_by": [first.ref.key, second.ref.key]}
        if not subject.takes("blocked_by"):
            refused(lambda: subject.tracker.update(third.ref.key, wanted))
            return
        subject.tracker.update(third.ref.key, wanted)
        assert set(subject.tracker.get(third.ref.key).blocked_by) == {first.ref, second.ref}
        subject.tracker.update(third.ref.key, {"blocked_by": []})
        assert subject.tracker.get(third.ref.key).blocked_by == ()

    @pytest.mark.requirement("tracker:pull-request:once")
    def test_a_pull_request_is_linked_once(self, subject: Subject) -> None:
        key = subject.make().ref.key
        url = "https://github.example/o/r/pull/7?a=1&b=2"
        if not subject.tracker.capabilities.link_pull_request:
            refused(lambda: subject.tracker.link_pull_request(key, url))
            return
        for _ in range(2):
            subject.tracker.link_pull_request(key, url)
        (shown,) = [text for text in subject.links(key) if "/pull/7" in text]
        assert url in shown

    @pytest.mark.requirement("tracker:pull-request:address")
    def test_only_a_web_address_is_linked(self, subject: Subject) -> None:
        key = subject.make().ref.key
        declared = subject.tracker.capabilities.link_pull_request
        with pytest.raises(InvalidInput if declared else Unsupported):
            subject.tracker.link_pull_request(key, "javascript:alert(1)")

    @pytest.mark.requirement("tracker:delete:gone")
    def test_a_deleted_item_is_gone_and_told(self, subject: Subject) -> None:
        made = subject.make()
        if not subject.tracker.capabilities.delete:
            refused(lambda: subject.tracker.delete(made.ref.key))
            assert subject.tracker.get(made.ref.key) == made
            return
        cursors: dict[str, Cursor] = {}
        subject.pull(cursors)
        subject.later()
        subject.tracker.delete(made.ref.key)
        with pytest.raises(NotFound):
            subject.tracker.get(made.ref.key)
        assert made.native_id in subject.pull(cursors)[1]
        assert subject.tracker.fetch([made.native_id]) == []
        assert made.native_id not in dict(subject.tracker.native_ids(Scope()))

    @pytest.mark.requirement("tracker:streams:bin-first")
    def test_a_deletion_during_the_first_run_is_told_by_the_next(self, subject: Subject) -> None:
        if not subject.tracker.capabilities.delete:
            return
        made = subject.make()
        cursors: dict[str, Cursor] = {}
        was_read = False
        for stream in subject.tracker.streams():
            for page in subject.tracker.pull(stream, Scope(), Cursor(), WRONG_CLOCK):
                cursors[stream] = page.cursor
                was_read |= made.native_id in {issue.native_id for issue in page.issues}
            if was_read:
                with suppress(NotFound):
                    subject.tracker.delete(made.ref.key)
                subject.later()
        assert was_read
        assert made.native_id in subject.pull(cursors)[1]

    @pytest.mark.requirement("tracker:streams:everything", "tracker:sweep:ids")
    def test_the_streams_give_everything_as_get_does(self, subject: Subject) -> None:
        made = subject.chain() + [subject.make(kind) for kind in subject.creatable]
        more: dict[str, object] = {
            "labels": ["x"],
            "assignee": "me",
            "blocked_by": [subject.make().ref.key],
        }
        made.append(
            subject.make(None, **{name: more[name] for name in more if subject.takes(name)})
        )
        issues, _ = subject.pull({})
        found = {issue.ref: issue for issue in issues}
        assert len(found) == len(issues)
        for one in made:
            assert found[one.ref] == subject.tracker.get(one.ref.key)
        versions = dict(subject.tracker.native_ids(Scope()))
        assert versions == {issue.native_id: issue.version for issue in issues}

    @pytest.mark.requirement("tracker:streams:incremental", "tracker:streams:clock")
    def test_only_changes_come_after_a_full_run(self, subject: Subject) -> None:
        made = [subject.make(title=f"Story {n}") for n in range(5)]
        subject.later()
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

    @pytest.mark.requirement("tracker:streams:resume")
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

    @pytest.mark.requirement("tracker:fetch:ids")
    def test_items_are_read_by_native_id(self, subject: Subject) -> None:
        made = [subject.make(kind) for kind in subject.creatable]
        wanted = [*(one.native_id for one in made), "999999999", "odd"]
        assert {one.ref for one in subject.tracker.fetch(wanted)} == {one.ref for one in made}

    @pytest.mark.requirement("tracker:scope:epic")
    def test_an_epic_means_all_that_lies_below(self, subject: Subject) -> None:
        made = subject.chain()
        scope = Scope(epics=(made[0].ref.key,))
        if len(subject.ladder) == 1:
            refused(lambda: subject.pull({}, scope))
            return
        subject.make(title="Elsewhere")
        lowest = next(one for one in reversed(made) if one.kind is subject.leaf)
        inner = subject.make(parent=lowest.ref.key if subject.nests else made[0].ref.key)
        issues, _ = subject.pull({}, scope)
        assert {issue.ref for issue in issues} == {one.ref for one in (*made, inner)}

    @pytest.mark.requirement("tracker:scope:unknown-epic")
    def test_an_unknown_epic_is_not_found(self, subject: Subject) -> None:
        with pytest.raises(Unsupported if len(subject.ladder) == 1 else NotFound):
            subject.pull({}, Scope(epics=("999999",)))

    @pytest.mark.requirement("tracker:check:answers")
    def test_a_check_says_who_and_what(self, subject: Subject) -> None:
        subject.make()
        check = subject.tracker.check()
        assert check.user == subject.me
        assert check.can_write is True
        assert check.counts[subject.leaf] >= 1
        assert (check.workspace, check.workspace_id) > ("", "")

    @pytest.mark.requirement("tracker:identity:same")
    def test_its_identity_is_the_same_everywhere(self, subject: Subject) -> None:
        assert subject.tracker.identity() == subject.identity

    @pytest.mark.requirement("tracker:places:listed")
    def test_places_are_listed(self, subject: Subject) -> None:
        assert {place.kind for place in subject.tracker.places()} == subject.places

    @pytest.mark.requirement("tracker:people:listed")
    def test_people_are_listed(self, subject: Subject) -> None:
        names = {
            name for user in subject.tracker.users() for name in (user.email, user.name, user.id)
        }
        assert subject.me in names

    @pytest.mark.requirement("tracker:words:listed")
    def test_the_words_of_states_are_listed_with_their_columns(self, subject: Subject) -> None:
        listed = dict(subject.tracker.words()[subject.leaf])
        assert set(subject.words) <= set(listed)

    @pytest.mark.requirement("tracker:iterations:listed")
    def test_timeboxes_are_listed_where_items_have_them(self, subject: Subject) -> None:
        boxes = subject.tracker.iterations()
        assert bool(boxes) is subject.takes("iteration")
        assert all(box.start < box.end for box in boxes)
