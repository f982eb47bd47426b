"""The schema endpoint: every type of a workspace with its attributes inlined, as pyral reads it."""

import re

import orjson

from panopticon.sandbox.exchange import Reply
from panopticon.sandbox.rally.fetch import EVERYTHING, VERSION, Json, Writer, escaped
from panopticon.sandbox.rally.objects import Thing
from panopticon.sandbox.rally.reads import Reading
from panopticon.sandbox.rally.rollup import schema_version
from panopticon.sandbox.rally.trouble import Missing

_PATH = re.compile(r"/slm/schema/(v2\.[0x])/(workspace|project)/(-?\d+)(?:/([0-9a-f]{32}))?/?$")


def answer(reading: Reading) -> Reply:
    """Redirect to the current version's address, or give that version."""
    found = _PATH.match(reading.request.path)
    thing = reading.store.get(int(found[3])) if found else None
    if not found or thing is None or thing.kind.name.lower() != found[2]:
        raise Missing
    current = schema_version(reading.store, thing.workspace)
    if found[4] != current:
        where = f"{reading.request.origin}/slm/schema/{found[1]}/{found[2]}/{thing.oid}/{current}"
        return Reply(b"", 302, headers=(("Location", where),))
    base = f"{reading.request.origin}/slm/webservice/{found[1]}"
    return Reply(escaped(orjson.dumps({"QueryResult": _types(reading, thing.workspace, base)})))


def _types(reading: Reading, workspace: int, base: str) -> Json:
    store = reading.store
    writer = Writer(store, base, reading.now, EVERYTHING)
    kind = store.schema(workspace).kinds["TypeDefinition"]
    things = [store.things[oid] for oid in store.of(workspace, kind)]
    return VERSION | {
        "Errors": [],
        "Warnings": [],
        "TotalResultCount": len(things),
        "StartIndex": 1,
        "PageSize": len(things),
        "Results": [_type(writer, thing) for thing in things],
    }


def _type(writer: Writer, thing: Thing) -> Json:
    own = [*writer.store.inverse("AttributeDefinition.TypeDefinition", thing.oid)]
    return writer.item(thing) | {"Attributes": [_attribute(writer, one) for one in own]}


def _attribute(writer: Writer, thing: Thing) -> Json:
    written = writer.item(thing)
    if not written["Constrained"] and thing.text("AttributeType") != "COLLECTION":
        written["AllowedValues"] = []
    return written
