"""Git remotes that refuse, lie down or hold what is no claim; and what they say of the time."""

import os
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from panopticon.errors import AuthFailed, Conflict, InvalidInput, LocalFault, NotFound, Retriable
from panopticon.local.git.lease import GitArbiter
from panopticon.local.git.lease_text import SPACE, ref_of, text_of
from panopticon.local.git.push import Target, Way, WorkRefs
from panopticon.local.git.ref import GitRefs
from panopticon.local.git.said import heard, trouble
from panopticon.local.run import Outcome
from panopticon.model.claim import Act, Ask, Claim
from tests.claims.remotes import by_daemon, by_file, by_http, real_time
from tests.claims.templates import bare

KEY = "rally:1/US120"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def ask(act: Act = Act.TAKE, who: str = "ann", key: str = KEY) -> Ask:
    return Ask(act, key, f"{who}@example.com", f"s-{who}", 3600, "b", None, "x")


def arbiter(
    url: str, folder: Path, clock: Callable[[], datetime] = real_time, seconds: float = 30
) -> GitArbiter:
    return GitArbiter(f"git:{url}", GitRefs(url, folder, seconds), clock)


@pytest.mark.requirement("claim:git:time")
def test_an_http_remote_tells_the_time_to_clocks_that_are_a_day_off(tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, 12, 0, 0, 900_000, UTC)
    times = [now]
    with by_http(tmp_path, lambda: times[0]) as url:
        slow = arbiter(url, tmp_path / "slow", lambda: now - DAY)
        fast = arbiter(url, tmp_path / "fast", lambda: now + DAY)
        assert slow.now() == now - DAY  # nobody has been asked yet
        first = slow.ask(ask())
        assert timedelta() <= first.locked_at - now.replace(microsecond=0) < timedelta(seconds=30)
        with pytest.raises(Conflict):
            fast.ask(ask(who="bob"))
        assert abs(fast.now() - now) < timedelta(minutes=1)
        times[0] += HOUR
        with pytest.raises(Conflict):  # told in whole seconds: a little later than its end
            fast.ask(ask(who="bob"))
        times[0] += timedelta(minutes=1)
        assert fast.ask(ask(who="bob")).fence == 2


@pytest.mark.requirement("claim:git:time")
def test_other_remotes_tell_no_time_and_the_skew_counts(tmp_path: Path) -> None:
    now = [real_time()]
    with by_daemon(tmp_path) as url:
        ann, bob = (arbiter(url, tmp_path / who, lambda: now[0]) for who in ("ann", "bob"))
        assert ann.ask(ask()).locked_at == now[0]
        now[0] += HOUR + timedelta(minutes=9)
        with pytest.raises(Conflict):
            bob.ask(ask(who="bob"))
        now[0] += timedelta(minutes=1)
        assert bob.ask(ask(who="bob")).fence == 2


@pytest.mark.requirement("claim:git:time")
def test_the_time_goes_on_between_two_answers(tmp_path: Path) -> None:
    told, watch = datetime(2026, 3, 1, 12, tzinfo=UTC), [10.0]
    with by_http(tmp_path, lambda: told) as url:
        refs = GitRefs(url, tmp_path / "objects", ticks=lambda: watch[0])
        assert refs.told_time() is None
        refs.read(ref_of(KEY))
        watch[0] += 90
        assert refs.told_time() == told + timedelta(seconds=90)


@pytest.mark.requirement("claim:git:time")
def test_a_trace_is_no_part_of_what_git_says() -> None:
    trace = (
        "18:21:13.1 http.c:684              <= Recv header: HTTP/1.1 404 Not Found\n"
        "18:21:13.2 http.c:684              <= Recv header: X-Frame-Options: permission denied\n"
        "18:21:13.3 http.c:684              <= Recv header: dAtE: Sat, 21 Nov 2026 18:21:12 GMT\n"
        "18:21:13.4 http.c:684              => Send header: Authorization: Basic <redacted>\n"
        "fatal: unable to access 'https://ann:hunter2@git.example/x/': Could not resolve host"
    )
    outcome, date = heard(Outcome(128, "", trace))
    assert date == datetime(2026, 11, 21, 18, 21, 12, tzinfo=UTC)
    error = trouble("https://ann:hunter2@git.example/x", outcome)
    assert isinstance(error, Retriable)
    assert "Recv" not in error.message
    assert "hunter2" not in error.message
    assert "git.example" in error.message


