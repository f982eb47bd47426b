"""Story files are configured by their folders: where relative ones begin, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.config import TYPES, Config, load
from panopticon.errors import InvalidInput
from panopticon.trackers.markdown.options import OPTIONS

Loader = Callable[..., Config]

TWO_PROJECTS = """
projects:
  enterprise-app:
    name: "Enterprise Application"
    path: /home/user/projects/enterprise
    rally_workspace: 12345
    rally_project: 67890
    markdown_folder: docs/stories
  second-app:
    path: ~/work/second
    rally_workspace: 12345
    rally_project: 67891
    markdown_folder: true
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


def says(home: Path, text: str, name: str = ".panopticon/config.toml") -> None:
    (home / name).write_text(text)


@pytest.mark.requirement("config:folder:toml")
def test_a_section_of_folders_needs_no_key(home: Path, settings: Loader) -> None:
    says(
        home,
        '[trackers.stories]\ntype = "markdown"\nfolders = ["~/work/app", "/srv/web/docs"]\n'
        'commit = true\nstates = {"ready for qa" = "in_review"}\n',
    )
    (source,) = settings({"STORIES_API_KEY": "_k", "RALLY_API_KEY": ""}).sources
    assert (source.name, source.type, source.told_by) == ("stories", "markdown", None)
    assert (source.secret, source.secret_env) == (None, None)
    assert source.options == {
        "folders": ["~/work/app", "/srv/web/docs"],
        "commit": True,
        "states": {"ready for qa": "in_review"},
    }


@pytest.mark.requirement("config:key:same-as-tracker")
def test_settings_know_the_keys_of_story_files() -> None:
    assert TYPES["markdown"].keys == set(OPTIONS)


@pytest.mark.requirement("config:folder:projects")
def test_projects_with_both_are_two_sources(home: Path, settings: Loader) -> None:
    says(home, TWO_PROJECTS, ".panopticon/projects.yaml")
    rally, stories = sorted(settings().sources, key=lambda one: one.name)
    assert rally.options == {"workspace": "12345", "projects": ["67890", "67891"]}
    assert (stories.name, stories.type) == ("stories", "markdown")
    assert stories.options == {
        "folders": ["/home/user/projects/enterprise/docs/stories", "~/work/second"],
        "names": {"/home/user/projects/enterprise/docs/stories": "Enterprise Application"},
    }


@pytest.mark.requirement("config:folder:name")
def test_a_projects_name_is_that_of_its_folder_however_that_is_spelled(
    home: Path, settings: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home))
    says(home, '[trackers.stories]\ntype = "markdown"\nfolder = "~/app"\n')
    projects = (
        f"projects:\n  a: {{name: The App, path: {home}/app, markdown_folder: true}}\n"
        "  b: {name: Web, path: /srv/web, markdown_folder: [docs, specs]}\n"
        "  c: {path: /srv/lab, markdown_folder: true}\n"
        "  d: {name: Only Rally, rally_project: 7}\n"
    )
    says(home, projects, ".panopticon/projects.yaml")
    stories = next(one for one in settings().sources if one.type == "markdown")
    assert stories.options == {
        "folders": ["~/app", "/srv/web/docs", "/srv/web/specs", "/srv/lab"],
        "names": {
            "~/app": "The App",
            "/srv/web/docs": "Web (docs)",
            "/srv/web/specs": "Web (specs)",
        },
    }
    says(
        home,
        '[trackers.stories]\ntype = "markdown"\nfolder = "~/app"\nnames = {"~/app/" = "Mine"}\n',
    )
    stories = next(one for one in settings().sources if one.type == "markdown")
    assert dict(stories.options["names"])["~/app"] == "Mine"  # type: ignore[call-overload]
    narrowed = settings({"MARKDOWN_FOLDER": f"{home}/app/"})
    stories = next(one for one in narrowed.sources if one.type == "markdown")
    assert [*dict(stories.options["names"]).values()] == ["Mine"]  # type: ignore[call-overload]


@pytest.mark.requirement("config:folder:projects")
def test_folders_of_a_project_join_those_of_the_section(home: Path, settings: Loader) -> None:
    says(
        home,
        '[trackers.stories]\ntype = "markdown"\nfolder = "/srv/web"\ncommit = true\n'
        '[trackers.lab]\ntype = "markdown"\nfolder = "/srv/lab"\n',
    )
    says(
        home,
        "projects:\n  a: {path: /srv/app, markdown_folder: [docs/stories, specs]}\n"
        "  b: {path: /srv, markdown_folder: web/}\n",
        ".panopticon/projects.yaml",
    )
    found = {source.name: dict(source.options) for source in settings().sources}
    assert found == {
        "stories": {
            "folders": ["/srv/web", "/srv/app/docs/stories", "/srv/app/specs"],
            "commit": True,
        },
        "lab": {"folder": "/srv/lab"},
    }


