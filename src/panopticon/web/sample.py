"""Values that fit a schema, for examples."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_DEEPEST = 4  # levels of an example
_KNOWN: Mapping[str, object] = {
    "ref": "rally:US123",
    "name": "rally",
    "tracker": "rally",
    "tracker_type": "rally",
    "state": "in_review",
    "kind": "story",
    "verb": "checkout",
    "body": "Looks good.",
    "position": 1,
    "query": "assignee=me&blocked=no",
    "fields": {"title": "A better title"},
}
_PLAIN: Mapping[str, object] = {
    "string": "text",
    "boolean": True,
    "integer": 1,
    "number": 1,
    "object": {},
    "array": [],
}


def sample_called(name: str, schema: Schema, schemas: Schema) -> object:
    """Make a value for a part of this name."""
    return _KNOWN[name] if name in _KNOWN else sample(schema, schemas)


def sample(schema: Schema, schemas: Schema, depth: int = 0) -> object:
    """Make a value that fits: of an object the parts that are needed or have an example."""
    whole = resolved(schema, schemas)
    given = whole.get("examples") or whole.get("enum")
    if given:
        return given[0]
    if several := whole.get("anyOf") or whole.get("oneOf"):
        return sample(several[0], schemas, depth)
    if parts := whole.get("properties"):
        needed = set(whole.get("required", ())) if depth < _DEEPEST else set()
        return {
            name: part["examples"][0] if "examples" in part else sample_called(name, part, schemas)
            for name, part in parts.items()
            if name in needed or part.get("examples")
        }
    return _PLAIN.get(str(whole.get("type")))


def resolved(schema: Schema, schemas: Schema) -> Schema:
    """Follow a reference."""
    ref = schema.get("$ref")
    found: Schema = schemas[ref.rsplit("/", 1)[-1]] if ref else schema
    return found
