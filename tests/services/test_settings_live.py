"""The settings page's verbs against a whole simulated Rally: columns follow the team's words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from panopticon.config import Config, load
from panopticon.errors import InvalidInput, NotFound, Unsupported
from panopticon.model.issue import IssueFilter, State
from panopticon.sandbox.serve import Options, Running, start
from panopticon.services.context import Context
from panopticon.services.opening import context_for
from panopticon.services.settings import source as settings_source, states as settings_states
from panopticon.services.setup.connection import Answers
from panopticon.services.sync import pull as sync


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with start(Options(stories=40)) as running:
        yield running


@pytest.fixture
def ctx(sandbox: Running, tmp_path: Path) -> Iterator[Context]:
    (tmp_path / "project").mkdir()

    def read() -> Config:
        return load({}, tmp_path, tmp_path / "project", {})

    opened = context_for(read(), read)
    answers = Answers(
        "rally",
        sandbox.api_key,
        "rally",
        sandbox.url,
        str(sandbox.workspace_oid),
        (str(sandbox.project_oid),),
    )
    settings_source.save(opened, answers)
    yield opened
    opened.close()


def columns(ctx: Context, word: str) -> set[State]:
    return {one.state for one in ctx.store.issues(IssueFilter()) if one.native_state == word}


def shown(told: object, word: str) -> set[tuple[str, bool]]:
    assert isinstance(told, dict)
    return {
        (row["state"], row["own"])
        for kind in told["kinds"]
        for row in kind["words"]
        if row["word"] == word
    }


@pytest.mark.requirement("settings:states:follow")
def test_columns_follow_the_teams_words_at_the_next_sync(ctx: Context) -> None:
    sync.pull(ctx)
    assert columns(ctx, "Defined") == {State.BACKLOG}
    told = settings_states.put_words(ctx, "rally", {"Defined": State.PLANNING})
    assert shown(told, "Defined") == {("planning", True)}
    sync.pull(ctx)
    assert columns(ctx, "Defined") == {State.PLANNING}
    # Another spelling of the word takes the place of the first; null goes back.
    told = settings_states.put_words(ctx, "rally", {"DEFINED": State.IN_REVIEW})
    assert shown(told, "Defined") == {("in_review", True)}
    text = (ctx.config.home / "config.toml").read_text()
    assert "Defined" not in text
    told = settings_states.put_words(ctx, "rally", {"defined": None})
    assert shown(told, "Defined") == {("backlog", False)}
    sync.pull(ctx)
    assert columns(ctx, "Defined") == {State.BACKLOG}


@pytest.mark.requirement("settings:states:words")
def test_words_that_no_kind_lists_are_shown_and_unknown_ones_refused(ctx: Context) -> None:
    with pytest.raises(InvalidInput, match="Shipped") as caught:
        settings_states.put_words(ctx, "rally", {"Shipped": State.DONE})
    assert "Defined" in caught.value.hint
    with pytest.raises(NotFound):
        settings_states.words(ctx, "other")
    path = ctx.config.home / "config.toml"
    path.write_text(path.read_text() + "\n[trackers.rally.states]\n'Flow Word' = 'in_review'\n")
    assert ctx.read_config
    ctx.adopt(ctx.read_config())
    assert shown(settings_states.words(ctx, "rally"), "Flow Word") == {("in_review", True)}
    told = settings_states.put_words(ctx, "rally", {"Flow Word": None})
    assert shown(told, "Flow Word") == set()


@pytest.mark.requirement("settings:states:words")
def test_words_of_a_source_from_elsewhere_stay(sandbox: Running, tmp_path: Path) -> None:
    environ = {"RALLY_API_KEY": sandbox.api_key, "RALLY_SERVER": sandbox.url}
    opened = context_for(load(environ, tmp_path, tmp_path, {}))
    try:
        (name,) = opened.names
        assert settings_states.words(opened, name)["editable"] is False
        with pytest.raises(Unsupported):
            settings_states.put_words(opened, name, {"Defined": State.DONE})
    finally:
        opened.close()
