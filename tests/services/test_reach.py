"""From where the board may be reached, and what is said when it may not."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput
from panopticon.services.server.reach import Reach, check

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="no openssl here to make a certificate"
)
Pair = tuple[Path, Path]


@pytest.fixture
def pair(tmp_path: Path) -> Callable[..., Pair]:
    """Make a certificate and its key."""

    def made(name: str, *more: str) -> Pair:
        certificate, key = tmp_path / f"{name}.pem", tmp_path / f"{name}.key"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        words += ["-subj", f"/CN={name}", "-out", str(certificate), "-keyout", str(key)]
        subprocess.run([*words, *(more or ("-nodes",))], check=True, capture_output=True)
        return certificate, key

    return made


@pytest.mark.requirement("web:serve:reach")
@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_this_machine_needs_nothing(host: str) -> None:
    check(Reach(3011, host))


@pytest.mark.requirement("web:serve:reach")
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "board.example"])
def test_the_network_needs_tls_or_the_word(host: str) -> None:
    with pytest.raises(InvalidInput, match="without TLS") as caught:
        check(Reach(3011, host))
    for step in ("--tls-cert FILE --tls-key FILE", "SSH", "--plain-http"):
        assert step in caught.value.hint
    check(Reach(3011, host, is_plain=True))


@pytest.mark.requirement("web:serve:reach")
@pytest.mark.parametrize(
    "name",
    ["http://board.example", "board.example:3011", "a b", "", "é.de", "https://a/b", "https://"],
)
def test_a_name_that_no_browser_sends_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="no name"):
        check(Reach(3011, names=(name,)))


@pytest.mark.requirement("web:serve:front")
@pytest.mark.parametrize(
    ("name", "front"),
    [
        ("https://Board.example", "https://board.example"),
        ("https://board.example:443/", "https://board.example"),
        ("https://board.example:8443", "https://board.example:8443"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_a_proxy_in_front_needs_no_certificate_here(name: str, front: str) -> None:
    reach = Reach(3011, names=("other", name))
    check(reach)
    assert (reach.fronts, reach.own_names) == ((front,), ("other",))
    assert reach.url(3011) == front


@needs_openssl
@pytest.mark.requirement("web:serve:reach")
def test_a_pair_that_belongs_together_is_enough(pair: Callable[..., Pair]) -> None:
    certificate, key = pair("one")
    check(Reach(3011, "0.0.0.0", certificate, key))


@needs_openssl
@pytest.mark.requirement("web:serve:reach")
def test_a_pair_that_cannot_work_is_named(pair: Callable[..., Pair], tmp_path: Path) -> None:
    certificate, key = pair("one")
    other = pair("two")[1]
    locked = pair("three", "-passout", "pass:x")
    noise = tmp_path / "noise"
    noise.write_text("nothing of the sort")
    cases = [
        (certificate, None, "--tls-key is missing"),
        (None, key, "--tls-cert is missing"),
        (certificate, other, "do not belong together"),
        (noise, key, "no PEM"),
        (certificate, noise, "no PEM"),
        (tmp_path / "nowhere", key, "No such file"),
        (certificate, tmp_path, "Cannot read"),
        (*locked, "password"),
    ]
    for first, second, words in cases:
        with pytest.raises(InvalidInput, match=words) as caught:
            check(Reach(3011, "0.0.0.0", first, second))
        assert caught.value.hint


@pytest.mark.requirement("web:serve:reach")
def test_the_address_that_people_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Desk")
    assert Reach(1).url(3011) == "http://127.0.0.1:3011"
    assert Reach(1, "::1").url(3011) == "http://[::1]:3011"
    assert Reach(1, "0.0.0.0", is_plain=True).url(80) == "http://desk:80"
    assert Reach(1, "192.168.1.5", is_plain=True).url(80) == "http://192.168.1.5:80"
    tls = Reach(1, "0.0.0.0", Path("c"), Path("k"), ("Board.example",))
    assert tls.url(443) == "https://board.example:443"
    assert tls.own_names == ("board.example", "desk")
    assert Reach(1, "2001:db8::1").own_names == ("[2001:db8::1]", "desk")


@pytest.mark.requirement("web:serve:reach")
def test_it_is_spelled_for_a_run_in_the_background() -> None:
    assert Reach(3011).words() == []
    reach = Reach(3011, "0.0.0.0", Path("/c"), Path("/k"), ("a", "b"), is_plain=True)
    flags = ["--host=0.0.0.0", "--tls-cert=/c", "--tls-key=/k", "--name=a", "--name=b"]
    assert reach.words() == [*flags, "--plain-http"]
