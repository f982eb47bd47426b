"""Who may pass: host, size, session and origin, judged before any route is looked up.

The dashboard holds a team's work and may write to its trackers, so the page of another site, a
name that suddenly resolves to this machine, and another user of it must all be turned away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from panopticon.errors import AuthFailed, PanError
from panopticon.services.session import Session

BODY_LIMIT = 64 * 1024
URL_LIMIT = 8 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "sanitised",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Refused(PanError):
    """The request comes from where it must not."""

    code = "refused"
    http_status = 403


class TooBig(PanError):
    """The request is larger than anything the page sends."""

    code = "too_big"
    http_status = 413


@dataclass(frozen=True, slots=True)
class Security:
    """The session of this home, the port it is served on, and how slow a request may be."""

    session: Session
    port: int
    body_seconds: float = 10
    is_demo: bool = False

    @property
    def cookie(self) -> str:
        """Name the cookie after the port: cookies are shared by all ports of a host."""
        return f"pan_session_{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which a browser on this machine may call us."""
        bare = LOOPBACK if self.port == 80 else ()  # noqa: PLR2004 - http's own port
        return frozenset((*bare, *(f"{name}:{self.port}" for name in LOOPBACK)))


@dataclass(frozen=True, slots=True)
class Knock:
    """What is judged of a request; header names are lower case."""

    method: str
    path: str
    url_length: int
    headers: Mapping[str, str]


def judge(knock: Knock, security: Security) -> PanError | None:
    """Give the reason to turn a request away, or None."""
    return (
        _host(knock, security)
        or _size(knock)
        or (None if _is_public(knock.path) else _session(knock, security))
    )


def _host(knock: Knock, security: Security) -> PanError | None:
    if knock.headers.get("host", "").lower() in security.hosts:
        return None
    return Refused(
        "This server answers only under its own address.",
        f"Open http://127.0.0.1:{security.port}/.",
    )


def _size(knock: Knock) -> PanError | None:
    length = knock.headers.get("content-length", "0")
    if knock.url_length > URL_LIMIT:
        return TooBig("The address is too long.", f"At most {URL_LIMIT} characters.")
    if "transfer-encoding" in knock.headers:
        return TooBig("The length of the request is not known.", "Send Content-Length.")
    if not length.isdecimal() or int(length) > BODY_LIMIT:
        return TooBig("The request is too big.", f"At most {BODY_LIMIT} bytes.")
    return None


def _session(knock: Knock, security: Security) -> PanError | None:
    scheme, _, token = knock.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and security.session.is_token(token.strip()):
        return None
    cookie = _cookie(knock.headers.get("cookie", ""), security.cookie)
    if not cookie or not security.session.knows(cookie, security.port):
        return AuthFailed(
            "You are not signed in here.",
            "`pan open` opens the page signed in. Scripts send `Authorization: Bearer …` "
            "with what `pan token` prints.",
        )
    return _origin(knock)


def _origin(knock: Knock) -> PanError | None:
    """Let a cookie write only from our own page: another port is the same site to browsers."""
    if knock.method in SAFE_METHODS:
        return None
    if knock.headers.get("origin", "").lower() == f"http://{knock.headers['host'].lower()}":
        return None
    return Refused(
        "This change was asked for by another page.", "Use the board itself, or a Bearer token."
    )


def _is_public(path: str) -> bool:
    return path == "/open" or path.startswith("/static/")


def _cookie(header: str, name: str) -> str | None:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return found.value if found else None
