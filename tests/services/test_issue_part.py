"""What a tracker has written is seen here, also where it could not do all of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.config import Config, Source
from panopticon.errors import Partial
from panopticon.model.issue import Kind, NewIssue, State, Task
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.services.issue import verbs as issue, write as issue_write
from panopticon.services.sync import pull as sync
from panopticon.store.registry import memory_store
from tests.trackers.markdown.desk import NOW, Desk, desk_in, story

REF = IssueRef("stories", "1.1")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])


@pytest.fixture
def ctx(tmp_path: Path, desk: Desk) -> Context:
    """Open a source that commits, in a repository whose hook refuses every commit."""
    hook = desk.repo.put(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    store = memory_store()
    source = Source("stories", "markdown")
    config = Config(home=tmp_path, folder=tmp_path, sources=(source,), default_tracker="stories")
    ctx = Context(config, lambda _: store, lambda _: desk.tracker(commit=True), lambda: NOW)
    sync.pull(ctx)
    return ctx


def is_done(ctx: Context) -> bool:
    found = ctx.store.issue(REF)
    return found is not None and found.state is State.DONE


@pytest.mark.requirement("model:write:partial")
@pytest.mark.parametrize(
    "write",
    [
        lambda ctx: issue.transition(ctx, "1.1", State.DONE),
        lambda ctx: issue.update(ctx, "1.1", {"native_state": "done"}),
    ],
)
def test_a_move_that_was_not_committed_is_seen(
    ctx: Context, write: Callable[[Context], object]
) -> None:
    with pytest.raises(Partial, match="not committed"):
        write(ctx)
    assert is_done(ctx)


@pytest.mark.requirement("model:write:partial")
def test_steps_and_remarks_that_were_not_committed_are_seen(ctx: Context) -> None:
    with pytest.raises(Partial):
        issue_write.tick(ctx, REF, Task("Do it", done=True, position=0))
    with pytest.raises(Partial):
        issue_write.add_step(ctx, REF, "Look at it")
    with pytest.raises(Partial):
        issue.comment(ctx, "1.1", "By hand, then.")
    shown = issue.show(ctx, "1.1")
    assert [(one.title, one.done) for one in shown.issue.tasks] == [
        ("Do it", True),
        ("Begin", True),
        ("Look at it", False),
    ]
    assert [one.body for one in shown.comments] == ["By hand, then."]


@pytest.mark.requirement("model:write:partial")
def test_what_was_made_or_deleted_without_a_commit_is_so_here(ctx: Context) -> None:
    with pytest.raises(Partial):
        issue.create(ctx, NewIssue(Kind.STORY, {"title": "Second", "parent": "epic-1"}))
    assert ctx.store.issue(IssueRef("stories", "1.2")) is not None
    with pytest.raises(Partial):
        issue.delete(ctx, "1.1")
    assert ctx.store.issue(REF) is None
