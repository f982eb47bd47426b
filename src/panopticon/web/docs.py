"""The readable page of the API, out of its OpenAPI document: plain values for one template."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from panopticon.web.sample import resolved, sample, sample_called

Schema = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")
_BRACES = str.maketrans("/{}:", "----")


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a part of a body; `place` says where it stands."""

    name: str
    place: str
    type: str
    is_required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What may be answered: the status, its meaning, and an example where there is one."""

    status: str
    text: str
    example: str


@dataclass(frozen=True, slots=True)
class Route:
    """One route."""

    id: str
    method: str
    path: str
    lead: str
    text: tuple[str, ...]
    fields: tuple[Field, ...]
    replies: tuple[Reply, ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Group:
    """Routes about one thing."""

    name: str
    text: str
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole page."""

    about: str
    groups: tuple[Group, ...]
    fault: tuple[Field, ...]
    first: str


def guide_from(document: Schema, origin: str) -> Guide:
    """Make the page of an OpenAPI document; `origin` is where this server answers."""
    schemas = document["components"]["schemas"]
    reader = _Reader(schemas, origin)
    routes = [
        (tag, reader.route(method, path, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
        for tag in operation["tags"][:1]
    ]
    told = ((tag["name"], tag["description"]) for tag in document["tags"])
    groups = (
        Group(name, text, tuple(r for tag, r in routes if tag == name)) for name, text in told
    )
    fault = reader.parts(schemas["Fault"], "answer")
    first = _curl("GET", f"{origin}/api/board", None)
    return Guide(document["info"]["description"], tuple(groups), tuple(fault), first)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads routes with the schemas that they name."""

    schemas: Schema
    origin: str

    def route(self, method: str, path: str, operation: Schema) -> Route:
        """Read one route."""
        body = self._body(operation)
        parameters = operation.get("parameters", ())
        fields = [self._parameter(one) for one in parameters if one["in"] != "header"]
        fields += self.parts(body, "body") if body else []
        lead, *text = operation.get("description", operation["summary"]).split("\n\n")
        return Route(
            id=f"{method}{path.translate(_BRACES)}".replace("--", "-").strip("-"),
            method=method.upper(),
            path=path,
            lead=" ".join(lead.split()),
            text=tuple(" ".join(part.split()) for part in text),
            fields=tuple(fields),
            replies=tuple(_replies(operation["responses"])),
            curl=_curl(
                method.upper(),
                self._address(path, parameters),
                sample(body, self.schemas) if body else None,
            ),
        )

    def parts(self, schema: Schema, place: str) -> list[Field]:
        """List the parts of an object, required ones first."""
        whole = self._resolved(schema)
        required = set(whole.get("required", ()))
        found = [
            Field(name, place, self._type(part), name in required, self._text(part))
            for name, part in whole.get("properties", {}).items()
        ]
        return sorted(found, key=lambda field: not field.is_required)

    def _body(self, operation: Schema) -> Schema | None:
        content = operation.get("requestBody", {}).get("content", {})
        found: Schema | None = content.get("application/json", {}).get("schema")
        return self._resolved(found) if found else None

    def _parameter(self, one: Schema) -> Field:
        schema = one.get("schema", {})
        text = one.get("description") or self._text(schema)
        type_ = self._type(schema).removesuffix(" | null")  # an address has no word for it
        return Field(one["name"], one["in"], type_, one.get("required", False), text)

    def _resolved(self, schema: Schema) -> Schema:
        return resolved(schema, self.schemas)

    def _text(self, schema: Schema) -> str:
        return " ".join(str(schema.get("description", "")).split())

    def _type(self, schema: Schema, depth: int = 0) -> str:
        """Say in words what may stand there."""
        whole = self._resolved(schema)
        if "enum" in whole:
            return " | ".join(map(str, whole["enum"]))
        if several := whole.get("anyOf") or whole.get("oneOf"):
            return " | ".join(dict.fromkeys(self._type(one, depth) for one in several))
        kind = whole.get("type", "any")
        if kind == "array":
            return f"list of {self._type(whole.get('items', {}), depth + 1)}"
        if kind == "object" and isinstance(inner := whole.get("additionalProperties"), dict):
            return f"{{name: {self._type(inner, depth + 1)}}}"
        if kind == "object" and depth < 1 and (parts := whole.get("properties")):
            return f"{{{', '.join(parts)}}}"
        return _WORDS.get(kind, str(kind))

    def _address(self, path: str, parameters: Sequence[Schema]) -> str:
        samples = {
            one["name"]: str(sample_called(one["name"], one.get("schema", {}), self.schemas))
            for one in parameters
        }
        for one in parameters:
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", samples[one["name"]].replace(" ", "%20"))
        asked = [one["name"] for one in parameters if one["in"] == "query" and one.get("required")]
        query = urlencode({name: samples[name] for name in asked}, safe=":/")
        return f"{self.origin}{path}" + (f"?{query}" if query else "")


_WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}


def _replies(responses: Schema) -> Iterator[Reply]:
    """Give the answers that belong to this route; the shape of all errors is told once."""
    for status, one in responses.items():
        if status in {"4XX", "5XX"}:
            continue
        media: Schema = next(iter(one.get("content", {}).values()), {})
        example = media.get("example")
        text = "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)
        meaning = one["description"].replace("Successful Response", "As asked.")
        yield Reply(status, meaning, text)


def _curl(method: str, address: str, body: object) -> str:
    verb = "" if method == "GET" else f" -X {method}"
    lines = [f'curl -s{verb} -H "Authorization: Bearer $(pan token)"']
    if body is not None:
        told = shlex.quote(json.dumps(body, ensure_ascii=False))
        lines.append(f"-H 'Content-Type: application/json' -d {told}")
    return " \\\n  ".join([*lines, shlex.quote(address)])
