"""Names that nothing here goes by: a filter on one finds nothing, which must not pass for news."""

from collections.abc import Iterable
from difflib import get_close_matches

from panopticon.errors import NotFound
from panopticon.services.context import Context

_SHOWN = 8


def refuse_unknown(ctx: Context, project: str | None, iteration: str | None) -> None:
    """Raise NotFound for a project or iteration that no stored item has, naming near ones."""
    outlines = ctx.store.outline()
    _refuse("project", project, {one.project for one in outlines})
    _refuse("iteration", iteration, {one.iteration for one in outlines if one.iteration})


def _refuse(word: str, name: str | None, known: Iterable[str]) -> None:
    spelled = {one.casefold(): one for one in sorted(known) if one}
    if name is None or name.casefold() in spelled:
        return
    close = get_close_matches(name.casefold(), list(spelled), n=3, cutoff=0.5)
    near = [spelled[one] for one in close]
    shown = list(spelled.values())[:_SHOWN]
    more = f" and {len(spelled) - len(shown)} more" if len(spelled) > len(shown) else ""
    hint = f"There is {', '.join(shown)}{more}." if shown else f"No item read so far has a {word}."
    raise NotFound(
        f"There is no {word} {name!r} here.",
        f"Did you mean {' or '.join(map(repr, near))}?" if near else hint,
        candidates=near or list(shown),
    )
