"""Who holds an item, shown where the team looks: in the lock fields, else in one comment.

It decides nothing. Only fields that the workspace has are written; where the holder has no place,
a comment tells people about each claim once, and nothing reads it back as a lock.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from panopticon.errors import Unsupported
from panopticon.model.claim import Claim
from panopticon.model.issue import Issue, Json
from panopticon.trackers.rally import lock_words
from panopticon.trackers.rally.ask import Ask
from panopticon.trackers.rally.items import POST, Items
from panopticon.trackers.rally.lock_words import Said
from panopticon.trackers.rally.mapping import type_of
from panopticon.trackers.rally.query import Term, stamp
from panopticon.trackers.rally.record import Record, oid_of, path_of, text, words
from panopticon.trackers.rally.schema import Schema
from panopticon.trackers.rally.settings import RallySettings
from panopticon.trackers.rally.verdict import ignored_fields

_LOOK_AGAIN = 600.0  # seconds: an administrator may have added the fields meanwhile
_POSTS = 200
_NAMES = {"hierarchicalrequirement": "Stories", "defect": "Defects", "task": "Tasks"}


@dataclass(slots=True)
class Projection:
    """Shows claims on the items of one connection; `post` adds a comment, once."""

    items: Items
    schema: Schema
    settings: RallySettings
    post: Callable[[Record, str], object]
    looked: dict[str, float] = field(default_factory=dict)
    warned: set[str] = field(default_factory=set)
    told: dict[str, tuple[str, int]] = field(default_factory=dict)

    def show(self, key: str, claim: Claim | None, arbiter: str) -> Issue:
        """Write who holds an item, or that nobody does; returns it as Rally has it then.

        Raises Unsupported for a portfolio item, AuthFailed where the key may not write.
        """
        record = self.items.record(key)
        type_path = type_of(record)
        if type_path.lower().startswith("portfolioitem/"):
            raise Unsupported(
                f"{text(record, 'FormattedID')} is a {type_path.rpartition('/')[2].lower()}: "
                "nobody holds a whole one.",
                "Check out a story or a defect below it.",
            )
        wanted = self._wanted(record, claim, arbiter)
        there: Mapping[str, Json] = self._there(type_path, wanted)
        if there:
            record, there = self._written(record, there)
        if self.settings.fields.locked_by not in there:
            self._say(record, claim, arbiter)
        elif missing := [name for name in wanted if name not in there]:
            self._warn(type_path, missing)
        return self.items.told(record)

    def _wanted(self, record: Record, claim: Claim | None, arbiter: str) -> dict[str, Json]:
        """Spell a claim in the fields that are configured."""
        names = self.settings.fields
        body: dict[str, Json] = {
            names.locked_by: claim.holder if claim else None,
            names.locked_at: stamp(claim.locked_at) if claim else None,
            names.lock_expiry: stamp(claim.expires_at) if claim else None,
        }
        if claim and claim.branch:  # the branch outlives the claim: the work lies there
            body[names.branch] = claim.branch
        is_ours = arbiter not in {"", lock_words.OWN} or lock_words.is_sign(
            text(record, names.token)
        )
        if is_ours and arbiter != lock_words.OWN:
            body[names.token] = lock_words.sign_of(arbiter) if claim and arbiter else None
        return {name: value for name, value in body.items() if name}

    def _there(self, type_path: str, wanted: Mapping[str, Json]) -> dict[str, Json]:
        """Leave out what the type lacks; looks again now and then before it says so."""
        known = self.schema.attributes(type_path)
        if any(name not in known for name in wanted) and self._may_look(type_path):
            self.schema.look_at_fields_again(type_path)
            known = self.schema.attributes(type_path)
        if not known:  # nothing is told of the type: the write will
            return dict(wanted)
        return {
            name: value
            for name, value in wanted.items()
            if name in known and not known[name].read_only
        }

    def _may_look(self, type_path: str) -> bool:
        now = self.items.wsapi.http.policy.monotonic()
        before = self.looked.get(type_path)
        if before is not None and now - before < _LOOK_AGAIN:
            return False
        self.looked[type_path] = now
        return True

    def _written(
        self, record: Record, body: Mapping[str, Json]
    ) -> tuple[Record, Mapping[str, Json]]:
        """Write the fields; gives the item and those that Rally took."""
        type_path = type_of(record)
        written = self.items.wsapi.update(path_of(record), body, self.items.fields_of(type_path))
        ignored = {name.lower() for name in ignored_fields(words(written.get("Warnings")))}
        if ignored:
            self.schema.look_at_fields_again(type_path)
        return written, {n: value for n, value in body.items() if n.lower() not in ignored}

    def _warn(self, type_path: str, missing: list[str]) -> None:
        """Tell in the log what a claim is shown without, once in a run."""
        names = self.settings.fields
        worth = [name for name in missing if name != names.token]
        if not worth or type_path in self.warned:
            return
        self.warned.add(type_path)
        logging.getLogger("panopticon.rally").warning(
            "%s in Rally lack %s: claims are shown without. `pan rally setup-fields` adds it.",
            _NAMES.get(type_path.lower(), type_path),
            ", ".join(worth),
        )

    def _say(self, record: Record, claim: Claim | None, arbiter: str) -> None:
        """Comment on a claim or its end, unless that was said before."""
        oid = oid_of(record)
        now = (lock_words.plain_arbiter(arbiter), claim.fence) if claim else None
        if now is not None and self.told.get(oid) == now:
            return
        last = self._last_said(record)
        if claim and not _covers(last, claim, arbiter):
            self.post(record, lock_words.locked(claim, arbiter))
        elif claim is None and last and last.is_lock:
            self.post(record, lock_words.freed(last, self.items.wsapi.server_now()))
        if now:
            self.told[oid] = now
        else:
            self.told.pop(oid, None)

    def _last_said(self, record: Record) -> Said | None:
        """Find our newest comment on an item."""
        wanted = Term("Artifact", "=", path_of(record))
        order = "CreationDate desc,ObjectID desc"
        ask = Ask("conversationpost", POST, wanted, order=order, size=_POSTS)
        rows = self.items.wsapi.query(ask).records
        said = (lock_words.said_from(text(row, "Text")) for row in rows)
        return next((one for one in said if one is not None), None)


def _covers(last: Said | None, claim: Claim, arbiter: str) -> bool:
    """Tell whether a comment speaks of this claim already, or of a later one."""
    return (
        last is not None
        and last.arbiter == lock_words.plain_arbiter(arbiter)
        and last.fence >= claim.fence
    )
