"""Real repositories for tests, with people, dates and no settings of this machine."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from panopticon.config.layer import environment
from panopticon.local.disk import LocalDisk, LocalFolder


@dataclass(frozen=True, slots=True)
class Repo:
    """A repository and what one does in it."""

    path: Path

    def git(self, *words: str, **more: str) -> str:
        """Run git as Ann; gives what it prints."""
        said = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", **more}
        done = subprocess.run(
            ["git", *words],
            cwd=self.path,
            env={**environment(), **said},
            check=True,
            capture_output=True,
        )
        return done.stdout.decode().strip()

    def put(self, path: str, text: str) -> Path:
        """Write a file."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        return file

    def save(self, message: str = "Work", at: int = 1_700_000_000, name: str = "Ann") -> str:
        """Commit all there is, at a time in seconds since 1970; gives its name."""
        email = f"{name.lower()}@example.com"
        who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email}
        told = {"GIT_AUTHOR_DATE": f"@{at} +0000", "GIT_COMMITTER_DATE": f"@{at} +0000"}
        self.git("add", "-A")
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", message, **who, **told)
        return self.git("rev-parse", "HEAD")

    def open(self, inside: str = "") -> LocalFolder:
        """Open it, or a folder in it, as Panopticon does."""
        return LocalDisk().open(str(self.path / inside))


def made(path: Path, *words: str) -> Repo:
    """Make an empty repository."""
    path.mkdir(parents=True, exist_ok=True)
    repo = Repo(path)
    repo.git("init", "--quiet", "--initial-branch=main", *words)
    repo.git("config", "user.name", "Ann")
    repo.git("config", "user.email", "ann@example.com")
    return repo
