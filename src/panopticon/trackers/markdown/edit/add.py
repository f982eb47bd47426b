"""Where something that a file does not say yet is put, in the file's own spelling."""

import re
from typing import NamedTuple

from panopticon.trackers.markdown.text.checklist import unfolded
from panopticon.trackers.markdown.text.document import Kind, Line
from panopticon.trackers.markdown.text.grammar import BULLET, ORDERED, TABLE, Role, heading_words
from panopticon.trackers.markdown.text.piece import Piece
from panopticon.trackers.markdown.text.record import INDENT, cells_of
from panopticon.trackers.markdown.text.section import Section
from panopticon.trackers.markdown.text.story import Story

NAMES = {
    Role.STORY: "Story",
    Role.CRITERIA: "Acceptance Criteria",
    Role.TASKS: "Tasks / Subtasks",
    Role.NOTES: "Dev Notes",
    Role.RECORD: "Dev Agent Record",
    Role.LOG: "Change Log",
}
_ORDER = (Role.STORY, Role.CRITERIA, Role.TASKS, Role.NOTES, Role.RECORD, Role.LOG, Role.CLOSED)


class Change(NamedTuple):
    """A piece of the old text and what takes its place."""

    place: Piece
    text: str


def under(story: Story, line: Line | None, block: list[str]) -> Change:
    """Put lines behind a line; a file without a final line ending stays without one."""
    newline = story.document.newline
    if line is None:
        lines = story.document.lines
        at = story.document.body
        start = lines[at].start if at < len(lines) else len(story.document.text)
        return Change(Piece("", start, start, at + 1), newline.join(block) + newline)
    place = Piece("", line.end + len(line.ending), line.end + len(line.ending), line.number)
    if line.ending:
        return Change(place, newline.join(block) + newline)
    return Change(place, newline + newline.join(block))


def _next(story: Story, line: Line) -> Line | None:
    lines = story.document.lines
    return lines[line.number] if line.number < len(lines) else None


def spaced(story: Story, line: Line | None, block: list[str]) -> Change:
    """Put lines behind a line with a blank one around them where there is none."""
    if line is None:
        return under(story, None, [*block, ""])
    before = [] if line.kind is Kind.BLANK else [""]
    follower = _next(story, line)
    after = [] if follower is None or follower.kind is Kind.BLANK else [""]
    return under(story, line, [*before, *block, *after])


def status_lines(story: Story, word: str) -> Change:
    """Add the status as the file's dialect spells it, under the title."""
    if any(section.role is Role.STATUS for section in story.sections):
        found = story.section(Role.STATUS)
        return spaced(story, found.heading if found else story.head, [word])
    return spaced(story, story.head, story.dialect.status.format(word).split("\n"))


def task_line(story: Story, value: str) -> Change | None:
    """Add a task behind the last of the first depth and what hangs on it."""
    if not story.tasks:
        found = story.section(Role.TASKS)
        return spaced(story, _last_own(found), [f"- [ ] {value}"]) if found else None
    top = [task for task in story.tasks if task.depth == 0][-1]
    first = story.document.lines[top.title.line - 1]
    mark = first.text[: first.text.index("[")]
    if match := re.search(r"\d+", mark):
        mark = mark[: match.start()] + str(int(match[0]) + 1) + mark[match.end() :]
    last = _end_of_item(story, story.tasks[-1].title.line - 1, len(top.indent))
    return under(story, last, [f"{mark}[ ] {value}"])


def _end_of_item(story: Story, index: int, indent: int) -> Line:
    """Find the last line that belongs to an item: deeper ones, and blank ones between them."""
    lines = story.document.lines
    last = lines[index]
    for line in lines[index + 1 :]:
        if line.kind is Kind.BLANK:
            continue
        is_deeper = len(line.text) - len(line.text.lstrip(" \t")) > indent
        is_lazy = line.number == last.number + 1 and line.kind is Kind.TEXT
        if line.kind is Kind.HEADING or not (is_deeper or (is_lazy and not _is_item(line))):
            break
        last = line
    return last


def _is_item(line: Line) -> bool:
    return bool(BULLET.match(line.text) or ORDERED.match(line.text)) or line.text.startswith("---")


def _last_own(section: Section) -> Line:
    """Give the last line of a section that says something: its heading where none does."""
    full = [line for line in section.own if line.kind is not Kind.BLANK]
    return full[-1] if full else section.heading


def section_lines(story: Story, role: Role, body: str, under: Section | None = None) -> Change:
    """Add a section where its dialect expects it, or the text of an empty one."""
    block = body.split("\n")
    if under:
        return spaced(story, under.heading, block)
    level = (story.head.level if story.head else 1) + 1
    block = [f"{'#' * level} {NAMES[role]}", "", *block]
    later = _ORDER[_ORDER.index(role) + 1 :]
    follower = next(
        (part for part in story.sections if part.role in later and part.level <= level), None
    )
    if follower is None:
        return spaced(story, story.lines[-1] if story.lines else None, block)
    before = story.document.lines[follower.heading.number - 2]
    return spaced(story, before, block)


def remark_lines(story: Story, lead: str, value: str) -> Change:
    """Add a remark under "Comments" of the Dev Agent Record, which is made where missing."""
    text = lead + unfolded(value, INDENT, "\n")
    found = [section for section in story.sections if section.role is Role.COMMENTS]
    if found:
        last = _last_own(found[-1])
        is_first = last is found[-1].heading
        return (spaced if is_first else under)(story, last, text.split("\n"))
    record = story.section(Role.RECORD)
    level = record.level + 1 if record else (story.head.level if story.head else 1) + 2
    block = f"{'#' * level} Comments\n\n{text}"
    if record is None:
        return section_lines(story, Role.RECORD, block)
    return spaced(story, _last_full(story, record), block.split("\n"))


def _last_full(story: Story, section: Section) -> Line:
    lines = story.document.lines[section.heading.number - 1 : section.last.number]
    return next(line for line in reversed(lines) if line.kind is not Kind.BLANK)


def row_of(story: Story, date: str, author: str, value: str) -> Change:
    """Add a line to the change log: a row of its table, or an item of its list."""
    item = f"- {date}: {value} ({author})"
    found = story.section(Role.LOG)
    if found is None:
        return section_lines(story, Role.LOG, item)
    rows = [line for line in found.own if line.kind is Kind.TEXT and TABLE.match(line.text)]
    if not rows:
        last = _last_own(found)
        is_list = bool(BULLET.match(last.text))
        return under(story, last, [item]) if is_list else spaced(story, last, [item])
    names = [heading_words(cell) for cell in cells_of(rows[0].text)]
    known = {"date": date, "author": author, "version": ""}
    cells = [known.get(name, value.replace("|", "\\|")) for name in names]
    if not set(names) - known.keys():
        cells[-1] = value
    return under(story, rows[-1], [f"| {' | '.join(cells)} |"])
