"""Settings are found in six places, and the stronger place wins."""

from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.config import TYPES, Config, load, secret_variable
from panopticon.errors import InvalidInput, LocalFault
from panopticon.trackers.rally.options import OPTIONS
from panopticon.trackers.rally.settings import settings_from

Loader = Callable[..., Config]

SEED_001 = """
[trackers.rally]
type = "rally"
api_key_env = "RALLY_API_KEY"   # Default: RALLY_API_KEY
server = "rally1.rallydev.com"  # Optional, defaults to rally1.rallydev.com
workspace = "/workspace/12345"  # Rally workspace OID
project = "/project/67890"      # Rally project OID (optional, filters to project)
"""
SEED_002_PROJECTS = """
projects:
  myapp:
    name: "My Application"
    path: /home/user/projects/myapp
    linear_team: APP  # Linear team prefix
  enterprise-app:
    name: "Enterprise Application"
    path: /home/user/projects/enterprise
    rally_workspace: 12345
    rally_project: 67890
  second-app:
    rally_workspace: 12345
    rally_project: 67891
"""
SEED_002_ENV = """
GITHUB_TOKEN=ghp_xxxxx     # For GitHub-tracked projects
LINEAR_API_KEY=lin_api_xxxxx  # For Linear-tracked projects
RALLY_API_KEY=_xxxxx       # For Rally-tracked projects
# RALLY_API_KEY=_commented
RALLY_WORKSPACE=/workspace/12345
RALLY_PROJECT='/project/67890'
"""
SEED_003 = """
pantheon:
  # Rally integration
  rally_enabled: true
  rally_workspace: "12345"
  rally_project: "67890"
  rally_auto_sync: true        # Auto-sync on checkout/completion
  rally_lock_hours: 24         # Default lock duration

  # Workstream planning
  workstream_analysis: true
  max_parallel_developers: 12
  critical_path_assignment: "senior-dev@example.com"

  # Migration settings
  migrate_archive: true        # Archive markdown files after migration
  migrate_backup: ".bmad/archive/"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home/.panopticon").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "project/_bmad/pantheon").mkdir(parents=True)
    return tmp_path / "project"


@pytest.fixture
def settings(home: Path, folder: Path) -> Loader:
    def read(environ: dict[str, str] | None = None, **flags: object) -> Config:
        return load(environ or {}, home, folder, flags)

    return read


@pytest.mark.requirement("config:file:seed-001")
def test_seed_001(home: Path, settings: Loader) -> None:
    (home / ".panopticon/config.toml").write_text(SEED_001)
    config = settings({"RALLY_API_KEY": "_k"})
    (source,) = config.sources
    assert (source.name, source.type, source.secret) == ("rally", "rally", "_k")
    assert source.options == {
        "server": "rally1.rallydev.com",
        "workspace": "/workspace/12345",
        "project": "/project/67890",
    }
    assert config.port == 3011


@pytest.mark.requirement("config:file:seed-002", "config:secret:env-file")
def test_seed_002(home: Path, settings: Loader) -> None:
    (home / ".panopticon.env").write_text(SEED_002_ENV)
    (source,) = settings().sources
    assert source.secret == "_xxxxx"
    assert source.options == {"workspace": "/workspace/12345", "project": "/project/67890"}


@pytest.mark.requirement("config:file:seed-002", "config:source:several-projects")
def test_projects_of_one_workspace_are_one_source(home: Path, settings: Loader) -> None:
    (home / ".panopticon/projects.yaml").write_text(SEED_002_PROJECTS)
    (source,) = settings().sources
    assert source.options == {"workspace": "12345", "projects": ["67890", "67891"]}


@pytest.mark.requirement("config:file:seed-003")
def test_seed_003(folder: Path, settings: Loader) -> None:
    (folder / "_bmad/pantheon/config.yaml").write_text(SEED_003)
    (source,) = settings().sources
    assert source.options == {"workspace": "12345", "project": "67890"}


@pytest.mark.requirement("config:file:seed-003")
def test_upstream_tracker_keys(folder: Path, settings: Loader) -> None:
    text = "tracker: {provider: rally, main_branch: main, rally: {project: DDC-AI, owner: ''}}\n"
    (folder / "_bmad/pantheon/config.yaml").write_text(text)
    (source,) = settings().sources
    assert source.options == {"project": "DDC-AI"}
    text = "tracker: {provider: rally, rally: {project: auto}}\n"
    (folder / "_bmad/pantheon/config.yaml").write_text(text)
    assert settings().sources[0].options == {}


@pytest.mark.requirement("config:file:upstream")
def test_what_others_write_is_left_alone(home: Path, settings: Loader) -> None:
    (home / ".panopticon/config.toml").write_text(
        '[panopticon]\nversion = "1.0.0"\n[sync]\ntargets = ["claude"]\nstrategy = "symlink"\n'
        '[trackers]\nprimary = "rally"\n[trackers.linear]\ntype = "linear"\nteam = "APP"\n'
        '[trackers.rally]\ntype = "rally"\n[dashboard]\nport = 3001\napi_port = 3002\n'
    )
    config = settings()
    assert [source.name for source in config.sources] == ["rally"]
    assert (config.default_tracker, config.port) == ("rally", 3011)
    assert any("linear" in note for note in config.notes)


@pytest.mark.requirement("config:file:upstream")
def test_nothing_configured_is_no_error(settings: Loader) -> None:
    assert settings({"LINEAR_API_KEY": "x"}).sources == ()


ORDER = ("toml", "projects", "bmad", "env_file", "environ", "flag")


@pytest.mark.requirement("config:order:workspace")
@pytest.mark.parametrize("strongest", range(len(ORDER)))
def test_the_stronger_place_wins(
    home: Path, folder: Path, settings: Loader, strongest: int
) -> None:
    project = f"p{strongest}"
    environ: dict[str, str] = {}
    flags: dict[str, object] = {}
    places: dict[str, Callable[[], object]] = {
        "toml": lambda: (home / ".panopticon/config.toml").write_text(
            '[trackers.rally]\nworkspace = "1"\nproject = "p0"\n'
        ),
        "projects": lambda: (home / ".panopticon/projects.yaml").write_text(
            "projects: {a: {rally_workspace: 1, rally_project: p1}}\n"
        ),
        "bmad": lambda: (folder / "_bmad/pantheon/config.yaml").write_text(
            "pantheon: {rally_project: p2}\n"
        ),
        "env_file": lambda: (home / ".panopticon.env").write_text("RALLY_PROJECT=p3\n"),
        "environ": lambda: environ.update(RALLY_PROJECT="p4"),
        "flag": lambda: flags.update(project="p5"),
    }
    for name in ORDER[: strongest + 1]:
        places[name]()
    (source,) = settings(environ, **flags).sources
    assert source.options == {"workspace": "1", "project": project}


@pytest.mark.requirement("config:order:settings", "config:secret:environment-wins")
def test_own_settings_keep_the_order(home: Path, settings: Loader) -> None:
    (home / ".panopticon/config.toml").write_text('[pan]\nport = 4001\nme = "toml@x.org"\n')
    assert settings().port == 4001
    (home / ".panopticon.env").write_text("PAN_PORT=4002\n")
    assert settings().port == 4002
    assert settings({"PAN_PORT": "4003"}).port == 4003
    assert settings({"PAN_PORT": "4003"}, port=4004).port == 4004
    assert settings().me == "toml@x.org"


@pytest.mark.requirement("config:order:note")
def test_what_is_hidden_is_said(home: Path, settings: Loader) -> None:
    (home / ".panopticon/projects.yaml").write_text(SEED_002_PROJECTS)
    config = settings({"RALLY_PROJECT": "67890"})
    assert config.sources[0].options["project"] == "67890"
    assert any("67891" in note and "RALLY" in note for note in config.notes)


@pytest.mark.requirement("config:source:several-workspaces")
def test_each_workspace_is_a_source(home: Path, settings: Loader) -> None:
    (home / ".panopticon/projects.yaml").write_text(
        "projects:\n"
        "  a: {rally_workspace: /workspace/1, rally_project: 11}\n"
        "  b: {rally_workspace: 2, rally_project: 21}\n"
        "  c: {rally_workspace: 1, rally_project: 12}\n"
        "  d: {rally_workspace: 1, rally_server: eu1.rallydev.com, rally_project: 13}\n"
    )
    sources = settings({"RALLY_API_KEY": "_k"}).sources
    assert len({source.name for source in sources}) == 3
    assert {source.secret for source in sources} == {"_k"}
    assert [dict(source.options) for source in sources] == [
        {"workspace": "/workspace/1", "projects": ["11", "12"]},
        {"workspace": "2", "project": "21"},
        {"workspace": "1", "server": "eu1.rallydev.com", "project": "13"},
    ]


@pytest.mark.requirement("config:source:own-name", "config:secret:name")
def test_a_named_section_keeps_its_place_and_key(home: Path, settings: Loader) -> None:
    (home / ".panopticon/config.toml").write_text(
        '[trackers.rally]\nworkspace = "1"\n'
        '[trackers.rally-eu]\ntype = "rally"\nserver = "eu1.rallydev.com"\nworkspace = "9"\n'
        '[trackers.rally-lab]\ntype = "rally"\nworkspace = "8"\napi_key_env = "LAB"\n'
    )
    environ = {"RALLY_WORKSPACE": "2", "RALLY_API_KEY": "_a", "RALLY_EU_API_KEY": "_b", "LAB": "_c"}
    sources = {source.name: source for source in settings(environ).sources}
    assert {name: source.options["workspace"] for name, source in sources.items()} == {
        "rally-2": "2",
        "rally-eu": "9",
        "rally-lab": "8",
    }
    assert [sources[n].secret for n in ("rally-2", "rally-eu", "rally-lab")] == ["_a", "_b", "_c"]
    assert secret_variable("rally-eu") == "RALLY_EU_API_KEY" == sources["rally-eu"].secret_env


@pytest.mark.requirement("config:source:stray-key")
@pytest.mark.parametrize("stray", ["RALLY_TOKEN", "GITHUB_TOKEN", "LINEAR_API_KEY"])
def test_only_the_key_of_a_type_connects_it(settings: Loader, stray: str) -> None:
    assert settings({stray: "x"}).sources == ()
    assert [source.name for source in settings({"RALLY_API_KEY": "x"}).sources] == ["rally"]


def view(settings: Loader, environ: dict[str, str] | None = None) -> str:
    (source,) = settings(environ).sources
    return source.name


PLACE = "RALLY_WORKSPACE=/workspace/12345\nRALLY_PROJECT=/project/67890\n"


@pytest.mark.requirement("config:view:home")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".panopticon.env", f"RALLY_API_KEY=_k\n{PLACE}"),
        (".panopticon/config.toml", SEED_001),
        (".panopticon/projects.yaml", "projects: {a: {rally_workspace: 1, rally_project: 67890}}"),
    ],
)
def test_what_home_describes_has_its_plain_name(
    home: Path, folder: Path, settings: Loader, name: str, text: str
) -> None:
    (home / name).write_text(text)
    assert view(settings) == "rally"
    (folder / "_bmad/pantheon/config.yaml").write_text("pantheon: {rally_project: '67890'}\n")
    assert view(settings) == "rally"  # the same place, spelled otherwise


@pytest.mark.requirement("config:view:apart")
@pytest.mark.parametrize("home_says", ["", "RALLY_API_KEY=_k\n", f"RALLY_API_KEY=_k\n{PLACE}"])
def test_folders_that_look_elsewhere_share_no_name(
    home: Path, folder: Path, settings: Loader, home_says: str
) -> None:
    (home / ".panopticon.env").write_text(home_says)
    (home / ".panopticon/config.toml").write_text('[trackers]\nprimary = "rally"\n')
    config = folder / "_bmad/pantheon/config.yaml"
    for project in ("1", "2"):
        environ = {"RALLY_API_KEY": "_k", "RALLY_PROJECT": project}
        assert view(settings, environ) == f"rally-{project}"
    if PLACE in home_says:
        return  # the env file is stronger than the folder
    for place, name in {
        "rally_project: '67891'": "rally-67891",
        "rally_workspace: '7', rally_project: '67891'": "rally-67891",
        "rally_workspace: '7'": "rally-7",
        "rally_workspace: '7', rally_project: DDC AI": "rally-7-ddc-ai",
        "rally_workspace: '8', rally_project: DDC AI": "rally-8-ddc-ai",
        "rally_server: rally1.rallydev.com, rally_project: '1'": "rally-1",
    }.items():
        config.write_text(f"pantheon: {{{place}}}\n")
        found = settings()
        assert [source.name for source in found.sources] == [name]
        assert found.default_tracker == name
        assert found.sources[0].secret == ("_k" if home_says else None)


@pytest.mark.requirement("config:source:disabled")
def test_a_tracker_can_be_switched_off(home: Path, folder: Path, settings: Loader) -> None:
    (home / ".panopticon/config.toml").write_text(SEED_001)
    (folder / "_bmad/pantheon/config.yaml").write_text("pantheon: {rally_enabled: false}\n")
    assert settings().sources == ()
    (folder / "_bmad/pantheon/config.yaml").unlink()
    (home / ".panopticon/config.toml").write_text(SEED_001 + "enabled = false\n")
    assert settings().sources == ()


@pytest.mark.requirement("config:key:unknown")
@pytest.mark.parametrize(
    ("place", "text", "key", "near"),
    [
        ("toml", '[trackers.rally]\nworkspce = "1"\n', "workspce", "workspace"),
        ("toml", "[pan]\nprot = 3011\n", "prot", "port"),
        ("yaml", "projects: {a: {rally_projct: 1}}\n", "rally_projct", "rally_project"),
        ("bmad", "pantheon: {rally_lock_hour: 1}\n", "rally_lock_hour", "rally_lock_hours"),
    ],
)
def test_an_unknown_key_is_refused(  # noqa: PLR0917
    home: Path, folder: Path, settings: Loader, place: str, text: str, key: str, near: str
) -> None:
    path = {
        "toml": home / ".panopticon/config.toml",
        "yaml": home / ".panopticon/projects.yaml",
        "bmad": folder / "_bmad/pantheon/config.yaml",
    }[place]
    path.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        settings()
    assert str(path) in caught.value.message
    assert f"`{key}`" in caught.value.message
    assert f"`{near}`" in caught.value.hint


@pytest.mark.requirement("config:key:same-as-tracker")
def test_settings_know_the_keys_of_the_type(home: Path, settings: Loader) -> None:
    assert TYPES["rally"].keys == set(OPTIONS)
    (home / ".panopticon/config.toml").write_text(SEED_001)
    read = settings_from(settings({"RALLY_API_KEY": "_k"}).sources[0])
    assert read.workspace is not None
    assert (read.workspace.oid, [spot.oid for spot in read.projects]) == ("12345", ["67890"])


@pytest.mark.requirement("config:value:bounds")
@pytest.mark.parametrize("value", ["abc", "-1", "70000", "3011.5"])
def test_a_wrong_port_is_refused(settings: Loader, value: str) -> None:
    with pytest.raises(InvalidInput, match="PAN_PORT"):
        settings({"PAN_PORT": value})


@pytest.mark.requirement("config:file:broken")
@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("config.toml", "[trackers\n", "TOML"),
        ("projects.yaml", "projects:\n  a: [1\nb: 2\n", "line 3"),
        ("projects.yaml", "- a list\n", "no settings"),
        ("projects.yaml", "projects: [a]\n", "projects"),
    ],
)
def test_a_broken_file_is_named(
    home: Path, settings: Loader, name: str, text: str, word: str
) -> None:
    path = home / ".panopticon" / name
    path.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        settings()
    assert str(path) in caught.value.message
    assert word in caught.value.message
    assert caught.value.hint


@pytest.mark.requirement("config:file:broken")
def test_a_folder_in_place_of_a_file_is_told(home: Path, settings: Loader) -> None:
    (home / ".panopticon/config.toml").mkdir()
    with pytest.raises(LocalFault, match=r"config\.toml"):
        settings()


@pytest.mark.requirement("config:file:broken")
def test_a_broken_line_of_the_env_file_is_noted(home: Path, settings: Loader) -> None:
    (home / ".panopticon.env").write_text("RALLY_API_KEY=_k\nthis is = no 'line\n")
    config = settings()
    assert config.sources[0].secret == "_k"
    assert any("line 2" in note for note in config.notes)


@pytest.mark.requirement("config:file:anchor")
def test_a_sub_folder_reads_the_root(home: Path, folder: Path) -> None:
    (folder / "_bmad/pantheon/config.yaml").write_text(SEED_003)
    (folder / "src/deep").mkdir(parents=True)
    config = load({}, home, folder / "src/deep", {})
    assert config.folder == folder
    assert config.cache == folder / ".bmad/rally-cache"
    assert config.sources


@pytest.mark.requirement("config:secret:environment-wins", "config:secret:hidden")
def test_the_environment_wins_and_is_not_printed(home: Path, settings: Loader) -> None:
    (home / ".panopticon.env").write_text('export RALLY_API_KEY="_file"\n')
    assert settings().sources[0].secret == "_file"
    config = settings({"RALLY_API_KEY": "_process"})
    assert config.sources[0].secret == "_process"
    assert "_process" not in repr(config)


@pytest.mark.requirement("config:demo:apart")
@pytest.mark.parametrize("how", ["flag", "environment"])
def test_the_demo_meets_nothing_real(home: Path, settings: Loader, how: str) -> None:
    (home / ".panopticon/config.toml").write_text(SEED_001)
    (home / ".panopticon/demo").mkdir()
    (home / ".panopticon/demo/config.toml").write_text(
        '[trackers.rally]\nserver = "http://127.0.0.1:1"\n'
    )
    (home / ".panopticon/demo/secrets.env").write_text("RALLY_API_KEY=_demo\n")
    environ = {"RALLY_API_KEY": "_real", "RALLY_WORKSPACE": "real", "PAN_PORT": "4000"}
    if how == "environment":
        config = settings(environ | {"PAN_DEMO": "1"})
    else:
        config = settings(environ, is_demo=True)
    (source,) = config.sources
    assert (source.secret, dict(source.options)) == ("_demo", {"server": "http://127.0.0.1:1"})
    assert (config.is_demo, config.port) == (True, 4000)
    assert config.home == home / ".panopticon/demo"
    assert config.cache == config.home / ".bmad/rally-cache"
    assert not settings(environ | {"PAN_DEMO": "0"}).is_demo


@pytest.mark.requirement("config:numbers:bounded")
@pytest.mark.parametrize("name", ["PAN_POLL_SECONDS", "PAN_SWEEP_HOURS"])
@pytest.mark.parametrize("text", ["inf", "1e300", "nan", "-1"])
def test_times_are_finite_and_bounded(settings: Loader, name: str, text: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name}.*is not a number from"):
        settings({name: text})


@pytest.mark.requirement("config:arbiter:read")
def test_the_arbiter_is_read(home: Path, folder: Path, settings: Loader) -> None:
    assert settings().arbiter is None
    (home / ".panopticon/projects.yaml").write_text("arbiter: 'store:/x'\n")
    assert settings().arbiter == "store:/x"
    (folder / "_bmad/pantheon/config.yaml").write_text("arbiter: 'git:https://h/r'\n")
    assert settings().arbiter == "git:https://h/r"
