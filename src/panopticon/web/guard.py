"""Who may pass: host, size, session and origin, judged before any route is looked up.

The board holds a team's work and may write to its trackers, so the page of another site, a
name that suddenly resolves to this machine, and another user of it must all be turned away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from panopticon.errors import AuthFailed, PanError
from panopticon.services.server.session import Session

BODY_LIMIT = 64 * 1024
# For what people write: a description, and the one it replaces beside it.
TEXT_LIMIT = 3 * 1024 * 1024
URL_LIMIT = 8 * 1024
HEAD_LIMIT = 32 * 1024  # all programs on a host share its cookies
HEADER_COUNT = 100
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_LONG = frozenset({("PATCH", "/api/item"), ("POST", "/api/item"), ("POST", "/api/item/comment")})
_OWN_SITE = frozenset({"", "same-origin", "none"})  # "": a browser too old to say, or a script
_PORTS = {"http": 80, "https": 443}

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


class HeadTooBig(TooBig):
    """The head of the request is larger than any browser's."""

    http_status = 431


@dataclass(frozen=True, slots=True)
class Security:
    """The session of this home, the port it is served on, and how slow a request may be.

    `names` are those under which the board answers beside the loopback names; `fronts` are the
    origins of proxies that pass their Host and Origin on to us.
    """

    session: Session
    port: int
    body_seconds: float = 10
    is_demo: bool = False
    is_tls: bool = False
    names: tuple[str, ...] = ()
    fronts: tuple[str, ...] = ()

    def scheme_of(self, host: str) -> str:
        """The scheme by which browsers read the page under a Host."""
        at_front = any(host == front.partition("://")[2] for front in self.fronts)
        return "https" if at_front else self.scheme

    @property
    def scheme(self) -> str:
        """The scheme that our own page is read by."""
        return "https" if self.is_tls else "http"

    @property
    def cookie(self) -> str:
        """Name the cookie after the port: cookies are shared by all ports of a host.

        Under TLS browsers keep a cookie of this name only from this very host, over https.
        """
        return f"{'__Host-' if self.is_tls else ''}pan_session_{self.port}"

    @property
    def wanted(self) -> str:
        """Name the cookie of the page that somebody wanted before they were signed in."""
        return f"{'__Host-' if self.is_tls else ''}pan_to_{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which a browser may call us."""
        names = (*LOOPBACK, *self.names)
        bare = names if self.port == _PORTS[self.scheme] else ()
        fronts = (front.partition("://")[2] for front in self.fronts)
        return frozenset((*bare, *fronts, *(f"{name}:{self.port}" for name in names)))


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
    own = next(iter(security.names), LOOPBACK[0])
    return Refused(
        "This server answers only under its own address.",
        f"Open {security.scheme}://{own}:{security.port}/. "
        "`pan up --name NAME` adds a name to those it answers under.",
    )


def _size(knock: Knock) -> PanError | None:
    length = knock.headers.get("content-length", "0")
    limit = TEXT_LIMIT if (knock.method, knock.path) in _LONG else BODY_LIMIT
    if knock.url_length > URL_LIMIT:
        return TooBig("The address is too long.", f"At most {URL_LIMIT} characters.")
    if _is_head_big(knock.headers):
        return HeadTooBig(
            "The head of the request is too big.",
            f"At most {HEADER_COUNT} headers, {HEAD_LIMIT} bytes in all; in a browser, "
            "forget the cookies of this host.",
        )
    if "transfer-encoding" in knock.headers:
        return TooBig("The length of the request is not known.", "Send Content-Length.")
    if not length.isdecimal() or int(length) > limit:
        return TooBig("The request is too big.", f"At most {limit} bytes.")
    return None


def _is_head_big(headers: Mapping[str, str]) -> bool:
    size = sum(len(name) + len(value) for name, value in headers.items())
    return len(headers) > HEADER_COUNT or size > HEAD_LIMIT


def _session(knock: Knock, security: Security) -> PanError | None:
    scheme, _, token = knock.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and security.session.is_token(token.strip()):
        return None
    if not _known(knock.headers, security):
        way = "`pan open`, run on the machine where the board runs, opens the page signed in."
        if any(_cookies(knock.headers.get("cookie", ""), security.cookie)):
            return AuthFailed("Your session has ended.", way, session="ended")
        scripts = "Scripts send `Authorization: Bearer …` with what `pan token` prints."
        return AuthFailed("You are not signed in here.", f"{way} {scripts}")
    return _site(knock) or _origin(knock, security)


def caller(headers: Mapping[str, str], security: Security) -> str:
    """Tell the sessions of those who passed apart: by their cookie, "" for all scripts."""
    return _known(headers, security) or ""


def _site(knock: Knock) -> PanError | None:
    """Let other pages lead here, but neither read nor write with our cookie."""
    headers = knock.headers
    if headers.get("sec-fetch-site", "") in _OWN_SITE:
        return None
    is_visit = headers.get("sec-fetch-mode") == "navigate" and knock.method in SAFE_METHODS
    if is_visit and headers.get("sec-fetch-dest") == "document":
        return None
    return Refused(
        "This was asked for by another page.", "Use the board itself, or a Bearer token."
    )


def _origin(knock: Knock, security: Security) -> PanError | None:
    """Let a cookie write only from our own page: another port is the same site to browsers."""
    if knock.method in SAFE_METHODS:
        return None
    host = knock.headers["host"].lower()
    own = f"{security.scheme_of(host)}://{host}"
    if knock.headers.get("origin", "").lower() == own:
        return None
    return Refused(
        "This change was asked for by another page.", "Use the board itself, or a Bearer token."
    )


def _is_public(path: str) -> bool:
    return path == "/open" or path.startswith("/static/")


def _known(headers: Mapping[str, str], security: Security) -> str | None:
    """Find our session among the cookies of all programs of this host, whatever else they set."""
    found = _cookies(headers.get("cookie", ""), security.cookie)
    return next((one for one in found if security.session.knows(one, security.port)), None)


def _cookies(header: str, name: str) -> list[str]:
    """Read every value of a cookie; http.cookies stops at the first one that it cannot read."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return [value for key, _, value in pairs if key == name]
