"""What a person keeps about the board: how full a column may be, and the views they saved."""

from collections.abc import Mapping

from panopticon.config.layer import Layer, check_keys, section
from panopticon.errors import InvalidInput
from panopticon.model.issue import State

MOST_CARDS = 10_000
MOST_VIEWS = 100
LONGEST_NAME = 80  # characters
LONGEST_QUERY = 2000  # characters


def limits_from(toml: Layer | None) -> Mapping[str, int]:
    """Read `[board.limits]`: column = how many cards it should hold at most."""
    where = f"{toml.path if toml else ''} [board.limits]"
    check_keys(where.replace(".limits", ""), section(toml, "board"), frozenset({"limits"}))
    table = section(toml, "board", "limits")
    check_keys(where, table, frozenset(State))
    return {state: _limit(f"{where} {state}", value) for state, value in table.items()}


def _limit(where: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_CARDS:
        raise InvalidInput(
            f"{where}: {value!r} is not a whole number from 1 to {MOST_CARDS}.",
            "Leave the line out for a column without a limit.",
        )
    return value


def views_from(toml: Layer | None) -> Mapping[str, str]:
    """Read `[views]`: name = the query string of the board's address."""
    where = f"{toml.path if toml else ''} [views]"
    views = {
        name: checked_view(where, name, query) for name, query in section(toml, "views").items()
    }
    if len(views) > MOST_VIEWS:
        raise InvalidInput(f"{where}: more than {MOST_VIEWS} views.", "Remove some.")
    return views


def checked_view(where: str, name: str, query: object) -> str:
    """Give a view's query; raises InvalidInput for a name or query that is no line of text."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            f"{where}: a view's name is one line of 1 to {LONGEST_NAME} characters.",
            "Give it a short name.",
        )
    if not isinstance(query, str) or len(query) > LONGEST_QUERY or not query.isprintable():
        raise InvalidInput(
            f"{where} {name}: a view is a query string of at most {LONGEST_QUERY} characters.",
            "Take what stands after the ? of the board's address.",
        )
    return query.removeprefix("?")
