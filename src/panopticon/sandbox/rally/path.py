"""What an address means: /slm/webservice/{version}/{type}[/{id}[/{collection}[/{add|remove}]]]."""

import re
from dataclasses import dataclass

from panopticon.sandbox.rally.kinds import Schema
from panopticon.sandbox.rally.reference import is_id, oid_from
from panopticon.sandbox.rally.trouble import Missing, Trouble

_ROOT = re.compile(r"/slm/webservice/([^/]+)/(.+)$")
_VERSIONS = re.compile(r"v?(\d+\.(?:\d+|x)|x)$")


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `wrong` is the type's name where there is no such type."""

    base: str
    kind: str
    oid: int | None = None
    collection: str = ""
    verb: str = ""  # create | copy | add | remove | authorize | batch
    script: bool = False  # the path ended in .js
    plural: bool = False  # /users, /subscriptions: always a query
    old: bool = False

    @property
    def warnings(self) -> list[str]:
        """Give what Rally remarks about the address."""
        said = []
        if self.script:
            said.append('It is no longer necessary to append ".js" to WSAPI resources.')
        if self.old:
            said.append(
                "API status is Deprecated and will become Not Supported."
                " Please update your client to use the latest version of the API."
            )
        return said


def target(path: str, origin: str, schema: Schema) -> Target:
    """Take an address apart."""
    found = _ROOT.match(path)
    if not found or not _VERSIONS.match(found[1]):
        raise Missing
    version, rest = found[1], found[2].rstrip("/")
    script = rest.endswith(".js")
    segments = [part for part in rest.removesuffix(".js").split("/") if part]
    if not segments:
        raise Missing
    base = f"{origin}/slm/webservice/{version}"
    old = version.lstrip("v").startswith("1")
    kind, verb, tail = _type(segments, schema)
    oid, tail = (oid_from(tail[0]), tail[1:]) if tail and is_id(tail[0]) else (None, tail)
    if oid is None and tail == ["create"]:
        verb, tail = "create", []
    collection, verb = _tail(tail, verb) if oid is not None else ("", verb)
    if oid is None and tail:
        raise Trouble("Cannot find object to read")
    plural = segments[0].lower() == kind.lower() + "s"
    return Target(base, kind, oid, collection, verb, script, plural, old)


def _type(segments: list[str], schema: Schema) -> tuple[str, str, list[str]]:
    first = segments[0].lower()
    if first == "security" and segments[1:2] == ["authorize"]:
        return "", "authorize", []
    if first == "batch":
        return "", "batch", []
    if len(segments) > 1:
        two = schema.named(f"{segments[0]}/{segments[1]}")
        if two:
            return two.name, "", segments[2:]
    kind = schema.named(segments[0])
    if kind is None:
        raise Trouble(f'Requested type name "{first}" is unknown.')
    return kind.name, "", segments[1:]


def _tail(tail: list[str], verb: str) -> tuple[str, str]:
    match tail:
        case []:
            return "", verb
        case ["copy"]:
            return "", "copy"
        case [collection]:
            return collection, verb
        case [collection, "add" | "remove" as word]:
            return collection, word
        case _:
            raise Missing