@pytest.mark.requirement("config:folder:projects")
def test_only_sections_of_their_own_name_are_left_alone(home: Path, settings: Loader) -> None:
    says(home, '[trackers.lab]\ntype = "markdown"\nfolder = "/srv/lab"\n')
    environ = {"MARKDOWN_FOLDER": "/srv/app"}
    found = {source.known_as or source.name: source for source in settings(environ).sources}
    assert {name: one.options["folder"] for name, one in found.items()} == {
        "lab": "/srv/lab",
        "stories": "/srv/app",
    }


@pytest.mark.requirement("config:folder:relative")
@pytest.mark.parametrize("spelled", [".", "docs/stories", "./docs/", "true"])
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("_bmad/pantheon/config.yaml", "pantheon: {{markdown_folder: {}}}\n"),
        ("_bmad/pantheon/config.yaml", "tracker: {{provider: markdown, markdown: {{folder: {}}}}}"),
        (".panopticon.yaml", "markdown_folder: {}\narbiter: 'git:/x'\n"),
    ],
)
def test_in_the_repository_folders_begin_at_its_root(  # noqa: PLR0917
    home: Path, folder: Path, settings: Loader, spelled: str, name: str, form: str
) -> None:
    (folder / name).write_text(form.format(spelled))
    inner = folder / "src/deep"
    inner.mkdir(parents=True)
    wanted = {"docs/stories": folder / "docs/stories", "./docs/": folder / "docs"}
    (source,) = settings().sources
    assert source.options == {"folder": str(wanted.get(spelled, folder))}
    assert source.known_as == "stories"
    assert source.told_by == str(folder / name)
    assert load({}, home, inner, {}).sources == (source,)


@pytest.mark.requirement("config:folder:relative")
def test_variables_begin_at_the_repository_and_flags_where_one_stands(
    home: Path, folder: Path, settings: Loader
) -> None:
    inner = folder / "packages/web"
    inner.mkdir(parents=True)
    (folder / ".git").mkdir()
    told = {"MARKDOWN_FOLDER": "docs:packages/web/specs"}
    (source,) = load(told, home, inner, {}).sources
    assert source.options == {"folders": [f"{folder}/docs", f"{folder}/packages/web/specs"]}
    assert source.told_by == "the environment"
    (source,) = load(told, home, inner, {"folder": "specs"}).sources
    assert source.options == {"folder": f"{inner}/specs"}
    says(home, "MARKDOWN_FOLDER=~/work/app\n", ".panopticon.env")
    (source,) = settings().sources
    assert (source.name, source.options) == ("stories", {"folder": "~/work/app"})
    assert settings(told).sources[0].options["folders"] == [
        f"{folder}/docs",
        f"{folder}/packages/web/specs",
    ]


FOLDER_ORDER = ("toml", "bmad", "own", "env_file", "environ", "flag")


@pytest.mark.requirement("config:folder:order")
@pytest.mark.parametrize("strongest", range(len(FOLDER_ORDER)))
def test_the_stronger_place_names_the_folder(
    home: Path, folder: Path, settings: Loader, strongest: int
) -> None:
    environ: dict[str, str] = {}
    flags: dict[str, object] = {}
    places: dict[str, Callable[[], object]] = {
        "toml": lambda: says(home, '[trackers.stories]\ntype = "markdown"\nfolder = "/p/0"\n'),
        "bmad": lambda: says(
            folder, f"pantheon: {{markdown_folder: {folder}/1}}", "_bmad/pantheon/config.yaml"
        ),
        "own": lambda: says(folder, "markdown_folder: '2'", ".panopticon.yaml"),
        "env_file": lambda: says(home, "MARKDOWN_FOLDER=/p/3\n", ".panopticon.env"),
        "environ": lambda: environ.update(MARKDOWN_FOLDER="/p/4"),
        "flag": lambda: flags.update(folder="/p/5"),
    }
    for name in FOLDER_ORDER[: strongest + 1]:
        places[name]()
    config = settings(environ, **flags)
    (source,) = config.sources
    assert Path(str(source.options["folder"])).name == str(strongest)
    assert bool(config.notes) == (strongest > 0)
    assert all("left out" in note for note in config.notes)


@pytest.mark.requirement("config:folder:view")
def test_two_repositories_of_one_home_share_no_name(home: Path, tmp_path: Path) -> None:
    names = set()
    for place in ("one/app", "two/app"):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        (folder / ".panopticon.yaml").write_text("markdown_folder: .\n")
        (source,) = load({}, home, folder, {}).sources
        assert source.known_as == "stories"
        assert source.name.startswith("stories-app-")
        names.add(source.name)
    assert len(names) == 2
    says(home, f'[trackers.stories]\ntype = "markdown"\nfolder = "{tmp_path}/./two/app/"\n')
    (source,) = load({}, home, tmp_path / "two/app", {}).sources
    assert source.name == "stories"  # the same place, spelled otherwise


