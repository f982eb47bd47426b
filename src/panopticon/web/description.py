"""The description of the API (OpenAPI), made fit to read: summaries, groups, one shape of errors.

A route's docstring is its description; everything else follows from here, for all routes alike.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

Schema = dict[str, Any]

_GROUPS = (
    ("Items", "One item in full, claims and every write to it, and what there is to choose from."),
    ("Settings", "Trackers, the person's own settings, saved views, the doctor."),
    ("Board", "The cards, which of them fit a filter, the live stream, polling."),
)
_ITEMS = re.compile(r"/api/(item|form|people|iterations|claim|locks)\b")
_SETTINGS = re.compile(r"/api/(settings|sources|views|doctor|\w+/validate)\b")
_SENTENCE = re.compile(r"(?<=[.:;])\s")
_TEXT = {"type": "string"}  # what FastAPI supposes of an answer that it does not write itself
_ABOUT = """Everything the board does, for scripts. Send `Authorization: Bearer …` with what
`pan token` prints. Every refusal is `{error, message, hint}`. Times are ISO 8601 in UTC."""


class Described(FastAPI):
    """An application whose description is fit to read."""

    def openapi(self) -> Schema:
        """Give the OpenAPI document."""
        if self.openapi_schema is None:
            self.openapi_schema = polished(super().openapi())
        return self.openapi_schema


def polished(document: Schema) -> Schema:
    """Put routes into groups and say of each what its first sentence says."""
    document["info"]["description"] = " ".join(_ABOUT.split())
    document["tags"] = [{"name": name, "description": about} for name, about in _GROUPS]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    for path, operation in operations(document):
        operation["tags"] = [group_of(path)]
        text = " ".join(operation.get("description", "").split("\n\n")[0].split())
        operation["summary"] = _SENTENCE.split(text)[0].rstrip(".:;") or operation["summary"]
        # What cannot be understood is answered with 400 in the shape of all errors.
        if "HTTPValidationError" in str(operation["responses"].get("422")):
            del operation["responses"]["422"]
        for answer in operation["responses"].values():
            _mend(answer.get("content", {}))
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _mend(content: Schema) -> None:
    """Say what is true of answers that routes write themselves: an object, or a stream alone."""
    if "text/event-stream" in content:
        content.pop("application/json", None)
        return
    if told := content.get("application/json"):
        if told.get("schema") in (None, _TEXT):
            told["schema"] = {"type": "object"}
        if isinstance(example := told.get("example"), str):
            told["example"] = json.loads(example)
            if isinstance(told["example"], list):
                told["schema"] = {"type": "array", "items": {"type": "object"}}


def operations(document: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield every route's path and description."""
    for path, methods in document.get("paths", {}).items():
        for operation in methods.values():
            yield path, operation


def group_of(path: str) -> str:
    """Name the group that a route belongs to."""
    if _ITEMS.match(path):
        return "Items"
    return "Settings" if _SETTINGS.match(path) else "Board"
