"""The sentences of the generated part: kinds of work, remarks and defects, with gaps to fill."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from panopticon.sandbox.catalog.prose import inline
from panopticon.sandbox.catalog.seed import Table, table

_THEMES = ("daily", "exchange", "rules", "insight", "sturdy")


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work that is done to many entities; texts are HTML where the tracker's are."""

    titles: tuple[str, ...]
    layer: str
    tags: tuple[str, ...]
    why: tuple[str, ...]
    what: str
    criteria: tuple[str, ...]
    tasks: tuple[str, ...]
    only: frozenset[str]
    attributes: str  # any | named | edited
    by_attribute: bool
    by_customer: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """Works that make sense together in one feature."""

    features: tuple[str, ...]
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of defect."""

    title: str
    text: str
    weight: str  # grave | usual | light
    only: frozenset[str]


@dataclass(frozen=True, slots=True)
class Talk:
    """What people write besides the description."""

    plan_remarks: tuple[str, ...]
    open_remarks: tuple[str, ...]
    done_remarks: tuple[str, ...]
    blocked: tuple[str, ...]
    asides: tuple[str, ...]
    extra_criteria: tuple[str, ...]
    fault_tasks: tuple[str, ...]
    faults: tuple[Fault, ...]


@cache
def themes() -> tuple[Theme, ...]:
    """Read all kinds of work."""
    return tuple(_theme(table(f"work_{name}.toml")) for name in _THEMES)


@cache
def talk() -> Talk:
    """Read all remarks, reasons and defects."""
    data = table("talk.toml")
    return Talk(
        plan_remarks=_lines(data["plan_remarks"]),
        open_remarks=_lines(data["open_remarks"]),
        done_remarks=_lines(data["done_remarks"]),
        blocked=tuple(data["blocked"]),
        asides=_lines(data["asides"]),
        extra_criteria=_lines(data["extra_criteria"]),
        fault_tasks=tuple(data["fault_tasks"]),
        faults=tuple(_fault(entry) for entry in data["defect"]),
    )


def _theme(data: Table) -> Theme:
    return Theme(tuple(data["features"]), tuple(_work(entry) for entry in data["work"]))


def _work(entry: Table) -> Work:
    titles = tuple(entry["titles"])
    return Work(
        titles=titles,
        layer=entry["layer"],
        tags=tuple(entry.get("tags", ())),
        why=_lines(entry["why"]),
        what=inline(entry["what"]),
        criteria=_lines(entry["criteria"]),
        tasks=tuple(entry["tasks"]),
        only=frozenset(entry.get("only", ())),
        attributes=entry.get("attributes", "any"),
        by_attribute="{attr}" in titles[0],
        by_customer="{customer}" in titles[0],
    )


def _fault(entry: Table) -> Fault:
    weight = "grave" if entry.get("grave") else "light" if entry.get("light") else "usual"
    return Fault(entry["title"], inline(entry["text"]), weight, frozenset(entry.get("only", ())))


def _lines(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(inline(line) for line in lines)
