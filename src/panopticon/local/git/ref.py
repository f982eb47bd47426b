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
from panopticon.local.run import Outcome

_SECONDS = 30.0
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_QUICK = ("-c", "gc.auto=0", "-c", "maintenance.auto=false")
_MANY = 1000
_SHOWN = "%(refname) %(if:equals=commit)%(objecttype)%(then)%(contents)%(end)%00"


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
        """Give the commit of a ref and its message; raises what git/said lists.

        What is no commit has the message of nothing.
        """
        return self._folder.whole(lambda: self._read(ref))

    def texts(self, space: str) -> list[tuple[str, str]]:
        """Give every ref whose name begins like this with its message, in one fetch."""
        return self._folder.whole(lambda: self._all(space))

    def swap(self, ref: str, version: str | None, text: str) -> bool:
        """Replace a commit; False when another is there, Retriable when nobody knows."""

        def again() -> bool:
            self._texts.clear()
            if self._read(ref)[0] != version:  # brings the parent back, too
                return False
            return self._swap(ref, version, text)

        return self._folder.whole(lambda: self._swap(ref, version, text), again)

    def _read(self, ref: str) -> tuple[str | None, str | None]:
        sha = dict(self._listed(ref)).get(ref)
        if sha is None:
            return None, None
        text = self._text(sha)
        if text is None:  # where it has moved on by now, this commit is one of its parents
            wanted = f"+{ref}:{self._seen}{ref}"
            fetched = self._fetch(*_QUICK, "fetch", "--quiet", "--no-tags", self._url, wanted)
            text = self._text(sha)
            if text is None and self._git("cat-file", "-e", sha).code:
                raise trouble(self._url, fetched)
        return sha, text or ""

    def _all(self, space: str) -> list[tuple[str, str]]:
        kept = f"{self._seen}{space}"
        words = ("fetch", "--quiet", "--no-tags", "--prune", self._url, f"+{space}*:{kept}*")
        fetched = self._fetch(*_QUICK, *words)
        if _is_locked(fetched):  # by a git that was killed; its objects have come all the same
            return [(ref, self._text(sha) or "") for ref, sha in self._listed(f"{space}*")]
        if fetched.code:
            raise trouble(self._url, fetched)
        listed = self._git("for-each-ref", f"--format={_SHOWN}", kept)
        found = [one.strip().partition(" ") for one in listed.out.split("\0") if one.strip()]
        return [(name.removeprefix(self._seen), text.strip()) for name, _, text in found]

    def _swap(self, ref: str, version: str | None, text: str) -> bool:
        sha = self._commit(version, text)
        lease = f"--force-with-lease={ref}:{version or ''}"
        words = ["push", "--porcelain", "--no-verify", lease, self._url, f"{sha}:{ref}"]
        pushed = self._git(*_QUICK, *words)
        if pushed.code and not has_moved(pushed):
            raise trouble(self._url, pushed)
        return pushed.code == 0

    def _listed(self, pattern: str) -> list[tuple[str, str]]:
        """Ask the remote for refs and their commits."""
        listed = self._git("ls-remote", "--refs", self._url, pattern)
        if listed.code:
            raise trouble(self._url, listed)
        rows = (line.partition("\t") for line in listed.out.splitlines())
        return [(name, sha) for sha, _, name in rows if name]

    def _fetch(self, *words: str) -> Outcome:
        """Fetch, one at a time in this folder: the refs where we keep what was seen are shared."""
        with self._folder.alone():
            fetched = self._git(*words)
            if _is_locked(fetched):
                self._folder.unlock()
                fetched = self._git(*words)
            return fetched

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


def _is_locked(fetched: Outcome) -> bool:
    return "cannot lock ref" in fetched.err or ".lock'" in fetched.err
