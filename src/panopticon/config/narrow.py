"""Letting a stronger layer choose what is read: one server, one workspace, its projects."""

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
    tail,
    text_or_none,
)
from panopticon.config.layer import Layer, section
from panopticon.config.schema import TypeWords


def narrowings(
    type_: str, words: TypeWords, layers: Layers
) -> Iterable[tuple[str, dict[str, object]]]:
    """Yield what stronger layers say about server, workspace and project, weakest first."""
    yield "_bmad/pantheon/config.yaml", bmad_words(type_, words, layers.bmad)
    prefix = type_.upper()
    spoken = {word: layers.variables.get(f"{prefix}_{word.upper()}") or None for word in NARROW}
    yield f"{prefix}_… in the environment", {k: v for k, v in spoken.items() if v}
    flags = {word: layers.flags.get(word) for word in NARROW}
    yield "the command line", {k: v for k, v in flags.items() if v}


def bmad_words(type_: str, words: TypeWords, bmad: Layer | None) -> dict[str, object]:
    """Read `pantheon: {rally_workspace: …}` and `tracker: {provider, rally: {project}}`."""
    told = prefixed(type_, section(bmad, "pantheon"))
    check_prefixed(f"{bmad.path if bmad else ''} pantheon", type_, told, words)
    inner = section(bmad, "tracker", type_)
    if section(bmad, "tracker").get("provider") == type_:
        told.setdefault("enabled", True)
        for word in NARROW:
            if inner.get(word) not in (None, "", "auto"):
                told.setdefault(word, inner[word])
    return {key: value for key, value in told.items() if key in {*NARROW, "enabled"}}


def narrowed(
    drafts: list[Draft], type_: str, told: Mapping[str, object], where: str, notes: list[str]
) -> list[Draft]:
    """Let a stronger layer choose: one server, one workspace, its projects.

    A section that goes by a name of its own (`[trackers.rally-eu]`) with a workspace of its own
    is another connection and stays as it is.
    """
    if told.get("enabled") is False:
        return []
    told = {key: value for key, value in told.items() if key in NARROW}
    if not told or not drafts:
        return drafts
    server, workspace = text_or_none(told.get("server")), text_or_none(told.get("workspace"))
    projects = listed(told.get("project"))
    chosen = _chosen(drafts, workspace, projects)
    moved = workspace is not None and not is_same(chosen.workspace, workspace, exact=False)
    result = replace(
        chosen,
        name=type_ if moved and not chosen.has_own_name else chosen.name,
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


def _is_apart(draft: Draft) -> bool:
    return draft.has_own_name and draft.workspace is not None


def _chosen(drafts: list[Draft], workspace: str | None, projects: tuple[str, ...]) -> Draft:
    if workspace is not None:
        fitting = [d for d in drafts if d.workspace and tail(d.workspace) == tail(workspace)]
        return (fitting or drafts)[0]
    tails = {tail(project) for project in projects}
    for draft in drafts:
        if tails & {tail(project) for project in draft.projects}:
            return draft
    return drafts[0]
