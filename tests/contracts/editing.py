"""What a tracker tells before anybody writes: forms, moves, words, and the history afterwards."""

import pytest

from panopticon.errors import InvalidInput, NotFound, Unsupported
from panopticon.model.form import FieldType, FormField
from panopticon.model.issue import PRIORITIES, Issue, IssueFields, Kind, NewIssue, State
from tests.contracts.subject import EVERY_FIELD, Subject, refused

NOT_ASKED = {"state", "custom"}  # the native state is asked for; custom fields one by one
EVERY_NAME = set(IssueFields.__annotations__)


def form_of(subject: Subject, kind: Kind) -> dict[str, FormField]:
    """Give a kind's form by name."""
    return {one.name: one for one in subject.tracker.form(kind)}


class EditingContract:
    """Tests of what a form and a board need; part of the tracker's contract."""

    @pytest.mark.requirement("tracker:form:exact")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_form_asks_for_exactly_what_a_write_takes(self, subject: Subject, kind: Kind) -> None:
        if kind not in subject.creatable:
            refused(lambda: subject.tracker.form(kind))
            return
        form = form_of(subject, kind)
        key = subject.make(kind).ref.key
        for name, value in EVERY_FIELD.items():
            told: IssueFields = {name: value}  # type: ignore[misc]
            if name in form:
                subject.tracker.update(key, told)
            else:
                refused(lambda told=told: subject.tracker.update(key, told))  # type: ignore[misc]
        standard = {name for name in form if not name.startswith("custom.")}
        assert standard <= EVERY_NAME - NOT_ASKED
        assert standard == subject.tracker.capabilities.writable[kind] - NOT_ASKED

    @pytest.mark.requirement("tracker:form:order")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_the_title_comes_first_then_what_is_required(
        self, subject: Subject, kind: Kind
    ) -> None:
        if kind not in subject.creatable:
            return
        fields = subject.tracker.form(kind)
        assert fields[0].name == "title"
        assert fields[0].required
        required = [one.required for one in fields]
        assert required == sorted(required, reverse=True)
        assert len({one.name for one in fields}) == len(fields)
        assert all(one.label for one in fields)
        assert all(one.values for one in fields if one.type is FieldType.CHOICE)

    @pytest.mark.requirement("tracker:form:required")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_what_is_required_is_needed_and_enough(self, subject: Subject, kind: Kind) -> None:
        if kind not in subject.creatable:
            return
        every: IssueFields = {"title": "Enough"}
        if kind is Kind.TASK:
            every["parent"] = subject.make().ref.key
        wanted = {one.name for one in subject.tracker.form(kind) if one.required}
        assert wanted == set(every)
        assert subject.tracker.create(NewIssue(kind, every)).title == "Enough"
        for name in wanted:
            fewer: IssueFields = {n: v for n, v in every.items() if n != name}  # type: ignore[assignment]
            with pytest.raises(InvalidInput):
                subject.tracker.create(NewIssue(kind, fewer))

    @pytest.mark.requirement("tracker:form:values", "tracker:words:exact")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_every_offered_value_is_taken_as_it_is(self, subject: Subject, kind: Kind) -> None:
        if kind not in subject.creatable:
            return
        form, key = form_of(subject, kind), subject.make(kind).ref.key
        columns = dict(subject.tracker.words()[kind])
        for word in form["native_state"].values:
            written = subject.tracker.update(key, {"native_state": word})
            assert (written.native_state, written.state) == (word, columns[word])
        for word in form["priority"].values if "priority" in form else ():
            number = PRIORITIES.index(word)
            assert subject.tracker.update(key, {"priority": number}).priority == number

    @pytest.mark.requirement("tracker:moves:kept", "tracker:words:exact")
    @pytest.mark.parametrize("kind", list(Kind))
    def test_an_item_moves_exactly_where_it_was_told_to(self, subject: Subject, kind: Kind) -> None:
        if kind not in subject.creatable:
            return
        item, columns = subject.make(kind), dict(subject.tracker.words()[kind])
        for start in State:
            for end in State:
                item = self._moved(subject, item, start)
                item = self._moved(subject, item, end)
                assert subject.tracker.get(item.ref.key) == item
                assert columns.get(item.native_state, State.BACKLOG) is item.state

    def _moved(self, subject: Subject, item: Issue, state: State) -> Issue:
        """Move an item, or be refused, as its moves say."""
        moves = subject.tracker.moves(item)
        assert [move.state for move in moves] == list(State)
        (told,) = [move for move in moves if move.state is state]
        if not told.is_allowed:
            with pytest.raises(Unsupported) as caught:
                subject.tracker.transition(item.ref.key, state)
            assert caught.value.message == told.reason
            return item
        moved = subject.tracker.transition(item.ref.key, state)
        assert (moved.state, moved.native_state) == (state, told.native_state)
        return moved

    @pytest.mark.requirement("tracker:moves:columns")
    def test_the_declared_columns_are_allowed(self, subject: Subject) -> None:
        moves = subject.tracker.moves(subject.make())
        assert tuple(move.state for move in moves if move.is_allowed) == subject.columns

    @pytest.mark.requirement("tracker:history:newest-first")
    def test_the_history_tells_changes_newest_first(self, subject: Subject) -> None:
        made = subject.make(title="First name")
        subject.tracker.update(made.ref.key, {"title": "Second name"})
        changed = subject.tracker.transition(made.ref.key, State.DONE)
        said = subject.tracker.history(made.ref.key)
        if not subject.tracker.capabilities.history:
            assert said == []
            return
        assert [one.at for one in said] == sorted((one.at for one in said), reverse=True)
        assert {one.author for one in said} == {subject.me}
        assert len(said) == 3
        assert changed.native_state in said[0].text
        assert "Second name" in said[1].text
        assert "name" not in said[2].text

    @pytest.mark.requirement("tracker:history:unknown")
    def test_the_history_of_nothing_is_not_found(self, subject: Subject) -> None:
        for key in subject.strangers:
            with pytest.raises(NotFound):
                subject.tracker.history(key)
