"""What binds the items of a cache: our own links, and those that two sources have."""

from dataclasses import dataclass

import orjson

from panopticon.model.link import Link, by_end
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.services.twin import all_twins
from panopticon.services.twin_names import Twins
from panopticon.store.base import Outline

Known = dict[IssueRef, Outline]


@dataclass(frozen=True, slots=True)
class Beside:
    """What there is of the configured sources, links (also those asleep) by end, who has a twin."""

    known: Known
    links: dict[IssueRef, list[Link]]
    twins: Twins

    def of(self, refs: set[IssueRef]) -> set[IssueRef]:
        """Name the items whose files say something of these: linked, or their other side."""
        linked = {end for ref in refs for one in self.links.get(ref, ()) for end in one.ends}
        return linked | {pair.ref for ref in refs if (pair := self.twins.joined(ref))}

    def links_of(self, ref: IssueRef) -> list[Link]:
        """Give the links of an item whose other end is here."""
        return [one for one in self.links.get(ref, ()) if one.other(ref) in self.known]

    def pairs(self) -> str:
        """Spell who is whose twin, to be compared when the cache is written next."""
        both = ((ref, self.twins.joined(ref)) for ref in self.twins.claimers)
        told = {str(ref): str(pair.ref) for ref, pair in both if pair}
        return orjson.dumps(told).decode()

    def parted(self, pairs: str | None) -> set[IssueRef]:
        """Name the items that found or lost their other side since these pairs were spelled."""
        if pairs == self.pairs():
            return set()
        before, after = orjson.loads(pairs or "{}"), orjson.loads(self.pairs())
        changed = {one for pair in before.items() ^ after.items() for one in pair}
        return {ref for ref in self.known if str(ref) in changed}


def beside_of(ctx: Context) -> Beside:
    """Read what there is: items of another folder's sources are not this cache's."""
    known = {one.ref: one for one in ctx.store.outline() if one.ref.tracker in ctx.names}
    return Beside(known, by_end(ctx.store.links()), all_twins(ctx, known))
