"""The language of searches: what is read, where it stands, what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from panopticon.errors import InvalidInput
from panopticon.model.issue import Kind, State
from panopticon.model.query import Age, Between, Field, Is, Query, Special, Term, Value
from panopticon.model.query_parse import LONGEST, query_from

NOV = datetime(2026, 11, 1, tzinfo=UTC)


def read(text: str) -> list[tuple[str, list[object]]]:
    """Give each term's field, with its sign, and what its values mean."""
    return [
        ("-" * term.is_negated + term.field, [value.meaning for value in term.values])
        for term in query_from(text, ("rally", "story-files")).terms
    ]


def place_of(error: InvalidInput) -> tuple[int, int]:
    place = error.details["at"]
    assert isinstance(place, list)
    start, end = map(int, place)
    return start, end


@pytest.mark.requirement("search:language:terms")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \t ", []),
        ("log in", [("text", ["log"]), ("text", ["in"])]),
        ('"log in" -"log out" -x', [("text", ["log in"]), ("-text", ["log out"]),
            ("-text", ["x"])]),
        (r'"a \"b\" c:\d \\"', [("text", [r'a "b" c:\d ' + "\\"])]),
        ('"a"b', [("text", ["a"]), ("text", ["b"])]),
        ("a.b:c _a:b", [("text", ["a.b:c"]), ("text", ["_a:b"])]),
        ("12:30 https://x.org/a C:\\x a::b Bug: :x:", [("text", [w]) for w in
            ("12:30", "https://x.org/a", "C:\\x", "a::b", "Bug:", ":x:")]),
        ("- -- 5\" don't a,b", [("text", ["-"]), ("-text", ["-"]), ("text", ['5"']),
            ("text", ["don't"]), ("text", ["a,b"])]),
        ("Quotes \" ' (and) \\", [("text", [w]) for w in ("Quotes", '"', "'", "(and)", "\\")]),
        ("tracker:a,b -is:done", [("tracker", ["a", "b"]), ("-is", [Is.DONE])]),
        ('LABEL:"two words",api', [("label", ["two words", "api"])]),
        ('label:"a,b" labels:x tag:y', [("label", ["a,b"]), ("label", ["x"]), ("label", ["y"])]),
        ('label:none label:"none"', [("label", [Special.NONE]), ("label", ["none"])]),
        ("assignee:Me,none,jo@x.org", [("assignee", [Special.ME, Special.NONE, "jo@x.org"])]),
        ("epic:17 epic:none", [("epic", ["17"]), ("epic", [Special.NONE])]),
        ("rally:US120 -story-files:1.2", [("ref", ["rally:US120"]), ("-ref", ["story-files:1.2"])]),
        ("kind:story,BUGS type:user-story", [("kind", [Kind.STORY, Kind.DEFECT]),
            ("kind", [Kind.STORY])]),
        ("state:review,In-Progress state:done", [("state", [State.IN_REVIEW, State.IN_PROGRESS]),
            ("state", [State.DONE])]),
        ('status:"Code Review"', [("state", ["Code Review"])]),
        ("priority:high,urgent,4,medium", [("priority", [2, 1, 4, 3])]),
        ("title:login", [("title", ["login"])]),
    ],
)  # fmt: skip
def test_terms_are_read(text: str, expected: list[tuple[str, list[object]]]) -> None:
    assert read(text) == expected


