"""The permanent ids of items: what each was called when it was born, kept through every rename."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from panopticon.trackers.markdown.shelf.kept import Kept, KeptFile
from panopticon.trackers.markdown.shelf.union import Draft

_Files = Mapping[str, KeptFile]


def ids_of(drafts: Sequence[Draft], files: _Files, kept: Kept) -> list[str]:
    """Give each draft the id it had, else the one it is born with.

    The same file keeps its id; then a file that was moved (git says so, or the bytes are the
    same); then the same name, where its former file is gone or never was.
    """
    search = _Search(drafts, dict.fromkeys(kept.items))
    lost = {native: one for native, one in kept.items.items() if one.path not in files}
    moved = [(kept.files[one.path], native) for native, one in lost.items() if one.path]
    search.by(_path, ((one.path, native) for native, one in kept.items.items() if one.path))
    search.by(lambda draft: _of(draft, files, "born"), ((file.born, id_) for file, id_ in moved))
    search.by(
        lambda draft: _of(draft, files, "digest"), ((file.digest, id_) for file, id_ in moved)
    )
    search.by(name_of, ((one.name, native) for native, one in lost.items()))
    search.by_birth(lambda draft: _of(draft, files, "born") or f"#{draft.key}")
    return [search.found[at] for at in range(len(drafts))]


def name_of(draft: Draft) -> str:
    """Name a draft so that it is found again without its file."""
    return f"{draft.kind}:{draft.key}"


class _Search:
    """Ids given so far, by the place of the draft, and those that nobody has yet."""

    def __init__(self, drafts: Sequence[Draft], free: dict[str, None]) -> None:
        self.drafts = drafts
        self.free = free
        self.found: dict[int, str] = {}

    def by(self, clue: Callable[[Draft], str], pairs: Iterable[tuple[str, str]]) -> None:
        """Give ids by a clue that drafts and former items share."""
        known = {name: native for name, native in pairs if native in self.free}
        for at, draft in enumerate(self.drafts):
            native = known.get(clue(draft)) if at not in self.found else None
            if native in self.free:
                self.found[at] = native
                del self.free[native]

    def by_birth(self, born: Callable[[Draft], str]) -> None:
        """Give the others new ones."""
        taken = set(self.found.values())
        for at, draft in enumerate(self.drafts):
            if at not in self.found:
                native, count = born(draft), 1
                while native in taken:
                    count += 1
                    native = f"{born(draft)}~{count}"
                taken.add(native)
                self.found[at] = native


def _path(draft: Draft) -> str:
    return draft.file.path if draft.file else ""


def _of(draft: Draft, files: _Files, name: str) -> str:
    """Give what a draft's file is known by; empty without one."""
    return str(getattr(files[draft.file.path], name)) if draft.file else ""
