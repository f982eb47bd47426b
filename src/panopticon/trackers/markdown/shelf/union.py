"""The union by number of what story files, epics files and sprint-status tell: one draft an item.

Nothing is left out: who finds its number taken goes by its file's stem or its slug. Matching asks
the exact stem first, then the slug, then the number.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from panopticon.model.issue import Kind
from panopticon.trackers.markdown.shelf.facts import FileFacts, Told
from panopticon.trackers.markdown.shelf.place import is_archive
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.piece import Problem, shown
from panopticon.trackers.markdown.text.sprint import EntryKind, Sprint, SprintEntry

_BETWEEN = re.compile(r"[\W_]+")
_PREFIX = re.compile(r"[a-z]+\.")
NO_EPIC = "0"  # stories without an epic are numbered in it
_ENOUGH = 2  # signs that make a story of a file whose name does not say so


@dataclass(slots=True, eq=False)
class Draft:
    """An item as it comes together; `number` is empty where another item has it."""

    kind: Kind
    number: str = ""
    stem: str = ""
    file: Told | None = None
    part: Told | None = None
    entry: SprintEntry | None = None
    sprint_path: str | None = None
    said: str = ""  # the number it gives itself, which another item may have
    epic: "Draft | None" = None
    key: str = ""

    @property
    def told(self) -> Told | None:
        """Give what decides about its texts."""
        return self.file or self.part

    @property
    def slug(self) -> str:
        """Give the words of its name, without the number."""
        words = slug_of(self.stem)
        number = self.said.replace(".", "-")
        return words.removeprefix("story-").removeprefix(number).strip("-")


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read of a folder, each in the layout's order."""

    stories: Sequence[Told] = ()
    maybes: Sequence[Told] = ()
    epics: Sequence[FileFacts] = ()
    sprints: Sequence[tuple[str, Sprint]] = ()


@dataclass(slots=True)
class Drafts:
    """Drafts in order, found by number, by stem, and by what they call themselves."""

    all: list[Draft] = field(default_factory=list)
    by_number: dict[str, Draft] = field(default_factory=dict)
    by_stem: dict[str, Draft] = field(default_factory=dict)
    by_said: dict[str, list[Draft]] = field(default_factory=dict)

    def add(self, draft: Draft) -> Draft:
        """Take one more; who has a name first keeps it."""
        self.all.append(draft)
        if draft.number:
            self.by_number.setdefault(draft.number, draft)
        self.by_stem.setdefault(draft.stem.casefold(), draft)
        bare = _PREFIX.sub("", draft.said, count=1)
        for said in dict.fromkeys((draft.said, bare)):
            self.by_said.setdefault(said, []).append(draft)
        return draft


@dataclass(slots=True)
class Union:
    """The drafts of a folder and what is wrong with them."""

    stories: list[Draft]
    epics: list[Draft]
    problems: list[Problem]


def gather(sources: Sources) -> Union:
    """Bring everything together that speaks of one item."""
    stories, problems = _files(sources)
    for path, entry in _entries(sources.sprints, EntryKind.STORY):
        _join_entry(stories, path, entry)
    _join_parts(stories, [part for facts in sources.epics for part in facts.stories])
    epics, headings = _epics(sources, _prefixes(stories.all))
    for draft in stories.all:
        draft.epic = _epic_of(draft, epics, headings)
    _name(epics.all)
    _name(stories.all)
    return Union(stories.all, epics.all, problems)


def slug_of(text: str) -> str:
    """Fold a name: `Sign in, again` is `sign-in-again`."""
    return _BETWEEN.sub("-", text.casefold()).strip("-")


def _entries(
    sprints: Iterable[tuple[str, Sprint]], kind: EntryKind
) -> Iterator[tuple[str, SprintEntry]]:
    for path, sprint in sprints:
        for entry in sprint.entries:
            if entry.kind is kind:
                yield path, entry


def _files(sources: Sources) -> tuple[Drafts, list[Problem]]:
    """Make a draft of each story file; of two with one number the named one has it."""
    named = {entry.key.casefold() for _, entry in _entries(sources.sprints, EntryKind.STORY)}
    chosen = [one for one in sources.maybes if _is_story(one, named)]
    files = [*sources.stories, *chosen]

    def place(at: int) -> tuple[bool, bool, bool, int, int]:
        path, signs = files[at].path, files[at].signs
        return _stem(path).casefold() not in named, not signs, is_archive(path), -signs, at

    owners: dict[str, Told] = {}
    for at in sorted(range(len(files)), key=place):
        if files[at].number:
            owners.setdefault(files[at].number, files[at])
    drafts = Drafts()
    problems: list[Problem] = []
    for told in files:
        owner = owners.get(told.number)
        is_owner = owner is told
        if owner and not is_owner:
            message = f"the same number as {owner.path}: {told.number}"
            if not told.signs:
                message += "; it has nothing of a story, so it is left beside it"
            problems.append(Problem(told.path, told.line, "duplicate", message))
        if is_owner or owner is None or told.signs:
            number = told.number if is_owner else ""
            drafts.add(Draft(Kind.STORY, number, _stem(told.path), told, said=told.number))
    return drafts, problems


