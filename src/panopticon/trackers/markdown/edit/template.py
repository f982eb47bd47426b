"""A new story file: its text in the folder's dialect, and its name like its neighbours'."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from panopticon.trackers.markdown.text.entry import quoted_like
from panopticon.trackers.markdown.text.grammar import PANTHEON, SPEC, V4, Dialect
from panopticon.trackers.markdown.text.number import canonical, file_name_from

_RECORD = (
    "## Dev Agent Record\n\n### Agent Model Used\n\n### Debug Log References\n\n"
    "### Completion Notes List\n\n### File List\n"
)
_V4 = (
    "# Story {number}: {title}\n\n## Status\n\n{word}\n\n## Story\n\n## Acceptance Criteria\n\n"
    "## Tasks / Subtasks\n\n## Dev Notes\n\n## Change Log\n\n" + _RECORD + "\n## QA Results\n"
)
_V6 = (
    "# Story {number}: {title}\n\nStatus: {word}\n\n## Story\n\n## Acceptance Criteria\n\n"
    "## Tasks / Subtasks\n\n## Dev Notes\n\n" + _RECORD
)
_PANTHEON = (
    "# Story {number}: {title}\n\n**Status:** {word}\n\n## Business Context\n\n## Current State\n\n"
    "## Acceptance Criteria\n\n## Tasks\n\n## Technical Requirements\n\n"
    "## Architecture Compliance\n\n## Testing Requirements\n\n## Dev Agent Guardrails\n\n"
    "## Definition of Done\n\n## References\n\n## Dev Agent Record\n\n## Change Log\n"
)
_SPEC = (
    "---\ntitle: {quoted}\nstatus: {word}\n---\n\n# Story {number}: {title}\n\n## Intent\n\n"
    "## Code Map\n\n## Tasks & Acceptance\n\n**Execution:**\n\n**Acceptance Criteria:**\n\n"
    "## Verification\n"
)
_TEXTS: Mapping[str, str] = {V4.name: _V4, PANTHEON.name: _PANTHEON, SPEC.name: _SPEC}
_NAME = re.compile(
    r"(?P<lead>(?:story|spec)?[-. ]?)(?P<epic>\d+)(?P<between>[.-])(?P<number>\d+)[a-z]?"
    r"(?:(?P<behind>[.-])(?P<slug>.*))?",
    re.IGNORECASE,
)
_CLOSE = re.compile(r"^## Status[ \t]*\r?\n[ \t]*[^\s#]", re.MULTILINE)
_SLUG = 60
_BETWEEN = re.compile(r"[^a-z0-9]+")


class New(NamedTuple):
    """A story to be made: `like` is the text of the one that it shall be like."""

    number: str
    title: str
    word: str
    like: str = ""


def new_text(dialect: Dialect, new: New) -> str:
    """Write an empty story; its fields are then written like those of any other."""
    text = _TEXTS.get(dialect.name, _V6)
    if _CLOSE.search(new.like):
        text = text.replace("## Status\n\n", "## Status\n")
    quoted = quoted_like(new.title, "'")
    return text.format(number=said(new.number), title=new.title, word=new.word, quoted=quoted)


def slug_of(title: str) -> str:
    """Fold a title to what any file system and any tool take: `Ünïq name` is `uniq-name`."""
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    slug = _BETWEEN.sub("-", bare).strip("-")
    return slug[:_SLUG].rpartition("-")[0] if len(slug) > _SLUG else slug or "story"


def stem_of(number: str, title: str, neighbours: Sequence[str], dialect: Dialect) -> str:
    """Name a story like those beside it: `1.3.title`, `1-3-title`, `story-1.3`."""
    match = next((found for name in neighbours if (found := _NAME.fullmatch(name))), None)
    prefix, parts = _split(number)
    if match is None:
        sign = "." if dialect is V4 else "-"
        lead = "spec-" if dialect is SPEC else ""
        return f"{lead}{prefix}{sign.join(parts)}{sign}{slug_of(title)}"
    if match["number"].startswith("0") or match["epic"].startswith("0"):
        widths = [len(match["epic"]), len(match["number"])]
        parts = [part.zfill(widths[min(i, 1)]) for i, part in enumerate(parts)]
    stem = match["lead"] + prefix + match["between"].join(parts)
    if match["slug"] is None:
        return stem
    is_fixed = match["slug"] == "story"
    return f"{stem}{match['behind']}{'story' if is_fixed else slug_of(title)}"


def said(number: str) -> str:
    """Spell a number so that a title is read with it: `KB-3.1`."""
    prefix, parts = _split(number)
    return prefix.upper() + ".".join(parts)


def _split(number: str) -> tuple[str, list[str]]:
    """Split `kb.3.1` into `kb-` and its parts."""
    first, *rest = number.split(".")
    return (f"{first}-", rest) if first.isalpha() and rest else ("", [first, *rest])


def neighbours_of(epic: str, paths: Iterable[str], folder: str) -> tuple[list[str], str]:
    """Give the files to be like, the epic's own first and newest first, and their folder."""
    own: list[tuple[tuple[int, ...], str]] = []
    others: list[tuple[tuple[int, ...], str]] = []
    for path in paths:
        name = PurePosixPath(path)
        number = canonical(file_name_from(path).number)
        place = tuple(int(part) for part in re.findall(r"\d+", number))
        if number.startswith(f"{epic}."):
            own.append((place, path))
        elif str(name.parent).removeprefix(".") == folder:
            others.append((place, path))
    chosen = [path for _, path in sorted(own, reverse=True)]
    where = str(PurePosixPath(chosen[0]).parent) if chosen else folder
    chosen += [path for _, path in sorted(others, reverse=True)]
    return chosen, "" if where == "." else where


def next_number(epic: str, taken: Iterable[str]) -> str:
    """Give the next free number of an epic: `1.4` behind `1.2` and `1.3b`."""
    beginning = f"{epic}."
    last = 0
    for number in taken:
        if number.startswith(beginning):
            match = re.match(r"\d+", number[len(beginning) :])
            last = max(last, int(match[0]) if match else 0)
    return f"{beginning}{last + 1}"
