"""Repositories made of told commits."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from panopticon.local.git.made import make
from panopticon.model.disk import Author, Revision
from tests.local.repository import Repo

ANN = Author("Ann Ö", "ann@example.com")
AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
TOLD = (
    Revision(ANN, AT, "One\n\nwith a body", {"a.md": b"one\r\n", "docs/ü x.md": b"\xff"}),
    Revision(Author("Bob", "bob@example.com"), AT, "Two", {"a.md": None, "b.md": b"one\r\n"}),
)
needs_git = pytest.mark.skipif(not shutil.which("git"), reason="no git installed")


@needs_git
@pytest.mark.requirement("disk:git:made")
def test_a_told_history_is_made_alike_whatever_git_is_set_to(tmp_path: Path) -> None:
    make(tmp_path / "one", TOLD, ANN)
    hook = tmp_path / "hooks" / "pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (Path.home() / ".gitconfig").write_text(
        f"[core]\n\thooksPath = {hook.parent}\n\tautocrlf = true\n"
        "[commit]\n\tgpgSign = true\n[init]\n\tdefaultBranch = other\n"
    )
    make(tmp_path / "two", TOLD, ANN)
    one, two = Repo(tmp_path / "one"), Repo(tmp_path / "two")
    assert one.git("log", "--format=%H") == two.git("log", "--format=%H")
    assert (
        one.git("log", "--format=%s|%an|%at|%b").split("\n")[0] == f"Two|Bob|{AT.timestamp():.0f}|"
    )
    for repo in (one, two):
        assert repo.git("status", "--porcelain", "--branch") == "## main"
        assert (repo.path / "b.md").read_bytes() == b"one\r\n"
        assert (repo.path / "docs/ü x.md").read_bytes() == b"\xff"
        assert not (repo.path / "a.md").exists()
        assert repo.open().pasts()["b.md"].born == "a.md"
        assert repo.open().me() == ANN
    two.put("c.md", "mine")
    assert two.open().commit(["c.md"], "Mine")


@pytest.mark.requirement("disk:git:made")
def test_without_git_the_files_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    make(tmp_path / "one", TOLD, ANN)
    files = {one.name: one.read_bytes() for one in (tmp_path / "one").rglob("*") if one.is_file()}
    assert files == {"b.md": b"one\r\n", "ü x.md": b"\xff"}
