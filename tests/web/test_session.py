"""Tokens, links and cookies."""

import stat
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from panopticon.errors import LocalFault
from panopticon.services.server.session import session
from tests.web.fakes import NOW


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.mark.requirement("web:session:token-private")
def test_the_token_is_private_and_stays(tmp_path: Path) -> None:
    first = session(tmp_path / "home", lambda: NOW)
    path = tmp_path / "home" / "web" / "token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert session(tmp_path / "home", lambda: NOW).token == first.token
    assert len(first.token) >= 32


@pytest.mark.requirement("web:session:token-private")
def test_a_token_that_others_can_read_is_closed_again(tmp_path: Path) -> None:
    first = session(tmp_path, lambda: NOW)
    path = tmp_path / "web" / "token"
    path.chmod(0o644)
    assert session(tmp_path, lambda: NOW).token == first.token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.requirement("web:session:token-private")
@pytest.mark.parametrize("left", ["", "short", "with blank and\nline " * 5])
def test_a_broken_token_is_made_anew(tmp_path: Path, left: str) -> None:
    session(tmp_path, lambda: NOW)
    (tmp_path / "web" / "token").write_text(left)
    assert len(session(tmp_path, lambda: NOW).token) >= 32


@pytest.mark.requirement("web:session:token-private")
def test_a_home_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(LocalFault) as caught:
        session(tmp_path / "home", lambda: NOW)
    assert caught.value.hint


@pytest.mark.requirement("web:session:code-once")
def test_a_code_opens_once(tmp_path: Path) -> None:
    door = session(tmp_path, lambda: NOW)
    code = door.mint()
    assert door.redeem(code)
    assert not door.redeem(code)
    assert not door.redeem("../token")
    assert not door.redeem("x" * 32)


@pytest.mark.requirement("web:session:code-once")
def test_a_code_is_of_no_use_after_ten_minutes(tmp_path: Path) -> None:
    clock = Clock()
    door = session(tmp_path, clock)
    late, in_time = door.mint(), door.mint()
    clock.time += timedelta(minutes=9, seconds=59)
    assert door.redeem(in_time)
    clock.time += timedelta(seconds=1)
    assert not door.redeem(late)


@pytest.mark.requirement("web:session:code-once")
def test_codes_nobody_used_are_swept(tmp_path: Path) -> None:
    clock = Clock()
    door = session(tmp_path, clock)
    door.mint()
    clock.time += timedelta(minutes=11)
    door.mint()
    assert len(list((tmp_path / "web" / "codes").iterdir())) == 1


@pytest.mark.requirement("web:session:concurrent")
def test_of_many_that_use_a_code_one_gets_in(tmp_path: Path) -> None:
    door = session(tmp_path, lambda: NOW)
    code, start, won = door.mint(), Barrier(8), []

    def run() -> None:
        start.wait()
        if door.redeem(code):
            won.append(True)

    threads = [Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [True]


@pytest.mark.requirement("web:session:cookie-signed")
def test_a_cookie_counts_only_as_signed(tmp_path: Path) -> None:
    clock = Clock()
    door = session(tmp_path, clock)
    cookie = door.cookie_for(3011)
    assert door.knows(cookie, 3011)
    assert session(tmp_path, clock).knows(cookie, 3011)
    assert not door.knows(cookie, 3012)
    expires, rest = cookie.split(".", 1)
    assert not door.knows(f"{int(expires) + 1}.{rest}", 3011)
    for broken in ("", ".", "..", "a.b.c", cookie + "0", cookie[:-1], "é" + cookie):
        assert not door.knows(broken, 3011)
    clock.time += timedelta(days=30)
    assert not door.knows(cookie, 3011)


@pytest.mark.requirement("web:session:cookie-signed")
def test_a_new_token_ends_every_session(tmp_path: Path) -> None:
    cookie = session(tmp_path, lambda: NOW).cookie_for(3011)
    (tmp_path / "web" / "token").unlink()
    assert not session(tmp_path, lambda: NOW).knows(cookie, 3011)


@pytest.mark.requirement("web:session:renew")
def test_a_new_token_reaches_who_holds_the_old_one(tmp_path: Path) -> None:
    server, terminal = session(tmp_path, lambda: NOW), session(tmp_path, lambda: NOW)
    old, cookie, code = server.token, server.cookie_for(3011), server.mint()
    new = terminal.renew()
    assert new != old
    assert server.token == new
    assert server.is_token(new)
    assert not server.is_token(old)
    assert not server.knows(cookie, 3011)
    assert not server.redeem(code)
    assert server.knows(server.cookie_for(3011), 3011)
    assert stat.S_IMODE((tmp_path / "web" / "token").stat().st_mode) == 0o600


@pytest.mark.requirement("web:session:renew")
def test_a_token_that_was_removed_is_no_longer_good(tmp_path: Path) -> None:
    server = session(tmp_path, lambda: NOW)
    old = server.token
    (tmp_path / "web" / "token").unlink()
    assert not server.is_token(old)
    assert server.token == session(tmp_path, lambda: NOW).token
