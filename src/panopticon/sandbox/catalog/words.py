"""The vocabulary of the generated part: what the product is about and how it is spelled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from panopticon.sandbox.catalog.prose import rich
from panopticon.sandbox.catalog.seed import Table, table
from panopticon.sandbox.catalog.team import ROOT
from panopticon.sandbox.product import Outcome

# Attributes one can count or order by rather than name; nobody searches for a part of a date.
_MEASURE = re.compile(
    r"date|time|amount|count|quantity|size|\bage\b|period|limit|rate$|score|number of|duration"
    r"|interval|level|^last|next|year|week|quarter|hours|workload|difference|confidence|baseline"
    r"|surcharge|status|state$|position|change|review$|active|sorting|set$|^result"
)
# Attributes the system sets; nobody changes or suggests them.
_SET_BY_SYSTEM = re.compile(
    r"battery|last (contact|result|change|reply)|^age$|size$|page count|arrival (time|date)"
    r"|scan date|model version|confidence|error code|duration|record count|failure count|retry"
    r" count|success rate|item count|start time|received date|^sender$|member count|checksum"
    r"|^difference|waiting time|score$"
    r"|delivery status|signature status|change date|verification status"
    r"|report date|archive date|posting status|message type|source system|app version|file type"
)
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing users work with; one set of words for each of its attributes."""

    folder: str
    epic: int
    who: tuple[str, ...]
    spoken: tuple[Words, ...]
    named: tuple[Words, ...]
    edited: tuple[Words, ...]

    def pool(self, attributes: str) -> tuple[Words, ...]:
        """The attributes that make sense for one kind of work."""
        return {"named": self.named, "edited": self.edited}.get(attributes, self.spoken)


@cache
def entities() -> tuple[Entity, ...]:
    """Every entity of every area."""
    areas = table("areas.toml")["area"]
    return tuple(_entity(area, line) for area in areas for line in area["entities"])


@cache
def customers() -> tuple[str, ...]:
    """The companies that use the product."""
    return tuple(table("areas.toml")["customers"])


@cache
def places() -> tuple[str, ...]:
    """Each customer, then each customer's sites: whom a special wish can come from."""
    sites = table("areas.toml")["sites"]
    return (*customers(), *(f"{name} in {site}" for site in sites for name in customers()))


@cache
def epics() -> Mapping[int, Outcome]:
    """One epic for each area, by number."""
    return {area["epic"]: _epic(area) for area in table("areas.toml")["area"]}


def _epic(area: Table) -> Outcome:
    owner = "siobhan.oconnor@example.com"
    text = rich(area["text"])
    return Outcome("epic", area["epic"], area["title"], text, ROOT, owner, "Developing")


def _entity(area: Table, line: str) -> Entity:
    one, many, attributes = (part.strip() for part in line.split(" | "))
    base = {**_spelling(one, many), "folder": area["folder"]}
    spoken = tuple(_with(base, attribute.strip()) for attribute in attributes.split(","))
    named = tuple(words for words in spoken if not _MEASURE.search(words["attr"]))
    edited = tuple(words for words in spoken if not _SET_BY_SYSTEM.search(words["attr"]))
    who = tuple(area["who"])
    return Entity(area["folder"], area["epic"], who, spoken, named or spoken, edited or spoken)


def _spelling(one: str, many: str) -> dict[str, str]:
    article = "an" if one[0] in "aeiou" and not one.startswith("user") else "a"
    return {
        "one": one,
        "many": many,
        "Many": many[0].upper() + many[1:],
        "a_one": f"{article} {one}",
        "A_one": f"{article.title()} {one}",
        "slug": many.replace(" ", "-"),
        "table": many.replace(" ", "_"),
        "name": one.title().replace(" ", ""),
    }


def _with(base: Mapping[str, str], attribute: str) -> Words:
    column = re.sub(r"[^a-z0-9]+", "_", attribute.lower())
    capital = attribute[0].upper() + attribute[1:]
    return {**base, "attr": attribute, "Attr": capital, "column": column}
