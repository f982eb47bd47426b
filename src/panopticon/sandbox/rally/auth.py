"""Who asks: API keys, Basic with a session-bound token, read-only keys (KB 127054, 10740)."""

import base64
import binascii
import secrets
import uuid
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from panopticon.sandbox.exchange import Request
from panopticon.sandbox.rally.trouble import Trouble, Unauthorised
from panopticon.sandbox.rally.unit import Actor


@dataclass(frozen=True, slots=True)
class Account:
    """A way in: a key, or a user name and password."""

    actor: Actor
    key: str = ""
    username: str = ""
    password: str = ""


@dataclass(slots=True)
class Session:
    """What a JSESSIONID cookie stands for; a session that wrote reads its own writes."""

    id: str
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    wrote: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """An admitted caller."""

    actor: Actor
    session: Session
    by_key: bool
    new: bool


class Door:
    """Admits callers and keeps their sessions."""

    def __init__(self, accounts: list[Account]) -> None:
        """Know the accounts."""
        self.accounts = accounts
        self.sessions: dict[str, Session] = {}

    def admit(self, request: Request) -> Visitor:
        """Find out who asks."""
        cookies = _cookies(request.headers.get("cookie", ""))
        key = request.headers.get("zsessionid") or cookies.get("ZSESSIONID", "")
        account = self._by_key(key) if key else self._by_password(request)
        session = self.sessions.get(cookies.get("JSESSIONID", ""))
        new = session is None
        if session is None:
            session = Session(secrets.token_hex(16))
            self.sessions[session.id] = session
        return Visitor(account.actor, session, bool(key), new)

    def check_write(self, visitor: Visitor, request: Request) -> None:
        """Refuse a write without a valid token under Basic, or with a read-only key."""
        if not visitor.by_key and request.query.get("key") != visitor.session.token:
            raise Trouble("Not authorized to perform action: Invalid key")
        if not visitor.actor.writes:
            raise Trouble("Not authorized to perform action: API key is read-only")

    def _by_key(self, key: str) -> Account:
        for account in self.accounts:
            if account.key and secrets.compare_digest(account.key.encode(), key.encode()):
                return account
        raise Unauthorised

    def _by_password(self, request: Request) -> Account:
        scheme, _, word = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            raise Unauthorised
        try:
            name, _, password = base64.b64decode(word).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Unauthorised from error
        for account in self.accounts:
            if account.username and (account.username, account.password) == (name, password):
                return account
        raise Unauthorised


def _cookies(text: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(text).items()}
    except CookieError:
        return {}