@pytest.mark.requirement("claim:git:faults")
@pytest.mark.parametrize(
    ("remote", "kind"),
    [
        (lambda folder: by_http(folder, status=500), Retriable),
        (lambda folder: by_http(folder, status=401), AuthFailed),
        (lambda folder: by_http(folder, status=403), AuthFailed),
        (lambda folder: by_http(folder, status=404), NotFound),
        (lambda folder: by_daemon(folder, is_writable=False), AuthFailed),
    ],
    ids=["broken", "who", "forbidden", "missing", "read-only"],
)
def test_a_remote_that_refuses_is_told_apart(
    remote: Callable[[Path], AbstractContextManager[str]], kind: type[Exception], tmp_path: Path
) -> None:
    with remote(tmp_path) as url, pytest.raises(kind) as told:
        arbiter(url, tmp_path / "objects").ask(ask())
    assert url in str(told.value)


@pytest.mark.requirement("claim:git:faults")
def test_a_remote_that_is_not_there(tmp_path: Path) -> None:
    with by_daemon(tmp_path) as url:
        pass
    with pytest.raises(Retriable, match=r"127\.0\.0\.1"):
        arbiter(url, tmp_path / "objects").ask(ask())
    with pytest.raises(NotFound, match="no repository"):
        arbiter(f"{tmp_path}/nowhere", tmp_path / "objects").ask(ask())


@pytest.mark.requirement("claim:git:faults")
@pytest.mark.parametrize("how", ["hook", "hidden"])
def test_a_remote_that_keeps_the_namespace_closed_says_what_to_allow(
    how: str, tmp_path: Path
) -> None:
    with by_file(tmp_path) as url:
        path = tmp_path / "remote.git"
        if how == "hook":
            hook = path / "hooks" / "pre-receive"
            hook.parent.mkdir()
            hook.write_text("#!/bin/sh\necho only branches, permission denied >&2\nexit 1\n")
            hook.chmod(0o755)
        else:
            words = ["git", "-C", str(path), "config", "transfer.hideRefs", "refs/panopticon"]
            subprocess.run(words, check=True)
        with pytest.raises(LocalFault, match="refuses refs/panopticon") as told:
            arbiter(url, tmp_path / "objects").ask(ask())
        assert url in told.value.message
        assert "only branches" in told.value.message or how == "hidden"
        assert "Its admin allows" in told.value.hint


@pytest.mark.requirement("claim:git:faults")
def test_a_remote_that_hides_claims_from_readers_only(tmp_path: Path) -> None:
    with by_file(tmp_path) as url:
        ann, bob = arbiter(url, tmp_path / "ann"), arbiter(url, tmp_path / "bob")
        ann.ask(ask())
        words = ["config", "uploadpack.hideRefs", "refs/panopticon"]
        subprocess.run(["git", "-C", str(tmp_path / "remote.git"), *words], check=True)
        with pytest.raises(LocalFault, match="shows other claims to readers") as told:
            bob.ask(ask(who="bob"))
        assert "hideRefs" in told.value.hint


@pytest.mark.requirement("claim:git:faults")
def test_a_remote_that_does_not_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"git://127.0.0.1:{deaf.getsockname()[1]}/remote.git"
        begun = time.monotonic()
        with pytest.raises(Retriable, match="did not answer"):
            arbiter(url, tmp_path / "objects", seconds=1).ask(ask())
        assert time.monotonic() - begun < 30


def put(url: str, folder: Path, ref: str, text: str) -> None:
    refs = GitRefs(url, folder)
    assert refs.swap(ref, refs.read(ref)[0], text)


