"""Saved views of the board: a name for what stands after the ? of its address."""

from panopticon.config import Config
from panopticon.config.board import MOST_VIEWS, checked_view
from panopticon.errors import InvalidInput, NotFound
from panopticon.model.issue import Json
from panopticon.services.context import Context
from panopticon.services.settings.file import commit
from panopticon.services.setup.toml import Put, change


def views(ctx: Context) -> list[dict[str, Json]]:
    """List the views in the order of their names."""
    found = sorted(ctx.config.views.items(), key=lambda view: (view[0].casefold(), view[0]))
    return [{"name": name, "query": query} for name, query in found]


def save(ctx: Context, name: str, query: str) -> list[dict[str, Json]]:
    """Keep a view under a name, in place of one that is called so; gives all of them."""
    exact = checked_view("The view", name.strip(), query)
    _put(ctx, name.strip(), exact)
    return views(ctx)


def remove(ctx: Context, name: str) -> list[dict[str, Json]]:
    """Forget a view; raises NotFound with the names there are."""
    if name not in ctx.config.views:
        names = sorted(ctx.config.views)
        hint = f"There is {', '.join(names)}." if names else "No view is saved."
        raise NotFound(f"No view is called {name!r}.", hint)
    _put(ctx, name, None)
    return views(ctx)


def _put(ctx: Context, name: str, query: str | None) -> None:
    path = ctx.config.home / "config.toml"
    commit(ctx, lambda: change(path, [Put(("views", name), query)]), _room)


def _room(config: Config) -> None:
    if len(config.views) > MOST_VIEWS:
        raise InvalidInput(f"There are {MOST_VIEWS} views already.", "Remove one that is not used.")
