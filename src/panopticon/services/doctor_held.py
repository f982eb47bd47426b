"""How claims stand here: whether who decides answers, what ended, what waits, which hooks ask."""

import time
from collections.abc import Iterator

from panopticon.errors import PanError
from panopticon.local.git.lease import GitArbiter
from panopticon.services.claim import warn
from panopticon.services.claim.desk import arbiter_of
from panopticon.services.claim.work import hook as hooks
from panopticon.services.context import Context
from panopticon.services.doctor_claim import Word
from panopticon.services.redaction import struck
from panopticon.services.within import within

_SECONDS = 15.0
_MOST = 5


def held_words(ctx: Context) -> Iterator[Word]:
    """Look at claims; nothing where nobody decides, which its own finding says."""
    if not (ctx.config.arbiter and ctx.config.sources):
        return
    yield _answer(ctx)
    yield from _hook(ctx)
    try:
        found, waiting = warn.due(ctx), ctx.store.queued()
    except (PanError, OSError):
        return  # the store's own finding says it
    for one in found[:_MOST]:
        yield Word("claims", one.text, f"`pan {one.command}`")
    if more := len(found[_MOST:]):
        yield Word("claims", f"{more} more claims end soon or have ended.", "`pan locks`")
    if waiting:
        count = (
            "1 status write waits" if len(waiting) == 1 else f"{len(waiting)} status writes wait"
        )
        why = f": {struck(waiting[0].error)}" if waiting[0].error else "."
        yield Word("queue", f"{count}{why}", "`pan sync` sends; `pan queue` shows them.")


def _answer(ctx: Context) -> Word:
    """Ask who decides, once and not for long."""
    began = time.monotonic()

    def ask() -> str:
        arbiter = arbiter_of(ctx)
        found = arbiter.records()
        if found is None:
            return f"{arbiter.name} decides by the items themselves"
        at = arbiter.now()
        odd = arbiter.left_out if isinstance(arbiter, GitArbiter) else ()
        more = f", {len(odd)} left out ({odd[0].rstrip('.')})" if odd else ""
        return f"{arbiter.name} answers: {sum(one.is_held(at) for one in found)} held{more}"

    try:
        text = within(_SECONDS, ask, "who decides claims")
    except PanError as error:
        hint = error.hint or "Checkouts wait until it answers; the rest works."
        return Word("arbiter", struck(error.message), struck(hint))
    return Word("arbiter", struck(f"{text}, {time.monotonic() - began:.1f} s"))


def _hook(ctx: Context) -> Iterator[Word]:
    """Tell whether git asks before commits and pushes; that is each person's choice."""
    try:
        found = hooks.status(ctx)
    except PanError:
        return  # no repository, or one whose hooks are off
    ours = [one.name for one in found.hooks if one.state == "ours"]
    if not ours:
        text = "Git asks nobody before commits and pushes here; `pan hook install` lets it ask"
        yield Word("hook", text)
    elif missing := [one.name for one in found.hooks if one.name not in ours]:
        text = f"Git asks at {', '.join(ours)}, but not at {', '.join(missing)}."
        yield Word("hook", text, "`pan hook install` writes them anew.")
    else:
        yield Word("hook", f"Git asks before commits and pushes in {found.place.top}")
