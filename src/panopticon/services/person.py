"""Who sits here: what `me` means.

A tracker that is written to says itself who `me` is to it; what is stored is searched and shown
by the configured email.
"""

from panopticon.errors import InvalidInput
from panopticon.local.git import clone
from panopticon.services.context import Context

ME = "me"
_NOBODY = frozenset({"", "none", "nobody"})


def known(ctx: Context) -> str | None:
    """Give the configured email, else git's."""
    return ctx.config.me or clone.email(ctx.config.folder)


def me(ctx: Context) -> str:
    """Give the configured email, else git's; raises InvalidInput when there is neither."""
    found = known(ctx)
    if not found:
        raise InvalidInput(
            "Who is `me`?",
            f'Write `me = "you@example.com"` under [pan] in {ctx.config.home}/config.toml.',
        )
    return found


def named(ctx: Context, text: str | None) -> str | None:
    """Read a person as typed, to search for: `me` by email, `none` or nothing for nobody."""
    who = assigned(text)
    return me(ctx) if who == ME else who


def assigned(text: str | None) -> str | None:
    """Read a person as typed, to write: `me` stays for the tracker, `none` means nobody."""
    who = (text or "").strip()
    if who.casefold() in _NOBODY:
        return None
    return ME if who.casefold() == ME else who
