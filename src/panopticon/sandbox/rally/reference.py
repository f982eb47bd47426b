"""References to objects, in every spelling that callers use."""

import re

from panopticon.sandbox.rally.objects import oid_of
from panopticon.sandbox.rally.trouble import Trouble

# The third form is a permission's id: {user}u{place}w{level}, p for a project's.
ID = r"-?\d+|\d+u\d+[pw]\d+|[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
_REF = re.compile(
    rf"(?:https?://.*?/webservice/[^/]+)?/?((?:[A-Za-z]\w*/)?[A-Za-z]\w*)/({ID})(?:\.js)?/?$"
)
_UUID_DIGITS = 32
_ID = re.compile(rf"(?:{ID})$")


def oid_from(text: str) -> int:
    """Read an ObjectID or a UUID; 0 for a permission's id, for no such objects are kept here."""
    if re.search("u.*[pw]", text):
        return 0
    return int(text) if text.lstrip("-").isdigit() and len(text) < _UUID_DIGITS else oid_of(text)


def is_id(text: str) -> bool:
    """Tell whether a path segment is an id."""
    return bool(_ID.match(text))


def oid_of_ref(value: object) -> int:
    """Read a reference: absolute, with or without a slash, or an object with `_ref`."""
    if isinstance(value, dict):
        value = value.get("_ref")
    found = _REF.match(value) if isinstance(value, str) else None
    if found:
        return oid_from(found[2])
    raise Trouble(f'Cannot parse object reference from "{value}"')


def kind_in(value: str) -> str:
    """Give the type a reference names."""
    found = _REF.match(value)
    return found[1].lower() if found else ""
