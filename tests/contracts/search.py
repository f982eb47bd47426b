"""How every store finds items: one class that each store's test inherits."""

from datetime import timedelta
from typing import Any

import pytest

from panopticon.model.change import Cursor, Page
from panopticon.model.event import EventKind
from panopticon.model.issue import CARDS, Comment, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.link import LinkKind, link_between
from panopticon.model.query import Age, Between, Field, Is, People, Query, Refs, Term, Value
from panopticon.model.query_parse import query_from
from panopticon.store.base import Lookup, Store
from tests.contracts.store import HOSTILE, NOW, apply, item, ref

ALL = ("rally", "other")


def lookup(text: str | Query, **more: object) -> Lookup:
    query = query_from(text) if isinstance(text, str) else text
    trackers = more.pop("trackers", ALL)
    return Lookup(query, trackers, NOW, **more)  # type: ignore[arg-type]


def found(store: Store, text: str | Query, **more: object) -> str:
    """Name what is found, the best first; those of `other` with their source."""
    hits = store.search(lookup(text, **more)).hits
    return " ".join(str(hit.ref).removeprefix("rally:") for hit in hits)


def meaning(field: Field, *meanings: object) -> Query:
    """Ask for what names were resolved to."""
    values = tuple(Value("x", one) for one in meanings)  # type: ignore[arg-type]
    return Query((Term(field, values),))


def seen(store: Store, text: str | Query, **more: object) -> str:
    """Name what is found in the order of keys."""
    return " ".join(sorted(found(store, text, **more).split()))


