"""Letting a stronger layer choose what is read: one server, one workspace, its projects."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from panopticon.config.draft import (
    Draft,
    Layers,
    at_from,
    check_prefixed,
    is_same,
    parts_from,
    prefixed,
    tail,
)
from panopticon.config.folder import Base
from panopticon.config.layer import Layer, section
from panopticon.config.schema import TYPES, TypeWords, plain_name
from panopticon.config.server import is_same_server


@dataclass(frozen=True, slots=True)
class Told:
    """What a stronger place says about a type; `fallback` are parts where nobody names any.

    `server` is one that a repository names: it finds a source and is never put into one.
    """

    where: str
    at: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()
    is_off: bool = False
    server: str | None = None


def narrowings(type_: str, words: TypeWords, layers: Layers) -> Iterable[Told]:
    """Yield what stronger layers say about the place, weakest first."""
    for layer, told in in_repository(type_, words, layers):
        yield _by_repository(words, layer, told, layers)
    yield _by_variables(type_, words, layers)
    told = {word: layers.flags.get(word) or None for word in words.place.words}
    base = Base(f"--{words.place.part}", str(layers.here))
    where = "the command line"
    yield Told(where, at_from(words.place, told), parts_from(words.place, told, base))


def in_repository(
    type_: str, words: TypeWords, layers: Layers
) -> Iterable[tuple[Layer, Mapping[str, object]]]:
    """Yield what the files that come with the repository say about a type."""
    if layers.bmad:
        yield layers.bmad, bmad_words(type_, words, layers.bmad)
    if layers.own:
        yield layers.own, own_words(type_, words, layers.own)


def _by_repository(
    words: TypeWords, layer: Layer, told: Mapping[str, object], layers: Layers
) -> Told:
    """Read one of those files: its folders stay inside, its server only finds a source."""
    base = Base(str(layer.path), str(layers.root), is_fence=True)
    where = layer.path.relative_to(layers.root).as_posix()
    parts = parts_from(words.place, told, base)
    is_on = told.get("enabled") is True and words.place.are_paths
    fallback = (str(layers.root),) if is_on else ()
    is_off = told.get("enabled") is False
    at = at_from(words.place, told)
    server = at.pop(words.place.server, None) if words.place.server else None
    return Told(where, at, parts, fallback, is_off, server)


def _by_variables(type_: str, words: TypeWords, layers: Layers) -> Told:
    prefix, place = type_.upper(), words.place
    names = {word: f"{prefix}_{word.upper()}" for word in place.words}
    told: dict[str, object] = {
        word: value for word, name in names.items() if (value := layers.variables.get(name))
    }
    name = names[place.part]
    is_outer = name in layers.outer_variables
    if place.are_paths and place.part in told:
        told[place.part] = [one for one in str(told[place.part]).split(os.pathsep) if one.strip()]
    base = Base(name, str(layers.root) if is_outer else None)
    where = f"{prefix}_… in the environment"
    return Told(where, at_from(place, told), parts_from(place, told, base))


def bmad_words(type_: str, words: TypeWords, bmad: Layer | None) -> dict[str, object]:
    """Read `pantheon: {rally_workspace: …}` and `tracker: {provider, rally: {project}}`."""
    told = prefixed(type_, section(bmad, "pantheon"))
    check_prefixed(f"{bmad.path if bmad else ''} pantheon", type_, told, words)
    inner = section(bmad, "tracker", type_)
    if section(bmad, "tracker").get("provider") == type_:
        told.setdefault("enabled", True)
        for word in words.place.words:
            if inner.get(word) not in (None, "", "auto"):
                told.setdefault(word, inner[word])
    return {key: value for key, value in told.items() if key in words.project_keys | {"enabled"}}


def own_words(type_: str, words: TypeWords, own: Layer | None) -> dict[str, object]:
    """Read the same keys at the top of `.panopticon.yaml`."""
    told = prefixed(type_, own.table if own else {})
    check_prefixed(str(own.path) if own else "", type_, told, words)
    return told


def narrowed(drafts: list[Draft], type_: str, told: Told, notes: list[str]) -> list[Draft]:
    """Let a stronger layer choose: one server, one workspace, its projects.

    A section that goes by a name of its own (`[trackers.rally-eu]`) with a workspace of its own
    is another connection and stays as it is.
    """
    if told.is_off:
        return []
    if not told.parts and not any(draft.parts for draft in drafts):
        told = replace(told, parts=told.fallback)
    if not (told.at or told.parts or told.server) or not drafts:
        return drafts
    chosen = _chosen(_at_server(drafts, told), type_, told)
    anchor = told.at.get(chosen.words.anchor)
    moved = anchor is not None and not is_same(chosen.anchor, anchor, exact=False)
    result = replace(
        chosen,
        name=plain_name(type_) if moved and not chosen.has_own_name else chosen.name,
        at={**chosen.at, **told.at},
        parts=told.parts or (() if moved else chosen.parts),
    )
    others = [draft for draft in drafts if draft is not chosen]
    hidden = [draft for draft in others if not _is_apart(draft)]
    kept = [draft for draft in others if _is_apart(draft)]
    is_chosen = bool(told.parts) or moved
    lost = {one for one in chosen.parts if is_chosen and one not in result.parts}
    if chosen.words.are_paths:
        lost = {one for one in lost if not chosen.spots((one,)) & result.spots(result.parts)}
    if hidden or lost:
        names = ", ".join(sorted(lost | {draft.anchor or draft.name for draft in hidden}))
        notes.append(f"{told.where} decides what is read: {names} of weaker settings is left out.")
    return [result, *kept]


def _is_apart(draft: Draft) -> bool:
    """Tell whether a section of its own name says by itself what it reads."""
    says_where = draft.parts if draft.words.are_paths else draft.anchor
    return draft.has_own_name and bool(says_where)


def _at_server(drafts: list[Draft], told: Told) -> list[Draft]:
    """Leave those of the server that a repository means, so that no key goes to another one."""
    word = drafts[0].words.server
    if not told.server or word is None:
        return drafts
    words = TYPES[drafts[0].type]
    there = [one for one in drafts if is_same_server(words, one.at.get(word), told.server)]
    return there or drafts


def _chosen(drafts: list[Draft], type_: str, told: Told) -> Draft:
    """Find the source that is meant: by its anchor, by its parts, else the first."""
    if anchor := told.at.get(drafts[0].words.anchor):
        fitting = [d for d in drafts if d.anchor and tail(d.anchor) == tail(anchor)]
        return (fitting or drafts)[0]
    for draft in drafts:
        if draft.spots(told.parts) & draft.spots(draft.parts):
            return draft
    if drafts[0].words.at:
        return drafts[0]
    # Nothing but its parts says which source is meant: one of its own name is another.
    return next((d for d in drafts if not _is_apart(d)), Draft(plain_name(type_), type_))
