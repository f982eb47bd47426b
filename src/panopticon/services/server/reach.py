"""From where the board may be reached: its address, its certificate, its names.

On this machine nothing is asked. Everything else needs a certificate, or the plain word that
there shall be none; all of it is checked before the port is taken.
"""

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from panopticon.errors import InvalidInput
from panopticon.services.settings.validate import is_loopback

HERE = "127.0.0.1"
_ANY = frozenset({"0.0.0.0", "::", "0:0:0:0:0:0:0:0"})  # noqa: S104 - named, not bound
_LONGEST_NAME = 253
_FRONT = "https://"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where to listen, how, and under which further names browsers may call.

    A name with `https://` before it is the address of a proxy that speaks TLS in front of us.
    """

    port: int
    host: str = HERE
    certificate: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = ()
    is_plain: bool = False

    @property
    def is_tls(self) -> bool:
        """Tell whether browsers speak https with it."""
        return self.certificate is not None

    @property
    def scheme(self) -> str:
        """The scheme of its address."""
        return "https" if self.is_tls else "http"

    @property
    def is_local(self) -> bool:
        """Tell whether only this machine can reach it."""
        return is_loopback(self.host)

    @property
    def own_names(self) -> tuple[str, ...]:
        """The names beside this machine's loopback names, the most telling first."""
        bound = () if self.is_local or self.host in _ANY else (self.host,)
        machine = () if self.is_local else (socket.gethostname(),)
        given = (name for name in self.names if not _is_front(name))
        found = (name.lower() for name in (*given, *bound, *machine) if name)
        return tuple(dict.fromkeys(map(bracketed, found)))

    @property
    def fronts(self) -> tuple[str, ...]:
        """The origins of the proxies in front of us."""
        found = (name.lower().rstrip("/") for name in self.names if _is_front(name))
        return tuple(one.removesuffix(":443") for one in found)

    def url(self, port: int) -> str:
        """Spell the address that people open; `port` is the one that was taken."""
        if self.fronts:
            return self.fronts[0]
        fallback = bracketed(self.host) if self.is_local and ":" in self.host else HERE
        return f"{self.scheme}://{next(iter(self.own_names), fallback)}:{port}"

    def words(self) -> list[str]:
        """Spell the same reach for a command line."""
        given = {"--host": self.host, "--tls-cert": self.certificate, "--tls-key": self.key}
        found = [f"{flag}={value}" for flag, value in given.items() if value not in {None, HERE}]
        found += [f"--name={name}" for name in self.names]
        return [*found, *(["--plain-http"] if self.is_plain else [])]


def bracketed(host: str) -> str:
    """Write an IPv6 address as it stands in a URL."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _is_front(name: str) -> bool:
    return name.lower().startswith(_FRONT)


def check(reach: Reach) -> None:
    """Raise InvalidInput for what is not safe, or cannot work."""
    for name in reach.names:
        _check_name(name)
    if (reach.certificate is None) != (reach.key is None):
        missing = "--tls-cert" if reach.certificate is None else "--tls-key"
        raise InvalidInput(
            f"TLS needs the certificate and its key; {missing} is missing.",
            "Give --tls-cert FILE --tls-key FILE.",
        )
    if reach.certificate and reach.key:
        _check_pair(reach.certificate, reach.key)
    elif not reach.is_local:
        _check_word(reach)


def _check_word(reach: Reach) -> None:
    _check_address(reach.host)
    if not reach.is_plain:
        raise InvalidInput(
            f"On {reach.host} everybody on the network could read along: "
            "the board does not answer there without TLS.",
            "Give --tls-cert FILE --tls-key FILE, or keep it on this machine and use an SSH "
            "tunnel.\nOn a network that is safe without TLS (a VPN), say so: --plain-http.",
        )


def _check_address(host: str) -> None:
    if not host:
        raise InvalidInput(
            "The address to listen on is empty.", "Leave --host away, or name one: --host 0.0.0.0."
        )
    try:
        ip_address(host)
    except ValueError:
        _check_name(host)


def _check_name(name: str) -> None:
    """Let only through what can stand in a Host header, without a port; a proxy may have one."""
    bare = name.lower().rstrip("/").removeprefix(_FRONT).removeprefix("[")
    if _is_front(name) and (port := bare.rpartition(":")[2]).isdecimal():
        bare = bare.removesuffix(f":{port}")
    bare = bare.removesuffix("]")
    try:
        ip_address(bare)
    except ValueError:
        parts = bare.split(".")
        is_name = all(part and part.replace("-", "").isalnum() for part in parts)
        if not (is_name and name.isascii() and len(name) <= _LONGEST_NAME):
            raise InvalidInput(
                f"{name!r} is no name of a machine.",
                "Give the bare name or address: board.example; or, of a proxy that speaks TLS in "
                "front of the board, https://board.example.",
            ) from None


def _check_pair(certificate: Path, key: Path) -> None:
    """Read both files as the server will, so that it cannot fail later."""
    import ssl  # noqa: PLC0415 - only where TLS is asked for

    for path in (certificate, key):
        try:
            path.read_bytes()
        except OSError as error:
            raise InvalidInput(
                f"Cannot read {path}: {error.strerror}.", "Give a PEM file that you may read."
            ) from error
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, _no_password)
    except _Locked:
        hint = "Write it without one: openssl pkey -in KEY -out NEW (and chmod 600 NEW)."
        raise InvalidInput(f"{key} is locked with a password.", hint) from None
    except ssl.SSLError as error:
        what = "do not belong together" if "MISMATCH" in str(error) else "are no PEM pair"
        raise InvalidInput(
            f"{certificate} and {key} {what}.",
            "The certificate (with its chain) and its private key, both in PEM.",
        ) from error


class _Locked(Exception):
    """A key asks for a password, and nobody is here to type it."""


def _no_password() -> str:
    raise _Locked
