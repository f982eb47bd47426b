"""What the status words of teams mean."""

from pathlib import Path

import pytest

from panopticon.model.issue import State
from panopticon.trackers.markdown.text.grammar import DIALECTS
from panopticon.trackers.markdown.text.story import read
from panopticon.trackers.markdown.text.word import (
    CANCELLED,
    WORDS as WORDS_KNOWN,
    meaning_of,
    unmarked,
)

WORDS = {
    State.BACKLOG: ("backlog", "Draft", "TODO", "not started", "DRAFT (Ready for review)"),
    State.PLANNING: (
        "ready-for-dev",
        "Approved",
        "drafted",
        "Ready for Development",
        "Ready",
        "Story ready",
    ),
    State.IN_PROGRESS: ("InProgress", "In Progress (80%)", "in_progress", "\U0001f6a7", "WIP"),
    State.IN_REVIEW: (
        "Review",
        "Ready for Review \u26a0\ufe0f",
        "review (AC9-10 open)",
        "In-Review",
        "reviewed",
    ),
    State.DONE: (
        "done",
        "\u2705 Done",
        "**Done** \u2705",
        "COMPLETED",
        "done  # checked",
        "\u2705",
    ),
}
CASES = [(word, state) for state, words in WORDS.items() for word in words]


@pytest.mark.requirement("story:word:known")
@pytest.mark.parametrize(("word", "state"), CASES)
def test_words_in_the_wild(word: str, state: State) -> None:
    assert meaning_of(word).state is state
    assert meaning_of(word).is_known
    assert read(f"# T\n\nStatus: {word}\n").word == word


@pytest.mark.requirement("story:word:known")
@pytest.mark.parametrize("word", ["cancelled", "Superseded by 1.3", "SPLIT INTO SUB-STORIES"])
def test_what_will_not_be_done(word: str) -> None:
    meaning = meaning_of(word)
    assert (meaning.state, meaning.cancelled) == (State.DONE, True)


@pytest.mark.requirement("story:word:known")
def test_the_words_of_every_dialect_mean_their_own_column() -> None:
    for dialect in DIALECTS:
        for state, word in dialect.words.items():
            assert meaning_of(word).state is state


@pytest.mark.requirement("story:word:unknown")
@pytest.mark.parametrize("word", ["IRGENDWAS", "50%", "???", "doneish"])
def test_an_unknown_word(word: str) -> None:
    story = read(f"# T\n\nStatus: {word}\n", "a.md")
    assert story.meaning.state is State.BACKLOG
    assert story.word == word
    assert [str(problem)[:7] for problem in story.problems] == ["a.md:3:"]


@pytest.mark.requirement("story:word:unknown")
def test_a_missing_status_is_no_problem() -> None:
    story = read("# T\n")
    assert (story.word, story.meaning.state, story.problems) == ("", State.BACKLOG, ())


@pytest.mark.requirement("story:word:known")
@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("\U0001f6a7 **READY FOR DEV**", "\U0001f6a7 READY FOR DEV"),
        ("**in_progress** (`soon`)", "in_progress (soon)"),
        ("in_progress_now", "in_progress_now"),
        ("5 * 3 * 2", "5 * 3 * 2"),
    ],
)
def test_a_word_is_shown_without_marks(word: str, shown: str) -> None:
    assert unmarked(word) == shown
    assert meaning_of(word) == meaning_of(shown)


@pytest.mark.requirement("story:word:own")
def test_own_words_go_first() -> None:
    own = {"Ready for Fritz": State.IN_REVIEW, "done": State.IN_REVIEW}
    assert meaning_of("ready for fritz (soon)", own).state is State.IN_REVIEW
    assert meaning_of("Done", own).state is State.IN_REVIEW
    assert read("# T\nStatus: done\n", words=own).meaning.state is State.IN_REVIEW


@pytest.mark.requirement("story:word:documented")
def test_the_page_lists_every_word() -> None:
    page = (Path(__file__).parents[4] / "docs" / "stories.md").read_text(encoding="utf-8")
    for state, words in WORDS_KNOWN.items():
        assert f"| {state.label} | {', '.join(f'`{word}`' for word in words)} |" in page
    assert ", ".join(f"`{word}`" for word in CANCELLED) in page
