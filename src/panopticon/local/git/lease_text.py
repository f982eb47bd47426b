"""Claims as the texts of refs: the name of each, and JSON that is either whole or refused."""

import hashlib
from dataclasses import asdict
from datetime import datetime

import orjson

from panopticon.errors import LocalFault
from panopticon.model.claim import Claim

SPACE = "refs/panopticon/leases/"
_FORMAT = 1
_MOST_FENCES = 2**53  # what any reader of JSON counts exactly
_YEARS = range(1971, 9000)  # with room for a zone and a skew at both ends


def ref_of(key: str) -> str:
    """Name the ref of a key: keys hold signs that refs may not."""
    return SPACE + hashlib.sha256(key.encode()).hexdigest()


def text_of(claim: Claim, nonce: str) -> str:
    """Spell a claim; the nonce tells two equal ones in one second apart."""
    return orjson.dumps(asdict(claim) | {"format": _FORMAT, "nonce": nonce}).decode()


def nonce_of(text: str) -> str:
    """Give the nonce of a text that is a claim."""
    return str(orjson.loads(text).get("nonce"))


def claim_in(ref: str, text: str | None) -> Claim | None:
    """Read a ref's claim; raises LocalFault for what we cannot judge, which then holds nobody."""
    if text is None:
        return None
    try:
        raw = orjson.loads(text)
        told, _ = raw.pop("format", _FORMAT), raw.pop("nonce", None)
        if type(told) is int and told == _FORMAT:
            ends = {n: datetime.fromisoformat(raw[n]) for n in ("locked_at", "expires_at")}
            claim = Claim(**{**raw, **ends})
            if _is_whole(claim) and ref_of(claim.key) == ref:
                return claim
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _strange(ref) from error
    if isinstance(told, int) and told > _FORMAT:
        raise LocalFault(
            f"{ref} was written by a newer Panopticon (format {told}).",
            "Upgrade this one; until then it cannot tell who holds that story.",
        )
    raise _strange(ref)


def _is_whole(claim: Claim) -> bool:
    words = (claim.key, claim.holder, claim.session, claim.reason, claim.branch or "")
    times = (claim.locked_at, claim.expires_at)
    is_counted = type(claim.fence) is int and 0 < claim.fence < _MOST_FENCES
    is_timed = all(one.tzinfo is not None and one.year in _YEARS for one in times)
    is_told = all(isinstance(one, str) for one in words) and isinstance(claim.is_released, bool)
    return is_counted and is_timed and is_told


def _strange(ref: str) -> LocalFault:
    return LocalFault(
        f"{ref} holds no claim that we can read.",
        f"Look at it (`git ls-remote <remote> {ref}`); who deletes it frees the story, and its "
        "fence begins at 1 again.",
    )
