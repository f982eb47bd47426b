"""sprint-status.yaml, read and written line by line."""

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from panopticon.errors import Conflict, InvalidInput, NotFound, PanError
from panopticon.model.issue import State
from panopticon.trackers.markdown.text.piece import BOM
from panopticon.trackers.markdown.text.sprint import (
    EntryKind,
    add_entry,
    read_sprint,
    set_word,
)
from tests.trackers.markdown import making

SPRINT = """\
# generated: 2026-11-21
# STATUS DEFINITIONS: done, review
project: shop
story_location: "docs/stories"

development_status:
  # Epic 1
  epic-1: in-progress
  1-1-sign-up: done  # checked
  1-2-sign-in: 'review'
  "1-3-reset": ready-for-dev

  1-4b-extra:
  epic-1-retrospective: optional
  env-2-1-tools: backlog
action_items:
  - epic: 1
    action: x
  - epic: 2
    action: y
"""


@pytest.mark.requirement("sprint:read")
@pytest.mark.parametrize("mark", ["", BOM])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_entries_in_order(mark: str, ending: str) -> None:
    sprint = read_sprint(mark + SPRINT.replace("\n", ending), "s.yaml")
    assert [(e.kind, e.number, e.slug, e.value) for e in sprint.entries] == [
        (EntryKind.EPIC, "1", "", "in-progress"),
        (EntryKind.STORY, "1-1", "sign-up", "done"),
        (EntryKind.STORY, "1-2", "sign-in", "review"),
        (EntryKind.STORY, "1-3", "reset", "ready-for-dev"),
        (EntryKind.STORY, "1-4b", "extra", ""),
        (EntryKind.RETROSPECTIVE, "1", "", "optional"),
        (EntryKind.STORY, "env-2-1", "tools", "backlog"),
    ]
    assert sprint.settings["story_location"] == "docs/stories"
    found = sprint.entry("1.2")
    assert found
    assert (found.meaning.state, found.line) == (State.IN_REVIEW, 10)
    assert [str(problem) for problem in sprint.problems] == ["s.yaml:13: 1-4b-extra has no word"]


@pytest.mark.requirement("sprint:read")
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("epic-12", (EntryKind.EPIC, "12", "")),
        ("orch-epic-2", (EntryKind.EPIC, "orch-2", "")),
        ("orch-epic-2-retrospective", (EntryKind.RETROSPECTIVE, "orch-2", "")),
        ("dm-01", (EntryKind.EPIC, "dm-01", "")),
        ("dm-01-retrospective", (EntryKind.RETROSPECTIVE, "dm-01", "")),
        ("dm-01-2-panel", (EntryKind.STORY, "dm-01-2", "panel")),
        ("us-123-x", (EntryKind.STORY, "us-123", "x")),
        ("6-4-1-p4-names", (EntryKind.STORY, "6-4-1-p4", "names")),
        ("rebuild-all", (EntryKind.STORY, "", "rebuild-all")),
    ],
)
def test_what_keys_stand_for(key: str, expected: tuple[EntryKind, str, str]) -> None:
    sprint = read_sprint(f"development_status:\n  {key}: done\n")
    assert [(e.kind, e.number, e.slug) for e in sprint.entries] == [expected]


@pytest.mark.requirement("sprint:edit")
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_one_word_changes(ending: str) -> None:
    text = BOM + SPRINT.replace("\n", ending).rstrip()
    sprint = read_sprint(text)
    assert set_word(sprint, "1-1-sign-up", "review") == text.replace(": done  #", ": review  #")
    assert set_word(sprint, "1-2-sign-in", "done") == text.replace("'review'", "'done'")
    assert set_word(sprint, "1-3-reset", "done") == text.replace("ready-for-dev", "done")
    assert set_word(sprint, "1-4b-extra", "done") == text.replace("extra:", "extra: done")
    assert set_word(sprint, "1-1-sign-up", "a: b") == text.replace(": done  #", ": 'a: b'  #")


