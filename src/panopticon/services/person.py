"""Who sits here: what `me` means."""

from panopticon.errors import InvalidInput
from panopticon.local import git
from panopticon.services.context import Context


def known(ctx: Context) -> str | None:
    """Give the configured email, else git's."""
    return ctx.config.me or git.email(ctx.config.folder)


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
    """Read a person as typed: `me`, `none` or nothing for nobody, else as it stands."""
    if text is None or text.strip().lower() in {"", "none", "nobody"}:
        return None
    return me(ctx) if text.strip().lower() == "me" else text.strip()
