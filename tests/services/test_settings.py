"""The settings of Panopticon itself, and saved views: changed in the file and at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from panopticon.config import Config
from panopticon.config.board import MOST_VIEWS
from panopticon.errors import Conflict, InvalidInput, NotFound, PanError
from panopticon.local import lock
from panopticon.services.settings import file as settings, view
from panopticon.services.setup import toml as setup_toml
from panopticon.services.setup.toml import Put
from tests.services.room import Room

RALLY = '[trackers.rally]\nworkspace = "100"\n'
KEY = "RALLY_API_KEY=_good\n"
LIMITS: dict[str, object] = {"in_progress": 3, "done": None}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.mark.requirement("settings:own:change")
def test_a_change_is_in_the_file_and_takes_effect(room: Room) -> None:
    ctx = room.says(f"# mine\n[sync]\ntargets = ['x']  # theirs\n\n{RALLY}", KEY).context()
    fields = {"me": "ann@example.com", "poll_seconds": 15.0, "limits": LIMITS}
    found = settings.update(ctx, {**fields, "default_tracker": "rally"})
    assert (found["me"], found["poll_seconds"], found["default_tracker"]) == (
        "ann@example.com",
        15,
        "rally",
    )
    assert found["limits"] == {
        "backlog": None,
        "planning": None,
        "in_progress": 3,
        "in_review": None,
        "done": None,
    }
    assert (ctx.config.me, ctx.config.poll_seconds) == ("ann@example.com", 15)
    text = room.toml.read_text()
    assert text.startswith("# mine\n[sync]\ntargets = ['x']  # theirs\n")
    assert "poll_seconds = 15\n" in text
    gone = settings.update(ctx, {"me": None, "limits": None})
    assert (gone["me"], ctx.config.limits) == (None, {})
    assert "ann@example.com" not in room.toml.read_text()


@pytest.mark.requirement("settings:own:bounds")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("poll_seconds", 0.5),
        ("poll_seconds", 10**9),
        ("me", "  "),
        ("me", "a\nb"),
        ("default_tracker", "nobody"),
        ("limits", {"doing": 3}),
        ("limits", {"done": 0}),
        ("limits", {"done": True}),
        ("limits", {"done": 10_001}),
    ],
)
def test_what_is_out_of_bounds_changes_nothing(room: Room, name: str, value: object) -> None:
    ctx = room.says(RALLY, KEY).context()
    with pytest.raises(PanError) as caught:
        settings.update(ctx, {"limits": {"done": 7}, name: value})
    assert caught.value.hint
    assert room.toml.read_text() == RALLY


@pytest.mark.requirement("settings:own:fixed")
def test_what_a_variable_or_flag_decides_is_said_and_refused(room: Room) -> None:
    room.environ = {"PAN_ME": "env@example.com", "PAN_TRACKER": "rally"}
    room.flags = {"poll_seconds": 5.0}
    ctx = room.says(RALLY, KEY).context()
    assert settings.shown(ctx)["fixed_by"] == {
        "me": "PAN_ME",
        "poll_seconds": "--poll_seconds",
        "default_tracker": "PAN_TRACKER",
    }
    with pytest.raises(InvalidInput, match="PAN_ME"):
        settings.update(ctx, {"me": "ann@example.com"})
    assert room.toml.read_text() == RALLY


@pytest.mark.requirement("settings:write:two")
def test_two_writers_lose_nothing(room: Room) -> None:
    contexts = [room.says(RALLY, KEY).context() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        jobs = [
            pool.submit(view.save, ctx, f"view {at}", f"q={at}") for at, ctx in enumerate(contexts)
        ]
        [job.result() for job in jobs]
    assert room.config().views == {f"view {at}": f"q={at}" for at in range(8)}


@pytest.mark.requirement("settings:write:two")
def test_a_writer_that_stays_is_named(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = room.says(RALLY, KEY).context()
    monkeypatch.setattr("panopticon.services.setup.connection._WAIT_SECONDS", 0.1)
    with (
        lock.held(ctx.config.home / "settings.lock", "Another", 1),
        pytest.raises(Conflict, match="already done by process"),
    ):
        view.save(ctx, "mine", "q=1")


@pytest.mark.requirement("settings:write:whole")
def test_settings_that_cannot_be_read_back_are_not_kept(room: Room) -> None:
    ctx = room.says(RALLY, KEY).context()
    before = ctx.config

    def refuse(_: Config) -> None:
        raise InvalidInput("No.")

    with pytest.raises(InvalidInput, match="No"):
        settings.commit(
            ctx, lambda: setup_toml.change(room.toml, [Put(("pan", "me"), "x")]), refuse
        )
    assert room.toml.read_text() == RALLY
    assert ctx.config is before
    room.toml.unlink()
    with pytest.raises(InvalidInput, match="No"):
        settings.commit(
            ctx, lambda: setup_toml.change(room.toml, [Put(("pan", "me"), "x")]), refuse
        )
    assert not room.toml.exists()


ODD: dict[str, str] = {
    "scattered": "[trackers.a]\nx = 1\n\n[pan]\nport = 1 # p\n\n[trackers.b]\ny = 2\n",
    "crlf": "[trackers.a]\r\nx = 1\r\n",
    "unicode": "[views]\n'äö \U0001f600' = 'q=1'\n",
    "array": "[[other]]\nz = 1\n\n[trackers.a]\nx = 1\n[[other]]\nz = 2\n",
    "empty": "",
}


@pytest.mark.requirement("settings:write:exact")
@pytest.mark.parametrize("form", ODD)
def test_files_in_odd_forms_change_by_exactly_that(tmp_path: Path, form: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(ODD[form].encode())
    before = setup_toml.table_of(path)
    setup_toml.change(path, [Put(("trackers", "new", "x"), "1"), Put(("pan", "me"), "ann")])
    after = setup_toml.table_of(path)
    assert after.pop("pan") == {**before.pop("pan", {}), "me": "ann"}
    assert after.pop("trackers") == {**before.pop("trackers", {}), "new": {"x": "1"}}
    assert after == before


@pytest.mark.requirement("settings:write:exact")
@pytest.mark.parametrize("text", ["trackers = {a = {x = 1}}\n", "trackers.a.x = 1\npan.port = 3\n"])
def test_forms_that_cannot_be_changed_safely_are_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match="changed safely") as caught:
        setup_toml.change(path, [Put(("trackers", "new", "x"), "1")])
    assert "by hand" in caught.value.hint
    assert path.read_text() == text


@pytest.mark.requirement("settings:write:exact")
def test_a_value_where_a_section_is_wanted_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("pan = 3\n")
    with pytest.raises(InvalidInput, match="changed safely"):
        setup_toml.change(path, [Put(("pan", "me"), "ann")])
    setup_toml.change(path, [Put(("views", "gone"), None)])
    assert path.read_text() == "pan = 3\n"


@pytest.mark.requirement("settings:views:keep")
def test_views_are_kept_replaced_and_forgotten(room: Room) -> None:
    ctx = room.context()
    assert view.views(ctx) == []
    view.save(ctx, "Zoë's / work", "?assignee=me")
    found = view.save(ctx, "all", "")
    assert found == [
        {"name": "all", "query": ""},
        {"name": "Zoë's / work", "query": "assignee=me"},
    ]
    assert view.save(ctx, "all", "q=1")[0] == {"name": "all", "query": "q=1"}
    assert view.remove(ctx, "all") == [{"name": "Zoë's / work", "query": "assignee=me"}]
    with pytest.raises(NotFound, match="all") as caught:
        view.remove(ctx, "all")
    assert "Zoë" in caught.value.hint


@pytest.mark.requirement("settings:views:bounds")
@pytest.mark.parametrize(
    "save",
    [
        lambda ctx: view.save(ctx, " ", "q=1"),
        lambda ctx: view.save(ctx, "x" * 81, "q=1"),
        lambda ctx: view.save(ctx, "a\nb", "q=1"),
        lambda ctx: view.save(ctx, "a", "q=\n"),
        lambda ctx: view.save(ctx, "a", "q" * 2001),
    ],
)
def test_odd_views_are_refused(room: Room, save: Callable[..., object]) -> None:
    with pytest.raises(InvalidInput):
        save(room.context())
    assert not room.toml.exists()


@pytest.mark.requirement("settings:views:bounds")
def test_a_hundred_views_are_enough(room: Room) -> None:
    lines = "".join(f"v{at} = 'q={at}'\n" for at in range(MOST_VIEWS))
    ctx = room.says(f"[views]\n{lines}").context()
    view.save(ctx, "v0", "q=other")
    with pytest.raises(InvalidInput, match="views"):
        view.save(ctx, "one more", "q=1")
    assert "one more" not in room.config().views
