"""Answers that a page need not read twice: each has a tag, and the tag comes back as a question."""

import hashlib
import json

import orjson
from starlette.responses import Response

from panopticon import __version__

_LONGEST_WHOLE = 18  # digits that surely fit into what JSON's readers take


def tag_of(content: object) -> str:
    """Name a content: alike content has the same tag, as long as the program stays the same."""
    told = orjson.dumps(content) + __version__.encode()
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'


def unchanged(if_none_match: str | None, tag: str) -> Response | None:
    """Answer 304 to somebody who has it already."""
    known = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    if tag not in known:
        return None
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-store"})


def whole(content: object) -> object:
    """Replace what a tracker may hold and no JSON answer can: half characters, endless numbers."""
    try:
        orjson.dumps(content)
    except TypeError:
        text = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
        return json.loads(text, parse_int=_number)
    return content


def _number(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_WHOLE else float(digits)
