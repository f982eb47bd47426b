"""How work came into the main branch, in real repositories."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.local.git import merge as git_merge
from tests.claims.lifecycle import BRANCH, Room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def by_merge(room: Room) -> None:
    room.git("merge", "-q", "--no-ff", "-m", "Merge", BRANCH)


def by_fast_forward(room: Room) -> None:
    room.git("merge", "-q", "--ff-only", BRANCH)


def by_squash(room: Room) -> None:
    room.commit("meanwhile")
    room.git("merge", "-q", "--squash", BRANCH)
    room.git("commit", "-q", "-m", "Sign in (#7)")


def by_squash_beside_others(room: Room) -> None:
    """The squashed change stands among lines that others changed too: no patch is alike."""
    lines = [f"line {number}" for number in range(12)]
    room.commit("README", "\n".join(lines))
    room.git("switch", "-q", BRANCH)
    room.git("merge", "-q", "-m", "Up to date", "main")
    room.commit("README", "\n".join([*lines[:5], "ours", *lines[6:]]))
    room.git("switch", "-q", "main")
    room.commit("README", "\n".join([*lines[:8], "theirs", *lines[9:]]))
    by_squash(room)


def by_rebase(room: Room) -> None:
    room.commit("meanwhile")
    room.git("switch", "-q", "-c", "copy", BRANCH)
    room.git("rebase", "-q", "main")
    room.git("switch", "-q", "main")
    room.git("merge", "-q", "--ff-only", "copy")


def by_rebase_of_the_branch(room: Room) -> None:
    room.commit("meanwhile")
    room.git("rebase", "-q", "main", BRANCH)
    room.git("switch", "-q", "main")
    room.git("merge", "-q", "--ff-only", BRANCH)


WAYS = [
    (by_merge, "merge"),
    (by_fast_forward, "merge"),
    (by_squash, "squash"),
    (by_squash_beside_others, "squash"),
    (by_rebase, "rebase"),
    (by_rebase_of_the_branch, "merge"),
]


def look(room: Room, recorded: str | None = None) -> str | None:
    main = git_merge.main_of(room.repository, ["main"])
    assert main
    found = git_merge.merge_of(room.repository, main, BRANCH, recorded)
    return found.how if found else None


@pytest.mark.requirement("claim:merged:ways")
@pytest.mark.parametrize(("way", "how"), WAYS)
def test_every_way_into_main_is_seen(room: Room, way: Callable[[Room], None], how: str) -> None:
    room.work("one.py", "two.py")
    assert look(room) is None
    way(room)
    assert look(room) == how
    room.commit("later")
    assert look(room) == how


@pytest.mark.requirement("claim:merged:ways")
@pytest.mark.parametrize("way", [by_merge, by_fast_forward, by_squash, by_rebase])
def test_a_deleted_branch_is_known_by_its_commit(room: Room, way: Callable[[Room], None]) -> None:
    sha = room.work("one.py", "two.py")
    way(room)
    room.git("branch", "-q", "-D", BRANCH)
    assert look(room) is None
    assert look(room, sha)
    assert look(room, "0" * 40) is None


@pytest.mark.requirement("claim:merged:ways")
def test_a_branch_without_work_is_not_merged(room: Room) -> None:
    room.git("branch", BRANCH, "main")
    assert look(room) is None
    room.commit("meanwhile")
    assert look(room) is None
    room.git("branch", "-q", "-f", BRANCH, "main")  # brought up to date, still nothing
    room.commit("more")
    assert look(room) is None


@pytest.mark.requirement("claim:merged:ways")
def test_work_that_was_thrown_away_is_not_merged(room: Room) -> None:
    room.work()
    room.git("branch", "-q", "-f", BRANCH, "main")
    room.commit("meanwhile")
    assert look(room) is None


@pytest.mark.requirement("claim:merged:ways")
def test_a_branch_on_top_of_a_merged_one_without_work_is_not_merged(room: Room) -> None:
    room.git("switch", "-q", "-c", "story/other")
    room.commit("other.py")
    room.git("branch", BRANCH)
    room.git("switch", "-q", "main")
    room.git("merge", "-q", "--no-ff", "-m", "Merge", "story/other")
    assert look(room) is None


@pytest.mark.requirement("claim:merged:ways")
def test_one_commit_put_on_main_anew_counts_as_squashed(room: Room) -> None:
    room.work("one.py")
    by_squash(room)
    assert look(room) == "squash"


@pytest.mark.requirement("claim:merged:ways")
def test_a_squash_is_seen_when_others_have_changed_its_lines_since(room: Room) -> None:
    room.work("one.py", "two.py")
    by_squash(room)
    room.commit("one.py", "rewritten\n")
    assert look(room) == "squash"


@pytest.mark.requirement("claim:merged:ways")
def test_work_that_was_taken_back_on_its_branch_is_not_merged(room: Room) -> None:
    sha = room.work()
    room.git("switch", "-q", BRANCH)
    room.git("revert", "--no-edit", sha)
    room.git("switch", "-q", "main")
    room.commit("meanwhile")
    assert look(room) is None


@pytest.mark.requirement("claim:merged:ways")
def test_what_the_remote_has_beyond_the_branch_here_counts(room: Room) -> None:
    room.work("one.py")
    room.git("switch", "-q", "-c", "theirs", "main")
    other = room.commit("theirs.py")
    room.git("switch", "-q", "main")
    room.git("update-ref", f"refs/remotes/origin/{BRANCH}", other)
    by_merge(room)
    assert look(room) is None
    room.git("merge", "-q", "--no-ff", "-m", "Merge", other)
    assert look(room) == "merge"


@pytest.mark.requirement("claim:merged:ways")
@pytest.mark.parametrize("word", ["HEAD", "main", "--all", "", "https://example.com/c/1"])
def test_what_is_no_commit_and_main_itself_prove_nothing(room: Room, word: str) -> None:
    room.commit("straight.py")
    assert look(room, word) is None
    main = git_merge.main_of(room.repository, ["origin/main"])
    assert main
    assert git_merge.merge_of(room.repository, main, "main", word) is None
    found = git_merge.merge_of(room.repository, main, "main", main.sha)
    assert found
    assert found.how == "commit"


@pytest.mark.requirement("claim:merged:ways")
def test_merged_in_part_is_not_merged(room: Room) -> None:
    first = room.work("one.py")
    room.git("switch", "-q", BRANCH)
    room.commit("two.py")
    room.git("switch", "-q", "main")
    room.commit("meanwhile")
    room.git("cherry-pick", first)
    assert look(room, first) is None
    room.git("merge", "-q", "--no-ff", "-m", "Merge", first)
    assert look(room, first) is None


@pytest.mark.requirement("claim:merged:ways")
@pytest.mark.parametrize("remote", ["origin", "hub"])
def test_work_that_came_by_a_remote_is_seen_without_its_log(
    room: Room, tmp_path: Path, remote: str
) -> None:
    room.work()
    by_merge(room)
    clone = tmp_path / "clone"
    words = ["git", "clone", "-q", "-o", remote, str(room.repository), str(clone)]
    subprocess.run(words, check=True)
    main = git_merge.main_of(clone, [])
    assert main
    assert (main.name, main.branch) == (f"{remote}/main", "main")
    assert git_merge.tips(clone, BRANCH) == (git_merge.heads(clone)[BRANCH],)
    assert git_merge.fetch(clone) is None
    found = git_merge.merge_of(clone, main, BRANCH, None)
    assert found
    assert found.how == "merge"


@pytest.mark.requirement("claim:merged:main")
def test_the_main_branch_is_the_one_that_is_told_else_the_remotes(
    tmp_path: Path, room: Room
) -> None:
    room.git("branch", "trunk")
    names = [("trunk", "trunk"), ("nowhere", "main"), (None, "main")]
    for told, name in names:
        found = git_merge.main_of(room.repository, [told])
        assert found
        assert found.name == name
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(room.repository), str(clone)], check=True)
    here = git_merge.main_of(clone, ["main"])
    assert here
    room.commit("meanwhile")
    assert git_merge.main_of(clone, ["main"]) == here
    assert git_merge.fetch(clone) is None
    assert git_merge.main_of(clone, ["main"]) != here
    assert git_merge.fetch(room.repository)  # it has no remote
    room.git("remote", "add", "origin", "http://ann:geheim@127.0.0.1:9/x")
    assert "geheim" not in (git_merge.fetch(room.repository) or "geheim")
