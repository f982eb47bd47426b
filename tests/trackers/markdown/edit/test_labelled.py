"""Fields in labels and front matter: read in every spelling, written in the file's own."""

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from panopticon.errors import InvalidInput, PanError
from panopticon.trackers.markdown.edit.labelled import NAMINGS, Labelled, values, written
from panopticon.trackers.markdown.text.story import read
from tests.trackers.markdown import making, sample
from tests.trackers.markdown.edit.test_story_edit import changed

EVERY: dict[str, object] = {
    "assignee": "ann@example.com",
    "labels": ["api", 'odd "tag" & 🚀'],
    "points": 8.0,
    "hours": 3.5,
    "priority": 1,
    "due": date(2027, 3, 5),
    "iteration": "Sprint 4",
    "release": "2.0",
    "blocked": True,
    "blocked_reason": "waits for (x)",
    "branch": "feature/x",
    "coverage": 81.5,
    "commit_sha": "0123abc",
}
READ = [
    ("**Assigned To:** Ann Other", {"assignee": "Ann Other"}),
    ("Owner: unassigned", {"assignee": None}),
    ("- **Tags**: [api, `ui`; api]", {"labels": ("api", "ui")}),
    ("**Story Points:** 5 SP", {"points": 5.0}),
    ("**Estimate:** 4h", {"points": None, "hours": 4.0}),
    ("**Estimate:** ~3 points", {"points": 3.0, "hours": None}),
    ("**Priority:** P0 🔴", {"priority": 1}),
    ("**Priority:** Medium (was high)", {"priority": 3}),
    ("**Due Date:** 2027-03-05 (Friday)", {"due": date(2027, 3, 5)}),
    ("**Due:** soon", {"due": None}),
    ("**Blocked:** waits for Bob", {"blocked": True, "blocked_reason": "waits for Bob"}),
    ("**Blocked:** no", {"blocked": False, "blocked_reason": None}),
    ("**Branch:** `feature/x`", {"branch": "feature/x"}),
    ("**Coverage:** 85%", {"coverage": 85.0}),
    ("| **Commit** | `0123abc` |", {"commit_sha": "0123abc"}),
]


def told(text: str) -> Labelled:
    """Read the fields of a text."""
    return values(read(text))


@pytest.mark.requirement("mdwrite:label:read")
@pytest.mark.parametrize(("line", "wanted"), READ)
def test_a_field_is_read_in_its_spellings(line: str, wanted: dict[str, object]) -> None:
    found = told(f"# Story 1.2: T\n\n{line}\n\n## Story\n\nText\n")
    assert {name: getattr(found, name) for name in wanted} == wanted


@pytest.mark.requirement("mdwrite:label:read")
def test_front_matter_says_fields_too() -> None:
    front = "---\nassignee: 'a: b'\ntags:\n  - api\n  - \"u, i\"\nstory_points: 3\n---\n# T\n"
    found = told(front)
    assert (found.assignee, found.labels, found.points) == ("a: b", ("api", "u, i"), 3.0)


@pytest.mark.requirement("mdwrite:label:write")
@pytest.mark.parametrize("dialect", list(sample.ALL))
def test_every_field_is_written_read_and_taken_away(dialect: str) -> None:
    text = sample.ALL[dialect]
    for name, value in EVERY.items():
        text = written(read(text), name, value)
    found = told(text)
    for name, value in EVERY.items():
        is_listed = isinstance(value, list)
        assert getattr(found, name) == (tuple(value) if is_listed else value)  # type: ignore[arg-type]
    for name, value in EVERY.items():
        text = written(read(text), name, [] if isinstance(value, list) else None)
    assert text == sample.ALL[dialect]


@pytest.mark.requirement("mdwrite:label:write")
@pytest.mark.parametrize(
    ("line", "name", "value", "after"),
    [
        ("- **Owner**: Bob", "assignee", "ann", "- **Owner**: ann"),
        ("**Story Points:** 5 SP", "points", 8, "**Story Points:** 8 SP"),
        ("**Estimate:** 4h", "hours", 2, "**Estimate:** 2h"),
        ("**Priority:** P2", "priority", 1, "**Priority:** P0"),
        ("**Priority:** Medium", "priority", 2, "**Priority:** High"),
        ("**Branch:** `a`", "branch", "b", "**Branch:** `b`"),
        ("**Blocked:** no", "blocked", True, "**Blocked:** yes"),
        ("**Blocked:** waits", "blocked_reason", "sleeps", "**Blocked:** sleeps"),
        ("**Blocked:** waits", "blocked_reason", None, "**Blocked:** yes"),
        ("**Estimate:** 0.5 day", "points", 2, "**Estimate:** 0.5 day\r\n**Points:** 2"),
        ("**Assignee:**", "assignee", "ann", "**Assignee:** ann"),
        ("| **Owner** | Bob | x |", "assignee", "ann", "| **Owner** | ann | x |"),
    ],
)
def test_a_field_keeps_its_form(line: str, name: str, value: object, after: str) -> None:
    text = f"# Story 1.2: T\r\n\r\n{line}\r\n\r\n## Story\r\n\r\nText"
    assert written(read(text), name, value) == text.replace(line, after)


@pytest.mark.requirement("mdwrite:label:write")
def test_lists_in_front_matter_stay_lists() -> None:
    text = "---\nstatus: draft\ntags:\n  - api\n  - ui\nlast: x\n---\n# T\n"
    new = written(read(text), "labels", ["a", "b", "c: d"])
    assert new == text.replace("  - api\n  - ui", "  - a\n  - b\n  - 'c: d'")
    assert written(read(new), "labels", []) == "---\nstatus: draft\nlast: x\n---\n# T\n"


@pytest.mark.requirement("mdwrite:label:refused")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("assignee", "two\nlines"),
        ("assignee", "TBD"),
        ("labels", ["a, b"]),
        ("points", "many"),
        ("points", -1),
        ("priority", 7),
        ("due", "tomorrow"),
        ("branch", "`x`"),
        ("branch", "a\x00b"),
    ],
)
def test_what_a_label_cannot_hold_is_refused(name: str, value: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        written(read(sample.V6), name, value)
    assert caught.value.hint


@pytest.mark.requirement("mdwrite:label:refused")
def test_a_line_that_says_more_is_not_taken_away() -> None:
    text = "# Story 1.2: T\n\n**Owner:** Bob | **Points:** 5\n\n## Story\n\nText\n"
    with pytest.raises(InvalidInput, match=r":3 says more"):
        written(read(text), "assignee", None)


@pytest.mark.requirement("mdwrite:label:write")
@given(making.files, st.sampled_from(list(NAMINGS)), st.data())
@settings(max_examples=150, deadline=None)
def test_a_written_field_is_read_and_all_else_stays(
    text: str, name: str, data: st.DataObject
) -> None:
    value = data.draw(st.sampled_from((EVERY[name], None)))
    story = read(text)
    try:
        new = written(story, name, value)
    except PanError:
        return
    wanted = tuple(value) if isinstance(value, list) else value
    found = getattr(told(new), name)
    assert found == wanted or (value is None and not found)
    assert read(new).word == story.word
    assert not value or changed(text, new)[0].count("\n") <= text.count("- ")
