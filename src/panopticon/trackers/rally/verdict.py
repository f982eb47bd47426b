"""What the texts in Errors and Warnings mean; Rally sends them with HTTP 200."""

import re
from collections.abc import Callable, Sequence

from panopticon.errors import AuthFailed, InvalidInput, NotFound, PanError, Retriable

_IGNORED = re.compile(r"Ignored JSON element \S*?\.?([A-Za-z_][A-Za-z0-9_]*) during processing")


class Collision(Retriable):
    """Somebody wrote the same item at the same moment; nothing of ours was written."""


class StaleToken(AuthFailed):
    """The security token of a Basic session no longer counts."""


def error_from(errors: Sequence[str], *, asked: str = "", about: str = "") -> PanError:
    """Class an error reply by what the caller can do."""
    words = "; ".join(errors)
    for pattern, made in _TABLE:
        if re.search(pattern, words, re.IGNORECASE):
            return made(words, asked)
    return PanError(f"Rally refused {about}: {words}")


def missing_place(errors: Sequence[str], path: str, places: Sequence[str]) -> NotFound | None:
    """Tell that the configured workspace or project is what is missing."""
    words = "; ".join(errors)
    match = re.search(r"referenced object (\S+)", words)
    if match is None and "find object to read" in words:
        match = re.fullmatch(r"/(?:workspace|project)/(\S+)", path)
        places = (path,)
    for place in places:
        if match and place.endswith(f"/{match[1]}"):
            kind = place.strip("/").partition("/")[0]
            return NotFound(
                f"Rally has no {kind} {match[1]} that this key may see.",
                f"Check `{kind}` in the tracker's settings; `pan init` lists what there is.",
                kind=kind,
            )
    return None


def ignored_fields(warnings: Sequence[str]) -> tuple[str, ...]:
    """Name the fields of a write that Rally silently left out."""
    return tuple(match[1] for warning in warnings if (match := _IGNORED.search(warning)))


def _collision(words: str, _asked: str) -> PanError:
    return Collision(
        f"Rally: somebody changes the same item: {words}", "Nothing was written; try again."
    )


def _no_token(words: str, _asked: str) -> PanError:
    return StaleToken(f"Rally refused the session: {words}", "Sign in again, or use an API key.")


def _forbidden(words: str, _asked: str) -> PanError:
    return AuthFailed(
        f"Rally does not allow this: {words}",
        "The key may be read-only, or your user may lack editing rights here: make a key with "
        "full access, or ask a project administrator.",
    )


def _unparsed(words: str, asked: str) -> PanError:
    shown = f" (query: {asked})" if asked else ""
    return InvalidInput(
        f"Rally could not read the query: {words}{shown}",
        "DEBUG=rally shows every query.",
        query=asked,
    )


def _missing(words: str, _asked: str) -> PanError:
    return NotFound(
        f"Rally has no such item: {words}", "It may be deleted, or hidden from this key."
    )


def _refused(words: str, _asked: str) -> PanError:
    return InvalidInput(f"Rally refused a value: {words}", "Nothing was written.")


def _unknown_type(words: str, _asked: str) -> PanError:
    return InvalidInput(f"Rally: {words}", "This subscription has no such type of item.")


_TABLE: tuple[tuple[str, Callable[[str, str], PanError]], ...] = (
    (r"Concurrency conflict|ConcurrencyConflictException|changes in Unit Of Work", _collision),
    (r"Not authorized to perform action: Invalid key", _no_token),
    (
        r"Validation error|Could not (convert|set value)|Cannot parse object|referenced object",
        _refused,
    ),
    (r"not authori[sz]ed|read.?only|permission|not allowed|insufficient", _forbidden),
    (
        r"find object to read|Object to delete cannot be null|Could not read \S+ \S+ to update",
        _missing,
    ),
    (
        r"Could not parse|Cannot sort using|could not read all instances|Could not find attribute",
        _unparsed,
    ),
    (r"Requested type name", _unknown_type),
)
