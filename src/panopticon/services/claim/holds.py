"""Who holds what, as far as one look tells: the arbiter's records, else what is known here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from panopticon.model.claim import FINISHED, Claim, Known
from panopticon.model.issue import Issue, State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.claim.desk import Desk, item_of
from panopticon.services.claim.lag import is_ours


@dataclass
class Holds:
    """One look at all claims, made when it is first needed and not again."""

    desk: Desk

    @cached_property
    def records(self) -> dict[str, Claim] | None:
        """Read every record there is; None where the arbiter would have to be asked one by one."""
        found = self.desk.arbiter.records()
        return None if found is None else {one.key: one for one in found}

    @cached_property
    def known(self) -> dict[str, Known]:
        """Read what this machine has seen."""
        return {one.claim.key: one for one in self.desk.ctx.store.known_claims()}

    @cached_property
    def at(self) -> datetime:
        """Tell the time by which claims end."""
        return self.desk.arbiter.now() if self.records is not None else self.desk.ctx.now()

    def holder(self, story: Issue) -> str | None:
        """Tell who seems to hold a story; only the arbiter, asked for it, decides."""
        key, lease = self.desk.key(story.ref), story.lease
        claim = self._claim(key)
        if claim and claim.is_held(self.at):
            return claim.holder
        if lease is None or not lease.is_held(self.at):
            return None
        is_stale = claim is not None and self.records is not None and is_ours(lease, claim)
        return None if is_stale else lease.holder

    def finished(self, story: Issue) -> Claim | None:
        """Give the claim under which a story's work was finished; None where it begins anew.

        Where its status is changed on its branch, elsewhere the story still looks free. Who moves
        it back to where nobody has begun opens it again.
        """
        claim = self._claim(self.desk.key(story.ref))
        if claim is None or not claim.is_released or claim.reason != FINISHED:
            return None
        is_unstarted = story.state in {State.BACKLOG, State.PLANNING}
        return None if is_unstarted and story.updated_at > claim.locked_at else claim

    def _claim(self, key: str) -> Claim | None:
        if self.records is not None:
            return self.records.get(key)
        known = self.known.get(key)
        return known.claim if known else None

    def of(self, holder: str) -> list[Claim]:
        """Read the claims of a person that count: exact where there are records, else best effort.

        Without records the claims that this machine knows or sees shown are asked for one by one.
        """
        if self.records is not None:
            found: Iterable[Claim | None] = self.records.values()
        else:
            found = (self.desk.arbiter.read(key) for key in sorted(self._likely(holder)))
        wanted = holder.casefold()
        return [
            one for one in found if one and one.is_held(self.at) and one.holder.casefold() == wanted
        ]

    def _likely(self, holder: str) -> set[str]:
        wanted, at = holder.casefold(), self.desk.ctx.now()
        known = {key for key, one in self.known.items() if one.claim.holder.casefold() == wanted}
        known = {key for key in known if not self.known[key].claim.is_released}
        return known | {
            self.desk.key(one.ref)
            for one in self._leased()
            if one.lease and one.lease.is_held(at) and one.lease.holder.casefold() == wanted
        }

    def every(self) -> list[tuple[IssueRef, Claim]]:
        """Read all claims on items of these trackers that keep others away, the first to end first.

        Those too that have ended, and are not free for others yet because clocks may differ.
        """
        at, skew = self.desk.arbiter.now(), self.desk.skew
        found = ((self._ref(key), one) for key, one in self._read.items() if one.is_held(at, skew))
        counting = [(ref, one) for ref, one in found if ref]
        return sorted(counting, key=lambda pair: (pair[1].expires_at, pair[0]))

    def by_hand(self) -> list[tuple[Issue, Lease]]:
        """Find the locks that somebody set in a tracker, and no arbiter granted."""
        shown = [(one, one.lease, self._read.get(self.desk.key(one.ref))) for one in self._leased()]
        return [
            (one, lease)
            for one, lease, claim in shown
            if lease and lease.is_held(self.at) and not is_ours(lease, claim)
        ]

    @cached_property
    def _read(self) -> dict[str, Claim]:
        """Read the claims on items of these trackers: all at once, else one by one."""
        if self.records is not None:
            return self.records
        keys = self.known.keys() | {self.desk.key(one.ref) for one in self._leased()}
        read = {key: self.desk.arbiter.read(key) for key in sorted(keys) if self._ref(key)}
        return {key: claim for key, claim in read.items() if claim}

    def _leased(self) -> list[Issue]:
        ctx = self.desk.ctx
        return [one for one in ctx.store.leased() if one.ref.tracker in ctx.names]

    def _ref(self, key: str) -> IssueRef | None:
        """Give the item of a key; None for those of other projects."""
        return item_of(key, self._places)

    @cached_property
    def _places(self) -> dict[str, str]:
        """Map how keys begin to the names of these trackers."""
        ctx = self.desk.ctx
        return {ctx.tracker(name).identity(): name for name in ctx.names}
