"""`pan init` for story files: what lies in a repository is found, said, and connected once."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput, NotFound, Unsupported
from panopticon.services.context import Context
from panopticon.services.setup import connection as setup, folder as setup_folder
from panopticon.services.setup.connection import Answers, Saved
from tests.services.test_settings_folder import Shelf

TYPE = "markdown"
V6 = "_bmad-output/implementation-artifacts"
STORY = "# Story 1.1: Title\n\nStatus: done\n"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return Shelf(tmp_path)


def put(root: Path, *stories: str, **files: str) -> Path:
    """Write files; `stories` are paths of story files."""
    for name, text in {**dict.fromkeys(stories, STORY), **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def connected(ctx: Context, *folders: Path, name: str | None = None, **kept: object) -> Saved:
    answers, _ = setup_folder.settled(ctx, Answers(TYPE, "", name, kept=kept), folders)
    return setup.save(ctx, setup.connect(ctx, answers, setup.places(ctx, answers)))


EPICS = "# Epics\n\n## Epic 1: Doors\n\n### Story 1.1: Open\n\n## Epic 2: Windows\n"
SPRINT = "development_status:\n  epic-1: in-progress\n  1-1-open: done\n  epic-7: backlog\n"


@pytest.mark.requirement("setup:stories:found")
@pytest.mark.parametrize(
    ("stories", "files", "said"),
    [
        (
            ["docs/stories/1.1.open.md", "docs/stories/2.1.shut.md"],
            {".bmad-core/core-config.yaml": "devStoryLocation: docs/stories\n"},
            "BMAD v4 in docs/stories: 2 story files, 2 epics",
        ),
        (
            [f"{V6}/1-1-open.md"],
            {
                "_bmad/bmm/config.yaml": "output_folder: '{project-root}/_bmad-output'\n",
                f"{V6}/sprint-status.yaml": SPRINT,
                "_bmad-output/planning-artifacts/epics.md": EPICS,
            },
            f"BMAD v6 in {V6}: 1 story file, 3 epics, sprint-status.yaml",
        ),
        (
            ["docs/sprint-artifacts/1-1-open.md"],
            {"_bmad/pantheon/config.yaml": "pantheon: {max_parallel_developers: 3}\n"},
            "BMAD with Pantheon in docs/sprint-artifacts: 1 story file, 1 epic",
        ),
        (
            [],
            {"_bmad/bmm/config.yaml": "output_folder: '{project-root}/_bmad-output'\n"},
            f"BMAD v6 in {V6}: no story files, no epics",
        ),
    ],
)
def test_a_layout_is_found_in_the_repository(
    room: Shelf, stories: list[str], files: dict[str, str], said: str
) -> None:
    put(room.folder, *stories, **files)
    inner = room.folder / "src"
    inner.mkdir()
    subprocess.run(["git", "init", "-q", str(room.folder)], check=True)
    ctx = room.context()
    ctx.config = replace(ctx.config, folder=inner)
    (found,) = setup_folder.found_here(ctx)
    assert (found.type, found.path, found.is_known) == (TYPE, room.folder, False)
    assert found.look.said() == said


@pytest.mark.requirement("setup:stories:nothing")
def test_where_nothing_lies_it_says_what_was_looked_for(room: Shelf) -> None:
    put(room.folder, **{"README.md": "# App\n"})
    ctx = room.context()
    assert setup_folder.found_here(ctx) == []
    with pytest.raises(NotFound) as caught:
        connected(ctx)
    for error in (setup_folder.nothing_here(ctx), caught.value):
        assert str(room.folder) in error.message
        assert "sprint-status.yaml" in error.hint
        assert "docs/stories" in error.hint
    assert not room.toml.exists()


@pytest.mark.requirement("setup:stories:connect")
def test_the_repository_is_connected_without_a_key(room: Shelf) -> None:
    put(room.folder, "docs/stories/1.1.open.md")
    saved = connected(room.context(), commit=True)
    (source,) = room.config().sources
    assert (source.name, source.type, source.told_by) == ("stories", TYPE, None)
    assert source.options == {"folder": str(room.folder), "commit": True}
    assert saved.files[0] == room.toml
    assert not room.env.exists()
    assert room.toml.stat().st_mode & 0o777 == 0o600
    assert saved.arbiter.startswith("store:")
    assert saved.as_json()["tracker"] == "stories"
    (found,) = setup_folder.found_here(room.context())
    assert found.is_known


@pytest.mark.requirement("setup:stories:connect")
def test_a_folder_of_the_home_is_written_from_the_home(room: Shelf) -> None:
    folder = put(Path.home() / "work/app", "docs/stories/1.1.open.md")
    connected(room.context(), folder / "docs/stories")
    assert '"~/work/app/docs/stories"' in room.toml.read_text()


@pytest.mark.requirement("setup:stories:adds")
def test_further_folders_join_and_what_stands_there_stays(room: Shelf) -> None:
    web = put(room.root / "web", "docs/stories/1.1.open.md")
    app = put(room.root / "app", "docs/stories/1.1.open.md")
    room.says(
        f"# mine\n[trackers.stories]\ntype = 'markdown'\nfolder = '{web}'  # the site\n"
        "exclude = ['old/**']\n[trackers.rally]\nworkspace = '100'\n",
        env="RALLY_API_KEY=_good\n",
    )
    for _ in range(2):
        connected(room.context(), app, commit=True)
    stories, rally = sorted(room.config().sources, key=lambda one: one.type)
    assert stories.options == {
        "folders": [str(web), str(app)],
        "exclude": ["old/**"],
        "commit": True,
    }
    assert (rally.options, rally.secret) == ({"workspace": "100"}, "_good")
    assert "# mine" in room.toml.read_text()
    text = room.toml.read_text()
    connected(room.context())  # none named: those that stand there
    assert room.toml.read_text() == text


@pytest.mark.requirement("setup:stories:adds")
def test_a_name_of_its_own_is_a_source_of_its_own(room: Shelf) -> None:
    web = put(room.root / "web", "docs/stories/1.1.open.md")
    app = put(room.root / "app", "docs/stories/1.1.open.md")
    connected(room.context(), web)
    connected(room.context(), app, name="app")
    assert {one.name: one.options["folder"] for one in room.config().sources} == {
        "stories": str(web),
        "app": str(app),
    }
    with pytest.raises(InvalidInput, match=f"{app} is the same folder as {app} of app"):
        connected(room.context(), app)
    (room.root / "link").symlink_to(app)
    for path, words in (
        (room.root / "link", "same folder"),
        (app / "docs/stories", "read already, with"),
    ):
        with pytest.raises(InvalidInput, match=f"{words}.* {app} of app"):
            connected(room.context(), path)
    connected(room.context(), room.root / "link", name="app")
    assert room.config().sources[-1].options["folder"] == str(app)


@pytest.mark.requirement("setup:stories:refused")
def test_what_cannot_be_added_is_named(room: Shelf) -> None:
    app = put(room.root / "app", "docs/stories/1.1.open.md")
    room.says("[trackers.rally]\nworkspace = '100'\n", env="RALLY_API_KEY=_good\n")
    ctx = room.context()
    with pytest.raises(NotFound, match="no folder"):
        connected(ctx, room.root / "gone")
    with pytest.raises(InvalidInput, match="'rally' is a connection of the type rally"):
        connected(ctx, app, name="rally")
    connected(ctx, app)
    before = room.toml.read_text()
    with pytest.raises(InvalidInput, match="read already, with"):
        connected(room.context(), app / "docs/stories")
    assert room.toml.read_text() == before
    demo = room.context()
    demo.config = replace(demo.config, is_demo=True)
    with pytest.raises(Unsupported):
        connected(demo, app)


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.mark.requirement("setup:stories:refused")
def test_a_second_checkout_of_one_repository_is_refused(room: Shelf) -> None:
    app = put(room.root / "app", "docs/stories/1.1.open.md")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "One"]):
        git(app, *words)
    git(app, "worktree", "add", "-q", str(room.root / "tree"))
    connected(room.context(), app)
    before = room.toml.read_text()
    for name in (None, "other"):
        with pytest.raises(InvalidInput, match=f"tree is another checkout of {app}"):
            connected(room.context(), room.root / "tree", name=name)
    assert room.toml.read_text() == before
    connected(room.context(), app)


@pytest.mark.requirement("setup:stories:hidden")
def test_what_a_stronger_place_hides_is_said(room: Shelf) -> None:
    app = put(room.root / "app", "docs/stories/1.1.open.md")
    answers = connected(room.context(), app).connection.answers
    assert setup_folder.hidden(room.context(), answers) == ()
    room.environ["MARKDOWN_FOLDER"] = str(room.root / "other")
    (note,) = setup_folder.hidden(room.context(), answers)
    assert str(app) in note
    assert "pan doctor" in note


@pytest.mark.requirement("setup:stories:arbiter")
def test_the_remote_decides_claims_where_there_is_one(room: Shelf) -> None:
    put(room.folder, "docs/stories/1.1.open.md")
    for words in (["init", "-q"], ["remote", "add", "origin", "https://x:y@example.com/app.git"]):
        subprocess.run(["git", "-C", str(room.folder), *words], check=True)
    saved = connected(room.context())
    assert saved.arbiter == "git:https://example.com/app.git"
    credentials, commit = saved.notes
    assert "credentials" in credentials
    assert commit == "Commit .panopticon.yaml: the whole team shares it."
