"""Put the product together: the seed stories first, then as many generated ones as asked for."""

from datetime import datetime

from panopticon.sandbox.catalog.backlog import Backlog
from panopticon.sandbox.catalog.calendar import releases, sprints
from panopticon.sandbox.catalog.second import second
from panopticon.sandbox.catalog.seed import chapter
from panopticon.sandbox.catalog.team import PEOPLE, PROJECTS, TAGS
from panopticon.sandbox.product import Product, Workspace

_CHAPTERS = ("epic17.toml", "epic18.toml", "epic19.toml", "epic20.toml")
_BESIDE = "siblings.toml"


def product(stories: int, seed: int, now: datetime) -> Product:
    """Build the product with `stories` stories in its main workspace, the same each time."""
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return Product((_main(stories, seed, now), second(now)))


def _main(stories: int, seed: int, now: datetime) -> Workspace:
    chapters = [chapter(name, now) for name in (*_CHAPTERS, _BESIDE)]
    told = [story for each in chapters for story in each.stories][:stories]
    backlog = Backlog(seed, now)
    generated = tuple(backlog.items(stories - len(told)))
    return Workspace(
        name="Northwind Engineering",
        projects=PROJECTS,
        people=PEOPLE,
        sprints=sprints(now),
        releases=releases(now),
        tags=TAGS,
        outcomes=(*(outcome for each in chapters for outcome in each.outcomes), *backlog.outcomes),
        items=(*told, *(defect for each in chapters for defect in each.defects), *generated),
    )
