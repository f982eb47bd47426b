"""What the ids in a source's settings are called, as its tracker last said; asks nobody."""

import json
from collections.abc import Mapping, Sequence

from panopticon.services.context import Context


def remember(ctx: Context, name: str, named: Mapping[str, str]) -> None:
    """Keep what ids of a source are called, beside what is known already."""
    found = {**_known(ctx, name), **{id_: word for id_, word in named.items() if id_ and word}}
    ctx.store.put_note(_note(name), json.dumps(found))


def called(
    ctx: Context, name: str, workspace: str | None, projects: Sequence[str]
) -> dict[str, object]:
    """Name the workspace and the projects; what was never heard of goes by its id."""
    known = _known(ctx, name)
    return {
        "workspace_name": known.get(workspace or "", workspace),
        "project_names": [known.get(one, one) for one in projects],
    }


def _known(ctx: Context, name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(ctx.store.note(_note(name)) or "{}")
    return found


def _note(name: str) -> str:
    return f"settings:places:{name}"
