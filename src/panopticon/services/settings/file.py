"""The settings as the page shows and changes them; a change takes effect in the running server.

Nothing that this gives away holds a key: it says whether there is one.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from panopticon.config import SETTINGS, Config, Form, Setting, source_called
from panopticon.config.board import MOST_CARDS
from panopticon.config.setting import no_number, value_of
from panopticon.errors import InvalidInput
from panopticon.local.file import write_private
from panopticon.local.git import clone
from panopticon.model.issue import State
from panopticon.services import inputs as settings_input
from panopticon.services.context import Context
from panopticon.services.settings import place as settings_place
from panopticon.services.setup import connection as setup
from panopticon.services.setup.toml import Put, change, text_of
from panopticon.services.tracker import Configured, listed

_OWN = ("me", "poll_seconds", "default_tracker")
_CLAIMS = tuple(one.name for one in SETTINGS if one.is_shared)
_SHOWN = (*_OWN, *_CLAIMS, "arbiter")


def shown(ctx: Context) -> dict[str, object]:
    """Give everything that the settings page shows."""
    config = ctx.config
    return {
        "me": config.me,
        "me_by_git": None if config.me else clone.email(config.folder),
        "poll_seconds": config.poll_seconds,
        "default_tracker": next((one.source.name for one in listed(ctx) if one.is_default), None),
        "limits": {state.value: config.limits.get(state) for state in State},
        **_claims(config),
        "fixed_by": {name: config.fixed[name] for name in _SHOWN if name in config.fixed},
        "sources": [source_json(ctx, one) for one in listed(ctx)],
        "types": settings_input.types(),
        "is_demo": config.is_demo,
        "files": [str(path) for path in config.files],
        "secrets_file": str(config.secrets_file) if config.secrets_file else None,
    }


def _claims(config: Config) -> dict[str, object]:
    """Give who decides claims, and what holds of them."""
    told = {name: getattr(config, name) for name in _CLAIMS}
    return {"arbiter": config.arbiter, **told, "leads": list(config.leads)}


def source_json(ctx: Context, one: Configured) -> dict[str, object]:
    """Give one source, and whether it can be changed here."""
    reason = why_not(ctx, one.source.name)
    names = settings_place.called(ctx, one.source.name, one.workspace, one.projects)
    return {
        **one.as_json(),
        **names,
        **settings_input.choices_of(one.source),
        "editable": reason is None,
        "why_not": reason,
    }


def why_not(ctx: Context, name: str) -> str | None:
    """Say why a source cannot be changed here; None where it can."""
    if ctx.config.is_demo:
        return "The demo sets itself up."
    source = source_called(name, ctx.config.sources)
    if source and source.told_by:
        return f"It is described by {source.told_by}: change it there."
    return None


def update(ctx: Context, fields: Mapping[str, object]) -> dict[str, object]:
    """Change some settings and `limits`; None means the default.

    Raises InvalidInput for a value out of bounds, and for one that a stronger place decides.
    """
    puts: list[Put] = []
    for name, value in fields.items():
        puts += _limits(value) if name == "limits" else [_own(ctx, name, value)]
    if puts:
        commit(ctx, lambda: change(ctx.config.home / "config.toml", puts))
    return shown(ctx)


def _own(ctx: Context, name: str, value: object) -> Put:
    if decider := ctx.config.fixed.get(name):
        is_file = Path(decider).suffix == ".yaml"
        raise InvalidInput(
            f"`{name}` is decided by {decider}, which is stronger than config.toml.",
            f"Change it in {decider}, which may be shared with others."
            if is_file
            else f"Take {decider} away and start the board again, then change it here.",
        )
    if name == "default_tracker" and value is not None:
        value = ctx.source(str(value)).name
    if value is not None:
        value = _checked(next(one for one in SETTINGS if one.name == name), value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # as a person would write it
    return Put(("pan", name), value)


def _checked(setting: Setting, value: object) -> object:
    """Give a value as the file holds it; refuses what its reader would, and text for a number."""
    where = f"`{setting.name}`"
    if setting.form is Form.LINE:
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise InvalidInput(f"{where} is one line of text.", setting.help)
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if setting.form in {Form.NUMBER, Form.WHOLE} and not is_number:
        raise no_number(setting, value, where)
    read = value_of(setting, value, where)
    return list(read) if isinstance(read, tuple) else read


def _limits(value: object) -> list[Put]:
    if value is None:
        return [Put(("board", "limits"), None)]
    if not isinstance(value, Mapping):
        raise InvalidInput(
            "`limits` is a number of cards for each column.", 'For example {"in_progress": 6}.'
        )
    for state, limit in value.items():
        if state not in set(State):
            raise InvalidInput(f"There is no column {state!r}.", f"There is {', '.join(State)}.")
        is_number = isinstance(limit, int) and not isinstance(limit, bool)
        if limit is not None and not (is_number and 1 <= limit <= MOST_CARDS):
            raise InvalidInput(
                f"The limit of {state} is a whole number from 1 to {MOST_CARDS}.",
                "Leave it empty for none.",
            )
    return [Put(("board", "limits", str(state)), limit) for state, limit in value.items()]


def commit(
    ctx: Context,
    write: Callable[[], object],
    check: Callable[[Config], None] = lambda _config: None,
) -> None:
    """Write settings, read them back, and go on with them; whatever fails leaves all as it was.

    `check` judges the settings as read back, before the run goes on with them.
    """
    config = ctx.config
    with setup.writing(config):
        before = _texts([config.home / "config.toml", config.secrets_file])
        try:
            write()
            fresh = ctx.read_config() if ctx.read_config else None
            if fresh:
                check(fresh)
        except BaseException:
            _restore(before)
            raise
        if fresh:
            ctx.adopt(fresh)


def _texts(paths: Sequence[Path | None]) -> dict[Path, str | None]:
    return {path: text_of(path) if path.exists() else None for path in paths if path}


def _restore(before: Mapping[Path, str | None]) -> None:
    for path, text in before.items():
        if text is None:
            path.unlink(missing_ok=True)
        elif text_of(path) != text:
            write_private(path, text)
