"""What a step of the work sets: `start`, `review` and `merged`, each a column or a native word."""

from collections.abc import Mapping, Sequence

from panopticon.config.layer import Layer, Table, check_keys, section
from panopticon.config.setting import checked_line
from panopticon.config.team import Place
from panopticon.errors import InvalidInput

STEPS = ("start", "review", "merged")
# Upstream's statuses, in its `tracker.status_mapping`, and the step that sets each.
_UPSTREAM = {"in-progress": "start", "review": "review", "done": "merged"}
_HINT = "Write a column (in_review), or the tracker's own word (Code Review)."


def status_words_from(
    places: Sequence[Place], bmad: Layer | None, toml: Table, where: str
) -> dict[str, str]:
    """Read the words of each step; the stronger place wins step by step.

    Upstream's own table is weaker than a `status_words` in any file of the repository or the home.
    """
    words = _upstream(bmad)
    if "status_words" in toml:
        words |= _table(f"{where} status_words", toml["status_words"])
    for place in reversed(places):
        if said := place.get("status_words"):
            words |= _table(said.where, said.value)
    return words


def _table(where: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{where}: {value!r} holds no words for steps.", f"For {_steps()}.")
    table = {str(key): word for key, word in value.items() if word is not None}
    check_keys(where, table, frozenset(STEPS))
    return {step: _word(f"{where}.{step}", word) for step, word in table.items()}


def _upstream(bmad: Layer | None) -> dict[str, str]:
    """Read upstream's table; the one that its installer leaves under `provider: none` is unused."""
    if bmad is None or section(bmad, "tracker").get("provider") == "none":
        return {}
    table = section(bmad, "tracker", "status_mapping")
    return {
        step: _word(f"{bmad.path} tracker.status_mapping.{status}", table[status])
        for status, step in _UPSTREAM.items()
        if table.get(status) not in (None, "")
    }


def _word(where: str, value: object) -> str:
    return checked_line(where, value, "a status", _HINT)


def _steps() -> str:
    return ", ".join(STEPS)
