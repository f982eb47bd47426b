"""What a type and its fields are, built from the table; custom fields join per workspace."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from panopticon.sandbox.rally.choice import DISPLAY, LISTS
from panopticon.sandbox.rally.table import GROUPS, KINDS

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAMELESS = {"RevisionHistory", "Revision", "ConversationPost", "AttachmentContent", "UserProfile"}
_LABELS = {"User": "DisplayName", "AllowedAttributeValue": "StringValue"}
_ANCESTRAL = {"artifact", "flow", "portfolio"}  # classes that come before the type's own
_LENGTHS = {"STRING": 256, "TEXT": 32768}
_WORDS: dict[str, dict[str, Any]] = {
    "ro": {"readonly": True},
    "no": {"silent": True},
    "day": {"cut": "day"},
    "night": {"cut": "night"},
}
PLURALS = {
    "hierarchicalrequirements": "hierarchicalrequirement",
    "userstory": "hierarchicalrequirement",
    "story": "hierarchicalrequirement",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute: what it holds, who may write it, and where its value comes from."""

    name: str
    type: str
    target: str = ""
    display: str = ""
    required: bool = False
    readonly: bool = False
    silent: bool = False
    inverse: str = ""  # the reference whose other end this collection is, e.g. Task.WorkProduct
    mirror: str = ""  # the stored collection whose other end this one is
    compute: str = ""
    allowed: tuple[str, ...] = ()
    custom: bool = False
    # Date-only, cut to its "day" or "night" in the workspace's zone. Custom dates keep their time:
    # the lock fields rest on it, and no recording shows one cut.
    cut: str = ""

    @property
    def stored_collection(self) -> bool:
        """Tell a collection that the owner itself keeps."""
        return self.type == "COLLECTION" and not (self.inverse or self.mirror or self.compute)

    @property
    def max_length(self) -> int:
        """Give how many characters a text may have; 0 where that means nothing."""
        return _LENGTHS.get(self.type, 0)


@dataclass(eq=False, slots=True)
class Kind:
    """A type as one workspace sees it."""

    name: str
    display: str
    prefix: str
    parent: str
    abstract: bool
    fixed: bool
    fields: dict[str, Field]
    own: frozenset[str]
    lower: dict[str, Field] = field(default_factory=dict)
    ancestors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Index the fields by lower-case name: fetch lists and bodies are not case-sensitive."""
        self.lower = {name.lower(): one for name, one in self.fields.items()}

    @property
    def path(self) -> str:
        """Give the type as object references spell it."""
        return self.name.lower()

    @property
    def element(self) -> str:
        """Give the key that wraps one object of this type."""
        return self.name.rpartition("/")[2]

    @property
    def label(self) -> str:
        """Name the field that `_refObjectName` shows, if any."""
        return "" if self.name in _NAMELESS else _LABELS.get(self.name, "Name")

    def learn(self, new: Field) -> None:
        """Add or change a field; own fields stand in alphabetical order, `c_` ignored."""
        names = {*self.own, *(n for n, f in self.fields.items() if f.custom), new.name}
        self.fields[new.name] = new
        head = {n: f for n, f in self.fields.items() if n not in names}
        tail = sorted(names & self.fields.keys(), key=_alphabetical)
        self.fields = head | {name: self.fields[name] for name in tail}
        self.lower = {name.lower(): one for name, one in self.fields.items()}


class Schema:
    """Every type of one workspace, found by any spelling a path may use."""

    def __init__(self) -> None:
        """Build the standard types."""
        self.kinds = {kind.name: kind for kind in _kinds()}
        self.by_path = {kind.path: kind for kind in self.kinds.values()}
        self.by_path |= {kind.element.lower(): kind for kind in self.kinds.values()}

    def named(self, path: str) -> Kind | None:
        """Find a type by path, element name or plural, in any case."""
        low = path.lower()
        low = PLURALS.get(low, low)
        for candidate in (low, low.removesuffix("s"), low.removesuffix("ies") + "y"):
            if candidate in self.by_path:
                return self.by_path[candidate]
        return None

    def concrete(self, kind: Kind) -> list[Kind]:
        """List what an abstract type stands for."""
        if not kind.abstract:
            return [kind]
        return [k for k in self.kinds.values() if not k.abstract and kind.name in k.ancestors]


def display_of(name: str) -> str:
    """Spell a field's name as the screens do."""
    return DISPLAY.get(name) or _CAMEL.sub(" ", name)


def _alphabetical(name: str) -> str:
    return name.removeprefix("c_").lower()


def _field(text: str) -> Field:
    name, kind, *marks = text.split()
    kind, _, target = kind.partition(":")
    made = Field(name, kind, target, display_of(name))
    for mark in marks:
        made = _marked(made, mark)
    return made


def _marked(one: Field, mark: str) -> Field:
    match mark[0], mark[1:]:
        case "!", _:
            return replace(one, required=True)
        case "<", rest:
            return replace(one, inverse=rest)
        case "~", rest:
            return replace(one, mirror=rest)
        case "=", rest:
            return replace(one, compute=rest, readonly=True)
        case "*", rest:
            return replace(one, allowed=LISTS[rest])
        case _:
            return replace(one, **_WORDS[mark])


def _group(name: str) -> list[Field]:
    lines = GROUPS[name].replace("\n", "|").split("|")
    return [_field(line) for line in lines if line.strip()]


def _kinds() -> Iterator[Kind]:
    parents: dict[str, str] = {}
    for line in KINDS.strip().splitlines():
        name, display, prefix, parent, groups, marks = (cell.strip() for cell in line.split("|"))
        parents[name] = parent
        names = groups.split()
        own = _own(names)
        base = ["object"] if "g" in marks else ["object", "workspace"]
        above = [one for group in (*base, *names) if group not in own for one in _group(group)]
        kind = Kind(
            name=name,
            display=display,
            prefix=prefix,
            parent=parent,
            abstract="a" in marks,
            fixed="q" in marks,
            fields={one.name: one for one in (*above, *_own_fields(own))},
            own=frozenset(one.name for group in own for one in _group(group)),
        )
        kind.ancestors = tuple(_line(name, parents))
        yield kind


def _own(names: list[str]) -> list[str]:
    """Give the groups that are the type's own class; there is always one."""
    return [name for name in names if name not in _ANCESTRAL] or names[-1:]


def _own_fields(groups: list[str]) -> list[Field]:
    fields = [one for group in groups for one in _group(group)]
    return sorted(fields, key=lambda one: _alphabetical(one.name)) if len(groups) > 1 else fields


def _line(name: str, parents: dict[str, str]) -> Iterator[str]:
    while name := parents[name]:
        yield name
