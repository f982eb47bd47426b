"""The acceptance criteria of a story as one text."""

from panopticon.trackers.markdown.edit import story as edit
from panopticon.trackers.markdown.edit.add import Change
from panopticon.trackers.markdown.edit.applied import Aim, done
from panopticon.trackers.markdown.edit.place_line import without
from panopticon.trackers.markdown.text.checklist import unix
from panopticon.trackers.markdown.text.document import Kind
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.piece import writable
from panopticon.trackers.markdown.text.section import Section, body_of
from panopticon.trackers.markdown.text.story import Story

_TOUCHED = frozenset({"criteria", "ticks"})


def whole(story: Story) -> str:
    """Give the criteria as the file has them; of several sections one behind another."""
    pieces = [body_of(story.document, section.own) for section in _sections(story)]
    return "\n\n".join(unix(piece.text) for piece in pieces if piece)


def rewritten(story: Story, value: str) -> str:
    """Write the criteria as a whole; where several sections say them the first one then does."""
    value = edit.tidy(writable(value, "acceptance criteria"))
    if value == edit.tidy(whole(story)):
        return story.document.text
    full = [one for one in _sections(story) if body_of(story.document, one.own)]
    if not full or full == _sections(story)[:1]:
        return edit.section(story, Role.CRITERIA, value)
    changes = []
    for at, section in enumerate(full):
        piece = body_of(story.document, section.own)
        if at == 0 and piece:
            changes.append(Change(piece, value.replace("\n", story.document.newline)))
        else:
            lines = [line for line in section.own if line.kind is not Kind.BLANK]
            changes.append(without(story, section.heading, lines[-1]))
    aim = Aim("acceptance criteria", value, lambda now: edit.tidy(whole(now)), _TOUCHED)
    return done(story, changes, aim)


def _sections(story: Story) -> list[Section]:
    return [section for section in story.sections if section.role is Role.CRITERIA]
