"""From layers to sources: one for each distinct type, server and workspace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from panopticon.config.layer import Layer, Table, check_keys, nearest, section
from panopticon.config.schema import SECTION_KEYS, TYPES, Source, TypeWords
from panopticon.errors import InvalidInput

_NARROW = ("server", "workspace", "project")


@dataclass(frozen=True, slots=True)
class Layers:
    """Every place that may speak of trackers, weakest first; `variables` after precedence."""

    toml: Layer | None
    projects: Layer | None
    bmad: Layer | None
    variables: Mapping[str, str]
    flags: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A source on its way through the layers."""

    name: str
    type: str
    server: str | None = None
    workspace: str | None = None
    projects: tuple[str, ...] = ()
    secret_env: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    has_own_name: bool = False  # a section of config.toml that is not called like its type


def sources_from(layers: Layers) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Build the sources, and say what was left out and why."""
    drafts, notes = _sections(layers.toml)
    for type_, words in TYPES.items():
        own = [draft for draft in drafts if draft.type == type_]
        others = [draft for draft in drafts if draft.type != type_]
        if not own and _is_wanted(type_, words, layers):
            own = [_Draft(type_, type_)]
        own = _with_projects(own, type_, words, layers.projects)
        for where, words_given in _narrowings(type_, words, layers):
            own = _narrowed(own, type_, words_given, where, notes)
        drafts = others + own
    return tuple(_source(draft, layers.variables) for draft in drafts), tuple(notes)


def _sections(toml: Layer | None) -> tuple[list[_Draft], list[str]]:
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


def _draft(name: str, type_: str, table: Table) -> _Draft:
    projects = _listed(table.get("projects")) + _listed(table.get("project"))
    rest = {
        key: value
        for key, value in table.items()
        if key not in SECTION_KEYS and key not in {*_NARROW, "projects"}
    }
    return _Draft(
        name=name,
        type=type_,
        server=_text(table.get("server")),
        workspace=_text(table.get("workspace")),
        projects=tuple(dict.fromkeys(projects)),
        secret_env=_text(table.get("api_key_env", table.get("token_env"))),
        options=rest,
        has_own_name=name != type_,
    )


def _is_wanted(type_: str, words: TypeWords, layers: Layers) -> bool:
    """Tell whether anything outside config.toml asks for a tracker of this type."""
    prefix = type_.upper()
    names = [f"{prefix}_API_KEY", f"{prefix}_TOKEN", f"{prefix}_WORKSPACE"]
    spoken = any(layers.variables.get(name) for name in names) or f"{type_}.server" in layers.flags
    return spoken or bool(
        _bmad_words(type_, words, layers.bmad) or _entries(type_, layers.projects)
    )


def _entries(type_: str, projects: Layer | None) -> list[tuple[str, Table]]:
    """Collect what each project says about this type, its prefix taken off."""
    found: list[tuple[str, Table]] = []
    for name, entry in section(projects, "projects").items():
        if isinstance(entry, Mapping):
            own = _prefixed(type_, entry)
            if own:
                found.append((name, own))
    return found


def _prefixed(type_: str, table: Table) -> dict[str, object]:
    start = f"{type_}_"
    return {
        str(key).removeprefix(start): value
        for key, value in table.items()
        if str(key).startswith(start)
    }


def _with_projects(
    drafts: list[_Draft], type_: str, words: TypeWords, projects: Layer | None
) -> list[_Draft]:
    """Spread the projects over sources, one for each server and workspace."""
    result = list(drafts)
    told: set[str] = set()
    for name, entry in _entries(type_, projects):
        _check_prefixed(f"{projects.path if projects else ''} projects.{name}", type_, entry, words)
        server, workspace = _text(entry.get("server")), _text(entry.get("workspace"))
        at = _home_of(result, server, workspace)
        if at is None:
            model = result[0] if result else _Draft(type_, type_)
            result.append(_sibling(result, model, server, workspace))
            at = len(result) - 1
        draft = result[at]
        known = draft.projects if draft.name in told else ()  # projects.yaml wins over config.toml
        added = _listed(entry.get("project"))
        if added:
            told.add(draft.name)
            draft = replace(draft, projects=tuple(dict.fromkeys((*known, *added))))
        result[at] = replace(draft, workspace=draft.workspace or workspace)
    return result


def _check_prefixed(where: str, type_: str, entry: Table, words: TypeWords) -> None:
    known = words.project_keys | words.shared_keys
    for key in entry:
        if key not in known:
            full = frozenset(f"{type_}_{word}" for word in known)
            hint = nearest(f"{type_}_{key}", full)
            raise InvalidInput(f"{where}: unknown key `{type_}_{key}`.", hint, key=f"{type_}_{key}")


def _home_of(drafts: list[_Draft], server: str | None, workspace: str | None) -> int | None:
    """Find the source that a server and workspace belong to; a blank fits anything."""
    for exact in (True, False):
        for at, draft in enumerate(drafts):
            same = _same(draft.workspace, workspace, exact=exact)
            if same and _same(draft.server, server, exact=False):
                return at
    return None


def _same(one: str | None, other: str | None, *, exact: bool) -> bool:
    if one is None or other is None:
        return one == other or not exact
    return _tail(one) == _tail(other)


def _tail(text: str) -> str:
    """Reduce `/workspace/123`, a full reference or `https://host/` to what tells them apart."""
    return text.rstrip("/").rsplit("/", 1)[-1].casefold()


def _sibling(
    drafts: Iterable[_Draft], model: _Draft, server: str | None, workspace: str | None
) -> _Draft:
    taken = {draft.name for draft in drafts}
    name = f"{model.type}-{_slug(_tail(workspace or server or 'more'))}"
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


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text).split()) or "more"


def _narrowings(
    type_: str, words: TypeWords, layers: Layers
) -> Iterable[tuple[str, dict[str, object]]]:
    """Yield what stronger layers say about server, workspace and project, weakest first."""
    yield "_bmad/pantheon/config.yaml", _bmad_words(type_, words, layers.bmad)
    prefix = type_.upper()
    spoken = {word: layers.variables.get(f"{prefix}_{word.upper()}") or None for word in _NARROW}
    yield f"{prefix}_… in the environment", {k: v for k, v in spoken.items() if v}
    flags = {word: layers.flags.get(word) for word in _NARROW}
    yield "the command line", {k: v for k, v in flags.items() if v}


def _bmad_words(type_: str, words: TypeWords, bmad: Layer | None) -> dict[str, object]:
    """Read `pantheon: {rally_workspace: …}` and `tracker: {provider, rally: {project}}`."""
    told = _prefixed(type_, section(bmad, "pantheon"))
    _check_prefixed(f"{bmad.path if bmad else ''} pantheon", type_, told, words)
    inner = section(bmad, "tracker", type_)
    if section(bmad, "tracker").get("provider") == type_:
        told.setdefault("enabled", True)
        for word in _NARROW:
            if inner.get(word) not in (None, "", "auto"):
                told.setdefault(word, inner[word])
    return {key: value for key, value in told.items() if key in {*_NARROW, "enabled"}}


def _narrowed(
    drafts: list[_Draft], type_: str, told: Mapping[str, object], where: str, notes: list[str]
) -> list[_Draft]:
    """Let a stronger layer choose: one server, one workspace, its projects.

    A section that goes by a name of its own (`[trackers.rally-eu]`) with a workspace of its own
    is another connection and stays as it is.
    """
    if told.get("enabled") is False:
        return []
    told = {key: value for key, value in told.items() if key in _NARROW}
    if not told or not drafts:
        return drafts
    server, workspace = _text(told.get("server")), _text(told.get("workspace"))
    projects = _listed(told.get("project"))
    chosen = _chosen(drafts, workspace, projects)
    moved = workspace is not None and not _same(chosen.workspace, workspace, exact=False)
    result = replace(
        chosen,
        name=type_ if chosen.name.startswith(f"{type_}-") and moved else chosen.name,
        server=server or chosen.server,
        workspace=workspace or chosen.workspace,
        projects=projects or (() if moved else chosen.projects),
    )
    hidden = [draft for draft in drafts if draft is not chosen and not _is_apart(draft)]
    kept = [draft for draft in drafts if draft is not chosen and _is_apart(draft)]
    lost = set(chosen.projects) - set(result.projects) if projects or moved else set()
    if hidden or lost:
        names = ", ".join(sorted(lost | {draft.workspace or draft.name for draft in hidden}))
        notes.append(f"{where} decides what is read: {names} of weaker settings is left out.")
    return [result, *kept]


def _is_apart(draft: _Draft) -> bool:
    return draft.has_own_name and draft.workspace is not None


def _chosen(drafts: list[_Draft], workspace: str | None, projects: tuple[str, ...]) -> _Draft:
    if workspace is not None:
        fitting = [d for d in drafts if d.workspace and _tail(d.workspace) == _tail(workspace)]
        return (fitting or drafts)[0]
    tails = {_tail(project) for project in projects}
    for draft in drafts:
        if tails & {_tail(project) for project in draft.projects}:
            return draft
    return drafts[0]


def _source(draft: _Draft, variables: Mapping[str, str]) -> Source:
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
    return Source(draft.name, draft.type, options, variables.get(env) or None, env)


def _secret_name(draft: _Draft, variables: Mapping[str, str]) -> str:
    """Name the variable that holds the key: as configured, else by name, else by type."""
    if draft.secret_env:
        return draft.secret_env
    prefixes = [word.upper().replace("-", "_") for word in (draft.name, draft.type)]
    for prefix in dict.fromkeys(prefixes):
        for name in (f"{prefix}_API_KEY", f"{prefix}_TOKEN"):
            if variables.get(name):
                return name
    return f"{prefixes[-1]}_API_KEY"


def _listed(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, list | tuple):
        return tuple(str(item) for item in value)
    return (str(value),)


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)
