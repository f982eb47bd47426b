"""What a tracker's revision changed, read out of the sentence that it wrote about it."""

import re
from dataclasses import dataclass

Change = tuple[str, str | None, str | None]  # the field, before, after

# Such as: PLAN ESTIMATE changed from [3] to [5], TAGS added [ui]
_HEAD = re.compile(r"(?:^|,\s+)([A-Z][\w /-]{0,60}) (?:changed from|(added)|(removed)) \[")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_LONG = 200  # characters; longer ones say that they changed, and no more
_TEXTS = {"body", "acceptance_criteria"}
_NAMES = {
    "name": "title",
    "description": "body",
    "plan estimate": "points",
    "schedule state": "native_state",
    "flow state": "native_state",
    "owner": "assignee",
    "tags": "labels",
    "lockedby": "lease",
    "locked by": "lease",
}
# The rest of a lock: who holds it says enough.
_OF_LOCKS = {"lockedat", "lockexpiry", "locktoken"}


@dataclass(frozen=True, slots=True)
class Told:
    """What was understood of a revision, and the rest of its words."""

    changes: tuple[Change, ...]
    rest: str | None


def read(text: str) -> Told:
    """Take a revision's sentence apart; no markup is in what comes out."""
    heads = list(_HEAD.finditer(text))
    if not heads:
        return Told((), _without_markup(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    pieces = [text[head.end() : end] for head, end in zip(heads, ends, strict=True)]
    pairs = [pair for pair in zip(heads, pieces, strict=True) if not _is_of_lock(pair[0])]
    changes = tuple(_change(head, piece) for head, piece in pairs)
    return Told(changes, _without_markup(text[: heads[0].start()]))


def _is_of_lock(head: re.Match[str]) -> bool:
    return head[1].lower().replace(" ", "") in _OF_LOCKS


def _change(head: re.Match[str], piece: str) -> Change:
    word = head[1].lower()
    name = _NAMES.get(word, word.replace(" ", "_"))
    said = piece.rstrip(" .,").removesuffix("]")
    old, _, new = said.partition("] to [")
    if head[2]:
        old, new = "", said
    if head[3]:
        old, new = said, ""
    if name in _TEXTS or _MARKUP.search(said) or len(said) > _LONG:
        return name, None, None
    return name, old or None, new or None


def _without_markup(text: str) -> str | None:
    return _MARKUP.sub("", text).strip(" ,") or None
