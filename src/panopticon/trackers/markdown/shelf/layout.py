"""Which files of a folder are stories, epics and sprint-status: by their names and BMAD's config.

Pure: paths and a way to read BMAD's few config files go in. A file's text decides only about the
`maybes`, whose names do not say that they are stories.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from panopticon.trackers.markdown.shelf import place
from panopticon.trackers.markdown.shelf.bmad import Bmad, bmad_from
from panopticon.trackers.markdown.shelf.pattern import matcher

_DEFAULTS = {
    "v4": ("docs/stories", "docs/epics.md"),
    "": ("docs/stories", "docs/epics.md"),
}
_V6 = (
    "_bmad-output/implementation-artifacts",
    "_bmad-output/planning-artifacts/epics.md",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What lies where; paths are relative to the folder, archives last.

    `dialect`: v4, v6, pantheon or spec; empty where nothing tells it. `maybes` are stories if
    their text or sprint-status says so. `story_folder` and `epics_file` are where new ones belong.
    """

    dialect: str = ""
    stories: tuple[str, ...] = ()
    maybes: tuple[str, ...] = ()
    epics: tuple[str, ...] = ()
    sprints: tuple[str, ...] = ()
    story_folder: str = "docs/stories"
    epics_file: str = "docs/epics.md"

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of BMAD was found."""
        return not (self.dialect or self.stories or self.epics or self.sprints)

    @property
    def folders(self) -> tuple[tuple[str, int], ...]:
        """Count the story files by the folder they are in, the fullest first."""
        counts = Counter(place.folder_of(path) for path in self.stories)
        return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    def said(self) -> str:
        """Say in a line what was found: `BMAD v6: 107 story files in …`."""
        if self.is_empty:
            return "no BMAD files"
        name = f"BMAD {self.dialect}" if self.dialect else "story files"
        where = ", ".join(folder or "." for folder, _ in self.folders[:3]) or self.story_folder
        more = f" and {len(self.folders) - 3} more" if len(self.folders) > 3 else ""  # noqa: PLR2004
        parts = [f"{_counted(len(self.stories), 'story file')} in {where}{more}"]
        parts += [_counted(len(self.epics), "epics file")] if self.epics else []
        parts += ["sprint-status"] if self.sprints else []
        return f"{name}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A source's own word: patterns of further story files, and of files to leave alone."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def is_wanted(path: str) -> bool:
    """Tell whether a file may matter at all, for the listing of a folder."""
    return path.endswith(".md") or place.is_sprint(path)


def wanted(choice: Choice) -> Callable[[str], bool]:
    """Say the same for a source; a hidden folder (`x/`) is entered only where it is included."""

    def is_chosen(path: str) -> bool:
        if path.endswith("/"):
            return any(pattern.startswith(path) for pattern in choice.include)
        return is_wanted(path)

    return is_chosen


def found(
    paths: Sequence[str],
    read: Callable[[str], bytes],
    inside: str = "",
    choice: Choice | None = None,
) -> Layout:
    """Sort the files of a folder.

    `read` gives the bytes of BMAD's config files, NotFound where there is none; `inside` is the
    end of the folder's own path (`docs/stories`), which tells as much as a folder in it.
    """
    return _sorted_out(tuple(paths), bmad_from(read), inside, choice or Choice())


def might_matter(
    paths: Iterable[str],
    read: Callable[[str], bytes],
    inside: str = "",
    choice: Choice | None = None,
) -> frozenset[str]:
    """Choose what would count among paths that cannot be looked into: files, folders with them."""
    chosen = choice or Choice()
    bmad = bmad_from(read)
    usual = (*bmad.all_folders, _V6[0], _DEFAULTS[""][0])

    def would_count(path: str) -> bool:
        if any(f"{folder}/".startswith(f"{path}/") for folder in usual):
            return True
        inner = (path,) if is_wanted(path) else (f"{path}/1-1-a.md", f"{path}/epic-1.md")
        return any(_counts(one, bmad, inside, chosen) for one in inner)

    return frozenset(path for path in paths if would_count(path))


def _counts(path: str, bmad: Bmad, inside: str, choice: Choice) -> bool:
    layout = _sorted_out.__wrapped__((path,), bmad, inside, choice)  # not worth remembering
    is_placed = "/" in path or place.is_story_place(inside.split("/"))
    return bool(layout.sprints or layout.epics or (is_placed and (layout.stories or layout.maybes)))


@lru_cache(maxsize=16)  # a folder is listed much more often than its files come and go
def _sorted_out(paths: tuple[str, ...], bmad: Bmad, inside: str, chosen: Choice) -> Layout:
    is_included, is_excluded = matcher(chosen.include), matcher(chosen.exclude)
    left = [path for path in paths if not is_excluded(path)]
    visible = [path for path in left if not place.is_tooling(path, bmad.all_folders)]
    epics = [path for path in visible if place.is_epics(path, bmad.planning)]
    sprints = [path for path in visible if place.is_sprint(path)]
    rest = sorted(set(visible) - set(epics) - set(sprints))
    stories = [path for path in rest if place.is_story(path, inside, bmad.stories)]
    stories = stories or [path for path in rest if "/" not in path and place.is_numbered(path)]
    included = {path for path in left if path.endswith(".md") and is_included(path)}
    stories = sorted({*stories, *included})
    maybes = [path for path in rest if place.is_maybe(path, inside, bmad.stories)]
    if not epics and bmad.prd in visible:
        epics = [bmad.prd]
    dialect = bmad.dialect or _told(stories, sprints, inside)
    return Layout(
        dialect=dialect,
        stories=_ordered(stories),
        maybes=_ordered(path for path in maybes if path not in included and path not in stories),
        epics=_ordered(epics, place.is_part_of_epics),
        sprints=_ordered(sprints, lambda path: place.folder_of(path) not in bmad.stories),
        story_folder=_story_folder(stories, bmad, dialect, inside),
        epics_file=_epics_file(epics, bmad, dialect, inside),
    )


def _ordered(
    paths: Iterable[str], is_later: Callable[[str], bool] = lambda _: False
) -> tuple[str, ...]:
    """Put archives last, and before them what is `later`; by depth and name otherwise."""
    return tuple(
        sorted(
            paths, key=lambda path: (place.is_archive(path), is_later(path), path.count("/"), path)
        )
    )


def _told(stories: Sequence[str], sprints: Sequence[str], inside: str) -> str:
    """Tell the dialect by the names of files alone."""
    if sprints or any(place.is_artifact(path, inside) for path in stories):
        return "v6"
    if any(place.is_v4_name(path) for path in stories):
        return "v4"
    if stories and all(place.is_spec(path) for path in stories):
        return "spec"
    return "v6" if stories else ""


def _story_folder(stories: Sequence[str], bmad: Bmad, dialect: str, inside: str) -> str:
    """Find where a new story belongs: where most are, else as configured, else as usual."""
    counts = Counter(place.folder_of(path) for path in stories if not place.is_archive(path))
    if counts:
        return min(counts, key=lambda folder: (-counts[folder], folder))
    if bmad.stories:
        return bmad.stories[0]
    if place.is_story_place(inside.split("/")):
        return ""
    return _DEFAULTS.get(dialect, _V6)[0]


def _epics_file(epics: Sequence[str], bmad: Bmad, dialect: str, inside: str) -> str:
    whole = [path for path in _ordered(epics) if not place.is_part_of_epics(path)]
    if epics:
        return whole[0] if whole else f"{place.folder_of(_ordered(epics)[0])}/epics.md".lstrip("/")
    if bmad.planning:
        return f"{bmad.planning[0]}/epics.md".lstrip("/")
    if place.is_story_place(inside.split("/")):
        return "epics.md"
    return _DEFAULTS.get(dialect, _V6)[1]


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
