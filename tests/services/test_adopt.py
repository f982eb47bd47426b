"""A run goes on with other settings: what changed opens anew, the rest stays."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from panopticon.config import Config, Source
from panopticon.errors import NotFound
from panopticon.services.context import Context
from panopticon.store.registry import memory_store
from panopticon.trackers.base import Tracker

EAST = Source("east", "rally", {"workspace": "1"}, "k1")
WEST = Source("west", "rally", {"workspace": "2"}, "k2")


class Handle:
    """A tracker of which only the end matters."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


def run(home: Path, *sources: Source) -> tuple[Context, list[Handle]]:
    handles: list[Handle] = []

    def opened(source: Source) -> Tracker:
        handles.append(Handle(source))
        return cast("Tracker", handles[-1])

    config = Config(home=home, folder=home, sources=sources)
    return Context(config, lambda _: memory_store(), opened), handles


@pytest.mark.requirement("settings:adopt:opens")
@pytest.mark.parametrize(
    "changed", [replace(EAST, secret="k9"), replace(EAST, options={"workspace": "9"})]
)
def test_a_changed_source_opens_anew(tmp_path: Path, changed: Source) -> None:
    ctx, handles = run(tmp_path, EAST, WEST)
    store = ctx.store
    first, other = ctx.tracker("east"), ctx.tracker("west")
    ctx.adopt(replace(ctx.config, sources=(changed, WEST)))
    assert [handle.is_closed for handle in handles] == [True, False]
    assert ctx.tracker("east") is not first
    assert handles[-1].source == changed
    assert ctx.tracker("west") is other
    assert ctx.store is store


@pytest.mark.requirement("settings:adopt:opens")
def test_a_source_comes_and_goes(tmp_path: Path) -> None:
    ctx, handles = run(tmp_path, EAST)
    ctx.tracker("east")
    ctx.adopt(replace(ctx.config, sources=(WEST,)))
    assert ctx.names == ("west",)
    assert handles[0].is_closed
    with pytest.raises(NotFound):
        ctx.tracker("east")
    assert ctx.tracker("west")
