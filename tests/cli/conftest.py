"""A home with items in its store, and a way to run the program as a person or a pipe would."""

import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from panopticon import cli
from panopticon.config import load
from panopticon.model.issue import Issue, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.store.registry import open_store

CREATED = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
FAR = datetime(2099, 1, 1, tzinfo=UTC)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Said:
    """What a run left behind."""

    code: int
    out: str
    err: str


Runner = Callable[..., Said]


@pytest.fixture
def pan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Runner:
    """Run a command line; `tty=True` as on a terminal of so many columns."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, tty: bool = False, columns: int = 80) -> Said:
        if not tty:
            code = cli.run(list(args))
            captured = capsys.readouterr()
            return Said(code, captured.out, captured.err)
        out, err = Screen(), Screen()
        with monkeypatch.context() as patch:
            patch.setenv("COLUMNS", str(columns))
            patch.setenv("LANG", "en_US.UTF-8")
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = cli.run(list(args))
        return Said(code, out.getvalue(), err.getvalue())

    return run


def issue(key: str, title: str, state: State = State.BACKLOG, **more: object) -> Issue:
    """Make an item."""
    return Issue(
        ref=IssueRef("rally", key),
        kind=more.pop("kind", Kind.STORY),  # type: ignore[arg-type]
        project="DDC-AI",
        title=title,
        state=state,
        native_state=str(more.pop("native_state", "Defined")),
        created_at=CREATED,
        updated_at=CREATED + timedelta(days=1),
        native_id=key,
        version="1",
        **more,  # type: ignore[arg-type]
    )


F17 = IssueRef("rally", "F17")
ITEMS = [
    issue("F17", "User Authentication", kind=Kind.FEATURE, native_state="Developing"),
    issue("US120", "Create user model", State.DONE, parent=F17, native_state="Accepted"),
    issue(
        "US123",
        "Add profile page",
        State.IN_PROGRESS,
        parent=F17,
        native_state="In-Progress",
        assignee="john.doe@example.com",
        lease=Lease("john.doe@example.com", CREATED, FAR),
        points=5.0,
        labels=("api", "ui"),
        body="Show **who** somebody is.\n\n- name\n- picture",
        acceptance_criteria="Given a user, then the page shows the name.",
        tasks=(Task("Draw it", done=True, position=1), Task("Wire it", done=False, position=2)),
        blocked_by=(IssueRef("rally", "US120"),),
    ),
    issue("US126", "Add OAuth integration", parent=F17, iteration="Sprint-24"),
    issue("DE7", "Login fails with “quotes” & + (parens)", kind=Kind.DEFECT, blocked=True),
    issue("TA1", "A task", kind=Kind.TASK, parent=IssueRef("rally", "US126")),
    issue("US200", "Zoë \x1b[31mred\x1b[0m \u202egnp.exe\nsecond line 🙂"),
]


@pytest.fixture
def stored() -> Callable[[Iterable[Issue]], None]:
    """Put items into the store of the test's home."""

    def put(items: Iterable[Issue]) -> None:
        settings = Path.home() / ".panopticon/config.toml"
        settings.parent.mkdir(exist_ok=True)
        if not settings.exists():
            settings.write_text("[trackers.rally]\n")
        store = open_store(load({}, Path.home(), Path.home(), {}))
        for one in items:
            store.put(one, CREATED)
        store.close()

    return put


@pytest.fixture
def items(stored: Callable[[Iterable[Issue]], None]) -> list[Issue]:
    """Fill the store with a few items of every sort."""
    stored(ITEMS)
    return ITEMS
