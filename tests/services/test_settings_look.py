"""A look into a folder before it is connected: which layouts are there, and nothing else."""

import json
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput, NotFound
from panopticon.services.settings import look as settings_look, source as settings_source
from tests.services.room import Room
from tests.services.test_settings_folder import TYPE, asked

V6 = "_bmad-output/implementation-artifacts"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return Room(tmp_path)


def put(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


EPICS = (
    "# Epics\n\n## Epic 1: Doors\n\n### Story 1.1: Open\n\n### Story 1.2: Close\n\n## Epic 2: W\n"
)


@pytest.mark.requirement("settings:look:layouts")
def test_each_place_is_told_with_its_dialect_and_count(room: Room) -> None:
    app = put(
        room.root / "app",
        **{
            ".bmad-core/core-config.yaml": "devStoryLocation: docs/stories\n",
            "docs/stories/1.1.open.md": "# Story 1.1: Open\n",
            "docs/stories/1.2.close.md": "# Story 1.2: Close\n",
            "web/docs/stories/3.1.paint.md": "# Story 3.1: Paint\n",
            "docs/epics.md": EPICS,
        },
    )
    seen = settings_look.looked(room.context(), TYPE, str(app)).as_json()
    assert seen["folder"] == str(app)
    assert seen["layouts"] == [
        {
            "dialect": "v4",
            "folder": "docs/stories",
            "stories": 3,
            "epics": 3,
            "sprint_status": None,
            "folders": ["docs/stories", "web/docs/stories"],
            "said": "BMAD v4 in docs/stories and web/docs/stories: 3 story files, 3 epics",
        },
    ]


@pytest.mark.requirement("settings:look:layouts")
@pytest.mark.parametrize(
    ("files", "layout"),
    [
        (
            {
                "_bmad/bmm/config.yaml": "output_folder: '{project-root}/_bmad-output'\n",
                f"{V6}/1-1-open.md": "# Story 1.1: Open\n",
            },
            {"dialect": "v6", "folder": V6, "stories": 1, "epics": 1},
        ),
        (
            {"_bmad/pantheon/config.yaml": "pantheon: {}\n"},
            {"dialect": "pantheon", "stories": 0, "epics": 0},
        ),
        (
            {"docs/epics.md": EPICS, "docs/sprint-status.yaml": "development_status:\n"},
            {"dialect": "v6", "stories": 0, "epics": 2, "sprint_status": "docs/sprint-status.yaml"},
        ),
    ],
)
def test_every_dialect_is_known(
    room: Room, files: dict[str, str], layout: dict[str, object]
) -> None:
    app = put(room.root / "app", **files)
    told = settings_look.looked(room.context(), TYPE, str(app)).as_json()["layouts"]
    assert isinstance(told, list)
    assert [{key: one[key] for key in layout} for one in told] == [layout]


@pytest.mark.requirement("settings:look:nothing")
def test_where_nothing_is_it_says_what_was_looked_for(room: Room) -> None:
    app = put(room.root / "app", **{"README.md": "# App\n", "src/main.py": "x = 1\n"})
    ctx = room.context()
    with pytest.raises(NotFound, match="no BMAD story files in") as caught:
        settings_look.looked(ctx, TYPE, f" {app} ")
    for word in ("1.2.title.md", "docs/stories", "sprint-status.yaml", "epics.md"):
        assert word in caught.value.hint
    assert caught.value.details["folder"] == str(app)
    for verb in (settings_source.tested, settings_source.save):
        with pytest.raises(NotFound, match="no BMAD story files in"):
            verb(ctx, asked(app))
    assert not room.toml.exists()


@pytest.mark.requirement("settings:look:nothing")
@pytest.mark.parametrize("type_", ["rally", "nowhere"])
def test_a_type_without_folders_is_refused(room: Room, type_: str) -> None:
    with pytest.raises(InvalidInput, match="reads no folders") as caught:
        settings_look.looked(room.context(), type_, "/tmp")
    assert TYPE in caught.value.hint


@pytest.mark.requirement("settings:look:discreet")
def test_a_look_tells_nothing_of_other_files(room: Room) -> None:
    app = put(
        room.root / "app",
        **{
            "docs/stories/1.1.open.md": "# Story 1.1: Title-of-it\nAs Grace I want words-of-it.\n",
            "secret-plans.txt": "words-of-plans",
            "secret-place/notes.md": "words-of-notes",
            ".env": "KEY=words-of-env",
        },
    )
    (app / "docs/stories/1.2.out.md").symlink_to(put(room.root / "out", **{"x.md": "x"}) / "x.md")
    seen = json.dumps(settings_look.looked(room.context(), TYPE, str(app)).as_json())
    for word in ("secret", "Title", "words", "1.1.open", "1.2.out", ".env"):
        assert word not in seen
