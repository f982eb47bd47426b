"""Refs that are no claims among claims, and the folder of claims when it is shared or damaged."""

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import AuthFailed, Conflict, LocalFault, Retriable
from panopticon.local.git.lease import GitArbiter
from panopticon.local.git.lease_text import SPACE, ref_of
from panopticon.local.git.ref import GitRefs
from panopticon.local.git.said import has_moved, trouble
from panopticon.local.lock import held
from panopticon.local.run import Outcome
from panopticon.model.claim import FINISHED, Act, Ask
from tests.claims.remotes import by_file, real_time

KEY = "rally:1/US120"


def ask(act: Act = Act.TAKE, who: str = "ann", key: str = KEY, fence: int | None = None) -> Ask:
    return Ask(act, key, f"{who}@example.com", f"s-{who}", 3600, "b", fence, "x")


def arbiter(url: str, folder: Path) -> GitArbiter:
    return GitArbiter(f"git:{url}", GitRefs(url, folder), real_time)


def git(folder: Path, *words: str, feed: str = "") -> str:
    line = ["git", "-C", str(folder), *words]
    done = subprocess.run(line, input=feed, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def litter(remote: Path) -> list[str]:
    """Put refs there that no Panopticon wrote, one of them with bytes that are no text."""
    blob = git(remote, "hash-object", "-w", "--stdin", feed="just words")
    raw = subprocess.run(
        ["git", "-C", str(remote), "hash-object", "-w", "--stdin"],
        input=b"a\0b\n\xff",
        capture_output=True,
        check=True,
    ).stdout.decode()
    tree = git(remote, "mktree")
    odd = [f"{SPACE}odd/name", f"{SPACE}Blob", ref_of("rally:1/US9"), f"{SPACE}tree"]
    for ref, sha in zip(odd, (blob, raw.strip(), blob, tree), strict=True):
        git(remote, "update-ref", ref, sha)
    return odd


@pytest.mark.requirement("claim:git:litter")
def test_refs_that_are_no_claims_are_left_out_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with by_file(tmp_path) as url:
        ann, bob = arbiter(url, tmp_path / "ann"), arbiter(url, tmp_path / "bob")
        made = ann.ask(ask())
        odd = litter(tmp_path / "remote.git")
        assert bob.records() == bob.records() == [made]
        (warning,) = caplog.messages  # once, however often somebody looks
        assert bob.left_out[0] in warning
        assert f"{len(odd) - 1} more" in warning
        assert sorted(one.split()[0] for one in bob.left_out) == sorted(odd)
        with pytest.raises(Conflict, match="held by ann@example"):
            bob.ask(ask(who="bob"))
        assert bob.ask(ask(Act.STEAL, "bob")).fence == 2


@pytest.mark.requirement("claim:git:litter")
def test_a_story_whose_ref_is_no_commit_is_nobodys_and_not_asked_again(tmp_path: Path) -> None:
    with by_file(tmp_path) as url:
        remote = tmp_path / "remote.git"
        bob = arbiter(url, tmp_path / "bob")
        for kind in ("blob", "tree"):
            words = ("hash-object", "-w", "--stdin") if kind == "blob" else ("mktree",)
            git(remote, "update-ref", ref_of(KEY), git(remote, *words))
            for act in (Act.TAKE, Act.STEAL):
                with pytest.raises(LocalFault, match=ref_of(KEY)):
                    bob.ask(ask(act))


def emptied(folder: Path) -> None:
    for one in folder.glob("objects/??/*"):
        one.chmod(0o644)
        one.write_bytes(b"")


def garbled(folder: Path) -> None:
    for one in folder.glob("objects/??/*"):
        one.chmod(0o644)
        one.write_bytes(b"rubbish of some length, no zlib at all")


def headless(folder: Path) -> None:
    (folder / "HEAD").unlink()


def lost(folder: Path) -> None:
    for one in folder.glob("objects/??/*"):
        one.unlink()


@pytest.mark.requirement("claim:git:damaged")
@pytest.mark.parametrize("damage", [emptied, garbled, headless, lost])
@pytest.mark.parametrize("first", ["read", "records", "ask", "renew"])
def test_a_damaged_folder_is_made_anew(
    damage: Callable[[Path], None], first: str, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / "leases.git"
    with by_file(tmp_path) as url:
        arbiter(url, folder).ask(ask())
        made = arbiter(url, folder).ask(replace(ask(), seconds=7200))
        mine = arbiter(url, folder)
        assert mine.records() == [made]
        assert mine.read(KEY) == made  # who goes on has the texts by heart, not the objects
        damage(folder)
        mine = arbiter(url, folder) if first != "renew" else mine
        if first == "read":
            assert mine.read(KEY) == made
        elif first == "records":
            assert mine.records() == [made]
        elif first == "ask":
            with pytest.raises(Conflict):
                mine.ask(ask(who="bob"))
        longer = mine.ask(replace(ask(Act.RENEW, fence=1), seconds=9000))
        assert longer.expires_at > made.expires_at
        given = mine.ask(replace(ask(Act.RELEASE, fence=1), reason=FINISHED))
        assert mine.records() == arbiter(url, tmp_path / "other").records() == [given]
        assert given.reason == FINISHED
        left = {one.name for one in folder.parent.iterdir()}
        assert left <= {"leases.git", "leases.git.lock"}


@pytest.mark.requirement("claim:git:damaged")
def test_damage_of_the_remote_is_no_reason_to_look_whether_it_is_reachable(tmp_path: Path) -> None:
    with by_file(tmp_path) as url:
        arbiter(url, tmp_path / "ann").ask(ask())
        garbled(tmp_path / "remote.git")
        with pytest.raises(LocalFault, match="damaged") as told:
            arbiter(url, tmp_path / "bob").records()
        assert "reachable" not in told.value.hint


@pytest.mark.requirement("claim:git:together")
def test_many_commands_at_once_in_one_home_hear_no_lock(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "leases.git"
    with by_file(tmp_path) as url:
        ann = arbiter(url, tmp_path / "ann")
        for number in range(3):
            ann.ask(ask(key=f"{KEY}{number}"))

        def look(_: int) -> int:
            here = arbiter(url, folder)
            assert here.read(f"{KEY}0")
            return len(here.records())

        for _ in range(3):
            ann.ask(ask(Act.STEAL, key=f"{KEY}0"))
            with ThreadPoolExecutor(6) as pool:
                assert list(pool.map(look, range(6))) == [3] * 6


@pytest.mark.requirement("claim:git:together")
def test_a_command_waits_for_another_ones_fetch_but_not_for_ever(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "leases.git"
    with by_file(tmp_path) as url, ThreadPoolExecutor(1) as pool:
        made = arbiter(url, tmp_path / "ann").ask(ask())
        here = arbiter(url, folder)
        assert here.records() == [made]
        with held(folder.with_name("leases.git.lock"), "a test", 1):
            found = pool.submit(here.records)
            with pytest.raises(TimeoutError):
                found.result(0.5)
        assert found.result(20) == [made]
        with held(folder.with_name("leases.git.lock"), "a test", 1):
            hasty = GitArbiter("git:x", GitRefs(url, folder, seconds=0.5), real_time)
            assert hasty.records() == [made]


@pytest.mark.requirement("claim:git:words")
def test_only_gits_own_list_says_why_a_push_is_refused() -> None:
    talk = "remote: ! [rejected] stale info\nfatal: unable to access 'x': Could not resolve host"
    said = Outcome(128, "", talk)
    assert not has_moved(said)
    assert isinstance(trouble("https://git.example/x", said), Retriable)
    row = "!\tabc:refs/panopticon/leases/x\t[rejected] (stale info)\nDone"
    assert has_moved(Outcome(1, row, talk))
    closed = "!\tabc:refs/panopticon/leases/x\t[remote rejected] (hook declined)"
    assert not has_moved(Outcome(1, closed, "remote: [rejected] fetch first"))
    assert isinstance(trouble("https://git.example/x", Outcome(1, closed, "")), LocalFault)
    door = Outcome(
        128, "", "error: unable to read askpass response\nfatal: could not read Username"
    )
    assert isinstance(trouble("https://git.example/x", door), AuthFailed)
