"""Trackers that are folders: which may be named, and what is written of them."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from panopticon.config import Source
from panopticon.errors import InvalidInput, NotFound, PanError, Unsupported
from panopticon.model.issue import Kind
from panopticon.services.context import Context
from panopticon.services.settings import (
    file as settings,
    folder as settings_folder,
    source as settings_source,
)
from panopticon.services.setup.connection import Answers
from panopticon.trackers.base import Check, Tracker
from tests.services.room import Room

TYPE = "markdown"


class Files:
    """A tracker of files that says how many there are."""

    def __init__(self, source: Source, warnings: tuple[str, ...]) -> None:
        self.source = source
        self.warnings = warnings

    def check(self) -> Check:
        counts = {Kind.EPIC: 2, Kind.STORY: 7}
        return Check("ann@example.com", "app", "1", None, None, True, counts, self.warnings)

    def close(self) -> None:
        return


class Shelf(Room):
    """A home beside which a repository lies."""

    opened: list[Source]
    warnings: tuple[str, ...] = ()

    def repository(self, name: str = "app") -> Path:
        folder = self.root / name
        (folder / "docs/stories").mkdir(parents=True, exist_ok=True)
        (folder / "docs/stories/1.1.begin.md").write_text("# Story 1.1: Begin\n")
        return folder

    def context(self) -> Context:
        self.opened = []

        def opened(source: Source) -> Tracker:
            self.opened.append(source)
            return cast("Tracker", Files(source, self.warnings))

        ctx = super().context()
        ctx.open_tracker = opened
        return ctx


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return Shelf(tmp_path)


def asked(*folders: Path | str, name: str = "stories", **more: object) -> Answers:
    kept = {"folders": [str(one) for one in folders], **more}
    return Answers(TYPE, "", name, kept=kept)


def shown(ctx: Context, name: str = "stories") -> dict[str, object]:
    sources = cast("list[dict[str, object]]", settings.shown(ctx)["sources"])
    return next(one for one in sources if one["name"] == name)


@pytest.mark.requirement("settings:types:inputs")
def test_each_type_says_what_it_asks_for(room: Shelf) -> None:
    types = cast("list[dict[str, object]]", settings.shown(room.context())["types"])
    inputs = {
        str(one["type"]): [
            (each["name"], each["type"]) for each in cast("list[dict[str, str]]", one["inputs"])
        ]
        for one in types
    }
    assert inputs["rally"] == [("server", "line"), ("key", "secret"), ("places", "places")]
    assert inputs[TYPE] == [("folders", "folders"), ("commit", "flag")]
    for one in types:
        assert one["needs_key"] is ("key" in dict(inputs[str(one["type"])]))
        assert str(one["label"]) in str(one["offer"])
        assert all(each["label"] for each in cast("list[dict[str, str]]", one["inputs"]))
    names = {str(one["type"]): one["name"] for one in types}
    assert (names["rally"], names[TYPE]) == ("rally", "stories")


@pytest.mark.requirement("settings:types:foreign")
@pytest.mark.parametrize(
    ("answers", "odd"),
    [
        (replace(asked("/"), key="k"), "key"),
        (replace(asked("/"), server="https://x.example"), "server"),
        (replace(asked("/"), workspace="1"), "workspace"),
        (replace(asked("/"), projects=("1",)), "projects"),
        (Answers("rally", "k", "rally", kept={"folders": ["/"]}), "folders"),
        (Answers("rally", "k", "rally", kept={"commit": True}), "commit"),
    ],
)
def test_what_a_type_does_not_take_is_refused(room: Shelf, answers: Answers, odd: str) -> None:
    for verb in (settings_source.tested, settings_source.save):
        with pytest.raises(InvalidInput, match=f"takes no `{odd}`"):
            verb(room.context(), answers)
    assert room.opened == []


@pytest.mark.requirement("settings:folder:place")
def test_a_folder_is_found_however_it_is_written(room: Shelf) -> None:
    folder = room.repository("home/app")
    (room.root / "link").symlink_to(folder)
    ctx = room.context()
    for text in (str(folder), f" {folder}/ ", "~/app", "~/app/", str(room.root / "link")):
        assert settings_folder.place(ctx, text) == folder
    answers = settings_folder.settled(ctx, asked(" ~/app/ "))
    assert answers.kept == {"folders": ["~/app"]}


def odd_places(root: Path) -> dict[str, tuple[type[PanError], str, str]]:
    """Give what cannot be named, with the error, its words and its next step."""
    (root / "file.md").write_text("x")
    (root / "round").symlink_to(root / "round")
    return {
        "": (InvalidInput, "one line", "~/work/app"),
        "a\nb": (InvalidInput, "one line", "~/work/app"),
        "work/app": (InvalidInput, "relative path", str(root / "project/work/app")),
        ".": (InvalidInput, "relative path", "from / or ~"),
        f"{root}/missing/app": (NotFound, "no folder", "holds no folder 'missing'"),
        f"{root}/file.md": (InvalidInput, "a file, not a folder", f"in: {root}"),
        f"{root}/file.md/app": (NotFound, "no folder", ""),
        f"{root}/round": (InvalidInput, "cannot be read", "name another"),
        f"{root}/{'x' * 300}": (InvalidInput, "cannot be read: File name too long", ""),
        "~nobody-is-called-so/app": (InvalidInput, "somebody who is not here", "own home"),
    }


@pytest.mark.requirement("settings:folder:refused")
@pytest.mark.parametrize("number", range(10))
def test_what_is_wrong_with_a_folder_is_said(room: Shelf, number: int) -> None:
    text, (error, words, hint) = list(odd_places(room.root).items())[number]
    ctx = room.context()
    for answers in (asked(text), asked(room.repository(), text)):
        with pytest.raises(error, match=words) as caught:
            settings_source.save(ctx, answers)
        assert hint in caught.value.hint
        assert caught.value.details["folder"] == text
    assert not room.toml.exists()
    assert room.opened == []


@pytest.mark.requirement("settings:folder:refused")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_named(room: Shelf) -> None:
    closed = room.repository()
    closed.chmod(0)
    try:
        with pytest.raises(InvalidInput, match="cannot be read: Permission denied"):
            settings_folder.place(room.context(), str(closed))
    finally:
        closed.chmod(0o700)


@pytest.mark.requirement("settings:folder:refused")
def test_no_folder_at_all_is_refused(room: Shelf) -> None:
    with pytest.raises(InvalidInput, match="No folder is named"):
        settings_source.save(room.context(), Answers(TYPE, "", "stories"))
    with pytest.raises(InvalidInput, match="More than 50"):
        settings_source.save(room.context(), asked(*(f"/{n}" for n in range(51))))


@pytest.mark.requirement("settings:folder:huge")
@pytest.mark.parametrize("text", ["/", "~", "~/", "~/.."])
def test_a_whole_disk_or_home_is_refused(room: Shelf, text: str) -> None:
    with pytest.raises(InvalidInput, match="too much") as caught:
        settings_folder.place(room.context(), text)
    assert "repository" in caught.value.hint


@pytest.mark.requirement("settings:folder:save")
def test_a_source_is_tested_written_and_adopted(room: Shelf) -> None:
    folder = room.repository("home/app")
    ctx = room.says("# mine\n[pan]\nme = 'ann'\n").context()
    room.warnings = ("docs/stories/1.1.begin.md:1: no status",)
    kept = settings_source.save(ctx, asked("~/app/", commit=True))
    assert (kept.is_new, kept.files, kept.warnings) == (True, (room.toml,), room.warnings)
    assert ctx.names == ("stories",)
    assert {key: shown(ctx)[key] for key in ("folders", "commit", "key_env", "has_key")} == {
        "folders": ["~/app"],
        "commit": True,
        "key_env": None,
        "has_key": False,
    }
    assert shown(ctx)["editable"] is True
    text = room.toml.read_text()
    assert text.startswith("# mine\n[pan]\nme = 'ann'\n")
    assert text.count("commit = true") == 1
    assert "api_key_env" not in text
    assert "workspace" not in text
    assert not room.env.exists()
    assert room.toml.stat().st_mode & 0o777 == 0o600
    assert folder.joinpath("docs/stories/1.1.begin.md").read_text() == "# Story 1.1: Begin\n"


@pytest.mark.requirement("settings:folder:keeps")
def test_a_change_keeps_what_else_is_said(room: Shelf) -> None:
    one, two = room.repository("one"), room.repository("two")
    toml = (
        "[trackers.stories]\ntype = 'markdown'\n"
        f"folder = '{one}'  # ours\ncommit = true\ninclude = ['specs/*.md']\n"
        "[trackers.stories.states]\n'ready for qa' = 'in_review'\n"
    )
    ctx = room.says(toml).context()
    assert settings_source.save(ctx, asked(one, two)).is_new is False
    (source,) = ctx.config.sources
    assert source.options == {
        "folders": [str(one), str(two)],
        "commit": True,
        "include": ["specs/*.md"],
        "states": {"ready for qa": "in_review"},
    }
    settings_source.save(ctx, asked(two, commit=False))
    assert shown(ctx)["folders"] == [str(two)]
    assert shown(ctx)["commit"] is False
    settings_source.save(ctx, Answers(TYPE, "", "stories", kept={"commit": True}))
    assert (shown(ctx)["folders"], shown(ctx)["commit"]) == ([str(two)], True)
    tried = room.opened[-1]
    assert tried.options["include"] == ["specs/*.md"]


@pytest.mark.requirement("settings:folder:same")
def test_a_folder_comes_once(room: Shelf) -> None:
    folder = room.repository("home/app")
    (room.root / "link").symlink_to(folder)
    inner = folder / "docs"
    ctx = room.context()
    for several, words in (
        (("~/app", folder), "same folder as ~/app"),
        (("~/app", inner), "read already, with ~/app"),
        ((inner, "~/app"), f"~/app is around {inner}"),
    ):
        with pytest.raises(InvalidInput, match=words) as caught:
            settings_source.save(ctx, asked(*several))
        assert caught.value.details["folder"] == str(several[1])
    settings_source.save(ctx, asked("~/app"))
    with pytest.raises(InvalidInput, match="same folder as ~/app of stories") as caught:
        settings_source.save(ctx, asked(room.root / "link", name="again"))
    assert caught.value.details["folder"] == str(room.root / "link")
    assert settings_source.save(ctx, asked("~/app")).is_new is False


@pytest.mark.requirement("settings:folder:same")
def test_a_second_checkout_is_refused(room: Shelf) -> None:
    folder, other = room.repository("home/app"), room.root / "other"
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *words], cwd=folder, check=True)
    subprocess.run(["git", "clone", "-q", str(folder), str(other)], check=True)
    ctx = room.context()
    with pytest.raises(InvalidInput, match="another checkout of ~/app") as caught:
        settings_source.save(ctx, asked("~/app", other))
    assert caught.value.details["folder"] == str(other)
    settings_source.save(ctx, asked("~/app"))
    with pytest.raises(InvalidInput, match="another checkout of ~/app of stories"):
        settings_source.save(ctx, asked(other, name="again"))
    settings_source.save(ctx, asked(other))


@pytest.mark.requirement("settings:folder:remove")
def test_removing_takes_the_section_and_no_file(room: Shelf) -> None:
    folder = room.repository()
    key = "STORIES_API_KEY=theirs\n"
    ctx = room.says("[trackers]\nprimary = 'stories'\n", key).context()
    settings_source.save(ctx, asked(folder))
    settings_source.remove(ctx, "stories")
    assert ctx.names == ()
    assert "stories" not in room.toml.read_text()
    assert room.env.read_text() == key
    assert (folder / "docs/stories/1.1.begin.md").exists()


@pytest.mark.requirement("settings:folder:elsewhere")
@pytest.mark.parametrize("place", ["projects.yaml", "_bmad"])
def test_folders_told_elsewhere_are_shown_with_the_place(room: Shelf, place: str) -> None:
    folder = room.repository("project" if place == "_bmad" else "app")
    told = {
        "projects.yaml": (
            "home/.panopticon/projects.yaml",
            f"projects:\n  app:\n    markdown_folder: {folder}\n",
        ),
        "_bmad": (
            "project/_bmad/pantheon/config.yaml",
            "pantheon:\n  markdown_folder: .\n",
        ),
    }
    path, text = told[place]
    ctx = room.says(more={str(room.root / path): text}).context()
    (name,) = ctx.names
    found = shown(ctx, name)
    assert found["folders"] == [str(folder)]
    assert found["editable"] is False
    assert place in str(found["why_not"])
    with pytest.raises(Unsupported, match="cannot be changed here"):
        settings_source.save(ctx, asked(folder, name=name))
    with pytest.raises(Unsupported, match="cannot be changed here"):
        settings_source.remove(ctx, name)
