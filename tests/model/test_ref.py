"""How people spell the stories of files, and that other spellings mean what they meant."""

import pytest

from panopticon.model.ref import number_of, spelling_from


@pytest.mark.requirement("model:ref:story-spellings")
@pytest.mark.parametrize(
    "text",
    [
        *("1.2", "1-2", "01.2", "01-02", "1-2-sign-in", "1-2-v2-of-it", "story-1-2", "Story-1.2"),
        *("1-2-sign-in.md", "story-1-2-sign-in.md", "1.2.sign-in.md", " 1-2 "),
    ],
)
def test_a_story_is_meant_by_every_spelling(text: str) -> None:
    assert "1.2" in spelling_from(text).keys
    assert "app#1.2" in spelling_from(f"app#{text.strip()}").keys
    named = spelling_from(f"stories:{text.strip()}")
    assert (named.tracker, "1.2" in named.keys) == ("stories", True)


@pytest.mark.requirement("model:ref:story-spellings")
@pytest.mark.parametrize(
    ("text", "key"),
    [
        *(("1-4b", "1.4b"), ("env-6-3-slug", "env.6.3"), ("7.5-1", "7.5.1"), ("KB-03-1", "kb.3.1")),
        *(("epic-01", "epic-1"), ("Epic 7.6", "epic-7.6"), ("app#epic-017", "app#epic-17")),
    ],
)
def test_odd_numbers_and_epics_have_one_spelling(text: str, key: str) -> None:
    assert spelling_from(text).keys[-1] == key


@pytest.mark.requirement("model:ref:story-spellings")
@pytest.mark.parametrize(
    "text",
    [
        *("US-123", "us123", "PROJ-7", "MIN-630", "F17", "17", "owner/repo#45", "repo#45"),
        *("2026-11-21", "2026-11-21-notes", "spec-sign-in", "1.", "-1-2", "", "v1.2.3.4.5x-"),
    ],
)
def test_other_keys_are_no_stories(text: str) -> None:
    assert not [
        key for key in spelling_from(text).keys if "." in key and key.casefold() != text.casefold()
    ]


@pytest.mark.requirement("model:ref:story-spellings")
@pytest.mark.parametrize("text", ["1-2-sign-in", "epic-01", "US-123", "us123", "app#01-2-x"])
def test_few_spellings_are_looked_up(text: str) -> None:
    assert len(spelling_from(text).keys) <= 4


@pytest.mark.requirement("model:ref:story-number")
def test_the_last_digits_of_a_story_are_not_its_number() -> None:
    assert [number_of(key) for key in ("1.17", "epic-7.17", "app#1.17")] == [None, None, None]
    assert [number_of(key) for key in ("epic-17", "F17", "US-17", "a/b#17")] == ["17"] * 4
