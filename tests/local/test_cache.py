"""Files written whole or not at all, under names that cannot leave their folder."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from panopticon.errors import Conflict, LocalFault
from panopticon.local import lock
from panopticon.local.cache import CacheFolder, safe_name, story_names


@pytest.mark.requirement("cache:names:safe")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("US-123", "US-123"),
        ("1.2", "1.2"),
        ("../x", "x"),
        ("..", "_"),
        ("", "_"),
        ("a/b#4", "a_b_4"),
        ("é🦉", "_"),
        ("y" * 300, "y" * 80),
    ],
)
def test_names_are_plain(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.requirement("cache:names:clash")
def test_names_that_clash_get_a_mark_that_stays_the_same() -> None:
    stories = [("r:US1", "epic-1", "US-1"), ("s:US1", "epic-1", "us-1"), ("t:1", "epic-2", "US-1")]
    first = dict(story_names(stories))
    assert first["r:US1"] == "stories/epic-1/US-1.json"
    assert first["t:1"] == "stories/epic-2/US-1.json"
    assert first["s:US1"].startswith("stories/epic-1/us-1-")
    assert dict(story_names(stories)) == first


@pytest.mark.requirement("cache:write:atomic")
def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    cache = CacheFolder(tmp_path)
    assert cache.put("epics.json", b"old")
    (tmp_path / ".epics.json.tmp").mkdir()  # the write cannot even begin
    with pytest.raises(LocalFault, match="cache"):
        cache.put("epics.json", b"new")
    assert (tmp_path / "epics.json").read_bytes() == b"old"


@pytest.mark.requirement("cache:write:atomic")
def test_a_reader_has_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    cache = CacheFolder(tmp_path)
    cache.put("epics.json", b"old")
    with (tmp_path / "epics.json").open("rb") as reader:
        cache.put("epics.json", b"new")
        assert reader.read() == b"old"
    assert not cache.put("epics.json", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["epics.json"]


@pytest.mark.requirement("cache:lock:one-at-a-time")
def test_a_lock_is_held_by_one_and_freed_by_errors(tmp_path: Path) -> None:
    path = tmp_path / "a" / "cache.lock"
    with suppress(ZeroDivisionError), lock.held(path, "Work", 0):
        with pytest.raises(Conflict, match=f"process {os.getpid()}"), lock.held(path, "Work", 0.1):
            pass
        raise ZeroDivisionError
    with lock.held(path, "Work", 0):
        pass


@pytest.mark.requirement("cache:lock:one-at-a-time")
def test_a_lock_in_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(LocalFault, match="Cannot use"), lock.held(tmp_path / "a/b", "Work", 0):
        pass