@pytest.mark.requirement("sprint:edit")
def test_what_cannot_be_written() -> None:
    sprint = read_sprint(SPRINT, "s.yaml")
    with pytest.raises(NotFound, match=r"s\.yaml has no entry 9-9-x"):
        set_word(sprint, "9-9-x", "done")
    with pytest.raises(InvalidInput):
        set_word(sprint, "1-1-sign-up", "two\nlines")
    torn = read_sprint(SPRINT.replace("  epic-1:", "<<<<<<< a\n  epic-1:", 1))
    with pytest.raises(Conflict):
        set_word(torn, "1-1-sign-up", "done")


@pytest.mark.requirement("sprint:add")
def test_a_new_entry() -> None:
    sprint = read_sprint(SPRINT)
    behind = add_entry(sprint, "1-5-new", "backlog", "1-4b-extra")
    assert behind == SPRINT.replace("extra:\n", "extra:\n  1-5-new: backlog\n")
    last = add_entry(sprint, "1-5-new", "backlog")
    assert last == SPRINT.replace("backlog\n", "backlog\n  1-5-new: backlog\n")
    empty = read_sprint("development_status:")
    assert add_entry(empty, "1-1-a", "done") == "development_status:\n  1-1-a: done"
    with pytest.raises(Conflict):
        add_entry(sprint, "1-1-sign-up", "done")
    with pytest.raises(NotFound):
        add_entry(read_sprint("project: x\n"), "1-1-a", "done")


BOMB = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\ndevelopment_status:\n  1-1-a: *b\n  1-2-b: done\n"
REFUSED = {
    BOMB: [1, 2, 4],
    "development_status:\n  1-1-a: !!python/name:os.system\n  1-2-b: done\n": [2],
    "development_status: &x\n  1-1-a: &y done\n  1-2-b: done\n": [1, 2],
    "development_status:\n  1-1-a: done\n  1-01-c: done\n  1-2-b: done\n": [3],
    "development_status:\n  nonsense\n  1-2-b: done\n": [2],
    "development_status:\n  1-2-b: done\n  1-2-b: done\n": [3],
}


@pytest.mark.requirement("sprint:refused")
@pytest.mark.parametrize(("text", "lines"), REFUSED.items())
def test_what_is_refused_is_told_with_its_line(text: str, lines: list[int]) -> None:
    sprint = read_sprint(text, "s.yaml")
    assert [problem.line for problem in sprint.problems] == lines
    found = sprint.entry("1.2")
    assert found
    assert found.value == "done"


@pytest.mark.requirement("sprint:refused")
def test_a_file_of_something_else() -> None:
    assert [p.line for p in read_sprint("- a\n- b\n").problems][-1:] == [2]
    assert [p.message for p in read_sprint("").problems] == ["no `development_status:` in the file"]


keys = st.from_regex(r"\A[1-9]-[1-9][0-9]?-[a-z]{1,8}\Z")
words = st.text("abcd-#:'\" ,[]{}&*!|>%@`\\yn012.", max_size=12).map(str.strip)


@pytest.mark.requirement("sprint:same-as-yaml")
@given(st.dictionaries(keys, words, min_size=1, max_size=6), st.data())
@settings(max_examples=100)
def test_it_means_what_yaml_means(entries: dict[str, str], data: st.DataObject) -> None:
    text = yaml.safe_dump({"project": "x", "development_status": entries}, width=10_000)
    sprint = read_sprint(text)
    assert {entry.key: entry.value for entry in sprint.entries} == entries
    key, word = data.draw(st.sampled_from(sorted(entries))), data.draw(words)
    try:
        new = set_word(sprint, key, word)
    except PanError:
        assert not word
        return
    assert yaml.safe_load(new)["development_status"] == {**entries, key: word}


@pytest.mark.requirement("story:read:anything")
@given(making.anything)
@settings(max_examples=100)
def test_any_bytes_are_read(data: bytes) -> None:
    sprint = read_sprint(data)
    for entry in sprint.entries:
        place = entry.word
        assert not place.text or sprint.document.text[place.start : place.end] == place.text
