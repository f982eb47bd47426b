"""What rarely changes is kept for a day of the server's clock, then read anew."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from panopticon.model.change import Cursor, Scope
from panopticon.model.issue import Kind
from tests.trackers.rig import BASE, Rig, rig, rows, story

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
METADATA = ("/typedefinition", "/project")


class Shelf:
    """Notes that outlive a tracker."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def note(self, name: str) -> str | None:
        return self.texts.get(name)

    def put_note(self, name: str, value: str) -> None:
        self.texts[name] = value


class Server:
    """A Rally whose clock and whose metadata move on; `clock` off sends no Date."""

    def __init__(self) -> None:
        self.now = START
        self.clock = True
        self.project = 7
        self.ordinal = 1

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        answer = self._answer(request.url.path)
        del answer.headers["Date"]
        if self.clock:
            answer.headers["Date"] = format_datetime(self.now, usegmt=True)
        return answer

    def _answer(self, path: str) -> httpx2.Response:
        if path.endswith("/typedefinition"):
            level = {"TypePath": "PortfolioItem/Epic", "IDPrefix": "E", "Ordinal": self.ordinal}
            return rows(level)
        if path.endswith("/project"):
            project = {"_ref": f"{BASE}/project/7", "Name": "P", "ObjectID": self.project}
            return rows(project)
        if path.endswith("/portfolioitem"):
            return rows(story(1, _type="PortfolioItem/Epic"))
        return rows()


def sync(found: Rig) -> list[Kind]:
    """Read every stream once; give the kinds of what came."""
    marks = datetime(2026, 11, 20, tzinfo=UTC)
    return [
        issue.kind
        for stream in found.tracker.streams()
        for page in found.tracker.pull(stream, Scope(), Cursor(marks), START)
        for issue in page.issues
    ]


def looked_up(found: Rig) -> int:
    """Count the requests that were about metadata."""
    return sum(len(found.asked(path)) for path in METADATA)


@pytest.mark.requirement("rally:metadata:within-a-day")
def test_a_sync_within_the_day_asks_for_nothing_but_items() -> None:
    server, shelf = Server(), Shelf()
    sync(rig(server, notes=shelf, project="P"))
    server.now += timedelta(hours=23, minutes=59)
    again = rig(server, notes=shelf, project="P")
    sync(again)
    assert looked_up(again) == 0
    assert again.tracker.usage().requests <= 6


@pytest.mark.requirement("rally:metadata:after-a-day")
@pytest.mark.parametrize("restarted", [True, False])
def test_after_a_day_metadata_is_read_anew_and_used(*, restarted: bool) -> None:
    server, shelf = Server(), Shelf()
    found = rig(server, notes=shelf, project="P")
    assert sync(found) == [Kind.EPIC]
    before = looked_up(found)
    server.now += timedelta(days=1, seconds=1)
    server.project, server.ordinal = 8, 0
    later = rig(server, notes=shelf, project="P") if restarted else found
    sync(later)
    assert sync(later) == [Kind.FEATURE]
    assert later.asked("/portfolioitem")[-1].url.params["project"] == "/project/8"
    assert looked_up(later) - (0 if restarted else before) == len(METADATA)
    after = rig(server, notes=shelf, project="P")
    sync(after)
    assert looked_up(after) == 0


@pytest.mark.requirement("rally:metadata:undated")
def test_what_has_no_time_is_not_kept_between_runs() -> None:
    server, shelf = Server(), Shelf()
    server.clock = False
    first = rig(server, notes=shelf, project="P")
    sync(first)
    sync(first)
    assert looked_up(first) == len(METADATA)
    assert shelf.texts == {}


@pytest.mark.requirement("rally:metadata:old-form")
def test_a_note_in_an_older_form_is_read_anew() -> None:
    server, shelf = Server(), Shelf()
    sync(rig(server, notes=shelf, project="P"))
    shelf.texts = {name: "[]" if "schema" in name else "99" for name in shelf.texts}
    found = rig(server, notes=shelf, project="P")
    assert sync(found) == [Kind.EPIC]
    assert {r.url.params["project"] for r in found.asked("/portfolioitem")} == {"/project/7"}
