"""A workshop: one git remote that decides and takes pushes; everybody has a clone and a store."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from panopticon.config import Config, Source
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.issue import IssueFilter
from panopticon.model.ref import IssueRef
from panopticon.services.claim import shown
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.context import Context
from panopticon.store.registry import memory_store
from panopticon.store.rowstore import RowStore
from tests.claims import templates
from tests.claims.office import Office


def git(folder: Path, *words: str, is_fine: bool = True) -> subprocess.CompletedProcess[str]:
    """Run git as a person would; `is_fine`: it must succeed."""
    name = ["-c", "user.name=x", "-c", "user.email=x@x"]
    line = ["git", *name, "-C", str(folder), *words]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not is_fine, done.stderr
    return done


def commit(folder: Path, name: str = "a.txt", *words: str) -> None:
    """Add a file and commit it."""
    (folder / name).write_text(name)
    git(folder, "add", name)
    git(folder, "commit", "-qm", name, *words)


@dataclass
class Workshop(Office):
    """Machines of their own: what one learns the others do not know."""

    remote: Path = field(init=False)
    stores: dict[str, RowStore] = field(default_factory=dict)
    arbiter: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.remote = templates.served(self.root)
        self.arbiter = self.arbiter or f"git:{self.remote}"

    @property
    def seed(self) -> Path:
        """Give the repository that main came from, made on first use; it has no remote."""
        folder = self.root / "seed"
        return folder if folder.is_dir() else templates.started(folder)

    def repository(self, who: str) -> Path:
        folder = self.root / who / "repo"
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            templates.cloned(self.remote, folder)
        return folder

    def desk(self, who: str, place: str = "") -> Desk:
        config = Config(
            home=self.root / who / "home",
            folder=self.repository(who + place),
            sources=(Source("rally", "memory"),),
            default_tracker="rally",
            me=f"{who}@example.com",
            arbiter=self.arbiter,
        )
        if who not in self.stores:
            made = memory_store()
            assert isinstance(made, RowStore)
            self.stores[who] = made
        for one in self.store.issues(IssueFilter()):
            if self.stores[who].issue(one.ref) is None:
                self.stores[who].put(one, self.now)
        tracker = self.tracker
        ctx = Context(config, lambda _: self.stores[who], lambda _: tracker, self.clock)
        return desk(ctx)

    def take(self, here: Desk, key: str, act: Act = Act.TAKE, hours: float = 2) -> Claim:
        """Take a story and stand on its branch, as a checkout leaves it."""
        ref = IssueRef("rally", key)
        ask = Ask(act, here.key(ref), here.holder, here.session, hours * 3600, branch_of(key))
        claim = here.arbiter.ask(ask)
        shown.learn(here, ref, claim, act)
        folder = here.ctx.config.folder
        if git(folder, "branch", "--show-current").stdout.strip() != claim.branch:
            git(folder, "switch", "-q", "-c", branch_of(key))
        return claim


def branch_of(key: str) -> str:
    return f"story/{key}-x"
