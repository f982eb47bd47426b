"""What is listed of a folder, and what is left out."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput, LocalFault, NotFound, Retriable
from panopticon.local.disk import LocalDisk, LocalFolder
from panopticon.model.disk import Listing


def put(path: Path, content: bytes | str = b"# A story\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def folder(path: Path) -> LocalFolder:
    return LocalDisk().open(str(path))


def is_story(path: str) -> bool:
    return path.endswith(".md")


def names(listing: Listing) -> list[str]:
    return [one.path for one in listing.files]


@pytest.mark.requirement("disk:open")
def test_a_folder_is_named_from_the_root_or_the_home(tmp_path: Path) -> None:
    home = Path.home()
    assert folder(tmp_path / "later").root == str(tmp_path / "later")
    assert LocalDisk().open("~/work").root == str(home.resolve() / "work")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert folder(tmp_path / "link").root == str(tmp_path / "real")
    for wrong in ("", "work/app", "~nobody-of-that-name/x", "/a\0b"):
        with pytest.raises(InvalidInput) as caught:
            LocalDisk().open(wrong)
        assert caught.value.hint


@pytest.mark.requirement("disk:list:wanted")
def test_wanted_files_are_listed_in_order(tmp_path: Path) -> None:
    put(tmp_path / "docs" / "b.md", "two")
    first = put(tmp_path / "docs" / "a" / "ä 1.md", "one")
    put(tmp_path / "z.txt")
    os.utime(first, (1_000_000_000, 1_000_000_000))
    listing = folder(tmp_path).files(is_story)
    assert names(listing) == ["docs/a/ä 1.md", "docs/b.md"]
    assert listing.files[0].size == len("one")
    assert listing.files[0].modified_at == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    assert listing.skipped == {}


@pytest.mark.requirement("disk:list:never")
def test_folders_of_tools_are_not_entered(tmp_path: Path) -> None:
    for name in (".git", "node_modules", ".venv", "dist", ".hidden", ".bmad-core", "_bmad"):
        put(tmp_path / "app" / name / "x.md")
    here = folder(tmp_path)
    assert names(here.files(is_story)) == ["app/_bmad/x.md"]
    asked_for = here.files(lambda path: is_story(path) or path.endswith((".bmad-core/", ".git/")))
    assert names(asked_for) == ["app/.bmad-core/x.md", "app/_bmad/x.md"]


@pytest.mark.requirement("disk:list:never")
def test_another_worktree_inside_is_told_and_not_entered(tmp_path: Path) -> None:
    put(tmp_path / "trees" / "one" / "1.1.md")
    put(tmp_path / "trees" / "one" / ".git", "gitdir: /srv/app/.git/worktrees/one\n")
    put(tmp_path / "modules" / "two" / "2.1.md")
    put(tmp_path / "modules" / "two" / ".git", "gitdir: ../../.git/modules/two\n")
    listing = folder(tmp_path).files(is_story)
    assert names(listing) == ["modules/two/2.1.md"]
    assert listing.skipped == {"trees/one": "is another worktree of a repository"}


@pytest.mark.requirement("disk:list:links")
def test_links_are_followed_inside_only(tmp_path: Path) -> None:
    put(tmp_path / "outside" / "secret.md")
    root = tmp_path / "root"
    put(root / "docs" / "1.md")
    put(root / ".kept" / "2.md")
    (root / "again").symlink_to("docs")
    (root / "kept").symlink_to(".kept")
    (root / "docs" / "same.md").symlink_to("1.md")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "out.md").symlink_to(tmp_path / "outside" / "secret.md")
    (root / "docs" / "round").symlink_to("..")
    (root / "self.md").symlink_to("self.md")
    (root / "nowhere.md").symlink_to("missing")
    (root / "unwanted.txt").symlink_to("missing")
    listing = folder(root).files(is_story)
    assert names(listing) == ["docs/1.md", "kept/2.md"]
    assert listing.skipped == {
        "docs/round": "leads round in a circle",
        "nowhere.md": "leads nowhere",
        "out": "leads outside the folder",
        "out.md": "leads outside the folder",
        "self.md": "leads round in a circle",
    }
    assert folder(root).read("kept/2.md") == b"# A story\n"


@contextmanager
def plain_user() -> Iterator[None]:
    """Be somebody whom modes bind, where the tests run as the superuser."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_path() -> Iterator[Path]:
    """Give a folder that anybody can walk to; pytest's own is for its owner alone."""
    path = Path(tempfile.mkdtemp()).resolve()
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


