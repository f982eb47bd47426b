"""Whoever clones a repository has its settings: they say where to look, never where a key goes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.config import Config, load
from panopticon.errors import InvalidInput

Loader = Callable[..., Config]

OWN, BMAD = ".panopticon.yaml", "_bmad/pantheon/config.yaml"
KEY = {"RALLY_API_KEY": "_k"}
EU = "eu1.rallydev.com"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home/.panopticon").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cloned/_bmad/pantheon").mkdir(parents=True)
    return tmp_path / "cloned"


@pytest.fixture
def settings(home: Path, folder: Path) -> Loader:
    def read(environ: dict[str, str] | None = None, **flags: object) -> Config:
        return load(KEY if environ is None else environ, home, folder, flags)

    return read


def servers(config: Config) -> dict[str, tuple[object, object, str | None]]:
    """Say what is sent where: each source's server, workspace and key."""
    return {
        one.name: (one.options.get("server"), one.options.get("workspace"), one.secret)
        for one in config.sources
    }


@pytest.mark.requirement("config:server:repository")
@pytest.mark.parametrize(
    "spelled",
    [
        "evil.example",
        "https://evil.example/rally1.rallydev.com",
        "rally1.rallydev.com@evil.example",
        "rally1.rallydev.com.evil.example",
        "http://rally1.rallydev.com",
        "rally1.rallydev.com:444",
    ],
)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (OWN, "rally_server: {}\n"),
        (BMAD, "pantheon:\n  rally_server: {}\n"),
        (BMAD, "tracker:\n  provider: rally\n  rally:\n    server: {}\n"),
    ],
)
def test_a_repository_sends_no_key_to_its_own_server(  # noqa: PLR0917
    home: Path, folder: Path, settings: Loader, name: str, text: str, spelled: str
) -> None:
    (home / ".panopticon/config.toml").write_text("[trackers.rally]\nworkspace = '1'\n")
    (folder / name).write_text(text.format(spelled))
    with pytest.raises(InvalidInput, match="not taken from a repository") as caught:
        settings()
    assert str(folder / name) in caught.value.message
    assert spelled in caught.value.message
    assert f'`server = "{spelled}"`' in caught.value.hint
    assert str(home / ".panopticon/config.toml") in caught.value.hint


@pytest.mark.requirement("config:server:repository")
@pytest.mark.parametrize("spelled", ["rally1.rallydev.com", "https://RALLY1.rallydev.com/"])
@pytest.mark.parametrize("name", [OWN, BMAD])
def test_it_may_name_the_vendors_own_and_choose_workspace_and_project(
    folder: Path, settings: Loader, name: str, spelled: str
) -> None:
    line = f'rally_server: "{spelled}", rally_workspace: 7, rally_project: "67"'
    (folder / name).write_text(f"{{{line}}}\n" if name == OWN else f"pantheon: {{{line}}}\n")
    (source,) = settings().sources
    assert source.options == {"workspace": "7", "project": "67"}


@pytest.mark.requirement("config:server:allowed")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".panopticon/config.toml", f'[trackers.rally]\nserver = "https://{EU}/"\n'),
        (".panopticon/projects.yaml", f"projects: {{a: {{rally_server: 'https://{EU}/'}}}}\n"),
        (".panopticon.env", f"RALLY_SERVER=https://{EU}/\n"),
        ("", ""),
    ],
)
def test_a_server_of_the_persons_own_may_be_named(
    home: Path, folder: Path, settings: Loader, name: str, text: str
) -> None:
    if name:
        (home / name).write_text(text)
    environ = KEY if name else KEY | {"RALLY_SERVER": f"https://{EU}/"}
    (folder / BMAD).write_text(f"pantheon: {{rally_server: {EU}, rally_workspace: '7'}}\n")
    assert [*servers(settings(environ)).values()] == [(f"https://{EU}/", "7", "_k")]
    if not name:
        with pytest.raises(InvalidInput):
            settings()


@pytest.mark.requirement("config:server:own-key")
def test_of_several_servers_the_named_one_is_asked_with_its_own_key(
    home: Path, folder: Path, settings: Loader
) -> None:
    (home / ".panopticon/config.toml").write_text(
        '[trackers.rally]\nserver = "rally.example"\nworkspace = "1"\n'
        f'[trackers.rally-eu]\ntype = "rally"\nserver = "{EU}"\nworkspace = "9"\n'
    )
    environ = KEY | {"RALLY_EU_API_KEY": "_eu"}
    (folder / OWN).write_text(f"{{rally_server: {EU}, rally_workspace: 1}}\n")
    sent = {(server, key) for server, _, key in servers(settings(environ)).values()}
    assert sent == {(EU, "_eu")}
    (folder / OWN).write_text("{rally_server: rally1.rallydev.com}\n")  # whose key would go there?
    with pytest.raises(InvalidInput, match="not taken from a repository"):
        settings(environ)


@pytest.mark.requirement("config:server:repository")
def test_nothing_is_refused_where_the_tracker_is_switched_off(
    folder: Path, settings: Loader
) -> None:
    (folder / OWN).write_text("{rally_server: evil.example, rally_enabled: false}\n")
    assert settings().sources == ()
