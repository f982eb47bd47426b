"""From layers to sources: one for each distinct type, server and workspace."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from panopticon.config.draft import (
    Draft,
    Layers,
    at_from,
    check_prefixed,
    is_same,
    parts_from,
    prefixed,
    slug,
    tail,
    text_or_none,
)
from panopticon.config.folder import Base, check_apart, is_whole
from panopticon.config.folder_name import named, shown_names
from panopticon.config.layer import Layer, Table, check_keys, section
from panopticon.config.narrow import bmad_words, in_repository, narrowed, narrowings, own_words
from panopticon.config.schema import SECTION_KEYS, TYPES, Source, TypeWords, plain_name
from panopticon.config.server import is_one_of, refusal
from panopticon.config.view import in_view
from panopticon.errors import InvalidInput


def sources_from(layers: Layers) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Build the sources, and say what was left out and why."""
    _check_servers(layers)
    drafts, notes = _drafts(layers)
    homely, _ = _drafts(layers.of_home())
    for draft in drafts:
        if draft.words.are_paths:
            _check_folders(draft, layers.toml)
    named = [in_view(draft, homely) for draft in drafts]
    sources = (
        replace(_source(shown, layers.variables), told_by=_told_by(draft, layers))
        for draft, shown in zip(drafts, named, strict=True)
    )
    return tuple(sources), tuple(notes)


def _check_servers(layers: Layers) -> None:
    """Refuse a server that only the repository names: a key would go there."""
    sections, _ = _sections(layers.toml)
    toml = str(layers.toml.path) if layers.toml else "~/.panopticon/config.toml"
    for type_, words in TYPES.items():
        if (word := words.place.server) is None:
            continue
        own = [draft.at.get(word) for draft in _own(sections, type_, words, layers)]
        own += filter(None, [layers.variables.get(f"{type_}_{word}".upper())])
        own += filter(None, [text_or_none(layers.flags.get(word))])
        for layer, told in in_repository(type_, words, layers):
            server = text_or_none(told.get(word))
            if server and told.get("enabled") is not False and not is_one_of(words, server, own):
                raise refusal(layer.path, f"{type_}_{word}", server, toml)


def _check_folders(draft: Draft, toml: Layer | None) -> None:
    section_name = f"[trackers.{draft.name}]"
    if not draft.parts:
        word = f"{draft.type}_{draft.words.part}"
        raise InvalidInput(
            f"{draft.name}: no folder is named.",
            f'Write `{draft.words.part} = "~/…"` under {section_name} in '
            f"{toml.path if toml else 'config.toml'}, or `{word}` into projects.yaml.",
        )
    check_apart(section_name, draft.parts)


def _told_by(draft: Draft, layers: Layers) -> str | None:
    """Name the weakest place that describes a source as it is; None for config.toml and its key."""
    variable = _secret_name(draft, layers.variables)
    if variable in layers.outer_variables:
        return f"{variable} in the environment"
    seen = (draft.name, draft.type, draft.place)
    keys = frozenset(words.key_env for words in TYPES.values())
    for where, some in layers.growing(keys):
        if any((one.name, one.type, one.place) == seen for one in _drafts(some)[0]):
            return where
    return "the command line"


def _drafts(layers: Layers) -> tuple[list[Draft], list[str]]:
    """Gather the sources that these places speak of, type by type."""
    drafts, notes = _sections(layers.toml)
    for type_, words in TYPES.items():
        own = _own(drafts, type_, words, layers)
        others = [draft for draft in drafts if draft.type != type_]
        for told in narrowings(type_, words, layers):
            own = narrowed(own, type_, told, notes)
        drafts = others + own
    return drafts, notes


def _own(drafts: Iterable[Draft], type_: str, words: TypeWords, layers: Layers) -> list[Draft]:
    """Give the sources of a type as the person's own files describe them."""
    own = [draft for draft in drafts if draft.type == type_]
    if not own and _is_wanted(type_, words, layers):
        own = [Draft(plain_name(type_), type_)]
    return _with_projects(own, type_, words, layers.projects)


def _sections(toml: Layer | None) -> tuple[list[Draft], list[str]]:
    drafts, notes = [], []
    for name, table in section(toml, "trackers").items():
        if not isinstance(table, Mapping):
            continue  # `primary` and `secondary` name a section
        where = f"{toml.path if toml else ''} [trackers.{name}]"
        type_ = str(table.get("type", name))
        if (words := TYPES.get(type_)) is None:
            notes.append(f"{where}: this version has no {type_!r} tracker; it is left out.")
            continue
        check_keys(where, table, words.keys | SECTION_KEYS)
        if table.get("enabled") is False:
            continue
        drafts.append(_draft(name, type_, table, where))
    return drafts, notes


def _draft(name: str, type_: str, table: Table, where: str) -> Draft:
    place = TYPES[type_].place
    parts = parts_from(place, table, Base(where))
    taken = SECTION_KEYS | {*place.words, place.parts}
    return Draft(
        name=name,
        type=type_,
        at=at_from(place, table),
        parts=tuple(dict.fromkeys(parts)),
        secret_env=text_or_none(table.get("api_key_env", table.get("token_env"))),
        options={key: value for key, value in table.items() if key not in taken},
        has_own_name=name not in {type_, plain_name(type_)},
    )


