"""Refs of a remote as chains of texts, each replaced only as it was read: the port of git/lease.

Every text is a commit with an empty tree whose parent is the one it replaces. Objects are kept in
a bare repository of our own, so that the working repository never sees them. What can go wrong
is listed in git/said.
https://git-scm.com/docs/git-push#_output
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.git.bare import GitFolder, ticks
from panopticon.local.git.call import WHO
from panopticon.local.git.said import has_moved, remote_of, said, trouble

_SECONDS = 30.0
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_QUICK = ("-c", "gc.auto=0", "-c", "maintenance.auto=false")
_MANY = 1000


class GitRefs:
    """The refs of one remote; `folder` keeps the objects. Raises InvalidInput for its address."""

    def __init__(
        self,
        url: str,
        folder: Path,
        seconds: float = _SECONDS,
        ticks: Callable[[], float] = ticks,
    ) -> None:
        self._url = remote_of(url)
        self._folder = GitFolder(folder, seconds, ticks)
        self._git = self._folder.git
        self._texts: dict[str, str] = {}  # commits never change
        self._seen = f"refs/seen/{hashlib.sha256(url.encode()).hexdigest()[:16]}/"

    def told_time(self) -> datetime | None:
        """Give the time of an HTTP remote; None for others, and before it was asked."""
        return self._folder.told_time()

    def read(self, ref: str) -> tuple[str | None, str | None]:
        """Give the commit of a ref and its message; raises what git/said lists."""
        listed = self._git("ls-remote", "--refs", self._url, ref)
        if listed.code:
            raise trouble(self._url, listed)
        lines = [line.partition("\t") for line in listed.out.splitlines()]
        sha = next((sha for sha, _, name in lines if name == ref), None)
        if sha is None:
            return None, None
        text = self._text(sha)
        if text is None:  # where it has moved on by now, this commit is one of its parents
            wanted = f"+{ref}:{self._seen}{ref}"
            fetched = self._git(*_QUICK, "fetch", "--quiet", "--no-tags", self._url, wanted)
            text = self._text(sha)
            if text is None:
                raise trouble(self._url, fetched)
        return sha, text

    def texts(self, space: str) -> list[tuple[str, str]]:
        """Give every ref whose name begins like this with its message, in one fetch."""
        kept = f"{self._seen}{space}"
        words = ("fetch", "--quiet", "--no-tags", "--prune", self._url, f"+{space}*:{kept}*")
        fetched = self._git(*words)
        if ".lock'" in fetched.err:  # another one of ours at the same time, or one that was killed
            self._folder.unlock()
            fetched = self._git(*words)
        if fetched.code:
            raise trouble(self._url, fetched)
        listed = self._git("for-each-ref", "--format=%(refname) %(contents)%00", kept)
        found = [one.strip().partition(" ") for one in listed.out.split("\0") if one.strip()]
        return [(name.removeprefix(self._seen), text.strip()) for name, _, text in found]

    def swap(self, ref: str, version: str | None, text: str) -> bool:
        """Replace a commit; False when another is there, Retriable when nobody knows."""
        sha = self._commit(version, text)
        lease = f"--force-with-lease={ref}:{version or ''}"
        words = ["push", "--porcelain", "--no-verify", lease, self._url, f"{sha}:{ref}"]
        pushed = self._git(*_QUICK, *words)
        if pushed.code and not has_moved(pushed):
            raise trouble(self._url, pushed)
        return pushed.code == 0

    def _text(self, sha: str) -> str | None:
        """Give a commit's message where it is here."""
        if sha not in self._texts:
            shown = self._git("cat-file", "commit", sha)
            if shown.code:
                return None
            self._keep(sha, shown.out.partition("\n\n")[2].strip())
        return self._texts[sha]

    def _keep(self, sha: str, text: str) -> None:
        if len(self._texts) >= _MANY:
            self._texts.clear()
        self._texts[sha] = text

    def _commit(self, version: str | None, text: str) -> str:
        above = ("-p", version) if version else ()
        made = self._git(*WHO, "commit-tree", _EMPTY_TREE, *above, "-m", text)
        if made.code:
            raise LocalFault(f"git could not keep a claim: {said(made)}", "Run `git --version`.")
        self._keep(made.out.strip(), text)
        return made.out.strip()
