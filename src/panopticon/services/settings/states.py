"""Which column a tracker's own words stand in, as the tracker tells and as a team overrides it."""

from collections.abc import Mapping

from panopticon.config import Source
from panopticon.errors import InvalidInput, Unsupported
from panopticon.model.issue import Json, State
from panopticon.services.context import Context
from panopticon.services.settings.file import commit, why_not
from panopticon.services.setup.toml import Put, change, section_of

_OPTION = "states"
_OTHER = "other"  # words of a team's map that no kind of item lists, such as those of a flow


def words(ctx: Context, name: str) -> dict[str, Json]:
    """List the words of each kind with their columns; raises what the tracker says."""
    source = ctx.source(name)
    own = _own(source)
    found: list[tuple[str, list[tuple[str, State]]]] = [
        (kind.value, list(pairs)) for kind, pairs in ctx.tracker(source.name).words().items()
    ]
    known = {word.lower() for _, pairs in found for word, _ in pairs}
    if rest := [(word, state) for word, state in own.values() if word.lower() not in known]:
        found.append((_OTHER, rest))
    reason = _why_not(ctx, source)
    return {
        "kinds": [
            {
                "kind": kind,
                "words": [
                    {"word": word, "state": state.value, "own": word.lower() in own}
                    for word, state in pairs
                ],
            }
            for kind, pairs in found
        ],
        "editable": reason is None,
        "why_not": reason,
    }


def put_words(ctx: Context, name: str, states: Mapping[str, State | None]) -> dict[str, Json]:
    """Put words into columns, None for the tracker's own choice; read when the source is next.

    The settings are part of what a cursor stands for, so the next sync reads everything anew.
    """
    source = ctx.source(name)
    if reason := _why_not(ctx, source):
        raise Unsupported(
            f"The words of {name!r} cannot be changed here. {reason}", "`pan doctor` says more."
        )
    _check(ctx, source, states)
    path = ctx.config.home / "config.toml"

    def write() -> None:
        section = ("trackers", source.name)
        kept = section_of(path, *section, _OPTION)
        spelled = {word.lower(): word for word, value in kept.items() if _is_word(value)}
        puts = [] if section_of(path, *section) else [Put((*section, "type"), source.type)]
        for word, state in states.items():
            if (written := spelled.get(word.lower(), word)) != word:
                puts.append(Put((*section, _OPTION, written), None))
            puts.append(Put((*section, _OPTION, word), state.value if state else None))
        change(path, puts)

    commit(ctx, write)
    return words(ctx, name)


def _own(source: Source) -> dict[str, tuple[str, State]]:
    """Read the team's own map, by lower-case word; a project's own table is not part of it."""
    option = source.options.get(_OPTION)
    table = option if isinstance(option, Mapping) else {}
    return {
        str(word).lower(): (str(word), State(str(value)))
        for word, value in table.items()
        if _is_word(value) and str(value) in set(State)
    }


def _is_word(value: object) -> bool:
    return not isinstance(value, Mapping)


def _why_not(ctx: Context, source: Source) -> str | None:
    return None if ctx.config.is_demo else why_not(ctx, source.name)


def _check(ctx: Context, source: Source, states: Mapping[str, State | None]) -> None:
    """Refuse words that the tracker does not have: a typing error would be kept for ever."""
    known = {word for pairs in ctx.tracker(source.name).words().values() for word, _ in pairs}
    spelled = {word.lower() for word in known} | _own(source).keys()
    for word in states:
        if word.lower() not in spelled:
            raise InvalidInput(
                f"{source.name} has no state called {word[:80]!r}.",
                f"There is {', '.join(sorted(known)[:20])}.",
            )
