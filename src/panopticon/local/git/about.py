"""What git says of a repository: its name and root, who commits in it, a file's commits."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from panopticon.local.git import clone
from panopticon.local.git.call import Place, asked
from panopticon.local.git.moment import moment
from panopticon.model.disk import Author, Committed, Repository

_RECENT = 5_000
"""Commits that are looked at for who commits here."""


def repository(folder: Path, place: Place, known: Repository | None = None) -> Repository | None:
    """Describe the repository; None when git is not there or will not speak of it.

    `known` is an earlier answer: while its head stands, only what may have changed is asked.
    """
    said = asked(folder, "rev-parse", *_KIND, "HEAD", "--abbrev-ref", "HEAD")
    if said is None:  # before the first commit there is no head
        said = asked(folder, "rev-parse", *_KIND)
    is_inside, is_shallow, head, branch = [*(said or "").split("\n"), "", "", "", ""][:4]
    if is_inside != "true":
        return None
    if not head or branch == "HEAD":
        branch = clone.branch(folder) or ""
    if known and head and known.head == head:
        return replace(known, branch=branch or None)
    remote = clone.remote(folder)
    return Repository(
        name=_name(place, remote),
        root_commit=None if is_shallow == "true" or not head else clone.first_commit(folder),
        inside=place.inside(folder),
        remote=remote,
        head=head or None,
        branch=branch or None,
    )


_KIND = ("--is-inside-work-tree", "--is-shallow-repository")


def _name(place: Place, remote: str | None) -> str:
    """Name it as its remote does; else by its folder, a worktree's being the main one's."""
    told = (remote or "").rstrip("/").removesuffix(".git").replace(":", "/").rpartition("/")[2]
    if told:
        return told
    common = place.common
    return common.parent.name if place.own != common and common.name == ".git" else place.top.name


def commits(folder: Path, path: str, limit: int) -> list[Committed]:
    """Read the newest commits of a file, renames followed."""
    words = ("log", "--follow", "-M", f"-n{limit}", "-z", "--format=%H%x1f%at%x1f%aN%x1f%s")
    found = []
    for line in (asked(folder, *words, "--", path) or "").split("\0"):
        parts = line.strip("\n").split("\x1f", 3)
        if len(parts) == len(("sha", "at", "author", "subject")):
            sha, at, author, subject = parts
            found.append(Committed(sha, moment(int(at)), author, subject))
    return found


def authors(folder: Path) -> list[Author]:
    """List who committed here lately, the busiest first; a person's newest name counts."""
    out = asked(folder, "log", f"-n{_RECENT}", "--no-merges", "-z", "--format=%aE%x1f%aN") or ""
    names: dict[str, str] = {}
    count: Counter[str] = Counter()
    for line in filter(None, out.split("\0")):
        email, _, name = line.partition("\x1f")
        names.setdefault(email.casefold(), name)
        count[email.casefold()] += 1
    return [Author(names[email], email) for email, _ in count.most_common() if email]


def me(folder: Path) -> Author | None:
    """Say who commits here now, by git's settings."""
    said = asked(folder, "config", "--null", "--get-regexp", r"^user\.(name|email)$") or ""
    found = dict(line.partition("\n")[::2] for line in said.split("\0"))
    email = found.get("user.email", "").strip()
    return Author(found.get("user.name", "").strip() or email, email) if email else None
