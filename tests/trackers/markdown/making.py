"""Files for property tests: whole ones, mutated ones, anything."""

from hypothesis import strategies as st

from tests.trackers.markdown import sample

LINES = (
    *("# Story 1.2: T", "## Status", "Done", "Status: review", "**Status:** done", "---", "  "),
    *("## Tasks", "- [ ] a (AC: 1)", "  - [x] b", "\t- [~] c", "1. one", "   more", "2. two", ""),
    *("## Acceptance Criteria", "### AC1: x", "**Given** y", "- **When** z", "| a | b |", "|---|"),
    *("```", "~~~~", "<!--", "-->", "<<<<<<< a", "=======", ">>>>>>> b", "title: 'x'", "key: [a"),
    *("## Dev Agent Record", "### Comments", "- **2026-01-01T00:00:00Z a:** b", "## Change Log"),
    *("**Acceptance Criteria:**", "## Epic 1: E", "### Story 1.2: T", "**Prerequisites:** 1.1"),
    *("development_status:", "  1-2-slug: done # why", "  epic-1: backlog", "\ufeff# x", "\u2028"),
)
ENDINGS = ("\n", "\r\n", "\r")
odd = st.text(st.characters(codec="utf-8"), max_size=12)


@st.composite
def pieced(draw: st.DrawFn) -> str:
    """Make a file of lines that mean something, in any order, with mixed endings."""
    lines = draw(st.lists(st.one_of(st.sampled_from(LINES), odd), max_size=25))
    return "".join(line + draw(st.sampled_from(ENDINGS)) for line in lines) + draw(odd)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Make a story file with lines lost, doubled, moved or spoilt."""
    text = draw(st.sampled_from(list(sample.ALL.values())))
    lines = text.split("\n")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        new = draw(st.lists(st.one_of(st.sampled_from(LINES), odd), max_size=2))
        lines[at : at + draw(st.integers(0, 2))] = new
        lines = lines or [""]
    mark = draw(st.sampled_from(("", "\ufeff")))
    return mark + draw(st.sampled_from(ENDINGS)).join(lines)


files = st.one_of(pieced(), mutated())
anything = st.one_of(
    st.binary(max_size=300),
    files.map(str.encode),
    files.map(lambda text: text.encode("latin-1", "replace")),
    files.map(lambda text: text.encode("utf-16")),
)
