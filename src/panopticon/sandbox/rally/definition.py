"""Type and attribute definitions as objects, and custom fields made through them (KB 75112)."""

import re
from typing import Any

from panopticon.sandbox.rally import reference
from panopticon.sandbox.rally.kinds import Field, Kind
from panopticon.sandbox.rally.objects import Objects, Thing, Value
from panopticon.sandbox.rally.trouble import Trouble
from panopticon.sandbox.rally.unit import Unit

# What the schema calls the kinds of field that an administrator may add.
REAL = {
    "STRING": "STRING",
    "TEXT": "TEXT",
    "INTEGER": "INTEGER",
    "DECIMAL": "DECIMAL",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "WEB_LINK": "WEB_LINK",
    "DROP_DOWN": "STRING",
    "MULTI_VALUE": "COLLECTION",
    "USER": "OBJECT",
}
_TARGETS = {"MULTI_VALUE": "AllowedAttributeValue", "USER": "User"}
_LISTED = {"RATING", "STATE"}


def create(unit: Unit, workspace: int, body: dict[str, Any]) -> Thing:
    """Add a custom field to a type; administrators only, and there is no way back."""
    if not unit.actor.admin:
        raise Trouble("Not authorized to create: Attribute Definition")
    given = {key.lower(): value for key, value in body.items()}
    for name in ("Name", "RealAttributeType", "TypeDefinition"):
        if not given.get(name.lower()):
            raise Trouble(f"Validation error: AttributeDefinition.{name} should not be null")
    real = str(given["realattributetype"]).upper()
    if real not in REAL:
        raise Trouble(
            f"Validation error: AttributeDefinition.RealAttributeType {real} is an invalid value"
        )
    owner = unit.get(reference.oid_of_ref(given["typedefinition"]))
    if owner is None or owner.kind.name != "TypeDefinition":
        raise Trouble("Could not read: Could not read referenced object")
    if not re.search(r"\w", str(given["name"])):
        raise Trouble("Validation error: AttributeDefinition.Name contained invalid input.")
    values = custom(str(given["name"]), real, owner)
    values["Required"] = given.get("required") is True
    kind = unit.store.schema(workspace).kinds[owner.text("Kind")]
    if str(values["ElementName"]).lower() in kind.lower:
        raise Trouble("Validation error: AttributeDefinition.Name must be unique within its type")
    made = unit.store.schema(workspace).kinds["AttributeDefinition"]
    thing = unit.new(made, workspace, values)
    return _with_options(unit, thing, given.get("allowedvalues"))


def refuse_change(old: Thing | None, body: dict[str, Any]) -> None:
    """Refuse to retype or move a custom field: Rally never does (KB 47600; the text is a guess)."""
    if old is None or old.kind.name != "AttributeDefinition":
        return
    given = {key.lower(): value for key, value in body.items()}
    real, owner = old.text("RealAttributeType"), old.number("TypeDefinition")
    if str(given.get("realattributetype", real)).upper() != real:
        raise Trouble("Validation error: AttributeDefinition.RealAttributeType cannot be changed")
    if "typedefinition" in given and reference.oid_of_ref(given["typedefinition"]) != owner:
        raise Trouble("Validation error: AttributeDefinition.TypeDefinition cannot be changed")


def custom(name: str, real: str, owner: Thing) -> dict[str, Value]:
    """Describe a custom field."""
    return {
        "Name": name,
        "ElementName": "c_" + re.sub(r"\W", "", name),
        "RealAttributeType": real,
        "AttributeType": REAL[real],
        "Target": _TARGETS.get(real, ""),
        "TypeDefinition": owner.oid,
        "Owner": owner.text("Kind"),
        "Custom": True,
        "Constrained": real in {"DROP_DOWN", "MULTI_VALUE"},
        "Filterable": True,
        "Sortable": True,
        "SchemaType": REAL[real],
        "MaxLength": {"STRING": 256, "DROP_DOWN": 256, "TEXT": 32768}.get(real, -1),
        "MaxFractionalDigits": -1,
    }


