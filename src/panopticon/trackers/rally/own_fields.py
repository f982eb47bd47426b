"""The fields that a workspace needs for claims and progress: which are there, and making them.

Rally can never delete a custom field nor change its type, so nothing is created twice and nothing
on a guess: a lost reply is looked up, and where that tells nothing, the next run goes on.
https://knowledge.broadcom.com/external/article?articleId=75112 (AttributeDefinition)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from panopticon.errors import InvalidInput, NotFound, Retriable
from panopticon.model.issue import Kind
from panopticon.trackers.base import FieldStanding, OwnField, Place
from panopticon.trackers.faults import LostReply
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.definitions import Definitions
from panopticon.trackers.rally.record import text
from panopticon.trackers.rally.schema import TYPES, Attribute, Schema
from panopticon.trackers.rally.settings import FieldNames
from panopticon.trackers.rally.territory import Territory

_LOOKS = (0.0, 2.0, 8.0)  # replicas may lag 8 s behind
_TEXTS = frozenset({"STRING", "TEXT"})
_NUMBERS = frozenset({"DECIMAL", "QUANTITY", "INTEGER"})
_DATES = frozenset({"DATE"})


@dataclass(frozen=True, slots=True)
class Need:
    """A field we need: its plain name, the type to make, the types that do, how it is named."""

    purpose: str
    type: str
    fitting: frozenset[str]
    named: Callable[[FieldNames], str]
    may_be_listed: bool = False  # a drop-down does as well


NEEDS = (
    Need("LockedBy", "STRING", _TEXTS, lambda names: names.locked_by),
    Need("LockedAt", "DATE", _DATES, lambda names: names.locked_at),
    Need("LockExpiry", "DATE", _DATES, lambda names: names.lock_expiry),
    Need("Branch", "STRING", _TEXTS, lambda names: names.branch),
    Need("Coverage", "DECIMAL", _NUMBERS, lambda names: names.coverage),
    Need("CommitSHA", "STRING", _TEXTS, lambda names: names.commit),
    Need(
        "PantheonStatus",
        "STRING",
        _TEXTS | {"DROP_DOWN"},
        lambda names: names.status,
        may_be_listed=True,
    ),
    Need("LockToken", "STRING", frozenset({"STRING"}), lambda names: names.token),
)


@dataclass(frozen=True, slots=True)
class OwnFields:
    """Looks at and adds to the types of one workspace."""

    wsapi: Wsapi
    schema: Schema
    names: FieldNames
    territory: Territory

    def workspace(self) -> Place:
        """Name the workspace that would be changed."""
        self.territory.enter()
        number = self.territory.workspace_id()
        row = self.wsapi.read(f"/workspace/{number}", ("Name",))
        return Place("workspace", number, text(row, "Name") or text(row, "_refObjectName"))

    def looked(self, kinds: Sequence[Kind]) -> list[OwnField]:
        """Read afresh what is there; a field that is switched off is left out."""
        self.territory.enter()  # else the default workspace would be looked at, and changed
        for kind in kinds:
            self.schema.look_at_fields_again(TYPES[kind])
        return [
            self._judged(kind, need, self.schema.attributes(TYPES[kind]))
            for need in NEEDS
            if need.named(self.names)
            for kind in kinds
        ]

    def _judged(self, kind: Kind, need: Need, known: dict[str, Attribute]) -> OwnField:
        element = need.named(self.names)
        found = known.get(element)
        return OwnField(
            kind=kind,
            purpose=need.purpose,
            name=element.removeprefix("c_"),  # Rally makes the element's name from it
            element=element,
            wanted=need.type,
            standing=_standing(element, need, found),
            found=found.type if found else "",
        )

    def create(self, wanted: OwnField) -> None:
        """Make a field, for good; raises AuthFailed where the key may not.

        Raises Retriable where nobody knows whether it was made; looking again tells.
        """
        body = {
            "Name": wanted.name,
            "RealAttributeType": wanted.wanted,
            "TypeDefinition": self._type(wanted.kind),
        }
        try:
            self.wsapi.create("AttributeDefinition", body)
        except LostReply as lost:
            if not self.is_there(wanted):
                raise Retriable(
                    f"{lost.message} Whether {wanted.name} was created is not known yet.",
                    "Run it again in a minute: it goes on with what is missing then.",
                ) from lost
        except InvalidInput:  # its name is taken: perhaps somebody else made it just now
            if not self.is_there(wanted):
                raise
        self.schema.look_at_fields_again(TYPES[wanted.kind])

    def is_there(self, wanted: OwnField) -> bool:
        """Tell whether a field shows; waits for a server that is behind."""
        for seconds in _LOOKS:
            if seconds:
                self.wsapi.http.policy.sleep(seconds)
            self.schema.look_at_fields_again(TYPES[wanted.kind])
            if wanted.element in self.schema.attributes(TYPES[wanted.kind]):
                return True
        return False

    def _type(self, kind: Kind) -> str:
        path = Definitions(self.wsapi).path(TYPES[kind])
        if not path:
            raise NotFound(
                f"Rally shows no definition of {TYPES[kind]} to this key.",
                "Ask an administrator of the workspace.",
            )
        return path


def _standing(element: str, need: Need, found: Attribute | None) -> FieldStanding:
    if found is None:
        is_custom = element.startswith("c_") and element[2:].isalnum() and element.isascii()
        return FieldStanding.MISSING if is_custom else FieldStanding.NO_CUSTOM_NAME
    if found.type not in need.fitting or (found.is_listed and not need.may_be_listed):
        return FieldStanding.OTHER_TYPE
    return FieldStanding.READ_ONLY if found.read_only else FieldStanding.THERE
