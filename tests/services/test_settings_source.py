"""Trackers connected, tested and removed from the settings page; keys stay where they belong."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import AuthFailed, InvalidInput, NotFound, PanError, Unsupported
from panopticon.services.settings import file as settings, source as settings_source
from panopticon.services.setup.connection import Answers
from panopticon.services.setup.toml import Put, change as put_in
from tests.services.asked import Asked
from tests.services.room import Room

RALLY = '[trackers.rally]\nworkspace = "100"\n'
KEY = "RALLY_API_KEY=_good\n"
NEW = Answers("rally", "_good", "rally", workspace="Acme", projects=("DDC-AI",))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def source_of(shown: Mapping[str, object], name: str = "rally") -> dict[str, object]:
    sources = shown["sources"]
    assert isinstance(sources, list)
    found: dict[str, object] = next(one for one in sources if one["name"] == name)
    return found


@pytest.mark.requirement("settings:source:save")
def test_a_connection_is_tested_written_and_adopted(room: Room) -> None:
    ctx = room.says("# mine\n[sync]\na = 1\n", "# theirs\nLAST=1\n").context()
    kept = settings_source.save(ctx, NEW)
    assert (kept.is_new, kept.warnings, set(kept.files)) == (True, (), {room.toml, room.env})
    assert ctx.names == ("rally",)
    assert source_of(settings.shown(ctx)) == {
        "name": "rally",
        "type": "rally",
        "server": None,
        "workspace": "100",
        "workspace_name": "Acme",
        "projects": ["11"],
        "project_names": ["DDC-AI"],
        "folders": [],
        "key_env": "RALLY_API_KEY",
        "has_key": True,
        "default": True,
        "editable": True,
        "why_not": None,
    }
    assert room.env.read_text() == "# theirs\nLAST=1\nRALLY_API_KEY=_good\n"
    assert room.toml.read_text().startswith("# mine\n[sync]\na = 1\n")
    assert "_good" not in room.toml.read_text()
    for path in (room.env, room.toml):
        assert path.stat().st_mode & 0o777 == 0o600
    again = settings_source.save(ctx, replace(NEW, key="", projects=()))
    assert (again.is_new, source_of(settings.shown(ctx))["projects"]) == (False, [])


@pytest.mark.requirement("settings:source:save")
def test_a_key_that_may_only_read_is_said(room: Room) -> None:
    room.asked = Asked(can_write=False, warnings=("No lock fields.",))
    kept = settings_source.save(room.context(), NEW)
    assert kept.warnings == ("This key may read but not write.", "No lock fields.")


@pytest.mark.requirement("settings:source:refused")
@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (replace(NEW, key="_wrong"), AuthFailed),
        (replace(NEW, workspace="Acne"), NotFound),
        (replace(NEW, projects=("Nope",)), NotFound),
        (replace(NEW, workspace=None), InvalidInput),
        (replace(NEW, key=""), InvalidInput),
        (replace(NEW, key="a\nb"), InvalidInput),
        (replace(NEW, type="jirra"), InvalidInput),
        (replace(NEW, server="http://elsewhere.example"), InvalidInput),
        (replace(NEW, server="https://user:word@elsewhere.example"), InvalidInput),
        (replace(NEW, name="primary"), InvalidInput),
        (replace(NEW, name="a.b"), InvalidInput),
        (replace(NEW, name="-"), InvalidInput),
        (replace(NEW, name="x" * 41), InvalidInput),
        (replace(NEW, name="linear"), InvalidInput),
    ],
)
def test_what_does_not_work_is_not_saved(
    room: Room, answers: Answers, error: type[PanError]
) -> None:
    toml = "[trackers.linear]\nteam = 'APP'\n"
    ctx = room.says(toml, "LAST=1\n").context()
    with pytest.raises(error):
        settings_source.save(ctx, answers)
    assert (room.toml.read_text(), room.env.read_text()) == (toml, "LAST=1\n")
    assert ctx.names == ()


@pytest.mark.requirement("settings:key:own-server")
@pytest.mark.parametrize(
    "server", ["https://other.example", "https://own.example.other.example", "http://127.0.0.1:9"]
)
def test_a_saved_key_goes_to_its_own_server_only(room: Room, server: str) -> None:
    own = "[trackers.rally]\nworkspace = '100'\nserver = 'https://own.example'\n"
    ctx = room.says(own, KEY).context()
    for verb in (settings_source.places, settings_source.tested, settings_source.save):
        with pytest.raises(InvalidInput, match="no API key") as caught:
            verb(ctx, replace(NEW, key="", server=server))
        assert "own server" in caught.value.hint
    assert room.asked.sources == []


@pytest.mark.requirement("settings:key:own-server")
@pytest.mark.parametrize("server", [None, "https://own.example", "own.example", "OWN.example/"])
def test_the_same_server_in_other_words_keeps_key_and_trust(room: Room, server: str | None) -> None:
    own = (
        "[trackers.rally]\nworkspace = '100'\nserver = 'https://own.example'\nca_file = '/ca.pem'\n"
    )
    ctx = room.says(own, KEY).context()
    assert settings_source.tested(ctx, replace(NEW, key="", server=server)).error is None
    (asked,) = room.asked.sources
    assert (asked.secret, asked.options["server"], asked.options["ca_file"]) == (
        "_good",
        "https://own.example",
        "/ca.pem",
    )


@pytest.mark.requirement("settings:key:own-server")
def test_what_signs_in_at_one_server_does_not_follow_to_another(room: Room) -> None:
    own = "workspace = '100'\nserver = 'http://own.example'\ninsecure = true\npassword = 'word'\n"
    ctx = room.says(f"[trackers.rally]\nuser = 'u'\npage_size = 50\n{own}", KEY).context()
    settings_source.save(ctx, replace(NEW, server="https://other.example"))
    (source,) = ctx.config.sources
    assert source.options == {
        "server": "https://other.example",
        "workspace": "100",
        "project": "11",
        "page_size": 50,
    }
    assert "word" not in room.toml.read_text()


@pytest.mark.requirement("settings:key:own-variable")
def test_a_new_key_never_overwrites_the_key_of_another(room: Room) -> None:
    toml = f"{RALLY}\n[trackers.eu]\ntype = 'rally'\nworkspace = '200'\n"
    ctx = room.says(toml, f"{KEY}NEW_API_KEY=someone-elses\n").context()
    assert [source.secret for source in ctx.config.sources] == ["_good", "_good"]
    room.asked.key = "_two"
    settings_source.save(ctx, replace(NEW, key="_two", name="rally"))
    settings_source.save(ctx, replace(NEW, key="_two", name="new"))
    secrets = {source.name: source.secret for source in ctx.config.sources}
    assert secrets == {"rally": "_two", "eu": "_good", "new": "_two"}
    assert "NEW_API_KEY=someone-elses\n" in room.env.read_text()


@pytest.mark.requirement("settings:source:elsewhere")
@pytest.mark.parametrize(
    ("environ", "env", "more", "where"),
    [
        ({"RALLY_WORKSPACE": "200"}, KEY, {}, "the environment"),
        ({"RALLY_API_KEY": "_good"}, "", {}, "RALLY_API_KEY in the environment"),
        ({}, f"{KEY}RALLY_WORKSPACE=200\n", {}, "key file"),
        (
            {},
            KEY,
            {"project/_bmad/pantheon/config.yaml": "pantheon: {rally_workspace: '200'}"},
            "config.yaml",
        ),
        (
            {},
            KEY,
            {"home/.panopticon/projects.yaml": "projects: {a: {rally_project: 12}}"},
            "projects.yaml",
        ),
    ],
)
def test_what_comes_from_elsewhere_is_shown_not_changed(
    room: Room, environ: dict[str, str], env: str, more: dict[str, str], where: str
) -> None:
    room.environ = environ
    ctx = room.says(RALLY, env, more).context()
    (name,) = ctx.names
    shown = source_of(settings.shown(ctx), name)
    assert shown["editable"] is False
    assert where in str(shown["why_not"])
    for change in (
        lambda: settings_source.save(ctx, replace(NEW, name=name)),
        lambda: settings_source.remove(ctx, name),
    ):
        with pytest.raises(Unsupported):
            change()
    assert room.toml.read_text() == RALLY


@pytest.mark.requirement("settings:source:elsewhere")
def test_a_save_that_a_stronger_place_would_hide_is_refused(room: Room) -> None:
    room.environ = {"RALLY_WORKSPACE": "100"}
    ctx = room.says(RALLY, KEY).context()
    assert source_of(settings.shown(ctx))["editable"] is True  # both places say the same
    with pytest.raises(InvalidInput, match="stronger"):
        settings_source.save(ctx, replace(NEW, workspace="200", projects=()))
    off = {"project/_bmad/pantheon/config.yaml": "pantheon: {rally_enabled: false}"}
    room.says(more=off).environ = {}
    with pytest.raises(InvalidInput, match="switches it off"):
        settings_source.save(room.context(), NEW)
    assert (room.toml.read_text(), room.env.read_text()) == (RALLY, KEY)


@pytest.mark.requirement("settings:source:elsewhere")
def test_the_demo_connects_itself(room: Room) -> None:
    room.flags = {"is_demo": True}
    demo = {"home/.panopticon/demo/config.toml": RALLY}
    ctx = room.says(more=demo).context()
    assert source_of(settings.shown(ctx))["why_not"] == "The demo sets itself up."
    with pytest.raises(Unsupported):
        settings_source.save(ctx, NEW)
    with pytest.raises(Unsupported):
        settings_source.remove(ctx, "rally")


@pytest.mark.requirement("settings:source:remove")
def test_a_removed_source_takes_its_section_and_key_with_it(room: Room) -> None:
    toml = (
        "# mine\n[trackers]\nprimary = 'rally'\n\n[trackers.rally]\nworkspace = '100' # a\n\n"
        "[trackers.rally.states]\nIdea = 'planning'\n\n"
        "# eu\n[trackers.eu]\ntype = 'rally'\nworkspace = '200'\n\n"
        "[pan]\ndefault_tracker = 'rally'\n"
    )
    ctx = room.says(toml, f"A=1\n{KEY}EU_API_KEY=_eu\n").context()
    assert [*ctx.names] == ["rally", "eu"]
    settings_source.remove(ctx, "rally")
    assert [*ctx.names] == ["eu"]
    assert ctx.config.default_tracker is None
    assert room.env.read_text() == "A=1\nEU_API_KEY=_eu\n"
    text = room.toml.read_text()
    assert "# mine" in text
    assert "rally]" not in text
    assert "primary" not in text
    with pytest.raises(NotFound):
        settings_source.remove(ctx, "rally")


@pytest.mark.requirement("settings:source:remove")
def test_a_key_that_another_source_uses_stays(room: Room) -> None:
    toml = f"{RALLY}\n[trackers.eu]\ntype = 'rally'\nworkspace = '200'\n"
    ctx = room.says(toml, KEY).context()
    settings_source.remove(ctx, "rally")
    assert ctx.names == ("eu",)
    assert room.env.read_text() == KEY


@pytest.mark.requirement("settings:source:remove")
def test_a_key_alone_is_a_connection_that_can_be_removed(room: Room) -> None:
    ctx = room.says(env=f"A=1\n{KEY}").context()
    assert source_of(settings.shown(ctx))["editable"] is True
    settings_source.remove(ctx, "rally")
    assert (ctx.names, room.env.read_text()) == ((), "A=1\n")


@pytest.mark.requirement("settings:source:test")
def test_a_trial_saves_nothing_and_tells_what_is_wrong(room: Room) -> None:
    ctx = room.context()
    told = settings_source.tested(ctx, NEW).as_json()
    assert (told["ok"], told["user"], told["counts"]) == (True, "ann@example.com", {"story": 3})
    wrong = settings_source.tested(ctx, replace(NEW, key="_wrong")).as_json()
    assert (wrong["ok"], wrong["error"], wrong["hint"]) == (False, "auth", "Make a new one.")
    assert [one.id for one in settings_source.places(ctx, NEW)][:2] == ["100", "200"]
    assert not room.toml.exists()
    assert not room.env.exists()


@pytest.mark.requirement("settings:source:key-first")
def test_a_removal_takes_the_key_away_first(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = room.says("[trackers.rally]\nworkspace = '100'\n", f"A=1\n{KEY}").context()
    left: list[str] = []

    def seen(path: Path, puts: list[Put]) -> None:
        left.append(room.env.read_text())
        put_in(path, puts)

    monkeypatch.setattr("panopticon.services.settings.source.change", seen)
    settings_source.remove(ctx, "rally")
    assert left == ["A=1\n"]


@pytest.mark.requirement("settings:source:swept")
def test_what_a_killed_writer_left_is_deleted_after_an_hour(room: Room) -> None:
    ctx = room.says("[trackers.rally]\nworkspace = '100'\n", KEY).context()
    folder = room.env.parent
    old, young = (folder / f".{room.env.name}.{digits * 6}" for digits in ("ab", "cd"))
    other = folder / f".{room.env.name}.backup"
    for path in (old, young, other):
        path.write_text(KEY)
    for path in (old, other):
        os.utime(path, (1, 1))
    settings_source.remove(ctx, "rally")
    assert [path.exists() for path in (old, young, other)] == [False, True, True]
