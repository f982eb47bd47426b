"""The past of every file below a folder, from one walk through git's history."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.disk_path import LIMIT
from panopticon.local.file import read_foreign, write_private
from panopticon.local.git.call import asked, status
from panopticon.local.git.moment import moment
from panopticon.model.disk import Past

_RENAMES = 2_000
_FORMAT = "pasts-1"


@dataclass(frozen=True, slots=True)
class Touch:
    """One file in one commit: its letter, its path, the path before where it was renamed."""

    sign: str
    path: str
    before: str | None
    at: int
    author: str


def walked(folder: Path, head: str, kept: Path) -> str:
    """Give what git says of the folder's history up to `head`, newest first.

    `kept` holds what it said last time, so that only newer commits are asked for; without it,
    or after a rewritten history, the whole is walked.
    """
    old, before = _kept(kept)
    if old == head:
        return before
    is_grown = old and asked(folder, "merge-base", "--is-ancestor", old, head) is not None
    news = _log(folder, f"{old}..{head}" if is_grown else head)
    if news is None:
        return ""
    said = f"{news}\0{before}" if is_grown else news
    with suppress(LocalFault):
        text = f"{_FORMAT} {head}\n{said}".encode("utf-8", "replace")
        write_private(kept, zlib.compress(text, 1), is_foreign=True)
    return said


def _kept(file: Path) -> tuple[str, str]:
    try:
        first, _, said = zlib.decompress(read_foreign(file)).decode("utf-8").partition("\n")
        word, _, head = first.partition(" ")
    except (OSError, zlib.error, UnicodeDecodeError):
        return "", ""
    return (head, said) if word == _FORMAT else ("", "")


def _log(folder: Path, commits: str) -> str | None:
    """Ask for the history; where contents are fetched on demand, only equal ones can be told."""
    for similar in ("-M", "-M100%"):
        words = ("log", "--topo-order", similar, f"-l{_RENAMES}", "--name-status", "-z")
        told = ("--relative", "--format=%x01%at%x1f%aN", commits, "--", ".")
        said = asked(folder, *words, *told, timeout=300.0)
        if said is not None:
            return said
    return None


def parsed(said: str) -> Iterator[Touch]:
    """Read what `git log --name-status -z` prints."""
    words = iter(said.split("\0"))
    at, author = 0, ""
    for word in words:
        text = word.lstrip("\n")
        if text.startswith("\x01"):
            when, _, author = text[1:].partition("\x1f")
            at = int(when or 0)
        elif text[:1] in {"R", "C"}:
            before, path = next(words), next(words)
            yield Touch(text[0], path, before, at, author)
        elif text:
            yield Touch(text[0], next(words), None, at, author)


@dataclass(slots=True)
class _Life:
    """A file of today, as far back as the walk has come."""

    path: str
    created_at: int
    updated_at: int
    author: str


@dataclass(slots=True)
class _Fold:
    """What the walk has told so far.

    `names` leads from a name of that time to the file of today (None: it is gone since), `later`
    from a name to those who bore it after its bearer of that time had left it, newest first.
    """

    names: dict[str, _Life | None] = field(default_factory=dict)
    later: dict[str, list[_Life | None]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def take(self, touch: Touch) -> None:
        if touch.path not in self.names:
            is_new = touch.path not in self.seen and touch.sign != "D"
            life = _Life(touch.path, touch.at, touch.at, touch.author) if is_new else None
            self.names[touch.path] = life
            self.seen.add(touch.path)
        life = self.names[touch.path]
        if life:
            life.updated_at = max(life.updated_at, touch.at)
            life.created_at, life.author = touch.at, touch.author
        if touch.sign == "R" and touch.before is not None:
            del self.names[touch.path]
            if touch.before in self.names:
                self.later.setdefault(touch.before, []).append(self.names[touch.before])
            self.names[touch.before] = life
            self.seen.add(touch.before)


def lives(walk: Iterable[Touch]) -> dict[str, Past]:
    """Follow every file back to its birth.

    Two that were born at one path (the first had moved away before) are told apart: the second
    is `path~2`. A file that was deleted and came back is the same one.
    """
    fold = _Fold()
    for touch in walk:
        fold.take(touch)
    found = {}
    for name, eldest in fold.names.items():
        for at, life in enumerate([eldest, *reversed(fold.later.get(name, ()))]):
            if life:
                found[life.path] = _past(life, name if at == 0 else f"{name}~{at + 1}")
    return found


def _past(life: _Life, born: str) -> Past:
    created, updated = (moment(at) for at in (life.created_at, life.updated_at))
    return Past(born, created, updated, life.author or None, is_dirty=False)


def with_changes(folder: Path, inside: str, pasts: Mapping[str, Past]) -> dict[str, Past]:
    """Mark what differs from the last commit; what was moved since keeps its past."""
    found = dict(pasts)
    changes = _changes(folder, inside, "no")
    gone = {one.blob: one.path for one in changes if "D" in one.sign}
    for one in changes:
        past = pasts.get(one.before or one.path)
        if past:
            found[one.path] = replace(past, is_dirty=True)
    if gone:
        for path in _fresh(folder, inside):
            before = gone.get(_blob(folder / path, len(next(iter(gone)))))
            if before is not None and before in pasts:
                found[path] = replace(pasts[before], is_dirty=True)
    for path in [*gone.values(), *(one.before for one in changes if one.before)]:
        found.pop(path, None)
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """One line of `git status`: two letters, the paths, the blob of the last commit."""

    sign: str
    path: str
    before: str | None
    blob: str


def _fresh(folder: Path, inside: str) -> list[str]:
    """List what the last commit does not know: files that nobody added, and added ones."""
    return [one.path for one in _changes(folder, inside, "all") if one.sign in _FRESH]


_FRESH = frozenset({"??", "A.", "AM"})


def _changes(folder: Path, inside: str, untracked: str) -> list[_Change]:
    which = f"--untracked-files={untracked}"
    said = status(folder, which, "--find-renames", "--", ".")
    if said is None:  # as for the history
        said = status(folder, which, "--no-renames", "--", ".")
    words = iter((said or "").split("\0"))
    cut = len(inside) + 1 if inside else 0
    found = []
    for word in words:
        parts = word.split(" ", _SPACES.get(word[:1], 0))
        if word[:1] in {"1", "2", "u"}:
            before = next(words)[cut:] if word[0] == "2" else None
            found.append(_Change(parts[1], parts[-1][cut:], before, parts[6]))
        elif word[:1] == "?":
            found.append(_Change("??", parts[-1][cut:], None, ""))
    return found


_SPACES: Mapping[str, int] = {"1": 8, "2": 9, "u": 10, "?": 1}


def _blob(file: Path, letters: int) -> str:
    """Name a file's bytes as git does; empty for what cannot be read."""
    try:
        content = file.read_bytes() if file.stat().st_size <= LIMIT else None
    except OSError:
        content = None
    if content is None:
        return ""
    head = b"blob %d\0" % len(content)
    return hashlib.new("sha1" if letters == _SHA1 else "sha256", head + content).hexdigest()


_SHA1 = 40
