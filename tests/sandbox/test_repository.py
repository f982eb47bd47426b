"""The demo's repository with story files, as the tracker of story files would read it."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from panopticon.sandbox.catalog import product
from panopticon.sandbox.catalog.repository import repository
from panopticon.trackers.markdown.text.epics import read_epics
from panopticon.trackers.markdown.text.sprint import read_sprint
from panopticon.trackers.markdown.text.story import Story, read

NOW = datetime(2026, 11, 21, 15, 40, tzinfo=UTC)
STORIES = "_bmad-output/implementation-artifacts/"


def last() -> dict[str, bytes]:
    """What the files hold after the last commit."""
    files: dict[str, bytes | None] = {}
    for one in repository(NOW).revisions:
        files |= one.files
    return {path: content for path, content in files.items() if content is not None}


def is_story(path: str) -> bool:
    return path.startswith(STORIES) and path.endswith(".md")


def agreeing(files: Mapping[str, bytes]) -> list[str]:
    """List the stories whose status is the word in the sprint's status."""
    sprint = read_sprint(files[f"{STORIES}sprint-status.yaml"], "sprint-status.yaml")
    words = {f"{STORIES}{entry.key}.md": entry.value for entry in sprint.entries}
    told = {path: read(content, path) for path, content in files.items() if is_story(path)}
    return [path for path, story in told.items() if story.word == words[path]]


def stories() -> dict[str, Story]:
    files = last()
    return {
        (story := read(content, path)).number: story
        for path, content in sorted(files.items())
        if is_story(path)
    }


@pytest.mark.requirement("disk:demo:history")
def test_the_history_is_one_of_a_team() -> None:
    told = repository(NOW)
    assert told == repository(NOW.replace(minute=59))
    times = [one.at for one in told.revisions]
    assert times == sorted(times)
    assert times[-1] < NOW
    assert len({one.author for one in told.revisions}) >= 5
    assert {one.author.name for one in told.revisions} <= {
        person.name for person in product(5, 1, NOW).workspaces[0].people
    }
    gone = [path for one in told.revisions for path, content in one.files.items() if not content]
    assert gone == [f"{STORIES}1-4-watch-the-gateway.md"]


@pytest.mark.requirement("disk:demo:history")
def test_every_commit_agrees_with_itself() -> None:
    files: dict[str, bytes] = {}
    for one in repository(NOW).revisions:
        files |= {path: content for path, content in one.files.items() if content is not None}
        for path in [path for path, content in one.files.items() if content is None]:
            del files[path]
        sprint = files.get(f"{STORIES}sprint-status.yaml")
        if sprint is None:
            continue
        assert agreeing(files) == [path for path in files if is_story(path)]


@pytest.mark.requirement("disk:demo:stories")
def test_the_files_are_read_without_a_problem_and_agree() -> None:
    files, told = last(), stories()
    epics = read_epics(files["_bmad-output/planning-artifacts/epics.md"], "epics.md")
    sprint = read_sprint(files[f"{STORIES}sprint-status.yaml"], "sprint-status.yaml")
    problems = [problem for story in told.values() for problem in story.problems]
    assert [*problems, *epics.problems, *sprint.problems] == []
    assert len(agreeing(files)) == len(told)
    assert {story.number for story in epics.stories} - told.keys() == {
        "1.6", "2.5", "3.4", "3.5",
    }  # fmt: skip
    assert [epic.number for epic in epics.epics] == ["1", "2", "3"]
    parts = {story.number: story.name for story in epics.stories}
    assert {number: story.name for number, story in told.items()} == {
        number: parts[number] for number in told
    }
    comments = [comment for story in told.values() for comment in story.comments]
    assert len(comments) >= 6
    assert all(story.criteria and story.tasks for story in told.values())


@pytest.mark.requirement("disk:demo:twins")
def test_some_name_stories_of_the_simulated_tracker() -> None:
    main = {f"US{item.number}": item for item in product(40, 1, NOW).workspaces[0].items}
    named = {story.formatted_id.text: story for story in stories().values() if story.formatted_id}
    assert named.keys() == {"US204", "US205", "US207"}
    assert named["US204"].name == main["US204"].title
    assert named["US205"].name != main["US205"].title
