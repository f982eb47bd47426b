"""Read the hand-written part of the catalogue (data/*.toml) into the sandbox's nouns."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from importlib import resources
from typing import Any

from panopticon.sandbox.catalog.calendar import CURRENT
from panopticon.sandbox.catalog.prose import ordered, rich, slug
from panopticon.sandbox.catalog.team import ROOT
from panopticon.sandbox.product import Item, Job, Lock, Outcome, Remark

# A table of a TOML file: its values are checked by the tests on the finished product.
Table = Mapping[str, Any]

_DONE = ("Completed", "Accepted")
_LOCK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One data file: an outcome or more with the stories and defects below."""

    outcomes: tuple[Outcome, ...]
    stories: tuple[Item, ...]
    defects: tuple[Item, ...]


def table(name: str) -> Table:
    """Parse one data file of the catalogue."""
    folder = resources.files("panopticon.sandbox.catalog").joinpath("data")
    return tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))


def chapter(name: str, now: datetime) -> Chapter:
    """Build everything of one data file, with its dates counted back from `now`."""
    data = table(name)
    home = data.get("project", ROOT)
    return Chapter(
        tuple(_outcome(entry, home) for entry in data.get("outcome", ())),
        tuple(_item("story", entry, home, now) for entry in data.get("story", ())),
        tuple(_item("defect", entry, home, now) for entry in data.get("defect", ())),
    )


def sha_of(key: str) -> str:
    """A commit id that is stable for one work item."""
    return sha1(key.encode(), usedforsecurity=False).hexdigest()


def _outcome(entry: Table, home: str) -> Outcome:
    return Outcome(
        kind=entry["kind"],
        number=entry["number"],
        title=entry["title"],
        description=rich(entry["text"]),
        project=entry.get("project", home),
        owner=entry.get("owner"),
        state=entry.get("state"),
        parent=entry.get("parent"),
    )


def _item(kind: str, entry: Table, home: str, now: datetime) -> Item:
    number, state, owner = entry["number"], entry["state"], entry.get("owner")
    remarks = tuple(_remark(remark, now) for remark in entry.get("remark", ()))
    touched = now - timedelta(hours=entry.get("touched", 3 + number * 37 % 190), seconds=number)
    branch = f"story/US-{number}-{slug(entry['title'])}"
    started = kind == "story" and (state == "In-Progress" or state in _DONE)
    return Item(
        kind=kind,
        number=number,
        title=entry["title"],
        description=rich(entry["text"]),
        criteria=ordered(entry["criteria"]) if "criteria" in entry else "",
        project=entry.get("project", home),
        state=state,
        created=now - timedelta(days=entry.get("age", 20 + number * 13 % 70), seconds=number * 97),
        updated=max([touched, *(remark.at for remark in remarks)]),
        owner=owner,
        points=entry.get("points"),
        feature=entry.get("feature"),
        sprint=entry.get("sprint", CURRENT) or None,
        release=entry.get("release", "DDC-AI 3.3") or None,
        tags=tuple(entry.get("tags", ())),
        jobs=_jobs(entry, owner),
        after=tuple(entry.get("after", ())),
        remarks=remarks,
        blocked_reason=entry.get("blocked"),
        lock=_lock(entry, now),
        branch=branch if started else None,
        coverage=entry.get("coverage"),
        commit_sha=sha_of(f"US{number}") if "coverage" in entry else None,
        phase=entry.get("phase"),
        priority=entry.get("priority"),
        severity=entry.get("severity"),
        defect_state=entry.get("defect_state"),
    )


def _jobs(entry: Table, owner: str | None) -> tuple[Job, ...]:
    lines: list[str] = entry.get("tasks", [])
    done = len(lines) if entry["state"] in _DONE else entry.get("done", 0)
    doing = done + entry.get("doing", 0)
    return tuple(
        _job(
            line,
            owner,
            "Completed" if place < done else "In-Progress" if place < doing else "Defined",
        )
        for place, line in enumerate(lines)
    )


def _job(line: str, owner: str | None, state: str) -> Job:
    title, _, hours = line.rpartition(" | ")
    estimate = float(hours)
    todo = {"Completed": 0.0, "In-Progress": estimate / 2, "Defined": estimate}[state]
    return Job(title, state, estimate, todo, owner)


def _remark(entry: Table, now: datetime) -> Remark:
    return Remark(entry["by"], rich(entry["text"]), now - timedelta(hours=entry["ago"]))


def _lock(entry: Table, now: datetime) -> Lock | None:
    if "locked" not in entry:
        return None
    at = now - timedelta(hours=entry["locked"])
    return Lock(entry["owner"], at, at + _LOCK)