def _is_wanted(type_: str, words: TypeWords, layers: Layers) -> bool:
    """Tell whether anything outside config.toml asks for a tracker of this type."""
    has_place = bool(layers.variables.get(f"{type_.upper()}_{words.place.anchor.upper()}"))
    has_key = bool(layers.variables.get(words.key_env)) and not words.needs_place
    in_files = (
        bmad_words(type_, words, layers.bmad),
        own_words(type_, words, layers.own),
        _entries(type_, layers.projects),
    )
    return has_place or has_key or any(in_files)


def _entries(type_: str, projects: Layer | None) -> list[tuple[Base, Table, str | None]]:
    """Collect what each project says about this type, its prefix taken off, and its name."""
    found: list[tuple[Base, Table, str | None]] = []
    for name, entry in section(projects, "projects").items():
        if not isinstance(entry, Mapping):
            continue
        own = prefixed(type_, entry)
        if own and own.get("enabled") is not False:
            where = f"{projects.path if projects else ''} projects.{name}"
            path = text_or_none(entry.get("path"))
            why = "Give the project its `path`, from / or ~."
            base = Base(where, path if path and is_whole(path) else None, why=why)
            found.append((base, own, text_or_none(entry.get("name"))))
    return found


def _with_projects(
    drafts: list[Draft], type_: str, words: TypeWords, projects: Layer | None
) -> list[Draft]:
    """Spread the projects over sources, one for each server and workspace."""
    result = list(drafts)
    told: set[str] = set()
    for base, entry, called in _entries(type_, projects):
        check_prefixed(base.where, type_, entry, words)
        at = at_from(words.place, entry)
        index = _home_of(result, words, at)
        if index is None:
            model = result[0] if result else Draft(plain_name(type_), type_)
            result.append(_sibling(result, model, at))
            index = len(result) - 1
        draft = result[index]
        added = parts_from(words.place, entry, base)
        if added:
            draft = replace(draft, parts=_joined(draft, added, is_first=draft.name not in told))
            told.add(draft.name)
            draft = replace(draft, names={**draft.names, **named(words, added, called)})
        result[index] = replace(draft, at={**at, **draft.at})
    return result


def _joined(draft: Draft, added: tuple[str, ...], *, is_first: bool) -> tuple[str, ...]:
    """Add parts; projects.yaml wins over the projects of config.toml, folders go together."""
    if draft.words.are_paths:
        fresh = (one for one in added if not draft.spots((one,)) & draft.spots(draft.parts))
        return (*draft.parts, *fresh)
    return tuple(dict.fromkeys((*(() if is_first else draft.parts), *added)))


def _home_of(drafts: list[Draft], words: TypeWords, at: Mapping[str, str]) -> int | None:
    """Find the source that a place belongs to; a blank fits anything."""
    if not words.place.at:
        return next((n for n, draft in enumerate(drafts) if not draft.has_own_name), None)
    *outer, anchor = words.place.at
    for exact in (True, False):
        for index, draft in enumerate(drafts):
            same = is_same(draft.anchor, at.get(anchor), exact=exact)
            if same and all(_is_on(draft, word, at.get(word)) for word in outer):
                return index
    return None


def _is_on(draft: Draft, word: str, value: str | None) -> bool:
    """Tell whether a server is this source's: none named means any, a blank source takes any."""
    if value is None:
        return True
    if word not in draft.at:
        return draft.anchor is None and not draft.parts
    return tail(draft.at[word]) == tail(value)


def _sibling(drafts: Iterable[Draft], model: Draft, at: Mapping[str, str]) -> Draft:
    """Make a source beside a model; where parts alone say what is read it starts afresh."""
    if not model.words.at:
        return Draft(plain_name(model.type), model.type)
    taken = {draft.name for draft in drafts}
    *outer, anchor = model.words.at
    said = (at.get(word) for word in (anchor, *reversed(outer)))
    name = f"{model.type}-{slug(tail(next(filter(None, said), 'more')))}"
    while name in taken:
        name += "-2"
    kept = {word: value for word, value in model.at.items() if word != anchor}
    return replace(model, name=name, at=kept | dict(at), parts=(), has_own_name=False)


def _source(draft: Draft, variables: Mapping[str, str]) -> Source:
    options = dict(draft.options) | dict(draft.at)
    if len(draft.parts) == 1:
        options[draft.words.part] = draft.parts[0]
    elif draft.parts:
        options[draft.words.parts] = list(draft.parts)
    if names := shown_names(draft.parts, draft.names, options.get("names")):
        options["names"] = names
    env = _secret_name(draft, variables)
    secret = variables.get(env) or None if env else None
    return Source(draft.name, draft.type, options, secret, env, draft.known_as)


def _secret_name(draft: Draft, variables: Mapping[str, str]) -> str | None:
    """Name the variable that holds the key: as configured, else by name, else by type."""
    if not TYPES[draft.type].needs_key:
        return None
    if draft.secret_env:
        return draft.secret_env
    name, by_type = secret_variable(draft.known_as or draft.name), TYPES[draft.type].key_env
    return name if variables.get(name) else by_type


def secret_variable(name: str) -> str:
    """Spell the variable that holds the key of a source: `RALLY_EU_API_KEY`."""
    return f"{name.upper().replace('-', '_')}_API_KEY"