class SearchContract:
    """Tests of a store; a subclass has a fixture `store`."""

    @pytest.mark.requirement("search:store:everywhere")
    def test_a_text_is_found_wherever_it_is_written(self, store: Store) -> None:
        apply(
            store,
            item("US1", "Find the Needle"),
            item("US2", body="a\nneedle\n here"),
            item("US3", acceptance_criteria="NEEDLE"),
            item("US4", tasks=(Task("needle work", False, 0),)),
            item("US5", labels=("Needle-work",)),
            item("US6", assignee="ned.needle@example.com"),
            item("US7"),
            item("US8", lease=Lease("ann.needle@example.com", NOW, NOW + timedelta(hours=1))),
            item("US9", lease=Lease("ann.needle@example.com", NOW, NOW)),
        )
        store.put_comments(ref("US7"), [Comment("1", "Jo", "the needle!", NOW)])
        assert seen(store, "needle") == "US1 US2 US3 US4 US5 US6 US7 US8"
        assert found(store, "needle").startswith("US1 ")
        assert seen(store, '"needle here"') == "US2"
        assert seen(store, '"ned needle"') == "US6"
        assert seen(store, "title:needle") == "US1"
        assert seen(store, "needle -title:needle -work the") == "US7"
        assert seen(store, "nadel") == ""

    @pytest.mark.requirement("search:store:everywhere")
    def test_keys_are_found_in_both_spellings_and_come_first(self, store: Store) -> None:
        apply(store, item("US12"), item("US123", "US12 once more"), item("DE3"), item("1.2"))
        assert found(store, "us12") == "US12 US123"
        assert seen(store, "us-12") == "US12 US123"
        assert seen(store, "1.2") == "1.2"
        assert seen(store, "de") == "DE3"

    @pytest.mark.requirement("search:store:short")
    def test_a_short_word_is_looked_for_where_it_is_likeliest(self, store: Store) -> None:
        apply(
            store,
            item("US1", "UX of it"),
            item("US2", labels=("ux",)),
            item("US3", body="ux"),
            item("US4", "x"),
        )
        assert seen(store, "ux") == "US1 US2"
        assert seen(store, "title:ux") == "US1"
        assert seen(store, "-ux") == "US3 US4"
        assert seen(store, "title:%") == ""

    @pytest.mark.requirement("search:store:any-character")
    @pytest.mark.parametrize("text", HOSTILE)
    def test_any_character_is_found(self, store: Store, text: str) -> None:
        apply(store, item("US1", body=f"before {text} after"), item("US2"))
        value = Value(text, text)
        assert found(store, Query((Term(Field.TEXT, (value,)),))) == "US1"
        assert found(store, Query((Term(Field.TITLE, (value,)),))) == ""

    @pytest.mark.requirement("search:store:any-character")
    def test_case_folds_in_every_script(self, store: Store) -> None:
        apply(store, item("US1", "Straße ÀÉ ΣΊΣΥΦΟΣ"))
        for text in ("STRASSE", "straße", "àé", "σίσυφος"):
            assert found(store, text) == "US1"

    @pytest.mark.requirement("search:store:steps")
    def test_what_a_step_says_counts_for_its_item(self, store: Store) -> None:
        apply(
            store,
            item("US1", "Plain", rank="a"),
            item("TA1", "needle", Kind.TASK, parent=ref("US1")),
            item("US2", "Needle", rank="b"),
            item("TA2", "haystack", Kind.TASK, parent=ref("US2")),
        )
        assert seen(store, "needle") == "US1 US2"
        assert seen(store, "needle", kinds=CARDS) == "US1 US2"
        assert seen(store, "plain needle") == "US1"
        assert seen(store, "needle haystack") == "US2"
        assert seen(store, "-needle") == ""
        assert seen(store, "kind:task needle") == "TA1"
        assert seen(store, "kind:task,story needle") == "TA1 US1 US2"

    @pytest.mark.requirement("search:store:fields")
    def test_each_field(self, store: Store) -> None:
        day = timedelta(days=1)
        old: dict[str, Any] = {"created_at": NOW - 90 * day, "updated_at": NOW - 30 * day}
        held = Lease("maya@example.com", NOW, NOW + timedelta(hours=1))
        apply(
            store,
            item("F1", kind=Kind.FEATURE, **old),
            item("US1", parent=ref("F1"), labels=("API", "two words"), points=3.0, priority=1),
            item("US2", parent=ref("F1"), assignee="ann@example.com", iteration="S 24", points=8.0),
            item("TA3", kind=Kind.TASK, parent=ref("US2"), updated_at=NOW),
            item("DE4", kind=Kind.DEFECT, state=State.DONE, native_state="Fixed", project="Web"),
            item("US5", lease=held, state=State.IN_REVIEW, cancelled=True, **old),
        )
        store.put(item("US1", **{"ref": ref("US1", "other"), **old}), NOW)
        expected: dict[str | Query, str] = {
            "": "DE4 F1 US1 US2 US5 other:US1",
            "kind:defect,feature": "DE4 F1",
            "kind:task": "TA3",
            "-kind:story": "DE4 F1",
            "tracker:other": "other:US1",
            "project:Web": "DE4",
            'iteration:"S 24"': "US2",
            "iteration:none -is:done kind:story": "US1 US5 other:US1",
            "label:api": "US1",
            "label:ap": "",
            'label:"two words",none -kind:feature': "DE4 US1 US2 US5 other:US1",
            "points:>=3": "US1 US2",
            "points:>3": "US2",
            "points:..3": "US1",
            "points:none kind:defect": "DE4",
            "priority:urgent": "US1",
            "priority:none points:8": "US2",
            "state:done,review": "DE4 US5",
            'state:"Fixed"': "DE4",
            "is:done": "DE4",
            "is:open tracker:rally": "F1 US1 US2 US5",
            "is:cancelled": "US5",
            "is:held": "US5",
            "is:free kind:story tracker:rally": "US1",
            "assignee:none kind:story": "US1 other:US1",
            "epic:none kind:story": "US5 other:US1",
            "-is:open": "DE4",
            "-tracker:rally": "other:US1",
            meaning(Field.ASSIGNEE, People(("ann@example.com", "maya@example.com"))): "US2 US5",
            meaning(Field.ASSIGNEE, People(())): "",
            meaning(Field.EPIC, ref("F1")): "US1 US2",
            meaning(Field.REF, ref("US1", "other"), ref("F1")): "F1 other:US1",
            meaning(Field.IS, Refs((ref("US1"), ref("US1", "other")))): "US1 other:US1",
        }
        for text, keys in expected.items():
            assert seen(store, text) == keys, text

    @pytest.mark.requirement("search:store:fields")
    def test_times_are_compared_to_the_moment(self, store: Store) -> None:
        day = timedelta(days=1)
        for number in (1, 2, 3):
            at = NOW - number * day
            store.put(item(f"US{number}", created_at=at, updated_at=at), NOW)
        younger = Age(2 * day, is_younger=True).before(NOW)
        older = Age(2 * day, is_younger=False).before(NOW)
        whole = Between(NOW - 2 * day, NOW - day, below=True)
        for field in (Field.UPDATED, Field.CREATED):
            assert seen(store, meaning(field, younger)) == "US1"
            assert seen(store, meaning(field, older)) == "US3"
            assert seen(store, meaning(field, whole)) == "US2"
            assert seen(store, f"{field.value}:2026-11-17..2026-11-18") == "US2 US3"
            assert seen(store, f"-{field.value}:>2026-11-18") == "US2 US3"

    @pytest.mark.requirement("search:store:blocked")
    def test_blocked_is_what_has_something_open_in_its_way(self, store: Store) -> None:
        apply(
            store,
            item("US1", blocked=True),
            item("US2", blocked_by=(ref("US1"),)),
            item("US3", blocked_by=(ref("DE1"),)),
            item("US4", blocked_by=(ref("US99"),)),
            item("US5", blocked=True, state=State.DONE),
            item("US6"),
            item("US7"),
            item("DE1", kind=Kind.DEFECT, state=State.DONE),
        )
        store.put(item("X1", ref=ref("X1", "other")), NOW)
        for source, target in (("X1", "US6"), ("DE1", "US7")):
            tracker = "other" if source == "X1" else "rally"
            store.put_link(link_between(LinkKind.BLOCKS, ref(source, tracker), ref(target), NOW))
        assert seen(store, "is:blocked") == "US1 US2 US4 US6"
        assert seen(store, "-is:blocked") == "DE1 US3 US5 US7 other:X1"
        assert seen(store, "is:blocked", trackers=("rally",)) == "US1 US2 US4"

    @pytest.mark.requirement("search:store:blocked")
    def test_a_link_blocks_whose_ends_came_back_under_other_ids(self, store: Store) -> None:
        apply(store, item("US1"), item("US2"), item("US3", state=State.DONE))
        for source, target in (("US1", "US2"), ("US2", "US3")):
            store.put_link(link_between(LinkKind.BLOCKS, ref(source), ref(target), NOW))
        store.drop("rally", ["id-US1", "id-US2"], NOW)
        assert seen(store, "is:blocked") == ""
        apply(store, item("US1", native_id="again-1"), item("US2", native_id="again-2"))
        assert not any(one.is_asleep for one in store.links())
        assert seen(store, "is:blocked") == "US2"
        store.put(item("US1", native_id="again-1", state=State.DONE, version="2"), NOW)
        assert seen(store, "is:blocked") == ""

    @pytest.mark.requirement("search:store:ordered")
    def test_the_best_come_first_then_the_ranked(self, store: Store) -> None:
        long = "much else is said here " * 40
        apply(
            store,
            item("US1", body=f"{long} needle", rank="a"),
            item("US2", "A needle", rank="b"),
            item("US3", rank="d"),
            item("US4", rank="c"),
            item("US5", updated_at=NOW),
            item("US6"),
        )
        assert found(store, "needle") == "US2 US1"
        assert found(store, "-needle") == "US4 US3 US5 US6"
        assert found(store, "is:open -needle") == "US4 US3 US5 US6"
        page = store.search(lookup("is:open", limit=2, offset=1))
        assert [hit.ref.key for hit in page.hits] == ["US2", "US4"]
        assert page.total == 6
        best, worse = store.search(lookup("needle")).hits
        assert best.score > worse.score > 0

    @pytest.mark.requirement("search:store:many")
    def test_many_hits_are_ordered_as_few_are(self, store: Store) -> None:
        apply(store, *(item(f"US{n}", rank=f"{n % 7:03}") for n in range(1600)))
        every = found(store, "is:open").split()
        assert len(every) == 1600
        some = " ".join(f"US{n}" for n in range(0, 1600, 60))
        few = Query((Term(Field.REF, tuple(Value("x", ref(key)) for key in some.split())),))
        assert found(store, few).split() == [key for key in every if key in some.split()]
        assert found(store, "is:open", limit=3, offset=1500).split() == every[1500:1503]
        assert found(store, "", limit=3, offset=1500).split() == every[1500:1503]
        assert store.search(lookup("is:open", limit=3)).total == 1600
        store.put(item("X1", ref=ref("X1", "hidden"), rank="000"), NOW)
        assert store.search(lookup("is:open", limit=3)).total == 1600
        assert found(store, "-is:done", limit=3).split() == every[:3]

    @pytest.mark.requirement("search:store:follows")
    def test_what_changes_is_found_anew_and_what_went_is_not(self, store: Store) -> None:
        apply(store, item("US1", "Needle"), item("US2", "Other", points=1.0))
        assert found(store, "needle") == "US1"
        apply(store, item("US2", "Needle too", version="2", points=5.0), deleted=("id-US1",))
        assert found(store, "needle") == "US2"
        assert found(store, "points:5") == "US2"
        store.add_comment(ref("US2"), Comment("1", "Jo", "a remark", NOW), NOW)
        assert found(store, "remark") == "US2"
        store.put_comments(ref("US2"), [])
        assert found(store, "remark") == ""
        apply(store, item("US2", "Plain", version="3"))
        assert found(store, "needle") == ""

    @pytest.mark.requirement("store:remarks:with-page")
    def test_remarks_that_come_with_a_page_are_kept_and_told(self, store: Store) -> None:
        def comment(number: int, body: str = "said") -> Comment:
            return Comment(str(number), "Jo", body, NOW)

        def page(*remarks: Comment, key: str = "US1") -> list[tuple[EventKind, object]]:
            last = store.last_event()
            told = Page((item("US1"),), Cursor(), (), None, {key: remarks})
            store.apply("rally", told, NOW, scope="", stream="")
            return [(one.kind, dict(one.data)) for one in store.events(last)]

        assert [kind for kind, _ in page(comment(1))] == [EventKind.CREATED]
        assert store.comments(ref("US1")) == [comment(1)]
        assert page(comment(1)) == []
        added = {"id": "2", "author": "Jo"}
        assert page(comment(1), comment(2, "needle")) == [(EventKind.COMMENTED, added)]
        assert found(store, "needle") == "US1"
        assert page(comment(2)) == [(EventKind.UPDATED, {"comments": [2, 1]})]
        assert page(comment(9), key="US404") == []
        assert store.comments(ref("US404")) == []

    @pytest.mark.requirement("store:remarks:renamed")
    def test_remarks_stay_with_a_renamed_item(self, store: Store) -> None:
        apply(store, item("1.2", native_id="a"), item("1.3", native_id="b"))
        store.put_comments(ref("1.2"), [Comment("1", "Jo", "needle", NOW)])
        store.put_comments(ref("1.3"), [Comment("2", "Jo", "haystack", NOW)])
        apply(store, item("1.3", native_id="a", version="2"), item("1.2", native_id="c"))
        assert [one.body for one in store.comments(ref("1.3"))] == ["needle"]
        assert store.comments(ref("1.2")) == []
        assert found(store, "needle") == "1.3"
        assert found(store, "haystack") == ""

    @pytest.mark.requirement("search:store:words")
    def test_the_values_of_fields_come_with_the_most_used_first(self, store: Store) -> None:
        apply(
            store,
            item("US1", labels=("a", "b"), iteration="S 1", assignee="jo@x.org"),
            item("US2", labels=("b",), native_state="Idea"),
            item("F1", "Sign-in", Kind.FEATURE, lease=Lease("al@x.org")),
        )
        store.put(item("US9", ref=ref("US9", "hidden"), project="Hidden"), NOW)
        trackers = ("rally",)
        assert store.words(Field.LABEL, trackers) == [("b", 2), ("a", 1)]
        assert store.words(Field.STATE, trackers) == [("Defined", 2), ("Idea", 1)]
        assert store.words(Field.PROJECT, trackers) == [("DDC-AI", 3)]
        assert store.words(Field.ITERATION, trackers) == [("S 1", 1)]
        assert store.words(Field.ASSIGNEE, trackers) == [("al@x.org", 1), ("jo@x.org", 1)]
        assert store.epic_titles(trackers) == {"F1": "Sign-in"}
        assert Is.JOINED.value == "joined"