def _with_options(unit: Unit, thing: Thing, options: object) -> Thing:
    for place, option in enumerate(options if isinstance(options, list) else []):
        text = option.get("StringValue") if isinstance(option, dict) else option
        kind = unit.store.schema(thing.workspace).kinds["AllowedAttributeValue"]
        values = {"StringValue": text, "AttributeDefinition": thing.oid, "ValueIndex": place}
        offer(unit, unit.new(kind, thing.workspace, values))
    return thing


def offer(unit: Unit, value: Thing) -> None:
    """Let a field take one more value."""
    owner = unit.get(value.number("AttributeDefinition"))
    if owner is not None:
        edited = unit.edit(owner.oid)
        options = edited.values.get("Options")
        known = options if isinstance(options, list) else []
        edited.values["Options"] = [*known, value.text("StringValue")]


class Definitions:
    """Makes the standard definitions of one workspace, with negative ids as Rally has them."""

    def __init__(self, store: Objects, workspace: int, first: int) -> None:
        """Keep where the ids begin."""
        self.schema = store.schema(workspace)
        self.store = store
        self.workspace = workspace
        self.next = first
        self.types: dict[str, Thing] = {}

    def make(self) -> list[Thing]:
        """Give every type, attribute and allowed value."""
        made = [self._type(kind) for kind in self.schema.kinds.values()]
        for kind in self.schema.kinds.values():
            for one in kind.fields.values():
                made.extend(self._attribute(kind, one))
        return made

    def _oid(self) -> int:
        self.next -= 1
        return self.next

    def _thing(self, name: str, values: dict[str, Value], oid: int) -> Thing:
        stamped = {"Workspace": self.workspace, "CreationDate": "2012-01-01T00:00:00.000Z"}
        return Thing(self.schema.kinds[name], oid, stamped | values)

    def _type(self, kind: Kind) -> Thing:
        portfolio = kind.name.startswith("PortfolioItem")
        parent = self.types.get(kind.parent)
        thing = self._thing(
            "TypeDefinition",
            {
                "Abstract": kind.abstract,
                "Copyable": not kind.abstract,
                "Creatable": not kind.abstract and not kind.fixed,
                "Deletable": not kind.abstract and not kind.fixed,
                "DisplayName": f"Portfolio Item {kind.display}"
                if "/" in kind.name
                else kind.display,
                "ElementName": kind.element,
                "IDPrefix": kind.prefix or None,
                "Kind": kind.name,
                "Name": kind.display,
                "Note": "Portfolio Item" if portfolio else "",
                "Ordinal": {"PortfolioItem/Feature": 0, "PortfolioItem/Epic": 1}.get(kind.name, -1),
                "Parent": parent.oid if parent else None,
                "Queryable": True,
                "ReadOnly": kind.fixed,
                "Restorable": bool(kind.prefix),
                "TypePath": kind.name,
            },
            self._oid(),
        )
        self.types[kind.name] = thing
        return thing

    def _attribute(self, kind: Kind, one: Field) -> list[Thing]:
        target = self.types.get(one.target)
        oid = self._oid()
        thing = self._thing(
            "AttributeDefinition",
            {
                "AllowedValueType": target.oid if target else None,
                "AttributeType": one.type,
                "Constrained": bool(one.allowed),
                "Custom": False,
                "ElementName": one.name,
                "Filterable": True,
                "MaxFractionalDigits": 2 if one.type in {"QUANTITY", "DECIMAL"} else -1,
                "MaxLength": one.max_length or -1,
                "Name": one.display,
                "Owner": kind.name,
                "ReadOnly": one.readonly,
                "RealAttributeType": one.type,
                "Required": one.required,
                "SchemaType": one.target or one.type,
                "Sortable": one.type != "COLLECTION",
                "TypeDefinition": self.types[kind.name].oid,
            },
            oid,
        )
        return [thing, *self._values(thing, one)]

    def _values(self, owner: Thing, one: Field) -> list[Thing]:
        words = [""] * (one.type == "RATING") + [*one.allowed]
        return [
            self._thing(
                "AllowedAttributeValue",
                {
                    "AttributeDefinition": owner.oid,
                    "Available": True,
                    "StringValue": word or "None",
                    "ValueIndex": place,
                },
                self._oid(),
            )
            for place, word in enumerate(words)
        ]
