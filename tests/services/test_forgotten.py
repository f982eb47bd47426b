"""What other settings dropped from here is not said to be deleted."""

from pathlib import Path

import pytest

from panopticon.services.sync import pull as sync
from panopticon.services.sync.pull import Wanted
from tests.services.shelf import Shelf, context, item


@pytest.mark.requirement("cli:sync:forgotten")
def test_another_workspace_forgets_and_deletes_nothing(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.put(item("US1"), item("US2"))
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    shelf.identity = "rally:2"
    (report,) = sync.pull(ctx).trackers
    assert (report.deleted, report.forgotten) == (2, 2)
    shelf.throw("US1")
    (report,) = sync.pull(ctx, Wanted(force=True)).trackers
    assert report.forgotten == 0
    ctx.close()