@pytest.mark.requirement("disk:list:skipped")
def test_what_cannot_be_used_is_left_out_with_the_reason(open_path: Path) -> None:
    put(open_path / "fine.md")
    os.truncate(put(open_path / "large.md"), 5_000_001)
    os.truncate(put(open_path / "limit.md"), 5_000_000)
    put(open_path / "closed.md").chmod(0)
    put(open_path / "shut" / "x.md").parent.chmod(0)
    os.mkfifo(open_path / "pipe.md")
    put(Path(os.fsdecode(bytes(open_path) + b"/caf\xe9.md")))
    put(Path(os.fsdecode(bytes(open_path) + b"/d\xe9/x.md")))
    with plain_user():
        listing = folder(open_path).files(is_story)
    (open_path / "shut").chmod(0o700)
    assert names(listing) == ["fine.md", "limit.md"]
    assert listing.skipped == {
        "caf\\xe9.md": "has a name that is not UTF-8",
        "closed.md": "cannot be read: Permission denied",
        "d\\xe9": "has a name that is not UTF-8",
        "large.md": "is larger than 5 MB",
        "pipe.md": "is no regular file",
        "shut": "cannot be read: Permission denied",
    }


@pytest.mark.requirement("disk:list:stamp")
def test_a_stamp_changes_with_the_bytes(tmp_path: Path) -> None:
    file = put(tmp_path / "a.md", "one")
    here = folder(tmp_path)

    def stamp() -> str:
        return here.files(is_story).files[0].stamp

    first = stamp()
    assert stamp() == first
    fact = file.stat()
    with file.open("r+b") as opened:  # in place, of equal length, its time put back
        opened.write(b"two")
    os.utime(file, ns=(fact.st_atime_ns, fact.st_mtime_ns))
    assert stamp() != first


@pytest.mark.requirement("disk:list:stamp")
def test_a_stamp_changes_within_one_tick_of_the_file_systems_clock(tmp_path: Path) -> None:
    here = folder(tmp_path)
    stamps = []
    for turn in range(200):
        put(tmp_path / "a.md", f"{turn:03}")
        stamps.append(here.files(is_story).files[0].stamp)
    assert len(set(stamps)) == len(stamps)


@pytest.mark.requirement("disk:list:gone")
def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", put(tmp_path / "file")):
        with pytest.raises(NotFound, match=path.name) as caught:
            folder(path).files(is_story)
        assert "folders" in caught.value.hint


@pytest.mark.requirement("disk:list:gone")
def test_what_goes_away_meanwhile_can_be_tried_again(tmp_path: Path) -> None:
    put(tmp_path / "a.md")
    put(tmp_path / "b" / "c.md")

    def removes(path: str) -> bool:
        if path == "a.md":
            (tmp_path / "b" / "c.md").unlink(missing_ok=True)
            (tmp_path / "b").rmdir()
        return True

    with pytest.raises(Retriable, match="changed while it was read"):
        folder(tmp_path).files(removes)
    assert names(folder(tmp_path).files(is_story)) == ["a.md"]


@pytest.mark.requirement("disk:list:gone")
def test_a_folder_that_becomes_a_file_meanwhile_can_be_tried_again(tmp_path: Path) -> None:
    put(tmp_path / "a.md")
    (tmp_path / "b").mkdir()

    def replaces(path: str) -> bool:
        if path == "a.md":
            (tmp_path / "b").rmdir()
            (tmp_path / "b").touch()
        return True

    with pytest.raises(Retriable, match="changed while it was read"):
        folder(tmp_path).files(replaces)


@pytest.mark.requirement("disk:list:gone")
def test_a_folder_that_may_not_be_read_is_told(open_path: Path) -> None:
    (open_path / "shut").mkdir(mode=0)
    with plain_user(), pytest.raises(LocalFault, match="Permission denied"):
        folder(open_path / "shut").files(is_story)


@pytest.mark.requirement("disk:list:many")
def test_five_thousand_files_are_listed_in_a_second(tmp_path: Path) -> None:
    for n in range(50):
        (tmp_path / f"epic-{n}").mkdir()
        for k in range(100):
            (tmp_path / f"epic-{n}" / f"{n}-{k}.md").touch()
    start = time.perf_counter()
    listing = folder(tmp_path).files(is_story)
    assert time.perf_counter() - start < 1.0
    assert len(listing.files) == 5_000


@pytest.mark.requirement("disk:path")
@pytest.mark.parametrize(
    "path",
    [
        *("", "..", "../x.md", "a/../../x.md", "/etc/passwd", "a//b.md", "./a.md", "a/", "a\0.md"),
        *(".git/config", "a/.GIT/hooks/x", "out/x.md", "out.md", "inner/config"),
    ],
)
def test_no_path_leads_out(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    put(tmp_path / "outside" / "x.md")
    put(root / ".git" / "config")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "out.md").symlink_to(tmp_path / "outside" / "x.md")
    (root / "inner").symlink_to(".git")
    with pytest.raises(InvalidInput):
        folder(root).read(path)


@pytest.mark.requirement("disk:read")
def test_a_file_is_read_byte_for_byte(tmp_path: Path) -> None:
    put(tmp_path / "a.md", b"\xff\r\n\0x")
    os.truncate(put(tmp_path / "large.md"), 5_000_001)
    os.mkfifo(tmp_path / "pipe.md")
    here = folder(tmp_path)
    assert here.read("a.md") == b"\xff\r\n\0x"
    for path in ("b.md", "a.md/c.md"):
        with pytest.raises(NotFound):
            here.read(path)
    for path in ("large.md", "pipe.md"):
        with pytest.raises(LocalFault, match="5 MB"):
            here.read(path)