@pytest.mark.requirement("claim:git:records")
@pytest.mark.parametrize(
    "text",
    [
        "not JSON at all",
        "[]",
        '"text"',
        '{"format": "x"}',
        '{"key": "rally:1/US120"}',
        (
            '{"key": "rally:1/US120", "holder": "h", "session": "s", "fence": "1",'
            ' "locked_at": "2026-01-01T00:00:00+00:00", "expires_at": "2026-01-01T00:00:00+00:00"}'
        ),
        (
            '{"key": "rally:1/US120", "holder": "h", "session": "s", "fence": 1,'
            ' "locked_at": "2026-01-01T00:00:00", "expires_at": "2026-01-01T00:00:00"}'
        ),
        (
            '{"key": "rally:1/US99", "holder": "h", "session": "s", "fence": 1,'
            ' "locked_at": "2026-01-01T00:00:00+00:00", "expires_at": "2026-01-01T00:00:00+00:00"}'
        ),
        (
            '{"key": "rally:1/US120", "holder": "h", "session": "s", "fence": 9007199254740992,'
            ' "locked_at": "2026-01-01T00:00:00+00:00", "expires_at": "2026-01-01T00:00:00+00:00"}'
        ),
        (
            '{"key": "rally:1/US120", "holder": "h", "session": "s", "fence": 1,'
            ' "locked_at": "2026-01-01T00:00:00+00:00", "expires_at": "9999-12-31T23:59:59+00:00"}'
        ),
        (
            '{"key": "rally:1/US120", "holder": "h", "session": "s", "fence": 1,'
            ' "locked_at": "0001-01-01T00:00:00+14:00", "expires_at": "2026-01-01T00:00:00+00:00"}'
        ),
        '{"format": 1e400}',
        '{"format": true, "key": "rally:1/US120"}',
    ],
)
def test_a_ref_that_holds_no_claim_is_named(text: str, tmp_path: Path) -> None:
    with by_file(tmp_path) as url:
        put(url, tmp_path / "other", ref_of(KEY), text)
        mine = arbiter(url, tmp_path / "objects")
        with pytest.raises(LocalFault, match=ref_of(KEY)):
            mine.ask(ask())
        with pytest.raises(LocalFault, match=ref_of(KEY)):
            mine.read(KEY)
        assert mine.records() == []
        assert [ref_of(KEY) in one for one in mine.left_out] == [True]


@pytest.mark.requirement("claim:git:records")
def test_a_claim_of_a_newer_panopticon_asks_for_an_upgrade(tmp_path: Path) -> None:
    with by_file(tmp_path) as url:
        put(url, tmp_path / "other", ref_of(KEY), '{"format": 2, "who": ["ann", "bob"]}')
        with pytest.raises(LocalFault, match="newer Panopticon") as told:
            arbiter(url, tmp_path / "objects").ask(ask(Act.STEAL))
        assert "Upgrade" in told.value.hint


@pytest.mark.requirement("claim:git:records")
def test_a_claim_written_before_there_were_formats_is_read(tmp_path: Path) -> None:
    claim = Claim(KEY, "ann@example.com", "s-ann", 7, real_time(), real_time() + HOUR)
    with by_file(tmp_path) as url:
        put(url, tmp_path / "o", ref_of(KEY), text_of(claim, "n").replace('"format":1,', ""))
        mine = arbiter(url, tmp_path / "objects")
        assert mine.read(KEY) == claim
        assert mine.records() == [claim]
        assert mine.ask(ask(Act.STEAL, "bob")).fence == 8


@pytest.mark.requirement("claim:assumed")
def test_a_deleted_ref_forgets_its_fence(tmp_path: Path) -> None:
    with by_file(tmp_path) as url:
        ann, bob = arbiter(url, tmp_path / "ann"), arbiter(url, tmp_path / "bob")
        old = ann.ask(ask())
        words = ["git", "-C", str(tmp_path / "remote.git"), "update-ref", "-d", ref_of(KEY)]
        subprocess.run(words, check=True)
        assert ann.read(KEY) is None
        assert ann.records() == []
        assert bob.ask(ask(who="bob")).fence == old.fence


@pytest.mark.requirement("claim:git:address")
@pytest.mark.parametrize(
    "url",
    ["", " ", "--upload-pack=touch x", "-x", "ext::sh -c true", "fd::3", "ftp://x/y", "a\nb"],
)
def test_an_address_that_would_run_something_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no remote for claims"):
        GitRefs(url, tmp_path / "objects")


