"""Queries as predicates over objects: attributes are resolved, values compared by their type."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from panopticon.sandbox.rally import dates, reference
from panopticon.sandbox.rally.fetch import value_of
from panopticon.sandbox.rally.grammar import Condition, Expression
from panopticon.sandbox.rally.kinds import Field, Kind, Schema
from panopticon.sandbox.rally.objects import Objects, Thing
from panopticon.sandbox.rally.trouble import Trouble

Predicate = Callable[[Thing], bool]
Test = Callable[[object], bool]
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBERS = {"INTEGER", "QUANTITY", "DECIMAL"}
_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)$")
_ALIASES = {"Rank": "DragAndDropRank"}
COUNT = Field("Count", "INTEGER")
_ANY = {"Artifact", "PortfolioItem", "RankableArtifact", "SchedulableArtifact", "Requirement"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a query is judged in."""

    store: Objects
    schema: Schema
    now: datetime


def predicate(expression: Expression | None, kind: Kind, scene: Scene) -> Predicate:
    """Turn an expression into a test of one object of the kind."""
    if expression is None:
        return lambda _thing: True
    if isinstance(expression, Condition):
        return _condition(expression, kind, scene)
    left = predicate(expression.left, kind, scene)
    right = predicate(expression.right, kind, scene)
    if expression.word == "AND":
        return lambda thing: left(thing) and right(thing)
    return lambda thing: left(thing) or right(thing)


def attribute(name: str, kind: Kind) -> Field | None:
    """Find an attribute by its exact name; Rank is spelled two ways."""
    return kind.fields.get(_ALIASES.get(name, name))


def _condition(condition: Condition, kind: Kind, scene: Scene) -> Predicate:
    line = _resolve(condition.path, kind, scene)
    last = line[-1]
    test = _test(condition, last, scene)
    if len(line) == 1 and last.type != "COLLECTION":
        return _direct(last, test, scene.store)
    return lambda thing: _any(scene.store, [thing], line, test)


def _direct(one: Field, test: Test, store: Objects) -> Predicate:
    if one.compute == "oid":
        return lambda thing: test(thing.oid)
    plain = not one.compute and one.type not in {"TEXT", "BOOLEAN", "RATING", "WEB_LINK"}
    if plain and one.type not in {"QUANTITY", "DECIMAL", "OBJECT"}:
        name = one.name
        return lambda thing: test(thing.values.get(name))
    return lambda thing: test(_seen(store, thing, one))


def _seen(store: Objects, thing: Thing, one: Field) -> object:
    value = value_of(store, thing, one)
    if one.type == "OBJECT" and isinstance(value, int) and store.get(value) is None:
        return None
    return value


def _resolve(path: Sequence[str], kind: Kind, scene: Scene) -> list[Field]:
    line: list[Field] = []
    here: Kind | None = kind
    for name in path:
        if line and line[-1].type == "COLLECTION" and name in {"Count", "Size"}:
            return [*line, COUNT]
        one = _among(name, here, scene.schema) if here else None
        if one is None:
            raise Trouble(f"Could not parse: Could not find attribute '{name}'")
        line.append(one)
        here = scene.schema.kinds.get(one.target) if one.target else None
    return line


def _among(name: str, kind: Kind, schema: Schema) -> Field | None:
    """Find an attribute of a kind, or of some kind an abstract one stands for."""
    found = attribute(name, kind)
    if found is None and kind.name in _ANY:
        found = next(filter(None, (attribute(name, one) for one in schema.concrete(kind))), None)
    return found


def _any(store: Objects, things: list[Thing], line: list[Field], test: Test) -> bool:
    """Follow the path; any member of a collection may satisfy the test."""
    known = (thing for thing in things if line[0].name in thing.kind.fields)
    follow = _through if line[0].type != "COLLECTION" else _across
    return any(follow(store, thing, line, test) for thing in known)


def _across(store: Objects, thing: Thing, line: list[Field], test: Test) -> bool:
    members, rest = store.members(thing, line[0]), line[1:]
    if rest and rest[0] is COUNT:
        return test(len(members))
    if not members:
        return test(None)
    if not rest:
        return any(map(test, members))
    return _any(store, [found for oid in members if (found := store.get(oid))], rest, test)


def _through(store: Objects, thing: Thing, line: list[Field], test: Test) -> bool:
    if len(line) == 1:
        return test(_seen(store, thing, line[0]))
    oid = value_of(store, thing, line[0])
    other = store.get(oid) if isinstance(oid, int) else None
    return test(None) if other is None else _any(store, [other], line[1:], test)


def _test(condition: Condition, one: Field, scene: Scene) -> Test:
    if condition.operator == "in":
        tests = [_equal(value, one, scene) for value in _listed(condition.value)]
        return lambda value: any(test(value) for test in tests)
    if condition.operator in {"contains", "!contains"}:
        return _contains(condition, one, scene)
    if not condition.quoted and condition.value.lower() == "null":
        return _null(condition.operator, one)
    if condition.operator in {"=", "!="}:
        test = _equal(condition.value, one, scene)
        return test if condition.operator == "=" else lambda value: not test(value)
    return _ordered(condition, one, scene)


def _listed(text: str) -> list[str]:
    return [word.strip().strip('"') for word in text.split(",")]


def _null(op: str, one: Field) -> Test:
    empties: tuple[object, ...] = (None, "", {}, "None") if one.type == "RATING" else (None, "", {})
    if op == "!=":
        return lambda value: value not in empties
    return lambda value: value in empties


def _equal(text: str, one: Field, scene: Scene) -> Test:
    wanted = _literal(text, one, scene)
    if wanted == "" or (one.type == "RATING" and wanted == "None"):
        return _null("=", one)
    return lambda value: value == wanted


def _contains(condition: Condition, one: Field, scene: Scene) -> Test:
    if one.type in {"COLLECTION", "OBJECT"}:
        test = _equal(condition.value, one, scene)
    else:
        wanted = condition.value.lower()
        test = lambda value: isinstance(value, str) and wanted in value.lower()  # noqa: E731
    return test if condition.operator == "contains" else lambda value: not test(value)


def _ordered(condition: Condition, one: Field, scene: Scene) -> Test:
    compare = _ORDER[condition.operator]
    rank = _rank(one)
    wanted = rank(_literal(condition.value, one, scene))
    if one.type == "DATE" and one.name != "Count":
        return lambda value: value is not None and compare(value, wanted)
    return lambda value: value is not None and compare(rank(value), wanted)


def _rank(one: Field) -> Callable[[object], object]:
    """Say how values of a field are ordered: by place in the list, by number, or by text."""
    if one.allowed:
        places = {word: place for place, word in enumerate(one.allowed)}
        return lambda value: places.get(str(value), -1)
    if one.name == "FormattedID":
        return _number_key
    if one.type == "STRING" and one.name != "DragAndDropRank":
        return lambda value: str(value).lower()
    return lambda value: value


def _number_key(value: object) -> tuple[str, int]:
    found = _NUMBERED.match(str(value))
    return (found[1].upper(), int(found[2])) if found else (str(value), 0)


sort_key = _rank


def _literal(text: str, one: Field, scene: Scene) -> object:
    if one.type in _NUMBERS:
        return _number(text)
    match one.type:
        case "BOOLEAN":
            return text.lower() == "true"
        case "DATE":
            return dates.read(text, scene.now)
        case "OBJECT" | "COLLECTION":
            return reference.oid_of_ref(text)
        case _:
            return text


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError as error:
        raise Trouble(f'Could not parse: Cannot convert "{text}" into a number.') from error
