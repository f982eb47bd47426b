"""How a claim is spelled on an item: who decided it, and the comment where there are no fields.

Nothing here decides, and no comment is ever read as a lock.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from urllib.parse import quote, unquote

from panopticon.config.arbiter import without_credentials
from panopticon.model.claim import Act, Claim
from panopticon.trackers.rally.lease import RallyArbiter
from panopticon.trackers.rally.lease_token import LONGEST, wish_from

_SIGN = "by:"
OWN = RallyArbiter.name
"""The arbiter whose log is LockToken itself: nobody else may write it then."""
_ROUNDED = timedelta(seconds=2)
_TIME = "%Y-%m-%d %H:%M"
_POST = re.compile(
    r"(?P<word>Locked|Given back|No longer held) by (?P<holder>.+?)"
    r"(?: until (?P<until>\d{4}-\d\d-\d\d \d\d:\d\d) UTC)?(?: · branch \S+)?"
    r"(?: · decided by (?P<arbiter>\S+))? \(fence (?P<fence>\d+)\)"
)


def plain_arbiter(name: str) -> str:
    """Name an arbiter without what signs in there, in characters that any text field keeps.

    Others are spelled %20: blanks and brackets would break the text of revisions. One that is cut
    off ends in a bare %: two clients must never take a part for the whole.
    """
    kind, colon, rest = name.partition(":")
    shown, cut, _secret = without_credentials(rest).partition("?")
    plain = quote(f"{kind}{colon}{shown}", safe="/:@+#")
    is_whole = not cut and len(plain) <= LONGEST - len(_SIGN)
    return plain if is_whole else f"{plain[: LONGEST - len(_SIGN) - 1].rstrip('%')}%"


def _arbiter_of(plain: str) -> str:
    return "" if plain.endswith("%") else unquote(plain)


def sign_of(arbiter: str) -> str:
    """Spell in LockToken who decides; it is no word that Rally's own arbiter would heed."""
    return _SIGN + plain_arbiter(arbiter)


def is_sign(token: str) -> bool:
    """Tell whether a LockToken only names who decides."""
    return token.startswith(_SIGN)


def arbiter_from(token: str, since: datetime | None, until: datetime | None) -> str:
    """Read who decided a lock out of LockToken; "" where nobody did, as when it was set by hand.

    A token of Rally's own arbiter outlives its claim: it speaks for a lock only where that lasts
    as long as was asked for. The fence is not in it: it is the outcome of the whole history.
    """
    if since is None:
        return ""
    if is_sign(token):
        return _arbiter_of(token.removeprefix(_SIGN))
    wish = wish_from("", token, "")
    if wish is None or wish[0].act is Act.RELEASE or until is None:
        return ""
    return OWN if until - since >= timedelta(seconds=wish[0].seconds) - _ROUNDED else ""


def titles(field: str, labels: Iterable[str]) -> str:
    """Give the pattern of a field's names in revisions, which spell what the screens call it."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ?", re.escape(field.removeprefix("c_")))
    return f"(?:{'|'.join([spaced, *(re.escape(label) for label in labels)])})"


@dataclass(frozen=True, slots=True)
class Said:
    """What one of our comments said of a claim."""

    is_lock: bool
    holder: str
    until: datetime | None
    arbiter: str
    fence: int


def said_from(html: str) -> Said | None:
    """Read one of our comments back; None for any other."""
    plain = " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
    found = _POST.fullmatch(plain)
    if found is None:
        return None
    until = found["until"] and datetime.strptime(found["until"], _TIME).replace(tzinfo=UTC)
    return Said(
        is_lock=found["word"] == "Locked",
        holder=found["holder"],
        until=until or None,
        arbiter=found["arbiter"] or "",
        fence=int(found["fence"]),
    )


def locked(claim: Claim, arbiter: str) -> str:
    """Say in a comment who holds an item."""
    branch = f" · branch {claim.branch}" if claim.branch else ""
    until = claim.expires_at.astimezone(UTC)
    text = f"Locked by {claim.holder} until {until:{_TIME}} UTC{branch}"
    return escape(f"{text}{_decided(plain_arbiter(arbiter), claim.fence)}", quote=False)


def freed(said: Said, now: datetime | None) -> str:
    """Say in a comment that a claim is over: given back, where it had not run out before."""
    is_early = said.until is None or now is None or now < said.until
    word = "Given back" if is_early else "No longer held"
    text = f"{word} by {said.holder}{_decided(said.arbiter, said.fence)}"
    return escape(text, quote=False)


def _decided(arbiter: str, fence: int) -> str:
    by = f" · decided by {arbiter}" if arbiter else ""
    return f"{by} (fence {fence})"
