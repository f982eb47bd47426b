"""Read, and edit in memory, the story files of ten public repositories; compare with others.

A crude second reader says which fields a file has; a YAML library says what sprint-status holds.
Their text is never kept: the outcome names repository, commit, path and what was found. Give the
folder of local clones with `--root`; `owner/name`, `owner+name` and `name` are found in it.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.clones import REPOSITORIES, File, clone_in, files_of, is_epics, is_sprint, is_story
from bench.crude import FIELDS, Crude, crude_from
from bench.document import show
from panopticon.errors import PanError
from panopticon.trackers.markdown.edit import story as edit
from panopticon.trackers.markdown.text.epics import read_epics
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.piece import Piece, decode, encode
from panopticon.trackers.markdown.text.sprint import read_sprint, set_word
from panopticon.trackers.markdown.text.story import Story, read

_OUTCOMES = Path(__file__).parent / "outcomes" / "stories.json"
_QUICK = 3  # repositories
_WHEN = "2026-11-21T10:05:00Z"
Edit = Callable[[Story], str]
# Each edit and the places that may change; none where something is added.
EDITS: dict[str, tuple[Edit, Callable[[Story], Sequence[Piece | None]]]] = {
    "status": (lambda story: edit.status(story, "postponed"), lambda story: story.status),
    "title": (lambda story: edit.title(story, "Another title"), lambda story: story.title),
    "tick": (
        lambda story: edit.task_tick(story, len(story.tasks) // 2, "~"),
        lambda story: [story.tasks[len(story.tasks) // 2].tick],
    ),
    "criterion": (
        lambda story: edit.criterion_text(story, 0, f"{story.criteria[0].text}\n\nmore"),
        lambda story: [story.criteria[0].place],
    ),
    "FormattedID": (lambda story: edit.formatted_id(story, "US1"), lambda _: ()),
    "task": (lambda story: edit.add_task(story, "One more"), lambda _: ()),
    "comment": (lambda story: edit.add_comment(story, _WHEN, "a@b.c", "x\n\n- y"), lambda _: ()),
    "log": (lambda story: edit.add_log(story, "2026-11-21", "a", "x"), lambda _: ()),
}


def outcome(file: File, crude: Crude) -> dict[str, Any]:
    """Read a file in both ways; "-" is a field the file lacks, "?" one that was missed."""
    started = time.perf_counter()
    story = read(file.data, file.path)
    seconds = time.perf_counter() - started
    return {
        "repository": file.repository,
        "path": file.path,
        "key": story.key,
        "dialect": story.dialect.name,
        "fields": "".join(mark(field, story, crude) for field in FIELDS),
        "more": [field for field in FIELDS if not crude.of(field) and found_in(field, story)],
        "needs": needs_in(story),
        "same": encode(decode(file.data)) == file.data == rebuilt(story),
        "edits": {name: edited(story, name) for name in EDITS},
        "problems": sorted({problem.code for problem in story.problems}),
        "seconds": seconds,
    }


def needs_in(story: Story) -> set[str]:
    """Give the stories that it says it waits for."""
    waits = [need for need in story.needs if not need.blocks]
    return {canonical(number) for need in waits for number in need.numbers}


def rebuilt(story: Story) -> bytes:
    """Write the file from its lines, as they were read."""
    lines = story.document.lines
    mark = "\ufeff" if story.document.text.startswith("\ufeff") else ""
    return encode(mark + "".join(line.text + line.ending for line in lines))


def mark(field: str, story: Story, crude: Crude) -> str:
    """Say whether a field that the crude reader sees was found: its letter, "?" or "-"."""
    if not crude.of(field):
        return "-"
    return field[0] if crude.agrees(field, found_in(field, story)) else "?"


def found_in(field: str, story: Story) -> list[str]:
    """Give what the product read."""
    found = {
        "title": [piece.text for piece in story.title[:1]],
        "status": [piece.text for piece in story.status[:1]],
        "criteria": [item.text for item in story.criteria],
        "tasks": [f"{'x' if task.is_done else ' '}{task.title.text}" for task in story.tasks],
    }
    return found[field]


def edited(story: Story, name: str) -> str:
    """Try an edit: done, refused, absent (no such field), or wrong: bytes outside it changed."""
    write, places_of = EDITS[name]
    text = story.document.text
    try:
        places = [place for place in places_of(story) if place]
        new = write(story)
    except IndexError:
        return "absent"
    except PanError:
        return "refused"
    spans = [_added(text, new)]  # what is put in beside the old leaves all of it
    if places:
        spans.append((min(p.start for p in places), max(p.end for p in places)))
    is_kept = any(new.startswith(text[:start]) and new.endswith(text[end:]) for start, end in spans)
    return "done" if is_kept and new != text else "wrong"


def _added(text: str, new: str) -> tuple[int, int]:
    """Find where something was put in; nothing of the old text may be gone."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if new.startswith(text[:middle]) else (low, middle - 1)
    return low, low


def sprints(files: Iterator[File]) -> dict[str, int]:
    """Compare with a YAML library, and write every entry once."""
    told: Counter[str] = Counter()
    for file in files:
        sprint = read_sprint(file.data, file.path)
        try:
            block = yaml.safe_load(file.data)["development_status"]
        except (yaml.YAMLError, KeyError, TypeError):
            told["not for a YAML library"] += 1
            continue
        told["files"] += 1
        told["entries"] += len(sprint.entries)
        mine = {entry.key: entry.value for entry in sprint.entries}
        told["same as YAML"] += mine == {str(key): str(word) for key, word in block.items()}
        for entry in sprint.entries:
            changed = yaml.safe_load(encode(set_word(sprint, entry.key, "review")))
            told["written"] += changed["development_status"] == {**block, entry.key: "review"}
    return dict(told)


