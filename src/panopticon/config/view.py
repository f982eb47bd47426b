"""Names for what a folder looks at: rows of another view must never be taken for its own.

A sync drops what it does not see. Two folders of one HOME that look at different projects would
empty each other's rows if both called them `rally`; so only what HOME's own files describe goes by
its plain name, and every other view is named after what it reads: `rally-67890`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from panopticon.config.draft import Draft, slug
from panopticon.config.schema import plain_name

_LONGEST = 60


def in_view(draft: Draft, homely: Sequence[Draft]) -> Draft:
    """Give a source the name that HOME's files give to the same place, else one of its own."""
    same = [one for one in homely if one.place == draft.place and one.type == draft.type]
    if same:
        named = next((one for one in same if one.name == draft.name), same[0])
        return replace(draft, name=named.name)
    base = next((one for one in homely if one.name == draft.name), None)
    words = _words(draft, base)
    if not words:
        return draft
    root = draft.name if draft.has_own_name else plain_name(draft.type)
    return replace(draft, name=_short("-".join([root, *map(slug, words)])), known_as=draft.name)


def _words(draft: Draft, base: Draft | None) -> list[str]:
    """Say what is read: ids by themselves, names with the workspace they are in."""
    at, parts = draft.place
    if draft.words.are_paths:
        return [*filter(None, at), *map(_folder_word, sorted(parts))]
    outer, anchor = at[:-1], at[-1]
    of_base = base.place[0] if base else (None,) * len(at)
    words = [one for one, known in zip(outer, of_base, strict=False) if one and one != known]
    if anchor and not (parts and all(map(str.isdecimal, parts))):
        words.append(anchor)
    return [*words, *sorted(parts)]


def _folder_word(path: str) -> str:
    """Name a folder shortly, and unlike every other of that name."""
    return f"{Path(path).name} {hashlib.sha256(path.encode()).hexdigest()[:6]}"


def _short(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_LONGEST]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
