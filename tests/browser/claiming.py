"""Two people at their own boards, one store, one tracker, and one arbiter that decides."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, Page

from panopticon.config import Config, Source
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.ref import IssueRef
from panopticon.services.claim import shown
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.context import Context
from panopticon.store.base import Store
from panopticon.trackers.base import Tracker
from tests.browser.acting import Acting, TeamAtWork
from tests.web.claims import on_clock
from tests.web.fakes import story, team_store
from tests.web.served import served
from tests.web.trackers import ADA, ME, Clock

PHONE = {"width": 390, "height": 844}


class StillClock(Clock):
    """Stands where it is until it is told to go on."""

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Office:
    """The desks of Maya, who sits before the board, and of Ada, who has another."""

    maya: Acting
    ada: Acting
    clock: StillClock
    desks: dict[str, Desk]

    @property
    def store(self) -> Store:
        return self.maya.store

    def take(self, who: str, key: str, hours: float = 24.0) -> Claim:
        """Check out as somebody does in a terminal."""
        at, ref = self.desks[who], IssueRef("rally", key)
        name = f"story/US-{key[2:]}"
        claim = at.arbiter.ask(
            Ask(Act.TAKE, at.key(ref), at.holder, at.session, hours * 3600, name)
        )
        shown.learn(at, ref, claim, Act.TAKE)
        shown.show(at, ref, claim)
        return claim

    def add(self, key: str, title: str) -> None:
        """Have one more story, of the epic."""
        made = story(key, title, parent=IssueRef("rally", "F17"))
        self.maya.tracker.put(replace(made, version="1"))
        self.store.put(made, self.clock())


def hears_nothing(page: Page) -> None:
    """Have a page go on with the cards it has: however it learns of a change, it reads no board."""
    page.route("**/api/board?*", lambda route: route.abort())


def held_by(office: Office, key: str) -> str | None:
    """Say who holds a story by the arbiter's record."""
    at = office.desks["maya"]
    claim = at.arbiter.read(at.key(IssueRef("rally", key)))
    return claim.holder if claim and claim.is_held(office.clock()) else None


@contextmanager
def office_at(home: Path, chromium: Browser) -> Iterator[Office]:
    """Run a board for each of two people."""
    store, clock = team_store(), StillClock()
    on_clock(store, clock)
    tracker = TeamAtWork(clock, store)
    with ExitStack() as boards:

        def sit(who: str) -> tuple[Acting, Desk]:
            folder = home / who.partition("@")[0]
            config = Config(
                home=folder,
                folder=folder / "northwind",
                sources=(Source("rally", "rally", secret="good"),),
                me=who,
                arbiter="store:local",
            )
            ctx = Context(config, lambda _: store, lambda _: cast("Tracker", tracker), clock)
            dashboard, ready = boards.enter_context(served(ctx))
            return Acting(tracker, store, chromium, dashboard, ready), desk(ctx)

        maya, ada = sit(ME), sit(ADA)
        laptop = replace(maya[1], session="0123456789abcdef")
        desks = {"maya": maya[1], "ada": ada[1], "maya's laptop": laptop}
        yield Office(maya[0], ada[0], clock, desks)
        tracker.gate.set()
        maya[0].close()
        ada[0].close()
