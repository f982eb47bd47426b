"""A type of tracker needs its row in the table, and nothing else of the settings."""

from pathlib import Path

import pytest

from panopticon.config import TYPES, PlaceWords, TypeWords, draft, load, schema, source

FORGE = TypeWords(
    keys=frozenset({"host", "owner", "repository", "repositories", "labels"}),
    place=PlaceWords(("host", "owner"), "repository", several="repositories"),
    label="Forge",
    key_env="FORGE_KEY",
    needs_place=True,
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (schema, draft, source):
        monkeypatch.setattr(module, "TYPES", {**TYPES, "forge": FORGE})
    (tmp_path / "home/.panopticon").mkdir(parents=True)
    return tmp_path / "home"


@pytest.mark.requirement("config:type:row")
def test_a_third_type_is_read_from_every_place(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (home / ".panopticon/config.toml").write_text(
        '[trackers.forge]\nhost = "forge.example"\nowner = "acme"\nlabels = ["x"]\n'
    )
    (home / ".panopticon/projects.yaml").write_text(
        "projects:\n  a: {forge_owner: acme, forge_repository: web}\n"
        "  b: {forge_owner: acme, forge_repository: app, rally_project: 7}\n"
        "  c: {forge_owner: umbrella, forge_repository: lab, markdown_folder: true, path: /lab}\n"
    )
    found = {one.name: dict(one.options) for one in load({}, home, folder).sources}
    assert found == {
        "rally": {"project": "7"},
        "stories": {"folder": "/lab"},
        "forge": {
            "host": "forge.example",
            "owner": "acme",
            "repositories": ["web", "app"],
            "labels": ["x"],
        },
        "forge-umbrella": {
            "host": "forge.example",
            "owner": "umbrella",
            "repository": "lab",
            "labels": ["x"],
        },
    }
    told = {"FORGE_OWNER": "acme", "FORGE_REPOSITORY": "app", "FORGE_KEY": "_k"}
    (forge,) = [one for one in load(told, home, folder).sources if one.type == "forge"]
    assert (forge.name, forge.secret) == ("forge-acme-app", "_k")
    assert forge.told_by == "FORGE_KEY in the environment"
    (folder / ".panopticon.yaml").write_text("forge_owner: acme\nforge_repository: web\n")
    (forge,) = [one for one in load({}, home, folder).sources if one.type == "forge"]
    assert forge.options["repository"] == "web"


@pytest.mark.requirement("config:type:row")
def test_its_key_alone_does_not_connect_a_third_type(home: Path, tmp_path: Path) -> None:
    assert load({"FORGE_KEY": "_k"}, home, tmp_path).sources == ()
    (only,) = load({"FORGE_KEY": "_k", "FORGE_OWNER": "acme"}, home, tmp_path).sources
    assert (only.type, only.options) == ("forge", {"owner": "acme"})
