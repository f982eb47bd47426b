"""How a wish is spelled in LockToken: `kind:nonce:session:fence:seconds:holder:branch`.

Names are spelled as in addresses (%2F), so that the text of a revision holds the token whole. The
time is how long, in seconds: it is judged at the revision's own date.
"""

from urllib.parse import quote, unquote

from panopticon.errors import InvalidInput
from panopticon.model.claim import FINISHED, Act, Ask

LONGEST = 256  # what a STRING field of Rally holds
_MOST_DIGITS = 9
_MOST_SECONDS = 720 * 3600  # as long as anybody may hold; more is no wish of ours
_DONE = "~finished"  # in the branch's place, which decides nothing: no branch is called so
_OLD, _PARTS = 5, 7  # without and with holder and branch


def token_of(ask: Ask, nonce: str) -> str:
    """Spell a wish; a branch that makes it too long is left out, for it decides nothing."""
    told = f"{ask.act}:{nonce}:{ask.session}:{ask.fence or 0}:{ask.seconds:.0f}"
    is_done = ask.act is Act.RELEASE and ask.reason == FINISHED
    last = _DONE if is_done else _spelled(ask.branch or "")
    whole = f"{told}:{_spelled(ask.holder)}:{last}"
    short = whole if len(whole) <= LONGEST else f"{told}:{_spelled(ask.holder)}:"
    if len(short) > LONGEST:
        raise InvalidInput(
            "The holder's name is too long for Rally's field.", "Name a shorter one."
        )
    return short


def wish_from(key: str, token: str, user: str) -> tuple[Ask, str] | None:
    """Read a wish and its nonce; None for what somebody wrote by hand. `user` wrote the field."""
    kind, *rest = token.split(":")
    if kind not in list(Act) or len(rest) + 1 not in {_OLD, _PARTS}:
        return None
    nonce, session, fence, seconds, *names = rest
    if not (_is_number(fence) and _is_number(seconds)) or int(seconds) > _MOST_SECONDS:
        return None
    holder, last = names or ("", "")
    is_done = Act(kind) is Act.RELEASE and last == _DONE
    ask = Ask(
        act=Act(kind),
        key=key,
        holder=unquote(holder) or user,
        session=session,
        seconds=float(seconds),
        branch=None if is_done else unquote(last) or None,
        fence=int(fence),
        reason=FINISHED if is_done else "",
    )
    return ask, nonce


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def _spelled(name: str) -> str:
    return quote(name, safe="")
