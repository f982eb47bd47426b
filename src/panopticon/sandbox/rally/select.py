"""Which objects a query gives: workspace, project scope, filter, order."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from panopticon.sandbox.rally.evaluate import Predicate, Scene, attribute, predicate, sort_key
from panopticon.sandbox.rally.fetch import Writer, name_of, value_of
from panopticon.sandbox.rally.grammar import Condition, Expression, Joined, parse
from panopticon.sandbox.rally.kinds import Field, Kind
from panopticon.sandbox.rally.objects import Objects, Thing
from panopticon.sandbox.rally.trouble import Trouble

_KEPT, _WRITERS = 24, 8


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, without the page: equal questions have equal answers until a commit."""

    workspace: int
    kind: str
    types: tuple[str, ...]
    query: str
    order: str
    projects: frozenset[int] | None


class Selector:
    """Answers questions, and remembers answers until the next commit."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.kept: OrderedDict[tuple[object, ...], list[Thing]] = OrderedDict()
        self.writers: dict[tuple[object, ...], Writer] = {}

    def writer(self, store: Objects, words: tuple[str, ...], make: Callable[[], Writer]) -> Writer:
        """Give the writer of the pages before: what nests in them is serialised already."""
        key = (id(store), store.generation, *words)
        if key not in self.writers:
            if len(self.writers) >= _WRITERS:
                self.writers.clear()
            self.writers[key] = make()
        return self.writers[key]

    def answer(self, question: Question, scene: Scene) -> list[Thing]:
        """List what matches, in order."""
        low = question.query.lower()
        moving = any(word in low for word in ("today", "yesterday", "tomorrow"))
        day = scene.now if moving else None
        key = (id(scene.store), scene.store.generation, question, day)
        if key not in self.kept:
            self.kept[key] = _answer(question, scene)
        self.kept.move_to_end(key)
        while len(self.kept) > _KEPT:
            self.kept.popitem(last=False)
        return self.kept[key]


def _answer(question: Question, scene: Scene) -> list[Thing]:
    expression = parse(question.query)
    kind = scene.schema.kinds[question.kind]
    kinds = [scene.schema.kinds[name] for name in question.types] or scene.schema.concrete(kind)
    found: list[Thing] = []
    for one in kinds:
        test = _test(expression, one, kinds, scene)
        candidates = _candidates(expression, one, question.workspace, scene.store)
        found.extend(t for t in candidates if _inside(t, question.projects) and test(t))
    return ordered(found, question.order, kinds, scene.store)


def _test(expression: Expression | None, kind: Kind, kinds: list[Kind], scene: Scene) -> Predicate:
    """Make one kind's test; a field that only some kinds have cannot be asked of all."""
    try:
        return predicate(expression, kind, scene)
    except Trouble:
        if expression is None or len(kinds) == 1 or not any(_knows(expression, k) for k in kinds):
            raise
        raise Trouble(
            "Could not read: could not read all instances of class com.f4tech.slm.domain.Artifact"
        ) from None


def _knows(expression: Expression, kind: Kind) -> bool:
    if isinstance(expression, Condition):
        return attribute(expression.path[0], kind) is not None
    return _knows(expression.left, kind) and _knows(expression.right, kind)


def _inside(thing: Thing, projects: frozenset[int] | None) -> bool:
    if projects is None or "Project" not in thing.kind.fields:
        return True
    return thing.values.get("Project") in projects


def _candidates(
    expression: Expression | None, kind: Kind, workspace: int, store: Objects
) -> Iterable[Thing]:
    """Narrow down by FormattedID, ObjectID or LastUpdateDate where the query demands one."""
    ids = store.of(workspace, kind)
    for must in _musts(expression):
        found = _narrowed(must, kind, workspace, store)
        if found is not None:
            return [store.things[oid] for oid in found if oid in ids]
    if kind.name == "Revision":
        return [t for oid in (*store.implied(workspace), *ids) if (t := store.get(oid))]
    return [store.things[oid] for oid in ids]


def _narrowed(must: Condition, kind: Kind, workspace: int, store: Objects) -> list[int] | None:
    path, op, value = must.path, must.operator, must.value
    if path == ("FormattedID",) and op == "=":
        return [*store.by_number.get(value, ())]
    if path == ("ObjectID",) and op == "=" and value.isdigit() and kind.name != "Revision":
        return [int(value)]
    if path == ("LastUpdateDate",) and op in {">", ">="} and value.endswith("Z"):
        key = (workspace if "Workspace" in kind.fields else 0, kind.name)
        row = store.by_updated.get(key, [])
        return [oid for _date, oid in row[bisect_left(row, (value[:-1][:19], 0)) :]]
    return None


def _musts(expression: Expression | None) -> list[Condition]:
    if isinstance(expression, Condition):
        return [expression]
    if isinstance(expression, Joined) and expression.word == "AND":
        return _musts(expression.left) + _musts(expression.right)
    return []


def ordered(found: list[Thing], order: str, kinds: list[Kind], store: Objects) -> list[Thing]:
    """Sort by the order asked for; ObjectID decides what is equal."""
    found = sorted(found, key=lambda thing: thing.oid)
    for part in reversed([part.split() for part in order.split(",") if part.strip()]):
        down = len(part) > 1 and part[1].lower().startswith("desc")
        found.sort(key=_key(part[0], kinds, store), reverse=down)
    return found


def _key(name: str, kinds: list[Kind], store: Objects) -> Callable[[Thing], tuple[bool, object]]:
    first = name.split(".", maxsplit=1)[0]
    one = next(filter(None, (attribute(first, kind) for kind in kinds)), None)
    if one is None or one.type == "COLLECTION":
        raise Trouble(f"Cannot sort using unknown attribute {name}")
    if one.compute == "oid":
        return lambda thing: (True, thing.oid)
    rank, read, sought = sort_key(one), _named if one.type == "OBJECT" else value_of, one

    def key(thing: Thing) -> tuple[bool, object]:
        value = read(store, thing, sought)
        return (False, "") if value is None else (True, rank(value))

    return key


def _named(store: Objects, thing: Thing, one: Field) -> object:
    oid = value_of(store, thing, one)
    other = store.get(oid) if isinstance(oid, int) else None
    return None if other is None else str(name_of(store, other)).lower()
