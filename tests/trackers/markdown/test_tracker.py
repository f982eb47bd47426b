"""The tracker of story files: checks, places, people, addresses, history."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from panopticon.errors import NotFound, Retriable
from panopticon.local.disk import LocalFolder
from panopticon.model.change import Cursor, Scope
from panopticon.model.issue import Kind
from panopticon.trackers.disk import Folder
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.tracker import tracker_of
from tests.trackers.markdown.desk import NOW, STORIES, Desk, desk_in, story


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])


@pytest.mark.requirement("markdown:check:answers")
def test_a_check_says_who_where_how_many_and_what_is_wrong(desk: Desk) -> None:
    check = desk.tracker().check()
    assert (check.user, check.workspace, check.project) == ("ann@example.com", "app", "app")
    assert check.counts == {Kind.EPIC: 1, Kind.STORY: 1}
    assert check.warnings == ()
    for n in range(30):
        desk.put_story(f"2-{n}-x.md", story(f"2.{n}", "X", "simmering"))
    desk.put_story("3-1-torn.md", "# Story 3.1: T\n\nStatus: done\n<<<<<<< ours\n")
    warnings = desk.tracker().check().warnings
    assert len(warnings) == 21
    assert warnings[0] == (
        f"{STORIES}/3-1-torn.md:4: merge-conflict marker: both sides are read, nothing is written"
    )
    assert warnings[-1] == "and 11 more problems in the files"


@pytest.mark.requirement("markdown:check:answers")
def test_a_folder_without_stories_is_told(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "bare")
    (told,) = desk.tracker().check().warnings
    assert "there are no story files" in told
    assert str(desk.repo.path) in told


@pytest.mark.requirement("markdown:places:listed")
def test_a_folder_without_git_is_a_place_too(tmp_path: Path) -> None:
    (tmp_path / "plain" / "docs" / "stories").mkdir(parents=True)
    (tmp_path / "plain" / "docs" / "stories" / "1.1.a.md").write_text(story("1.1", "A"))
    desk = Desk(desk_in(tmp_path / "other").repo, folders=(str(tmp_path / "plain"),))
    tracker = desk.tracker()
    assert [(place.kind, place.name) for place in tracker.places()] == [
        ("workspace", "plain"),
        ("project", "plain"),
    ]
    assert tracker.identity().startswith("markdown:file:")
    assert tracker.get("1.1").url == ""
    assert tracker.history("1.1") == []
    (tmp_path / "plain").rename(tmp_path / "gone")
    assert tracker.identity().startswith("markdown:file:")
    with pytest.raises(NotFound):
        tracker.get("1.1")


@pytest.mark.requirement("markdown:url:forge")
@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:acme/app.git", "https://github.com/acme/app/blob/main/"),
        ("https://github.com/acme/app", "https://github.com/acme/app/blob/main/"),
        (
            "ssh://git@gitlab.acme.io:2222/a/b/app.git",
            "https://gitlab.acme.io/a/b/app/-/blob/main/",
        ),
        ("/srv/git/app.git", ""),
        ("https://example.com/app.git", ""),
    ],
)
def test_an_item_has_the_address_of_its_file(desk: Desk, remote: str, address: str) -> None:
    desk.repo.git("remote", "add", "origin", remote)
    path = f"{STORIES}/1-1-first.md" if address else ""
    assert desk.tracker().get("1.1").url == address + path


@pytest.mark.requirement("markdown:history:renames")
def test_the_history_follows_renames(desk: Desk) -> None:
    folder = desk.repo.path / STORIES
    (folder / "1-1-first.md").rename(folder / "1-1-better.md")
    desk.repo.save("A better name", at=1_700_000_100)
    said = desk.tracker().history("1.1")
    assert [one.text for one in said] == ["A better name", "Work"]
    assert {one.author for one in said} == {"ann@example.com"}


@pytest.mark.requirement("markdown:read:together")
def test_threads_read_at_once(desk: Desk) -> None:
    tracker = desk.tracker()

    def read(n: int) -> str:
        if n % 3 == 0:
            desk.put_story(f"2-{n}-x.md", story(f"2.{n}", "X"))
        pages = list(tracker.pull("items", Scope(), Cursor(), NOW))
        assert "1.1" in {issue.ref.key for page in pages for issue in page.issues}
        return tracker.get("1-1").title

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(read, range(12))) == {"First"}
    assert tracker.get("2.9").title == "X"


class Moving:
    """A disk on which a file goes away as soon as it is listed."""

    def open(self, path: str) -> Folder:
        """Open a folder that does so."""
        return MovingFolder(Path(path))


class MovingFolder(LocalFolder):
    """A folder from which somebody takes files away."""

    def read(self, path: str) -> bytes:
        """Read what is no story."""
        if path.endswith(".md"):
            raise NotFound(f"{path} is not there.")
        return super().read(path)


@pytest.mark.requirement("markdown:read:moving")
def test_a_file_that_goes_away_meanwhile_is_no_deletion(desk: Desk) -> None:
    desk.sync()
    desk.put_story("1-1-first.md", story("1.1", "Second"))
    tracker = tracker_of(
        Options("stories", (str(desk.repo.path),)), Moving(), lambda: NOW, desk.notes
    )
    for stream in tracker.streams():
        with pytest.raises(Retriable):
            list(tracker.pull(stream, Scope(), desk.cursors[stream], NOW))
    assert desk.sync() == (["1.1"], [])


@pytest.mark.requirement("markdown:check:nobody")
def test_without_an_address_a_warning_says_so_and_nobody_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])
    desk.repo.save()
    desk.repo.git("config", "--unset", "user.email")
    desk.repo.git("config", "--unset", "user.name")
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    check = desk.tracker().check()
    assert check.user == ""
    assert check.warnings[0].startswith("no git user.email")
