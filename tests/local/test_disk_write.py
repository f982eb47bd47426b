"""Writing files of people: compared first, each whole, all or none."""

import os
import stat
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import pytest

from panopticon.errors import Conflict, InvalidInput, LocalFault, NotFound
from panopticon.local.disk import LocalDisk, LocalFolder
from panopticon.model.disk import Write


def folder(path: Path) -> LocalFolder:
    return LocalDisk().open(str(path))


def seen(path: Path) -> dict[str, bytes]:
    return {
        one.relative_to(path).as_posix(): one.read_bytes()
        for one in sorted(path.rglob("*"))
        if one.is_file() and ".panopticon" not in one.parts
    }


@pytest.mark.requirement("disk:write:whole")
def test_files_are_made_replaced_and_deleted(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one\r\n")
    (tmp_path / "a.md").chmod(0o640)
    (tmp_path / "b.md").write_bytes(b"gone")
    here = folder(tmp_path)
    here.write(
        [
            Write("a.md", b"one\r\n", b"two\r\n"),
            Write("b.md", b"gone", None),
            Write("epic-1/docs/c.md", None, b""),
        ]
    )
    assert seen(tmp_path) == {"a.md": b"two\r\n", "epic-1/docs/c.md": b""}
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o640
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "epic-1/docs/c.md").stat().st_mode) == 0o666 & ~umask


@pytest.mark.requirement("disk:write:whole")
def test_a_link_stays_one_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"one")
    (tmp_path / "link.md").symlink_to("real.md")
    folder(tmp_path).write([Write("link.md", b"one", b"two")])
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"two"


