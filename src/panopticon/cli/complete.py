"""Completing references and epics from the store; silent and quick, whatever is wrong."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from panopticon.cli.text import clean
from panopticon.config import environment, load
from panopticon.errors import PanError
from panopticon.model.issue import OUTCOMES, Kind
from panopticon.services.issue import verbs as issue
from panopticon.services.opening import context_for

_LIMIT = 50


def complete_refs(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the items whose key begins so."""
    del param
    return _offered(ctx, incomplete, ())


def complete_epics(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer epics and features."""
    del param
    return _offered(ctx, incomplete, OUTCOMES)


def _offered(ctx: click.Context, incomplete: str, kinds: tuple[Kind, ...]) -> list[CompletionItem]:
    is_demo = ctx.find_root().params.get("is_demo")
    try:
        run = context_for(load(environment(), Path.home(), Path.cwd(), {"is_demo": is_demo}))
        try:
            found = issue.beginning(run, incomplete, kinds, _LIMIT)
        finally:
            run.close()
    except (PanError, OSError):
        return []
    return [CompletionItem(one.ref.key, help=clean(one.title)) for one in found]
