"""What git knows of the files of a folder: their pasts, names and changes."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from panopticon.local.disk import LocalFolder
from panopticon.local.git.past import Touch, lives
from tests.local.repository import Repo, made

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git installed")
STORY = "# Story 1.2: Log in\n\nStatus: Draft\n\nAs somebody, I want to log in.\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return made(tmp_path / "app")


def born(folder: LocalFolder) -> dict[str, str]:
    return {path: past.born for path, past in sorted(folder.pasts().items())}


def dirty(folder: LocalFolder) -> list[str]:
    return sorted(path for path, past in folder.pasts().items() if past.is_dirty)


@pytest.mark.requirement("disk:git:past")
def test_a_past_is_followed_through_renames(repo: Repo) -> None:
    repo.put("docs/1.2.md", STORY)
    repo.save(at=1_000, name="Ann")
    repo.git("mv", "docs/1.2.md", "docs/1.3.md")
    repo.put("docs/1.3.md", STORY.replace("Draft", "Done"))
    repo.save(at=2_000, name="Bob")
    repo.git("mv", "docs/1.3.md", "docs/ä 1.4.md")
    repo.save(at=3_000, name="Cid")
    for folder, path, first in (
        (repo.open(), "docs/ä 1.4.md", "docs/1.2.md"),
        (repo.open("docs"), "ä 1.4.md", "1.2.md"),
    ):
        past = folder.pasts()[path]
        assert past.born == first
        assert past.created_at == datetime.fromtimestamp(1_000, UTC)
        assert past.updated_at == datetime.fromtimestamp(3_000, UTC)
        assert past.author == "Ann"
        told = folder.commits(path, 2)
        assert [(one.author, one.at.timestamp()) for one in told] == [
            ("Cid", 3_000),
            ("Bob", 2_000),
        ]
        assert len(folder.commits(path, 9)) == 3


@pytest.mark.requirement("disk:past:far")
def test_a_commit_of_a_far_date_stops_nothing(repo: Repo) -> None:
    repo.put("docs/1.2.md", STORY)
    repo.save(at=9_999_999_999_999)
    assert repo.open().pasts()["docs/1.2.md"].updated_at.year == 9999
    assert [one.at.year for one in repo.open().commits("docs/1.2.md", 2)] == [9999]


@pytest.mark.requirement("disk:git:past")
def test_a_move_that_nobody_committed_keeps_the_past(repo: Repo) -> None:
    for n in range(3):
        repo.put(f"docs/1.{n}.md", f"{STORY}{n}")
    repo.save()
    repo.git("mv", "docs/1.0.md", "docs/2.0.md")
    (repo.path / "docs/1.1.md").rename(repo.path / "docs/2.1.md")
    repo.put("docs/2.2.md", "something else")
    for folder, head in ((repo.open(), "docs/"), (repo.open("docs"), "")):
        assert born(folder) == {
            f"{head}1.2.md": f"{head}1.2.md",
            f"{head}2.0.md": f"{head}1.0.md",
            f"{head}2.1.md": f"{head}1.1.md",
        }
        assert dirty(folder) == [f"{head}2.0.md", f"{head}2.1.md"]
    repo.save()
    assert born(repo.open("docs"))["2.1.md"] == "1.1.md"


@pytest.mark.requirement("disk:git:past")
def test_a_file_that_was_deleted_and_came_back_is_the_same(repo: Repo) -> None:
    repo.put("1.1.md", STORY)
    repo.save(at=1_000)
    repo.git("mv", "1.1.md", "1.2.md")
    repo.save(at=2_000)
    (repo.path / "1.2.md").unlink()
    repo.save(at=3_000)
    assert repo.open().pasts().keys() <= {"1.2.md"}
    repo.put("1.2.md", STORY)
    repo.save(at=4_000)
    past = repo.open().pasts()["1.2.md"]
    assert (past.born, past.created_at.timestamp()) == ("1.1.md", 1_000)


@pytest.mark.requirement("disk:git:past")
def test_a_merge_keeps_what_was_renamed_on_one_side_and_changed_on_the_other(repo: Repo) -> None:
    repo.put("1.1.md", STORY)
    repo.save(at=1_000)
    repo.git("checkout", "--quiet", "-b", "side")
    repo.git("mv", "1.1.md", "1.9.md")
    repo.save(at=2_000)
    repo.git("checkout", "--quiet", "main")
    repo.put("1.1.md", STORY.replace("Draft", "Done"))
    repo.save(at=3_000)
    repo.git("merge", "--quiet", "--no-edit", "side")
    past = repo.open().pasts()["1.9.md"]
    assert (past.born, past.created_at.timestamp()) == ("1.1.md", 1_000)
    assert past.updated_at.timestamp() == 3_000


@pytest.mark.requirement("disk:git:past-twice")
def test_two_files_born_at_one_path_are_told_apart(repo: Repo) -> None:
    for n in range(3):
        repo.put("1.1.md", f"{STORY}{n} " * 9)
        repo.save()
        repo.git("mv", "1.1.md", f"2.{n}.md")
        repo.save()
    told = {"2.0.md": "1.1.md", "2.1.md": "1.1.md~2", "2.2.md": "1.1.md~3"}
    assert born(repo.open()) == told
    (repo.path / "2.1.md").unlink()
    repo.put("1.1.md", "a fourth")
    repo.save()
    after = {"1.1.md": "1.1.md~4", "2.0.md": "1.1.md", "2.2.md": "1.1.md~3"}
    assert born(repo.open()) | {"2.1.md": ""} == after | {"2.1.md": ""}


@pytest.mark.requirement("disk:git:past-twice")
def test_whoever_bore_a_name_before_it_was_moved_to_is_somebody_else() -> None:
    told = [("R", "b.md", "a.md"), ("M", "b.md", None), ("M", "a.md", None), ("A", "a.md", None)]
    walk = [
        Touch(sign, path, before, 9 - at, "Ann") for at, (sign, path, before) in enumerate(told)
    ]
    assert {path: past.born for path, past in lives(walk).items()} == {"b.md": "a.md"}


@pytest.mark.requirement("disk:git:past-again")
def test_what_was_walked_is_kept_and_only_newer_commits_are_added(repo: Repo) -> None:
    repo.put("a.md", STORY)
    repo.save(at=1_000)
    folder = repo.open()
    assert born(folder) == {"a.md": "a.md"}
    repo.git("mv", "a.md", "b.md")
    repo.save(at=2_000)
    for one in (folder, repo.open(), repo.open()):
        assert born(one) == {"b.md": "a.md"}
        assert one.pasts()["b.md"].updated_at.timestamp() == 2_000


@pytest.mark.requirement("disk:git:past-again")
def test_a_rewritten_history_and_a_spoilt_note_of_it_are_walked_anew(repo: Repo) -> None:
    repo.put("a.md", STORY)
    repo.save()
    repo.git("mv", "a.md", "b.md")
    repo.save()
    assert born(repo.open()) == {"b.md": "a.md"}
    repo.git("reset", "--quiet", "--soft", "HEAD~1")
    repo.git("commit", "--quiet", "--amend", "-m", "One")
    assert born(repo.open()) == {"b.md": "b.md"}
    for file in (repo.path / ".git" / "panopticon").iterdir():
        file.write_bytes(b"spoilt")
    assert born(repo.open()) == {"b.md": "b.md"}


@pytest.mark.requirement("disk:git:dirty")
def test_what_differs_from_the_last_commit_is_told(repo: Repo) -> None:
    for name in ("same", "changed", "staged", "gone"):
        repo.put(f"docs/{name}.md", f"{STORY}{name}")
    repo.save()
    repo.put("docs/changed.md", "x")
    repo.put("docs/staged.md", "y")
    repo.git("add", "docs/staged.md")
    (repo.path / "docs/gone.md").unlink()
    repo.put("docs/new.md", "z")
    folder = repo.open("docs")
    assert dirty(folder) == ["changed.md", "staged.md"]
    assert sorted(folder.pasts()) == ["changed.md", "same.md", "staged.md"]
    repo.save()
    assert dirty(folder) == []


@pytest.mark.requirement("disk:git:odd")
def test_a_clone_without_contents_asks_nobody_for_them(repo: Repo, tmp_path: Path) -> None:
    repo.put("a.md", STORY)
    repo.put("b.md", f"{STORY}b")
    repo.save()
    repo.git("mv", "a.md", "c.md")
    repo.save()
    repo.put("c.md", STORY.replace("Draft", "Done"))
    repo.save()
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    url = f"file://{repo.path}"
    repo.git("clone", "--quiet", "--filter=blob:none", url, str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    shutil.rmtree(repo.path)
    clone.git("mv", "b.md", "d.md")
    clone.put("d.md", f"{STORY}other")
    clone.git("add", "-A")
    assert born(clone.open())["c.md"] == "a.md"
    assert "b.md" not in born(clone.open())
