"""What is left out is told: links out of the folder, what is no file; comments are no words."""

import os
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput, LocalFault
from panopticon.model.change import Cursor, Scope
from panopticon.model.issue import State
from tests.trackers.markdown.desk import NOW, PLANS, STORIES, Desk, desk_in, story


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "app", [("1-1-a.md", story("1.1", "A"))])


def told(desk: Desk) -> str:
    return "\n".join(desk.tracker().check().warnings)


@pytest.mark.requirement("markdown:read:left-out")
@pytest.mark.parametrize("place", ["docs", "docs/stories", PLANS, "web/stories", "docs/epics"])
def test_a_linked_folder_where_stories_belong_is_told(
    desk: Desk, tmp_path: Path, place: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = desk.repo.path / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(elsewhere)
    assert f"{place}:1: leads outside the folder, so it is left out" in told(desk)
    assert desk.sync()[0]


@pytest.mark.requirement("markdown:read:left-out")
def test_other_links_are_nobodys_business(desk: Desk, tmp_path: Path) -> None:
    for name in ("data", "notes.md", "docs.old", "lib"):
        (desk.repo.path / name).symlink_to(tmp_path)
    assert told(desk) == ""


@pytest.mark.requirement("markdown:read:left-out")
def test_files_that_cannot_be_stories_are_told(desk: Desk, tmp_path: Path) -> None:
    folder = desk.repo.path / STORIES
    os.mkfifo(folder / "1-2-pipe.md")
    (folder / "1-3-loop.md").symlink_to(folder / "1-3-loop.md")
    (folder / "1-4-out.md").symlink_to(tmp_path / "x.md")
    (tmp_path / "x.md").write_text(story("1.4", "Out"))
    (folder / os.fsdecode(b"1-5-\xff.md")).write_text(story("1.5", "Odd"))
    said = told(desk)
    assert "1-2-pipe.md:1: is no regular file" in said
    assert "1-3-loop.md:1: leads round in a circle" in said
    assert "1-4-out.md:1: leads outside the folder" in said
    assert "has a name that is not UTF-8" in said
    assert sorted(desk.sync()[0]) == ["1.1", "epic-1"]


@pytest.mark.requirement("markdown:read:left-out")
def test_known_stories_that_are_behind_a_link_now_are_an_error(desk: Desk, tmp_path: Path) -> None:
    desk.sync()
    away = tmp_path / "elsewhere"
    folder = desk.repo.path / STORIES
    folder.rename(away)
    folder.symlink_to(away)
    with pytest.raises(LocalFault, match="leads outside the folder") as caught:
        desk.sync()
    assert "force=true" in (caught.value.hint or "")
    tracker = desk.tracker()
    for stream in tracker.streams():
        list(tracker.pull(stream, Scope(), Cursor(), NOW))
    assert list(tracker.native_ids(Scope())) == []


@pytest.mark.requirement("markdown:read:comment")
@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("Status: <!-- done -->", State.BACKLOG),
        ("**Status:** <!-- done\nor review -->", State.BACKLOG),
        ("Status: <!-- draft --> review <!-- done -->", State.IN_REVIEW),
        ("## Status\n\n<!-- done -->\nreview", State.IN_REVIEW),
    ],
)
def test_a_comment_is_no_status(desk: Desk, line: str, state: State) -> None:
    desk.put_story("1-1-a.md", f"# Story 1.1: A\n\n{line}\n\n## Story\n\nText.\n")
    tracker = desk.tracker()
    assert tracker.get("1.1").state is state
    assert tracker.transition("1.1", State.DONE).state is State.DONE
    comments = line.split("<!--")[1:]
    text = (desk.repo.path / STORIES / "1-1-a.md").read_text()
    assert all(one.split("-->")[0] in text for one in comments)


@pytest.mark.requirement("markdown:read:unseen")
def test_a_title_without_anything_to_see_is_none(desk: Desk) -> None:
    desk.put_story("1-7-a-thing.md", "# Story 1.7: \u200b\u2060\n\nStatus: done\n")
    desk.put(f"{PLANS}/epics.md", "## Epic 2: \u200b\n\n### Story 2.1: \u3164\n\nText.\n")
    items = desk.issues()
    assert items["1.7"].title == "A thing"
    assert items["epic-2"].title == "Epic 2"
    assert items["2.1"].title.strip()
    assert items["2.1"].title != "\u3164"
    with pytest.raises(InvalidInput, match="empty"):
        desk.tracker().update("1.7", {"title": "\u200b"})
