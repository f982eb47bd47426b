"""A lock's file may be brought by a repository: what it is decides whether it is used."""

import os
from pathlib import Path

import pytest

from panopticon.errors import Conflict, LocalFault
from panopticon.local import lock


@pytest.mark.requirement("disk:lock:odd")
@pytest.mark.parametrize("kind", ["symlink", "dangling", "hard link", "fifo", "folder"])
def test_what_is_no_plain_file_is_neither_used_nor_emptied(tmp_path: Path, kind: str) -> None:
    treasure, path = tmp_path / "treasure", tmp_path / "locks" / "one.lock"
    treasure.write_text("mine")
    path.parent.mkdir()
    match kind:
        case "symlink":
            path.symlink_to(treasure)
        case "dangling":
            path.symlink_to(tmp_path / "new")
        case "hard link":
            path.hardlink_to(treasure)
        case "fifo":
            os.mkfifo(path)
        case _:
            path.mkdir()
    with pytest.raises(LocalFault) as caught, lock.held(path, "Trying", 0.1):
        raise AssertionError("never here")
    assert caught.value.hint
    assert treasure.read_text() == "mine"
    assert not (tmp_path / "new").exists()


@pytest.mark.requirement("disk:lock:odd")
def test_a_plain_file_is_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    with (
        lock.held(path, "Trying", 0.1),
        pytest.raises(Conflict),
        lock.held(path, "Trying", 0.1),
    ):
        raise AssertionError("never here")
