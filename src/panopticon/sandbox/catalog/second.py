"""The second workspace: another company's small project, to show that scopes hold."""

from datetime import datetime

from panopticon.sandbox.catalog.calendar import sprints
from panopticon.sandbox.catalog.seed import chapter
from panopticon.sandbox.product import Person, Project, Workspace

_PEOPLE = (
    Person("Henrik Aas", "henrik.aas@example.com", "Tech lead"),
    Person("Ingrid Solberg", "ingrid.solberg@example.com", "Engineer"),
)
_PROJECTS = (Project("Berth Planning", None, "Who lies at which berth, and when."),)


def second(now: datetime) -> Workspace:
    """Build the second workspace."""
    told = chapter("second.toml", now)
    return Workspace(
        name="Harbour Terminal Systems",
        projects=_PROJECTS,
        people=_PEOPLE,
        sprints=sprints(now),
        releases=(),
        tags=(),
        outcomes=told.outcomes,
        items=(*told.stories, *told.defects),
    )