def epics(files: Iterator[File]) -> dict[str, int]:
    """Count what epics files give, and edit each of their stories."""
    told: Counter[str] = Counter()
    for file in files:
        found = read_epics(file.data, file.path)
        told["files"] += 1
        told["epics"] += len(found.epics)
        told["stories"] += len(found.stories)
        told["stories with criteria"] += sum(bool(story.criteria) for story in found.stories)
        told["titles written"] += sum(edited(story, "title") == "done" for story in found.stories)
    return dict(told)


def main(words: argparse.Namespace) -> None:
    """Run over the clones that are there."""
    root = Path(words.root).expanduser() if words.root else None
    clones = {name: clone_in(root, name) for name in REPOSITORIES} if root else {}
    there = [(name, clone) for name, clone in clones.items() if clone]
    if not there:
        wanted = "".join(f"  {name} at {commit[:12]}\n" for name, commit in REPOSITORIES.items())
        sys.stderr.write(f"No clones: give --root FOLDER with clones of any of\n{wanted}")
        sys.exit(1)
    chosen = there[: _QUICK if words.quick else None]
    rows, failed = [], []
    for file in (file for name, clone in chosen for file in files_of(name, clone, is_story)):
        crude = crude_from(file.data.decode("utf-8", "replace"), file.path)
        if not crude.is_story:
            continue
        try:
            rows.append(outcome(file, crude))
        except Exception as error:  # noqa: BLE001 - a crash is what is looked for
            failed.append({"repository": file.repository, "path": file.path, "why": repr(error)})
    figures = figures_of(rows, failed)
    figures["labelled"] = labelled(rows, words.labels) if words.labels else None
    figures["sprint_status"] = sprints(f for n, c in chosen for f in files_of(n, c, is_sprint))
    figures["epics_files"] = epics(f for n, c in chosen for f in files_of(n, c, is_epics))
    if len(chosen) == len(REPOSITORIES):
        keep(rows, figures)
    missed = [
        (row["repository"], row["path"], row["fields"]) for row in rows if "?" in row["fields"]
    ]
    raw = {"missed": missed, "failed": failed}
    show("stories", figures, raw, words.seed)


def figures_of(rows: list[dict[str, Any]], failed: list[dict[str, Any]]) -> dict[str, Any]:
    """Count what was found of what there is."""
    there = {f: sum(row["fields"][i] != "-" for row in rows) for i, f in enumerate(FIELDS)}
    found = {f: sum(row["fields"][i] == f[0] for row in rows) for i, f in enumerate(FIELDS)}
    edits = {name: Counter(row["edits"][name] for row in rows) for name in EDITS}
    return {
        "files": len(rows),
        "crashes": len(failed),
        "byte_identical": sum(row["same"] for row in rows),
        "fields": {f: f"{found[f]}/{there[f]}" for f in FIELDS},
        "only_found_here": dict(Counter(field for row in rows for field in row["more"])),
        "fields_found": round(sum(found.values()) / max(1, sum(there.values())), 4),
        "edits": {name: dict(sorted(count.items())) for name, count in edits.items()},
        "repositories": dict(Counter(row["repository"] for row in rows)),
        "dialects": dict(Counter(row["dialect"] for row in rows)),
        "problems": dict(Counter(code for row in rows for code in row["problems"])),
        "slowest_ms": round(1000 * max((row["seconds"] for row in rows), default=0), 1),
    }


def labelled(rows: list[dict[str, Any]], path: str) -> dict[str, str]:
    """Compare numbers and stated needs with those that a person wrote down for the same files.

    The labels hold needs stated anywhere, in prose too; here only fields that say so are read.
    """
    labels = json.loads(Path(path).read_text(encoding="utf-8"))
    read_here = {(row["repository"], row["path"]): row for row in rows}
    numbers, hits, told, stated = [], 0, 0, 0
    for epic in labels["complete_epics"]:
        inside = {canonical(number) for number in epic["deps"]}
        for number, place in epic["story_path"].items():
            row = read_here.get((epic["repo"], place))
            if row is None:
                continue
            numbers.append(row["key"] == canonical(number))
            mine = (row["needs"] & inside) - {canonical(number)}
            theirs = {canonical(need) for need in epic["deps"].get(number, [])}
            hits, told, stated = hits + len(mine & theirs), told + len(mine), stated + len(theirs)
    return {
        "numbers": f"{sum(numbers)}/{len(numbers)}",
        "needs_right": f"{hits}/{told}",
        "needs_found": f"{hits}/{stated}",
    }


def keep(rows: list[dict[str, Any]], figures: dict[str, Any]) -> None:
    """Write the table of outcomes: places and marks, no text."""
    table = {
        "fields": list(FIELDS),
        "commits": REPOSITORIES,
        "figures": {name: value for name, value in figures.items() if name != "slowest_ms"},
    }
    files = [[row["repository"], row["path"], row["key"], row["fields"]] for row in rows]
    lines = ",\n".join("  " + json.dumps(row) for row in files)
    head = json.dumps(table, indent=1).removesuffix("\n}")
    _OUTCOMES.parent.mkdir(exist_ok=True)
    _OUTCOMES.write_text(f'{head},\n "files": [\n{lines}\n ]\n}}\n', encoding="utf-8")