@pytest.mark.requirement("config:folder:off")
def test_story_files_can_be_switched_off_here(home: Path, folder: Path, settings: Loader) -> None:
    says(home, '[trackers.stories]\ntype = "markdown"\nfolder = "/srv/app"\n')
    assert len(settings().sources) == 1
    (folder / ".panopticon.yaml").write_text("markdown_enabled: false\n")
    assert settings().sources == ()


@pytest.mark.requirement("config:folder:off")
def test_a_project_can_leave_its_story_files_out(home: Path, settings: Loader) -> None:
    says(
        home,
        "projects: {a: {path: /srv/a, markdown_folder: ., markdown_enabled: false}}",
        ".panopticon/projects.yaml",
    )
    assert settings().sources == ()


@pytest.mark.requirement("config:folder:on")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_bmad/pantheon/config.yaml", "pantheon: {markdown_enabled: true}\n"),
        ("_bmad/pantheon/config.yaml", "tracker: {provider: markdown}\n"),
        (".panopticon.yaml", "markdown_enabled: true\n"),
    ],
)
def test_switched_on_without_a_folder_means_the_repository(
    home: Path, folder: Path, settings: Loader, name: str, text: str
) -> None:
    (folder / name).write_text(text)
    (source,) = settings().sources
    assert source.options == {"folder": str(folder)}
    says(home, '[trackers.stories]\ntype = "markdown"\nfolder = "/srv/app"\n')
    (source,) = settings().sources
    assert (source.name, source.options) == ("stories", {"folder": "/srv/app"})


SECTION = '[trackers.stories]\ntype = "markdown"\n'


@pytest.mark.requirement("config:folder:refused")
@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        (SECTION, "stories: no folder is named", "[trackers.stories]"),
        (SECTION + "folders = []\n", "names no folder", "repository"),
        (SECTION + 'folder = ""\n', "names no folder", "repository"),
        (SECTION + "folder = 7\n", "7 is no folder", "repository"),
        (SECTION + 'folder = "docs"\n', "docs is a relative path", "from / or ~"),
        (SECTION + 'folders = ["/a/b", "/a/./b/"]\n', "/a/./b/ is named twice", "Leave one"),
        (SECTION + 'folder = "/a"\nfolders = ["/a"]\n', "/a is named twice", "Leave one"),
        (SECTION + 'folders = ["/a/b/c", "/a/b"]\n', "/a/b/c is read already, with /a/b", "Leave"),
        (SECTION + 'foldr = "/a"\n', "unknown key `foldr`", "`folder`"),
    ],
)
def test_what_names_no_folder_is_refused(
    home: Path, settings: Loader, text: str, said: str, hint: str
) -> None:
    says(home, text)
    with pytest.raises(InvalidInput) as caught:
        settings()
    assert said in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.requirement("config:folder:refused")
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (".panopticon/projects.yaml", "projects: {a: {markdown_folder: docs}}", "relative path"),
        (".panopticon/projects.yaml", "projects: {a: {path: x, markdown_folder: .}}", "relative"),
        (".panopticon/projects.yaml", "projects: {a: {path: /x, markdown_folder: []}}", "names no"),
        (".panopticon/projects.yaml", "projects: {a: {path: /x, markdown_foldr: .}}", "unknown"),
        (".panopticon.env", "MARKDOWN_FOLDER=docs\n", "relative path"),
    ],
)
def test_what_home_says_wrongly_is_named(
    home: Path, settings: Loader, name: str, text: str, said: str
) -> None:
    says(home, text, name)
    with pytest.raises(InvalidInput, match=said) as caught:
        settings()
    assert caught.value.hint


@pytest.mark.requirement("config:folder:fence")
@pytest.mark.parametrize("spelled", ["../other", "/etc", "~", "docs/../../x"])
@pytest.mark.parametrize("name", ["_bmad/pantheon/config.yaml", ".panopticon.yaml"])
def test_a_repository_names_no_folder_outside_itself(
    folder: Path, settings: Loader, name: str, spelled: str
) -> None:
    line = f'markdown_folder: "{spelled}"'
    (folder / name).write_text(f"pantheon: {{{line}}}\n" if "_bmad" in name else f"{line}\n")
    with pytest.raises(InvalidInput, match="outside of the repository") as caught:
        settings()
    assert name in caught.value.message


@pytest.mark.requirement("config:folder:fence")
def test_a_link_leads_no_further(folder: Path, tmp_path: Path, settings: Loader) -> None:
    (tmp_path / "private").mkdir()
    (folder / "stories").symlink_to(tmp_path / "private")
    (folder / ".panopticon.yaml").write_text("markdown_folder: stories\n")
    with pytest.raises(InvalidInput, match="outside of the repository"):
        settings()
