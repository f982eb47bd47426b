"""Several story files together: what only shows when they lie beside one another."""

from collections.abc import Iterator, Sequence

from panopticon.trackers.markdown.number import canonical
from panopticon.trackers.markdown.sprint import EntryKind, Sprint
from panopticon.trackers.markdown.story import Story
from panopticon.trackers.markdown.text import Problem


def clashes(stories: Sequence[Story]) -> Iterator[Problem]:
    """Tell two files for one story and two stories with one FormattedID; both stay."""
    for name, value in (("number", _number), ("FormattedID", _formatted_id)):
        first: dict[str, Story] = {}
        for story in stories:
            key, line = value(story)
            if key and key in first:
                other = first[key].document.path
                message = f"the same {name} as {other}: {key}"
                yield Problem(story.document.path, line, "duplicate", message)
            elif key:
                first[key] = story


def _number(story: Story) -> tuple[str, int]:
    return story.key, story.head.number if story.head else 1


def _formatted_id(story: Story) -> tuple[str, int]:
    place = story.formatted_id
    return (place.text.strip("'\"`*").casefold(), place.line) if place else ("", 1)


def drift(sprint: Sprint, stories: Sequence[Story]) -> Iterator[Problem]:
    """Tell where sprint-status and the story files say different columns."""
    by_key = {story.key: story for story in stories if story.key and story.status}
    for entry in sprint.entries:
        story = by_key.get(canonical(entry.number)) if entry.kind is EntryKind.STORY else None
        if story and entry.meaning.state is not story.meaning.state and entry.value:
            message = (
                f"{entry.key} is {entry.value!r} here, "
                f"{story.word!r} in {story.document.path}:{story.status[0].line}"
            )
            yield Problem(sprint.document.path, entry.line, "drift", message)
