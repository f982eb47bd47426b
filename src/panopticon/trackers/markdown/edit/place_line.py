"""Lines taken out of a file, and labels put into it, in the file's own form."""

from collections.abc import Sequence

from panopticon.errors import InvalidInput
from panopticon.trackers.markdown.edit.add import Change, spaced, under
from panopticon.trackers.markdown.text.document import Kind, Line
from panopticon.trackers.markdown.text.entry import Entry, quoted_like
from panopticon.trackers.markdown.text.piece import Piece
from panopticon.trackers.markdown.text.section import Label
from panopticon.trackers.markdown.text.story import Story

_FORMS = ("{}{}:** {}", "{}{}**: {}", "{}{}** | {} |", "{}{} | {} |", "{}{}: {}")
_PLAIN_LEADS = frozenset({"", "-", "+", ">", "|", "> -"})


def without(story: Story, first: Line, last: Line | None = None) -> Change:
    """Take whole lines out, with the blank one that would stand there twice."""
    lines = story.document.lines
    last = last or first
    after = lines[last.number] if last.number < len(lines) else None
    before = lines[first.number - 2] if first.number > 1 else None
    end = last.end + len(last.ending)
    is_alone = before is None or before.kind in {Kind.BLANK, Kind.FRONT}
    if is_alone and after and after.kind is Kind.BLANK:
        end = after.end + len(after.ending)
    start = first.start
    if after is None and before is not None and not last.ending:
        start = before.end  # the file ends without a line ending, as before
    return Change(Piece(story.document.text[start:end], start, end, first.number), "")


def without_label(story: Story, label: Label) -> Change:
    """Take a label's line out."""
    line = story.document.lines[label.value.line - 1]
    if line.text[label.value.end - line.start :].strip(" |*"):
        raise InvalidInput(
            f"{story.document.path or 'The file'}:{line.number} says more than one thing.",
            "Split the line by hand, then try again.",
        )
    return without(story, line)


def over_label(story: Story, label: Label, value: str) -> Change:
    """Put a value where a label's stands."""
    text = story.document.text
    blank = (
        "" if label.value.text or text[label.value.start - 1 : label.value.start] == " " else " "
    )
    return Change(label.value, blank + value)


def new_label(story: Story, name: str, value: str, behind: Label | None = None) -> Change:
    """Add a label under one, that of the status or the last, in the same form; else on top."""
    lines = {place.line for place in story.status}
    chosen = [behind] if behind else [one for one in story.labels if one.value.line in lines]
    chosen = chosen or [label for label in story.labels if _is_near_top(story, label)][-1:]
    for label in chosen:
        if label.lead.strip(" \t*") in _PLAIN_LEADS:
            line = story.document.lines[label.value.line - 1]
            return under(story, line, [_FORMS[label.form].format(label.lead, name, value)])
    return spaced(story, story.head, [f"**{name}:** {value}"])


def _is_near_top(story: Story, label: Label) -> bool:
    """Tell a label that stands above every section."""
    first = story.sections[0].heading.number if story.sections else None
    return first is None or label.value.line < first


def entry_lines(story: Story, entry: Entry) -> Sequence[Line]:
    """Give the lines of a key in the front matter: its own and those of its list or text."""
    lines = story.document.lines
    found = [lines[entry.line - 1]]
    for line in lines[entry.line : max(entry.line, story.document.body - 1)]:
        bare = line.text.lstrip(" ")
        indent = len(line.text) - len(bare)
        if not bare.strip() or not (indent > entry.indent or bare.startswith("- ")):
            break
        found.append(line)
    return found


def without_entry(story: Story, entry: Entry) -> Change:
    """Take a key out of the front matter."""
    lines = entry_lines(story, entry)
    start, end = lines[0].start, lines[-1].end + len(lines[-1].ending)
    return Change(Piece(story.document.text[start:end], start, end, entry.line), "")


def over_entry(story: Story, entry: Entry, value: str | Sequence[str]) -> list[Change]:
    """Put a value, or a list, where that of a key stands."""
    rest = entry_lines(story, entry)[1:]
    text = story.document.text
    blank = " " if text[entry.value.start - 1 : entry.value.start] == ":" else ""
    if isinstance(value, str):
        if rest:
            message = f"{story.document.path or 'The file'}:{entry.line} holds a list."
            raise InvalidInput(message, "Write its value on one line by hand, then try again.")
        return [Change(entry.value, blank + quoted_like(value, entry.value.text))]
    if not rest:
        return [Change(entry.value, blank + flow(value))]
    lead = rest[0].text[: len(rest[0].text) - len(rest[0].text.lstrip(" "))]
    start, end = rest[0].start, rest[-1].end
    items = story.document.newline.join(f"{lead}- {quoted_like(one, '')}" for one in value)
    return [Change(Piece(text[start:end], start, end, rest[0].number), items)]


def flow(value: Sequence[str]) -> str:
    """Write a list on one line."""
    return f"[{', '.join(quoted_like(one, '') for one in value)}]"


def new_entry(story: Story, key: str, raw: str) -> Change:
    """Add a key at the end of the front matter."""
    last = story.document.lines[story.document.body - 2]
    return under(story, last, [f"{key}: {raw}"])
