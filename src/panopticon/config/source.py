"""From layers to sources: one for each distinct type, server and workspace."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from panopticon.config.draft import (
    NARROW,
    Draft,
    Layers,
    check_prefixed,
    is_same,
    listed,
    prefixed,
    slug,
    tail,
    text_or_none,
)
from panopticon.config.layer import Layer, Table, check_keys, section
from panopticon.config.narrow import bmad_words, narrowed, narrowings
from panopticon.config.schema import SECTION_KEYS, TYPES, Source, TypeWords
from panopticon.config.view import in_view


def sources_from(layers: Layers) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Build the sources, and say what was left out and why."""
    drafts, notes = _drafts(layers)
    homely, _ = _drafts(layers.of_home())
    named = [in_view(draft, homely) for draft in drafts]
    sources = (
        replace(_source(shown, layers.variables), told_by=_told_by(draft, layers))
        for draft, shown in zip(drafts, named, strict=True)
    )
    return tuple(sources), tuple(notes)


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
        own = [draft for draft in drafts if draft.type == type_]
        others = [draft for draft in drafts if draft.type != type_]
        if not own and _is_wanted(type_, words, layers):
            own = [Draft(type_, type_)]
        own = _with_projects(own, type_, words, layers.projects)
        for where, words_given in narrowings(type_, words, layers):
            own = narrowed(own, type_, words_given, where, notes)
        drafts = others + own
    return drafts, notes


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
        drafts.append(_draft(name, type_, table))
    return drafts, notes


def _draft(name: str, type_: str, table: Table) -> Draft:
    projects = listed(table.get("projects")) + listed(table.get("project"))
    rest = {
        key: value
        for key, value in table.items()
        if key not in SECTION_KEYS and key not in {*NARROW, "projects"}
    }
    return Draft(
        name=name,
        type=type_,
        server=text_or_none(table.get("server")),
        workspace=text_or_none(table.get("workspace")),
        projects=tuple(dict.fromkeys(projects)),
        secret_env=text_or_none(table.get("api_key_env", table.get("token_env"))),
        options=rest,
        has_own_name=name != type_,
    )


def _is_wanted(type_: str, words: TypeWords, layers: Layers) -> bool:
    """Tell whether anything outside config.toml asks for a tracker of this type."""
    has_place = bool(layers.variables.get(f"{type_.upper()}_WORKSPACE"))
    has_key = bool(layers.variables.get(words.key_env)) and not words.needs_place
    told = bmad_words(type_, words, layers.bmad) or _entries(type_, layers.projects)
    return has_place or has_key or bool(told)


def _entries(type_: str, projects: Layer | None) -> list[tuple[str, Table]]:
    """Collect what each project says about this type, its prefix taken off."""
    found: list[tuple[str, Table]] = []
    for name, entry in section(projects, "projects").items():
        if isinstance(entry, Mapping):
            own = prefixed(type_, entry)
            if own:
                found.append((name, own))
    return found


def _with_projects(
    drafts: list[Draft], type_: str, words: TypeWords, projects: Layer | None
) -> list[Draft]:
    """Spread the projects over sources, one for each server and workspace."""
    result = list(drafts)
    told: set[str] = set()
    for name, entry in _entries(type_, projects):
        check_prefixed(f"{projects.path if projects else ''} projects.{name}", type_, entry, words)
        server, workspace = text_or_none(entry.get("server")), text_or_none(entry.get("workspace"))
        at = _home_of(result, server, workspace)
        if at is None:
            model = result[0] if result else Draft(type_, type_)
            result.append(_sibling(result, model, server, workspace))
            at = len(result) - 1
        draft = result[at]
        known = draft.projects if draft.name in told else ()  # projects.yaml wins over config.toml
        added = listed(entry.get("project"))
        if added:
            told.add(draft.name)
            draft = replace(draft, projects=tuple(dict.fromkeys((*known, *added))))
        result[at] = replace(
            draft, workspace=draft.workspace or workspace, server=draft.server or server
        )
    return result


def _home_of(drafts: list[Draft], server: str | None, workspace: str | None) -> int | None:
    """Find the source that a server and workspace belong to; a blank fits anything."""
    for exact in (True, False):
        for at, draft in enumerate(drafts):
            same = is_same(draft.workspace, workspace, exact=exact)
            if same and _is_on(draft, server):
                return at
    return None


def _is_on(draft: Draft, server: str | None) -> bool:
    """Tell whether a server is this source's: none named means any, a blank source takes any."""
    if server is None:
        return True
    if draft.server is None:
        return draft.workspace is None and not draft.projects
    return tail(draft.server) == tail(server)


def _sibling(
    drafts: Iterable[Draft], model: Draft, server: str | None, workspace: str | None
) -> Draft:
    taken = {draft.name for draft in drafts}
    name = f"{model.type}-{slug(tail(workspace or server or 'more'))}"
    while name in taken:
        name += "-2"
    return replace(
        model,
        name=name,
        server=server or model.server,
        workspace=workspace,
        projects=(),
        has_own_name=False,
    )


def _source(draft: Draft, variables: Mapping[str, str]) -> Source:
    env = _secret_name(draft, variables)
    options = dict(draft.options)
    if draft.server:
        options["server"] = draft.server
    if draft.workspace:
        options["workspace"] = draft.workspace
    if len(draft.projects) == 1:
        options["project"] = draft.projects[0]
    elif draft.projects:
        options["projects"] = list(draft.projects)
    secret = variables.get(env) or None
    return Source(draft.name, draft.type, options, secret, env, draft.known_as)


def _secret_name(draft: Draft, variables: Mapping[str, str]) -> str:
    """Name the variable that holds the key: as configured, else by name, else by type."""
    if draft.secret_env:
        return draft.secret_env
    name, by_type = secret_variable(draft.known_as or draft.name), TYPES[draft.type].key_env
    return name if variables.get(name) else by_type


def secret_variable(name: str) -> str:
    """Spell the variable that holds the key of a source: `RALLY_EU_API_KEY`."""
    return f"{name.upper().replace('-', '_')}_API_KEY"