@pytest.mark.requirement("disk:write:conflict")
def test_a_file_that_changed_stops_the_write_and_shows_how(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\nStatus: Draft\n")
    (tmp_path / "b.md").write_text("# Two\nStatus: Done\n")
    changes = [
        Write("a.md", b"# One\nStatus: Draft\n", b"# One\nStatus: Done\n"),
        Write("b.md", b"# Two\nStatus: Draft\n", b"# Two\nStatus: Review\n"),
    ]
    before = seen(tmp_path)
    with pytest.raises(Conflict, match=r"b\.md has changed since") as caught:
        folder(tmp_path).write(changes)
    assert seen(tmp_path) == before
    assert caught.value.details["path"] == "b.md"
    assert str(caught.value.details["difference"]).splitlines()[2:] == [
        "@@ -1,2 +1,2 @@",
        " # Two",
        "-Status: Draft",
        "+Status: Done",
    ]


@pytest.mark.requirement("disk:write:conflict")
@pytest.mark.parametrize(
    ("before", "now", "words"),
    [(b"x", None, "was deleted"), (None, b"x", "was made"), (b"x", b"", "has changed")],
)
def test_what_happened_is_said(
    tmp_path: Path, before: bytes | None, now: bytes | None, words: str
) -> None:
    if now is not None:
        (tmp_path / "a.md").write_bytes(now)
    for after in (b"y", None):
        with pytest.raises(Conflict, match=words):
            folder(tmp_path).write([Write("a.md", before, after)])
    assert seen(tmp_path) == ({} if now is None else {"a.md": now})


@pytest.mark.requirement("disk:write:conflict")
def test_a_long_difference_is_cut(tmp_path: Path) -> None:
    old = [f"line {n}" for n in range(60_000)]
    new = [*old[:50_000], *(f"other {n}" for n in range(9_000))]
    (tmp_path / "a.md").write_text("\n".join(new))
    with pytest.raises(Conflict) as caught:
        folder(tmp_path).write([Write("a.md", "\n".join(old).encode(), b"")])
    lines = str(caught.value.details["difference"]).splitlines()
    assert len(lines) == 40
    assert "-line 50000" in lines
    assert lines[-1] == "…"


class Watched(bytes):
    """What was read; the second time that it is compared, somebody has just written."""

    __hash__ = bytes.__hash__

    def __new__(cls, content: bytes, file: Path) -> Self:
        one = super().__new__(cls, content)
        one.file, one.turns = file, 0
        return one

    file: Path
    turns: int

    def __eq__(self, other: object) -> bool:
        self.turns += 1
        if self.turns == 2:
            self.file.write_bytes(b"human")
        return bytes(self) == (self.file.read_bytes() if self.turns > 1 else other)


class Late(Watched):
    """What was read; the second time that it is compared it is so, and more comes at once."""

    __hash__ = bytes.__hash__

    def __eq__(self, other: object) -> bool:
        self.turns += 1
        if self.turns == 2:
            with self.file.open("ab") as hand:
                hand.write(b" and more")
        return bytes(self) == other


@pytest.mark.requirement("disk:write:together")
def test_what_was_done_is_put_back_when_a_later_file_changes_just_then(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    (tmp_path / "a.md").chmod(0o604)
    (tmp_path / "b.md").write_bytes(b"gone")
    (tmp_path / "b.md").chmod(0o600)
    (tmp_path / "late.md").write_bytes(b"four")
    changes = [
        Write("a.md", b"one", b"two"),
        Write("b.md", b"gone", None),
        Write("new/c.md", None, b"three"),
        Write("late.md", Watched(b"four", tmp_path / "late.md"), b"five"),
    ]
    with pytest.raises(Conflict, match=r"late\.md"):
        folder(tmp_path).write(changes)
    assert seen(tmp_path) == {"a.md": b"one", "b.md": b"gone", "late.md": b"human"}
    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a.md", "b.md")}
    assert modes == {"a.md": 0o604, "b.md": 0o600}
    assert not (tmp_path / "new").exists()


@pytest.mark.requirement("disk:write:together")
def test_a_folder_in_the_way_stops_all(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    (tmp_path / "late").mkdir()
    with pytest.raises(LocalFault):
        folder(tmp_path).write([Write("a.md", b"one", b"two"), Write("late", None, b"four")])
    assert seen(tmp_path) == {"a.md": b"one"}


@pytest.mark.requirement("disk:write:together")
def test_no_waiting_file_is_left_beside(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    for name in (".a.md.0123456789ab.pan", ".other.md.0123456789ab.pan"):
        (tmp_path / name).write_bytes(b"of a writer that was killed")
    folder(tmp_path).write([Write("a.md", b"one", b"two")])
    assert seen(tmp_path) == {"a.md": b"two"}


@pytest.mark.requirement("disk:write:hand")
@pytest.mark.parametrize("after", [b"ours", None])
def test_a_file_that_somebody_is_writing_slowly_is_left_to_them(
    tmp_path: Path, after: bytes | None
) -> None:
    with (tmp_path / "a.md").open("wb", buffering=0) as hand:
        hand.write(b"half ")
        with pytest.raises(Conflict, match="is being written"):
            folder(tmp_path).write([Write("a.md", b"half ", after)])
        hand.write(b"whole")
    assert seen(tmp_path) == {"a.md": b"half whole"}


@pytest.mark.requirement("disk:write:hand")
def test_a_save_that_ends_soon_is_waited_for(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool, (tmp_path / "a.md").open("wb", buffering=0) as hand:
        hand.write(b"half ")
        writing = pool.submit(folder(tmp_path).write, [Write("a.md", b"half ", b"ours")])
        time.sleep(0.3)
        assert not writing.done()
        hand.write(b"whole")
        hand.close()
        with pytest.raises(Conflict) as caught:
            writing.result(5)
    assert "+half whole" in str(caught.value.details["difference"])
    assert seen(tmp_path) == {"a.md": b"half whole"}


@pytest.mark.requirement("disk:write:hand")
def test_what_was_written_just_then_is_put_back_as_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    (tmp_path / "b.md").write_bytes(b"two")
    number = (tmp_path / "b.md").stat().st_ino
    changes = [Write("a.md", b"one", b"x"), Write("b.md", Late(b"two", tmp_path / "b.md"), b"y")]
    with pytest.raises(Conflict, match=r"b\.md") as caught:
        folder(tmp_path).write(changes)
    assert "+two and more" in str(caught.value.details["difference"])
    assert seen(tmp_path) == {"a.md": b"one", "b.md": b"two and more"}
    assert (tmp_path / "b.md").stat().st_ino == number


@pytest.mark.requirement("disk:write:hand")
def test_where_the_system_does_not_tell_a_young_file_is_waited_for_and_ours_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    (tmp_path / "a.md").write_bytes(b"0")
    start = time.monotonic()
    folder(tmp_path).write([Write("a.md", b"0", b"1")])
    assert 0.5 < time.monotonic() - start < 4
    start = time.monotonic()
    for number in range(1, 9):
        folder(tmp_path).write([Write("a.md", b"%d" % number, b"%d" % (number + 1))])
    assert time.monotonic() - start < 0.5


@pytest.mark.requirement("disk:write:read-only")
def test_what_is_read_only_is_told_and_stays(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut" / "b.md").write_bytes(b"two")
    (tmp_path / "shut").chmod(0o555)
    (tmp_path / "c.md").write_bytes(b"three")
    (tmp_path / "c.md").chmod(0o444)
    first = Write("a.md", b"one", b"changed")
    for second in (
        Write("c.md", b"three", b"x"),
        Write("shut/b.md", b"two", b"x"),
        Write("shut/b.md", b"two", None),
        Write("shut/in/new.md", None, b"x"),
    ):
        with pytest.raises(LocalFault, match="read-only"):
            folder(tmp_path).write([first, second])
    (tmp_path / "shut").chmod(0o755)
    assert seen(tmp_path) == {"a.md": b"one", "c.md": b"three", "shut/b.md": b"two"}


@pytest.mark.requirement("disk:path")
@pytest.mark.parametrize("path", ["../x.md", "/tmp/x.md", ".git/hooks/pre-commit", "out/x.md", ""])
def test_no_write_leads_out(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to("../outside")
    before = seen(tmp_path)
    with pytest.raises(InvalidInput):
        folder(root).write([Write("fine.md", None, b"x"), Write(path, None, b"x")])
    assert seen(tmp_path) == before


@pytest.mark.requirement("disk:write:together")
def test_one_file_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="twice"):
        folder(tmp_path).write([Write("a.md", None, b"x"), Write("a.md", None, b"y")])
    assert seen(tmp_path) == {}


@pytest.mark.requirement("disk:lock")
def test_one_writes_at_a_time(tmp_path: Path) -> None:
    one, other = folder(tmp_path), folder(tmp_path)
    with one.locked(0), pytest.raises(Conflict, match="process"), other.locked(0):
        pass
    with other.locked(0):
        pass


@pytest.mark.requirement("disk:lock")
def test_the_journal_is_kept_for_the_next_run(tmp_path: Path) -> None:
    assert folder(tmp_path).journal() is None
    folder(tmp_path).put_journal(b"{\xff}")
    assert folder(tmp_path).journal() == b"{\xff}"
    assert folder(tmp_path / "inner").journal() is None
    folder(tmp_path).put_journal(None)
    folder(tmp_path).put_journal(None)
    assert folder(tmp_path).journal() is None
    assert {one.name for one in tmp_path.iterdir()} == {".panopticon"}
    (tmp_path / "file").touch()
    with pytest.raises(LocalFault):
        folder(tmp_path / "file").put_journal(b"")
    with pytest.raises(NotFound):
        folder(tmp_path).read("journal")


@pytest.mark.requirement("disk:lock:odd")
@pytest.mark.parametrize("name", ["journal", "stories.lock"])
def test_a_folder_of_ours_that_is_a_link_is_not_used(tmp_path: Path, name: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "app" / ".panopticon").symlink_to(tmp_path / "outside")
    app = folder(tmp_path / "app")
    verbs = {"journal": lambda: app.put_journal(b"{}"), "stories.lock": lambda: hold(app)}
    with pytest.raises(LocalFault):
        verbs[name]()
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.requirement("disk:lock:odd")
def test_a_journal_that_is_a_link_is_neither_read_nor_written_through(tmp_path: Path) -> None:
    own = tmp_path / "app" / ".panopticon"
    own.mkdir(parents=True)
    (tmp_path / "treasure").write_text("mine")
    (own / "journal").symlink_to(tmp_path / "treasure")
    app = folder(tmp_path / "app")
    with pytest.raises(LocalFault):
        app.journal()
    app.put_journal(b"{}")
    assert (tmp_path / "treasure").read_text() == "mine"
    assert app.journal() == b"{}"


def hold(app: LocalFolder) -> None:
    with app.locked(0.1):
        raise AssertionError("never here")