def _is_story(told: Told, named: set[str]) -> bool:
    is_named = _stem(told.path).casefold() in named
    return is_named or told.is_spec or (bool(told.word) and told.signs >= _ENOUGH)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _join_entry(drafts: Drafts, path: str, entry: SprintEntry) -> None:
    number = canonical(entry.number)
    found = drafts.by_stem.get(entry.key.casefold()) or drafts.by_number.get(number)
    if found is None and not number and not entry.meaning.is_known:
        return  # `last_updated: 2026-08-19` is no story; the word is told
    if found is None or (found.entry and found.entry.key != entry.key):
        own = number if found is None else ""
        found = drafts.add(Draft(Kind.STORY, own, shown(entry.key), said=number))
    if found.entry is None:
        found.entry, found.sprint_path = entry, path


def _join_parts(drafts: Drafts, parts: Sequence[Told]) -> None:
    """Give each part to the story of its number and name, else of its number.

    Where files add a prefix (`env-6-3-title.md`, told as Story 6.3) the whole epics file has it.
    """
    left = [told for told in parts if not _is_joined_alike(drafts, told)]
    prefixes = _prefixes(drafts.all)
    for told in left:
        number = prefixes.get(told.path, "") + told.number
        slug = slug_of(told.title)
        owner = found = drafts.by_number.get(number)
        if found and found.part and slug_of(found.part.title) != slug:
            found = None
        if found is None:
            stem = slug_of(f"{number} {told.title}")
            own = "" if owner else number
            found = drafts.add(Draft(Kind.STORY, own, stem, said=number))
        _give(found, told)


def _is_joined_alike(drafts: Drafts, told: Told) -> bool:
    slug = slug_of(told.title)
    same = drafts.by_said.get(told.number, ())
    found = next((one for one in same if _is_alike(one.slug, slug)), None)
    if found is None or (found.part and slug_of(found.part.title) != slug):
        return False
    _give(found, told)
    return True


def _give(draft: Draft, told: Told) -> None:
    """Let the fuller text decide where a part is told twice."""
    if draft.part is None or told.signs > draft.part.signs:
        draft.part = told


def _prefixes(drafts: Iterable[Draft]) -> Mapping[str, str]:
    """Tell for each epics file the prefix that most of its stories have elsewhere."""
    counts: dict[str, Counter[str]] = {}
    for draft in drafts:
        if draft.part and (draft.file or draft.entry):
            prefix = draft.said.removesuffix(draft.part.number)
            counts.setdefault(draft.part.path, Counter())[prefix] += 1
    return {path: some.most_common(1)[0][0] for path, some in counts.items()}


def _is_alike(one: str, other: str) -> bool:
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


Headings = Mapping[tuple[str, str], Draft]


def _epics(sources: Sources, prefixes: Mapping[str, str]) -> tuple[Drafts, Headings]:
    """Make a draft of each epic that a heading or sprint-status names, those with stories first."""
    drafts = Drafts()
    headings: dict[tuple[str, str], Draft] = {}
    filled = {(part.path, part.epic) for facts in sources.epics for part in facts.stories}
    tops = [epic for facts in sources.epics for epic in facts.epics]
    for told in sorted(tops, key=lambda one: (one.path, one.number) not in filled):
        said = prefixes.get(told.path, "") + told.number
        stem = f"epic-{slug_of(f'{said} {told.title}')}"
        found = drafts.by_stem.get(stem)
        if (told.path, told.number) not in filled:  # `Epic 5 Handoff` is no epic of its own
            found = found or drafts.by_number.get(said)
        if found is None:
            number = "" if said in drafts.by_number else said
            found = drafts.add(Draft(Kind.EPIC, number, stem, part=told, said=said))
        headings.setdefault((told.path, told.number), found)
    for path, entry in _entries(sources.sprints, EntryKind.EPIC):
        number = canonical(entry.number)
        found = drafts.by_number.get(number)
        if found is None:
            found = drafts.add(Draft(Kind.EPIC, number, shown(entry.key), said=number))
        if found.entry is None:
            found.entry, found.sprint_path = entry, path
    return drafts, headings


_LABEL = re.compile(
    r"\W*(?:epic[\s-]*)?((?:[A-Za-z]{1,8}-)?\d{1,9}(?:\.\d{1,9})*)(?![\w])", re.IGNORECASE
)
_TOP = re.compile(r"((?:[a-z]{1,8}\.)?\d{1,9}[a-z]?)\.")


def _epic_of(draft: Draft, epics: Drafts, headings: Headings) -> Draft | None:
    """Find the epic: as the file says, as the epics file has it, by the number.

    An epic that nobody tells of is made where a number asks for it; not one for stories without.
    """
    label = _LABEL.match(draft.file.epic) if draft.file else None
    said = canonical(label[1]) if label else ""
    if found := epics.by_number.get(said):
        return found
    if draft.part and (found := headings.get((draft.part.path, draft.part.epic))):
        return found
    parts = draft.said.split(".")
    for end in range(len(parts) - 1, 0, -1):
        if found := epics.by_number.get(".".join(parts[:end])):
            return found
    top = _TOP.match(draft.said)
    number = top[1] if top else said
    if number in {"", NO_EPIC}:
        return None
    return epics.add(Draft(Kind.EPIC, number, f"epic-{number}", said=number))


def _name(drafts: list[Draft]) -> None:
    """Give each its key; who comes late to a name gets a number behind it."""
    taken: set[str] = set()
    for draft in sorted(drafts, key=lambda one: not one.number):
        mark = "epic-" if draft.kind is Kind.EPIC and draft.number else ""
        wanted = f"{mark}{draft.number}" if draft.number else draft.stem
        key, count = wanted, 1
        while key.casefold() in taken:
            count += 1
            key = f"{wanted}~{count}"
        taken.add(key.casefold())
        draft.key = key