@pytest.mark.requirement("claim:git:address")
def test_a_setting_cannot_turn_an_address_into_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`url.<base>.insteadOf` may spell any address anew; the program is not run all the same."""
    done = tmp_path / "done"
    for number, (name, value) in enumerate(
        [("protocol.ext.allow", "always"), (f"url.ext::touch {done} .insteadOf", "https://x.test/")]
    ):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    refs = GitRefs("https://x.test/y", tmp_path / "objects")
    with pytest.raises(Retriable, match="transport 'ext' not allowed"):
        refs.read(ref_of(KEY))
    assert not done.exists()


@pytest.mark.requirement("claim:git:two")
def test_two_remotes_decide_apart_and_a_hook_leads_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare(tmp_path, "other.git")
    with by_file(tmp_path) as url:
        objects = tmp_path / "objects"
        one, other = arbiter(url, objects), arbiter(url.replace("remote.git", "other.git"), objects)
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
        first = one.ask(ask())
        assert other.read(KEY) is None
        assert other.records() == []
        second = other.ask(ask(who="bob"))
        assert (one.records(), other.records()) == ([first], [second])


@pytest.mark.requirement("claim:git:settings")
def test_somebodys_own_git_settings_change_no_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-push", "reference-transaction"):
        (hooks / name).write_text("#!/bin/sh\nexit 1\n")
        (hooks / name).chmod(0o755)
    (tmp_path / "gitconfig").write_text(
        "[color]\n\tui = always\n\tpush = always\n[push]\n\tgpgSign = true\n\tfollowTags = true\n"
        "\tpushOption = x\n[commit]\n\tgpgSign = true\n[i18n]\n\tcommitEncoding = latin1\n"
        f"\tlogOutputEncoding = latin1\n[core]\n\thooksPath = {hooks}\n[fetch]\n\tprune = true\n"
        "[init]\n\tdefaultObjectFormat = sha256\n"
    )
    with by_http(tmp_path) as url:
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
        ann, bob = arbiter(url, tmp_path / "ann"), arbiter(url, tmp_path / "bob")
        made = ann.ask(replace(ask(who="żółw"), reason="größer"))
        assert bob.read(KEY) == made
        assert bob.records() == [made]
        with pytest.raises(Conflict):
            bob.ask(ask(who="bob"))
        assert bob.ask(ask(Act.STEAL, "bob")).fence == 2
        assert ann.ask(ask(Act.STEAL, "ann")).fence == 3


@pytest.mark.requirement("claim:git:killed")
def test_a_git_that_was_killed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    with by_file(tmp_path) as url:
        ann, bob = arbiter(url, tmp_path / "ann"), arbiter(url, tmp_path / "bob")
        ann.ask(ask())
        assert bob.records()
        seen = next((tmp_path / "bob").glob("refs/seen/*/refs/panopticon/leases/*"))
        locks = [seen.with_name(f"{seen.name}.lock"), tmp_path / "bob" / "packed-refs.lock"]
        for lock in locks:
            lock.touch()
        stolen = ann.ask(ask(Act.STEAL))
        assert bob.read(KEY) == stolen
        assert bob.records() == [stolen]
        assert all(lock.exists() for lock in locks)  # another git of ours may work just now
        for lock in locks:
            os.utime(lock, (1, 1))
        assert bob.records() == [stolen]
        assert not any(lock.exists() for lock in locks)


@pytest.mark.requirement("claim:git:two")
def test_many_claims_are_read_at_once(tmp_path: Path) -> None:
    with by_file(tmp_path) as url:
        ann = arbiter(url, tmp_path / "ann")
        made = [ann.ask(ask(key=f"{KEY}{number}")) for number in range(4)]
        released = ann.ask(replace(ask(Act.RELEASE, key=f"{KEY}0"), fence=1))
        found = arbiter(url, tmp_path / "bob").records()
    assert {one.key: one for one in found} == {one.key: one for one in [*made[1:], released]}
    assert all(ref_of(one.key).startswith(SPACE) for one in found)


@pytest.mark.requirement("claim:fence")
def test_a_branch_that_has_moved_on_is_said_and_the_claim_stays(tmp_path: Path) -> None:
    words = ["git", "-c", "user.name=x", "-c", "user.email=x@x"]
    works = [tmp_path / "work0", tmp_path / "work1"]
    for work in works:
        subprocess.run(["git", "init", "-q", "-b", "story", str(work)], check=True)
        say = ["commit", "-qm", work.name, "--allow-empty"]
        subprocess.run([*words, "-C", str(work), *say], check=True)
    with by_file(tmp_path) as url:
        ann = arbiter(url, tmp_path / "ann")

        def pushes(work: Path) -> GitArbiter:
            way = Way(work, "story", Target(url, (url,)), lambda _: None)
            return GitArbiter(f"git:{url}", WorkRefs(url, tmp_path / "ann", way), real_time)

        claim = ann.ask(ask())
        renew = replace(ask(Act.RENEW), fence=1)
        assert pushes(works[0]).push(renew).fence == 1
        held = ann.read(KEY)
        with pytest.raises(Conflict, match=r"story has commits at .* that you lack"):
            pushes(works[1]).push(replace(renew, seconds=9000))
        assert ann.read(KEY) == held
        assert claim.fence == 1
