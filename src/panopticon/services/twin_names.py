"""Which items of different sources are one: the key that one carries names exactly the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from panopticon.model.ref import IssueRef, spelling_from

Names = frozenset[str]
_KEPT = 100_000  # the same keys are asked for with every event


@dataclass(frozen=True, slots=True)
class Joined:
    """The other side of a pair; `folds`: this side carries the key and stands below the other."""

    ref: IssueRef
    folds: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """What a carried key may name: a source, if it says one, and folded keys."""

    text: str
    tracker: str | None
    names: Names


@dataclass
class Twins:
    """Items by what they are called and what they claim to be; a pair is two that fit alone.

    Two that claim the same item, or a key that several items have, join nothing: `problem` says so.
    """

    _names: dict[IssueRef, Names] = field(default_factory=dict)
    _claims: dict[IssueRef, Claim] = field(default_factory=dict)
    _called: dict[str, set[IssueRef]] = field(default_factory=dict)
    _claimed: dict[str, set[IssueRef]] = field(default_factory=dict)

    def __contains__(self, ref: IssueRef) -> bool:
        """Tell whether an item is known here."""
        return ref in self._names

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody claims anything."""
        return not self._claims

    @property
    def claimers(self) -> Iterable[IssueRef]:
        """Name the items that carry a key."""
        return self._claims.keys()

    def put(self, ref: IssueRef, twin_key: str | None) -> None:
        """Keep an item and the key that it carries."""
        self.drop(ref)
        self._names[ref] = called(ref.key)
        for name in self._names[ref]:
            self._called.setdefault(name, set()).add(ref)
        if twin_key and (claim := claim_from(twin_key)).names:
            self._claims[ref] = claim
            for name in claim.names:
                self._claimed.setdefault(name, set()).add(ref)

    def drop(self, ref: IssueRef) -> None:
        """Forget an item."""
        for name in self._names.pop(ref, ()):
            _discard(self._called, name, ref)
        if claim := self._claims.pop(ref, None):
            for name in claim.names:
                _discard(self._claimed, name, ref)

    def joined(self, ref: IssueRef) -> Joined | None:
        """Find the other side of an item; None where there is none, or not just one."""
        for other in self.meant(ref):
            if self._is_pair(ref, other):
                is_mutual = self._is_pair(other, ref)
                return Joined(other, folds=not is_mutual or ref > other)
        for other in self.claiming(ref):
            if self._is_pair(other, ref):
                return Joined(other, folds=False)
        return None

    def meant(self, ref: IssueRef) -> set[IssueRef]:
        """Name the items of other sources that an item claims to be."""
        claim = self._claims.get(ref)
        if claim is None:
            return set()
        meant = {one for one in self.answering(claim.names) if _may_mean(ref, claim, one)}
        return {one for one in meant if one.key.casefold() in claim.names} or meant

    def claiming(self, ref: IssueRef) -> set[IssueRef]:
        """Name the items of other sources that claim to be this one."""
        found = {one for name in self._names.get(ref, ()) for one in self._claimed.get(name, ())}
        return {one for one in found if _may_mean(one, self._claims[one], ref)}

    def claim(self, ref: IssueRef) -> str | None:
        """Give the key that an item carries."""
        claim = self._claims.get(ref)
        return claim.text if claim else None

    def answering(self, names: Names) -> set[IssueRef]:
        """Name the items that are called so."""
        return {one for name in names for one in self._called.get(name, ())}

    def touching(self, ref: IssueRef) -> set[IssueRef]:
        """Name an end at least of each pair that may change with this item's coming, going, claim.

        To be asked before and after the change.
        """
        claim = self._claims.get(ref)
        names = self._names.get(ref, frozenset()) | (claim.names if claim else frozenset())
        claiming = {one for name in names for one in self._claimed.get(name, ())}
        return self.answering(names) | claiming

    def problem(self, ref: IssueRef) -> str | None:
        """Say why an item that carries a key, or that is claimed, is not joined."""
        if self.joined(ref):
            return None
        claim, meant = self._claims.get(ref), self.meant(ref)
        if claim and len(meant) > 1:
            return f"{ref} carries {claim.text}, which may be {_listed(meant)}: not joined."
        claiming = {one for other in meant for one in self.claiming(other)}
        claiming |= self.claiming(ref)
        if len(claiming) > 1:
            name = next(iter(meant), ref)
            word = "both" if len(claiming) == 2 else "all"  # noqa: PLR2004 - a pair
            return f"{_listed(claiming, 'and')} {word} carry the key of {name}: not joined."
        if meant:
            other = meant.pop()
            return f"{ref} carries the key of {other}, which carries another's: not joined."
        return None

    def problems(self) -> Iterator[str]:
        """Say everything that is not joined though somebody carries its key, each once."""
        found = (self.problem(ref) for ref in sorted(self._claims))
        yield from dict.fromkeys(text for text in found if text)

    def _is_pair(self, ref: IssueRef, other: IssueRef) -> bool:
        """Tell whether one claims the other, alone, and the other nobody else."""
        if self.meant(ref) != {other} or self.claiming(other) != {ref}:
            return False
        return other not in self._claims or ref in self.meant(other)


@lru_cache(maxsize=_KEPT)
def called(key: str) -> Names:
    """Give what an item answers to: `repo#45` for `owner/repo#45`, `1.2` for `app#1.2`."""
    names = {key.casefold()}
    before, sign, number = key.casefold().rpartition("#")
    if sign:
        names.add(f"{before.rpartition('/')[2]}#{number}")
        if not number.isdecimal():
            names.add(number)
    return frozenset(names)


@lru_cache(maxsize=_KEPT)
def claim_from(text: str) -> Claim:
    """Read the key that an item carries."""
    spelling = spelling_from(text)
    tracker = spelling.tracker.casefold() if spelling.tracker else None
    return Claim(text, tracker, frozenset(key.casefold() for key in spelling.keys if key))


def _may_mean(ref: IssueRef, claim: Claim, other: IssueRef) -> bool:
    return other.tracker != ref.tracker and claim.tracker in {None, other.tracker.casefold()}


def _listed(refs: Iterable[IssueRef], word: str = "or") -> str:
    return f" {word} ".join(map(str, sorted(refs)))


def _discard(sets: dict[str, set[IssueRef]], name: str, ref: IssueRef) -> None:
    sets[name].discard(ref)
    if not sets[name]:
        del sets[name]
