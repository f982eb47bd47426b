"""Refs of a remote as chains of texts, each replaced only as it was read: the port of local/lease.

Every text is a commit with an empty tree whose parent is the one it replaces. Objects are kept in
a bare repository of our own, so that the working repository never sees them.
https://git-scm.com/docs/git-push#_output
"""

import hashlib
from datetime import datetime
from pathlib import Path

from panopticon.errors import AuthFailed, LocalFault, PanError, Retriable
from panopticon.local.run import Outcome, run

_SECONDS = 30.0
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_WHO = ("-c", "user.name=panopticon", "-c", "user.email=panopticon@localhost")
_MOVED = ("stale info", "fetch first", "non-fast-forward", "cannot lock ref", "already exists")
_GATE = ("hook declined", "prohibited", "protected", "deny", "hidden ref")
_DOOR = ("authentication failed", "permission denied", "could not read username", "access denied")


class GitRefs:
    """The refs of one remote; `folder` keeps the objects."""

    def __init__(self, url: str, folder: Path, seconds: float = _SECONDS) -> None:
        self._url = url
        self._folder = folder
        self._seconds = seconds

    def told_time(self) -> datetime | None:
        """Give no time: git itself tells none."""
        return None

    def read(self, ref: str) -> tuple[str | None, str | None]:
        """Give the commit of a ref and its message; raises Retriable, AuthFailed."""
        self._prepare()
        listed = self._git("ls-remote", "--refs", self._url, ref)
        if listed.code:
            raise self._trouble(listed)
        sha = listed.out.partition("\t")[0].strip()
        if not sha:
            return None, None
        shown = self._git("cat-file", "commit", sha)
        if shown.code:
            fetched = self._git("fetch", "--quiet", "--no-tags", self._url, ref)
            if fetched.code:
                raise self._trouble(fetched)
            shown = self._git("cat-file", "commit", sha)
            if shown.code:  # it moved on between the two: read it anew
                return self.read(ref)
        return sha, shown.out.partition("\n\n")[2].strip()

    def texts(self, space: str) -> list[str]:
        """Give the messages of every ref whose name begins like this, in one fetch."""
        self._prepare()
        kept = f"refs/seen/{hashlib.sha256(self._url.encode()).hexdigest()[:16]}/"
        fetched = self._git(
            "fetch", "--quiet", "--no-tags", "--prune", self._url, f"+{space}*:{kept}*"
        )
        if fetched.code:
            raise self._trouble(fetched)
        listed = self._git("for-each-ref", "--format=%(contents)%00", kept)
        return [one.strip() for one in listed.out.split("\0") if one.strip()]

    def swap(self, ref: str, version: str | None, text: str) -> bool:
        """Replace a commit; False when another is there, Retriable when nobody knows."""
        sha = self._commit(version, text)
        lease = f"--force-with-lease={ref}:{version or ''}"
        pushed = self._git("push", "--porcelain", "--no-verify", lease, self._url, f"{sha}:{ref}")
        if pushed.code == 0:
            return True
        told = f"{pushed.out}\n{pushed.err}".lower()
        if "rejected]" in told and any(word in told for word in _MOVED):
            return False
        raise self._trouble(pushed)

    def push_with(self, ref: str, version: str, text: str, work: Path, branch: str) -> bool:
        """Push a branch of a working repository and a replaced ref: both, or neither.

        A stale holder loses both: this is where fencing is exact. False when the ref has moved.
        """
        head = f"refs/heads/{branch}"
        fetched = self._git("fetch", "--quiet", "--no-tags", str(work), head)
        if fetched.code:
            raise LocalFault(f"There is no branch {branch} in {work}: {_said(fetched)}", "Make it.")
        tip = self._git("rev-parse", "FETCH_HEAD").out.strip()
        sha = self._commit(version, text)
        words = ["push", "--porcelain", "--atomic", f"--force-with-lease={ref}:{version}"]
        pushed = self._git(*words, self._url, f"{tip}:{head}", f"{sha}:{ref}")
        if pushed.code == 0:
            return True
        told = f"{pushed.out}\n{pushed.err}".lower()
        if "stale info" in told or "cannot lock ref" in told:
            return False
        raise self._trouble(pushed)

    def _commit(self, version: str | None, text: str) -> str:
        above = ("-p", version) if version else ()
        made = self._git(*_WHO, "commit-tree", _EMPTY_TREE, *above, "-m", text)
        if made.code:
            raise LocalFault(f"git could not keep a claim: {_said(made)}", "Run `git --version`.")
        return made.out.strip()

    def _prepare(self) -> None:
        if (self._folder / "objects").is_dir():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        made = run(["git", "init", "--quiet", "--bare", str(self._folder)], timeout=self._seconds)
        if made.code:
            raise LocalFault(f"git could not make {self._folder}: {_said(made)}", "Look at it.")
        self._git("hash-object", "-t", "tree", "-w", "/dev/null")

    def _git(self, *words: str) -> Outcome:
        try:
            return run(["git", "-C", str(self._folder), *words], timeout=self._seconds)
        except LocalFault as error:
            if "did not answer" in error.message:
                raise Retriable(f"{self._url} did not answer.", "Is it reachable?") from error
            raise

    def _trouble(self, outcome: Outcome) -> PanError:
        """Class what git says: a closed door, a closed namespace, or a network."""
        told = f"{outcome.out}\n{outcome.err}".lower()
        if any(word in told for word in _GATE):
            return LocalFault(
                f"The remote refuses refs/panopticon: {_said(outcome)}",
                "Allow pushes to refs/panopticon/* there, or choose another arbiter together.",
            )
        if any(word in told for word in _DOOR):
            return AuthFailed(f"The remote refuses you: {_said(outcome)}", "Sign in to git.")
        return Retriable(f"No word from the remote: {_said(outcome)}", "Try again in a moment.")


def _said(outcome: Outcome) -> str:
    lines = [one.strip() for one in (outcome.err or outcome.out).splitlines() if one.strip()]
    return next((one for one in lines if one.startswith(("fatal", "error", "!"))), "nothing said")
