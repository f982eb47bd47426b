"""Two trackers in the settings over HTTP: one with a server and a key, one that is folders."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from panopticon.config import Source
from panopticon.errors import NotFound, Retriable
from panopticon.model.issue import Kind, State
from panopticon.services.server.session import Session
from panopticon.store.base import Store
from panopticon.trackers.base import Check, Tracker
from tests.web.conftest import BASE
from tests.web.test_api_settings import BODY, Desk, Door

TYPE = "markdown"
PROBLEM = "docs/stories/1.1.open.md:3: `Doing it` is no status that is known"


class Files(Door):
    """A tracker of folders: no key, a few items, one problem."""

    def _sign_in(self) -> None:
        folders = self.source.options.get("folders") or [self.source.options["folder"]]
        for folder in cast("list[str]", folders):
            if not Path(folder).is_dir():
                raise NotFound(f"The folder {folder} is not there.", "Put it back.")

    def check(self) -> Check:
        self._sign_in()
        counts = {Kind.EPIC: 1, Kind.STORY: 2}
        return Check("ann@example.com", "app", "1", None, None, True, counts, (PROBLEM,))


class Two(Desk):
    """A desk that opens both types."""

    def __init__(self, tmp_path: Path, store: Store, door: Session) -> None:
        super().__init__(tmp_path, store, door)
        self.is_rally_down = False
        self.ctx.open_tracker = self.opened

    def opened(self, source: Source) -> Tracker:
        if source.type == TYPE:
            return cast("Tracker", Files(source))
        if self.is_rally_down:
            raise Retriable("rally does not answer.")
        return cast("Tracker", Door(source))

    def sources(self) -> dict[str, dict[str, Any]]:
        return {one["name"]: one for one in self.ask("GET", "/api/settings")[1]["sources"]}


@pytest.fixture
def desk(tmp_path: Path, store: Store, door: Session) -> Iterator[Two]:
    made = Two(tmp_path, store, door)
    yield made
    made.poller.stop()


@pytest.fixture
def app(tmp_path: Path) -> Path:
    stories = tmp_path / "app/docs/stories"
    stories.mkdir(parents=True)
    (stories / "1.1.open.md").write_text("# Story 1.1: Open\n\nStatus: Doing it\n")
    (stories / "1.2.close.md").write_text("# Story 1.2: Close\n")
    return tmp_path / "app"


def body(*folders: Path, **more: object) -> dict[str, object]:
    return {"type": TYPE, "folders": [str(one) for one in folders], **more}


@pytest.mark.requirement("web:stories:connect")
def test_a_folder_source_from_trial_to_removal(desk: Two, app: Path) -> None:
    status, tried = desk.ask("POST", "/api/sources/test", **body(app))
    assert (status, tried["ok"], tried["counts"]) == (200, True, {"epic": 1, "story": 2})
    assert tried["warnings"] == [PROBLEM]
    assert desk.sources() == {}
    path = "/api/sources/stories"
    status, saved = desk.ask("PUT", path, **body(app, commit=True))
    assert (status, saved["warnings"]) == (201, [PROBLEM])
    assert saved["files"] == [str(desk.home / ".panopticon/config.toml")]
    assert saved["source"] == desk.sources()["stories"]
    assert saved["source"]["commit"] is True
    assert (set(desk.poller.waits()), desk.ctx.names) == ({"stories"}, ("stories",))
    assert desk.ask("POST", f"{path}/test")[1]["ok"] is True
    other = app.parent / "other"
    (other / "docs").mkdir(parents=True)
    (other / "docs/epics.md").write_text("# Epics\n\n## Epic 1: A\n\n### Story 1.1: B\n")
    (other / "docs/sprint-status.yaml").write_text("development_status:\n")
    assert desk.ask("PUT", path, **body(app, other, commit=False))[0] == 200
    assert desk.sources()["stories"]["folders"] == [str(app), str(other)]
    assert desk.sources()["stories"]["commit"] is False
    assert desk.ask("DELETE", path) == (200, {"name": "stories"})
    assert desk.sources() == {}
    assert (app / "docs/stories/1.1.open.md").exists()


@pytest.mark.requirement("web:stories:connect")
def test_a_name_that_is_taken_by_another_type_is_refused(desk: Two, app: Path) -> None:
    desk.ask("PUT", "/api/sources/rally", **BODY)
    status, refused = desk.ask("PUT", "/api/sources/rally", **body(app))
    assert (status, refused["error"]) == (400, "invalid")
    assert "something else under the name 'rally'" in refused["message"]
    assert desk.sources()["rally"]["type"] == "rally"


@pytest.mark.requirement("web:stories:look")
def test_a_look_is_for_those_with_a_session(desk: Two, app: Path) -> None:
    asked = {"type": TYPE, "folder": str(app)}
    status, seen = desk.ask("POST", "/api/sources/look", **asked)
    assert (status, seen["folder"]) == (200, str(app))
    (layout,) = seen["layouts"]
    assert (layout["folder"], layout["stories"]) == ("docs/stories", 2)
    stranger = TestClient(desk.client.app, base_url=BASE)
    assert stranger.post("/api/sources/look", json=asked).status_code in {401, 403}


@pytest.mark.requirement("web:stories:look")
@pytest.mark.parametrize(
    ("folder", "status"),
    [("{}/gone", 404), ("app", 400), ("{}/app/docs/stories/1.1.open.md", 400), ("{}/none", 404)],
)
def test_what_cannot_be_looked_into_is_named(
    desk: Two, app: Path, folder: str, status: int
) -> None:
    (app.parent / "none").mkdir()
    text = folder.format(app.parent)
    for method, path, asked in (
        ("POST", "/api/sources/look", {"type": TYPE, "folder": text}),
        ("POST", "/api/sources/test", {"type": TYPE, "folders": [str(app), text]}),
        ("PUT", "/api/sources/stories", {"type": TYPE, "folders": [str(app), text]}),
    ):
        answered, refused = desk.ask(method, path, **asked)
        assert (answered, refused["folder"]) == (status, text)
        assert text in refused["message"]
        assert refused["hint"]


ODD: tuple[object, ...] = (None, [], {}, "x", 3, True, "\x00", "x" * 5000, [""], [None], ["\n"])


@pytest.mark.requirement("web:settings:junk")
@pytest.mark.parametrize("name", ["type", "folders", "folder", "commit", "key", "projects"])
def test_odd_values_are_answered_in_one_shape(desk: Two, app: Path, name: str) -> None:
    for value in ODD:
        for method, path in (
            ("POST", "/api/sources/look"),
            ("POST", "/api/sources/test"),
            ("PUT", "/api/sources/stories"),
        ):
            plain = {"type": TYPE, "folder": str(app)} if "look" in path else body(app)
            answer = desk.client.request(method, path, json={**plain, name: value})
            assert answer.status_code < 500, (name, value, answer.text)
            if answer.status_code >= 400:
                assert {"error", "message", "hint"} <= answer.json().keys()


@pytest.mark.requirement("web:stories:validate")
def test_no_key_is_tried_where_none_is_needed(desk: Two) -> None:
    status, refused = desk.ask("POST", f"/api/{TYPE}/validate", apiKey="some-key", project="/")
    assert (status, refused) == (400, {"valid": False, "error": "BMAD story files need no API key"})
    paths = desk.ask("GET", "/api/openapi.json")[1]["paths"]
    assert [path for path in paths if path.endswith("/validate")] == ["/api/rally/validate"]


@pytest.mark.requirement("web:stories:two")
def test_one_that_fails_leaves_the_other_whole(desk: Two, app: Path) -> None:
    desk.ask("PUT", "/api/sources/rally", **BODY)
    desk.ask("PUT", "/api/sources/stories", **body(app))
    assert [*desk.sources()] == ["rally", "stories"]
    app.rename(app.parent / "moved")
    told = desk.ask("POST", "/api/sources/stories/test")[1]
    assert (told["ok"], told["error"], told["hint"]) == (False, "not_found", "Put it back.")
    assert desk.ask("POST", "/api/sources/rally/test")[1]["ok"] is True
    states = {one["check"]: one["state"] for one in desk.ask("GET", "/api/doctor")[1]["findings"]}
    assert (states["tracker rally"], states["tracker stories"]) == ("ok", "broken")
    assert desk.ask("DELETE", "/api/sources/stories")[0] == 200
    assert [*desk.sources()] == ["rally"]


@pytest.mark.requirement("settings:folder:default")
@pytest.mark.parametrize("first", ["rally", "stories"])
def test_a_second_one_does_not_become_the_default(desk: Two, app: Path, first: str) -> None:
    bodies: dict[str, Any] = {"rally": BODY, "stories": body(app)}
    second = next(name for name in bodies if name != first)
    for name in (first, second):
        assert desk.ask("PUT", f"/api/sources/{name}", **bodies[name])[0] == 201
    assert desk.ask("GET", "/api/settings")[1]["default_tracker"] == first
    assert desk.read().default_tracker in {None, first}
    desk.ask("DELETE", f"/api/sources/{first}")
    assert desk.ask("GET", "/api/settings")[1]["default_tracker"] == second


@pytest.mark.requirement("web:stories:words")
def test_words_of_files_stand_in_columns(desk: Two, app: Path) -> None:
    desk.ask("PUT", "/api/sources/stories", **body(app))
    path = "/api/sources/stories/states"
    status, found = desk.ask("PUT", path, states={"Code Review": State.PLANNING})
    assert status == 200
    (story,) = found["kinds"]
    assert story["words"][1] == {"word": "Code Review", "state": "planning", "own": True}
    text = (desk.home / ".panopticon/config.toml").read_text()
    assert "[trackers.stories.states]" in text
    assert desk.ask("PUT", "/api/sources/stories", **body(app))[0] == 200
    assert desk.ask("GET", path)[1] == found


@pytest.mark.requirement("web:stories:poll")
def test_each_rests_by_itself(desk: Two, app: Path) -> None:
    desk.ask("PUT", "/api/sources/rally", **BODY)
    desk.ask("PUT", "/api/sources/stories", **body(app))

    def paused(answer: Any) -> dict[str, bool]:
        return {one["name"]: one["paused"] for one in answer[1]["sources"]}

    ask = desk.ask
    rests = paused(ask("POST", "/api/poll", paused=True, source="stories"))
    assert rests == {"rally": False, "stories": True}
    rests = paused(ask("POST", "/api/poll", paused=True, source="rally"))
    assert rests == {"rally": True, "stories": True}
    rests = paused(ask("POST", "/api/poll", paused=False, source="stories"))
    assert rests == {"rally": True, "stories": False}