@pytest.mark.requirement("search:language:compared")
@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("updated:<2d", Age(timedelta(days=2), is_younger=True)),
        ("updated:2d", Age(timedelta(days=2), is_younger=True)),
        ("updated:>2w", Age(timedelta(weeks=2), is_younger=False)),
        ("created:<=90min", Age(timedelta(minutes=90), is_younger=True)),
        ("created:>1month", Age(timedelta(days=30), is_younger=False)),
        ("updated:2026-11-01", Between(NOV, NOV + timedelta(days=1), below=True)),
        ("updated:>2026-11-01", Between(NOV + timedelta(days=1), None)),
        ("updated:>=2026-11-01", Between(NOV, None)),
        ("updated:<2026-11-01", Between(None, NOV, below=True)),
        ("updated:<=2026-11-01", Between(None, NOV + timedelta(days=1), below=True)),
        ("updated:2026-11-01..2026-11-20", Between(NOV, NOV + timedelta(days=20), below=True)),
        ("updated:2026-11-01..", Between(NOV, None)),
        ("updated:>2026-11-01T01:00+01:00", Between(NOV, None, above=True)),
        ("points:3", Between(3, 3)),
        ("points:>=3", Between(3, None)),
        ("points:>3", Between(3, None, above=True)),
        ("points:<0.5", Between(None, 0.5, below=True)),
        ("points:3..8", Between(3, 8)),
        ("points:..8", Between(None, 8)),
        ("points:none", Special.NONE),
    ],
)
def test_numbers_and_times_are_compared(text: str, meaning: object) -> None:
    (term,) = query_from(text).terms
    assert term.values[0].meaning == meaning


@pytest.mark.requirement("search:language:refused")
@pytest.mark.parametrize(
    ("text", "place", "told", "hint"),
    [
        ("login asignee:me", "asignee", "`asignee`", "Did you mean `assignee:`?"),
        ("zzz:1 x", "zzz", "`zzz`", '"zzz:1"'),
        ("is:opne", "opne", "'opne'", "is:open"),
        ("-is:done,bad", "bad", "'bad'", "cancelled"),
        ("kind:stroy", "stroy", "'stroy'", "kind:story"),
        ("priority:top", "top", "'top'", "urgent"),
        ("points:many", "many", "'many'", ">=3"),
        ("points:8..3", "8..3", "before", "smaller"),
        ("points:..", "..", "neither", "one"),
        ("points:inf", "inf", "'inf'", "3..8"),
        ("points:>", ">", "'>'", "3..8"),
        ("updated:soon", "soon", "'soon'", "<2d"),
        ("updated:>", ">", "missing", "<2d"),
        ("updated:<2x", "<2x", "'x'", "min"),
        ("updated:<9999999y", "<9999999y", "hundred years", "<2d"),
        ("created:9999-12-31", "9999-12-31", "no time", "<2d"),
        ("a label: b", "", "`label:`", 'label:"two words"'),
        ("label:a,", "", "the comma", "label:api"),
        ('label:"" x', '""', "`label:`", "label:api"),
        ('a "b c', '"b c', "not closed", '"'),
        ('"" x', '""', "nothing between", "word"),
        ("login OR signup", "OR", "OR", "comma"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    text: str, place: str, told: str, hint: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        query_from(text)
    start, end = place_of(caught.value)
    assert text[start:end] == place
    assert told in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.requirement("search:language:bounded")
@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "x " * 60, "label:" + "x," * 60 + "x"])
def test_a_query_without_end_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        query_from(text)


PIECES = st.sampled_from(
    [f"{one.value}:" for one in Field]
    + list('"\\-, :é\ud83d\0\x1f')
    + ["..", "<2d", ">=3", "me", "none", "OR", "is:open", "label:a,b", "2026-11-01", "rally:"]
)
TYPED = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@pytest.mark.requirement("search:language:never-fails")
@given(TYPED)
def test_any_text_is_read_or_refused_and_printed_the_same(text: str) -> None:
    try:
        query = query_from(text, ("rally",))
    except InvalidInput as error:
        start, end = place_of(error)
        assert 0 <= start <= end <= len(text)
        assert error.message  # noqa: PT017
        assert error.hint  # noqa: PT017
        return
    last = 0
    for term in query.terms:
        assert last <= term.start < term.end <= len(text)
        for value in term.values:
            assert term.start <= value.start < value.end <= term.end
        last = term.end
    assert query_from(str(query), ("rally",)) == query


@pytest.mark.requirement("search:language:never-fails")
@given(st.text(min_size=1, max_size=9), st.sampled_from([Field.TEXT, Field.LABEL, Field.ASSIGNEE]))
def test_any_word_can_be_spelled(word: str, field: Field) -> None:
    if not word.strip():
        return
    query = Query((Term(field, (Value(word, word),), is_negated=True),))
    assert query_from(str(query)) == query
