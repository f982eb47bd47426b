"""Read the story files of ten public repositories, and compare with a crude second reader.

Their text is never kept: the outcome names repository, commit, path and what was found. Give the
folder of local clones with `--root`; names like `owner/name`, `owner+name` or `name` are found.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from bench.crude import FIELDS, Crude, crude_from
from bench.document import show
from panopticon.trackers.markdown.number import canonical
from panopticon.trackers.markdown.story import Story, read
from panopticon.trackers.markdown.text import decode, encode

REPOSITORIES = {
    "jschulte/usmax-nda": "90aa98bc424347c95a49f53caa9d55a440678920",
    "sulha199/fest-grid-bmad": "5f1766c3fe0d20db050fc166d5d3a77e4f8bfb46",
    "twattier/bmadflow": "4eeec9ddc1531c64ed14397e0f0d581d59fbc5c8",
    "PatonaIM/BMAD_SIEG": "af20b3f35aed726f3c48659e4ebcd82ada4d15fa",
    "gv8-control/bmad-playground": "5d8126f97c5f208cb19ab1a9d662b15a2e3057ef",
    "crisweber2600/bmadServer": "42fab8ea1779d9cf4ce357dec65de8b165a17884",
    "zookanalytics/bmad-orchestrator": "0f54d298b29877ede67c9c6aa5f9b58e4bf005a7",
    "Autopsias/RAGLite": "e5965c149b671a9d629542aa525cea39dc267e0e",
    "LINSUISHENG034/WorkDataHub": "a5ad083a91c611be282e96efb5459bd5310c616a",
    "CSmithy89/ai-business-hub": "c358faa69c0efb7019b242274927aaa766c8b3b8",
}
_OUTCOMES = Path(__file__).parent / "outcomes" / "stories.json"
_FOLDERS = re.compile(r"(?:^|/)(?:stories|implementation-artifacts|sprint-artifacts|issues)/")
_NUMBERED = re.compile(r"(?:story-)?(?:[a-z]+-)?\d+[a-z]?[.-][a-z]?\d", re.IGNORECASE)
_REPORT = re.compile(
    r"review|validation|report|summary|retro|readiness|-qa|gate|prompt", re.IGNORECASE
)
_QUICK = 3  # repositories


@dataclass(frozen=True)
class File:
    """One story file of a repository at its commit."""

    repository: str
    path: str
    data: bytes


def clone_in(root: Path, repository: str) -> Path | None:
    """Find a local clone, bare or not."""
    owner, _, name = repository.partition("/")
    for place in (f"{owner}/{name}", f"{owner}+{name}", f"{owner}+{name}/repo", name):
        if (root / place / ".git").exists() or (root / place / "HEAD").exists():
            return root / place
    return None


def git(clone: Path, *words: str, told: bytes = b"") -> bytes:
    """Ask git; raises where it fails."""
    command = ["git", "-C", str(clone), *words]
    return subprocess.run(command, input=told, capture_output=True, check=True).stdout


def files_of(repository: str, commit: str, clone: Path) -> Iterator[File]:
    """Read every file that looks like a story by its place and name."""
    names = git(clone, "ls-tree", "-rz", "--name-only", commit).decode().split("\0")
    chosen = [name for name in names if is_story_name(name)]
    told = "".join(f"{commit}:{name}\n" for name in chosen).encode()
    answer, at = git(clone, "cat-file", "--batch", told=told), 0
    for name in chosen:
        head, _, _ = answer[at:].partition(b"\n")
        size = int(head.rsplit(b" ", 1)[1])
        begin = at + len(head) + 1
        yield File(repository, name, answer[begin : begin + size])
        at = begin + size + 1


def is_story_name(path: str) -> bool:
    """Tell a story file by its place and name."""
    name = PurePosixPath(path).name
    return (
        name.endswith(".md")
        and _FOLDERS.search(path) is not None
        and _NUMBERED.match(name) is not None
        and not _REPORT.search(name)
        and not path.startswith((".", "_bmad/", "bmad/", "old-bmad/"))
    )


def outcome(file: File) -> dict[str, Any]:
    """Read a file in both ways; "-" is a field the file lacks, "?" one that was missed."""
    started = time.perf_counter()
    story = read(file.data, file.path)
    seconds = time.perf_counter() - started
    crude = crude_from(file.data.decode("utf-8", "replace"))
    is_same = encode(decode(file.data)) == file.data == rebuilt(story)
    return {
        "repository": file.repository,
        "path": file.path,
        "key": story.key,
        "state": story.meaning.state.value if story.status else None,
        "dialect": story.dialect.name,
        "fields": "".join(mark(field, story, crude) for field in FIELDS),
        "same": is_same,
        "problems": sorted({problem.code for problem in story.problems}),
        "seconds": seconds,
    }


def rebuilt(story: Story) -> bytes:
    """Write the file from its lines, as they were read."""
    lines = story.document.lines
    mark = "\ufeff" if story.document.text.startswith("\ufeff") else ""
    return encode(mark + "".join(line.text + line.ending for line in lines))


def mark(field: str, story: Story, crude: Crude) -> str:
    """Say whether a field that the crude reader sees was found: its letter, "?" or "-"."""
    told = crude.of(field)
    if not told:
        return "-"
    found = {
        "title": lambda: [story.name],
        "status": lambda: [story.word],
        "criteria": lambda: [item.text for item in story.criteria],
        "tasks": lambda: [f"{'x' if t.is_done else ' '}{t.title.text}" for t in story.tasks],
    }[field]()
    return field[0] if crude.agrees(field, found) else "?"


def main(words: argparse.Namespace) -> None:
    """Run over the clones that are there."""
    root = Path(words.root).expanduser() if words.root else None
    clones = {name: clone_in(root, name) for name in REPOSITORIES} if root else {}
    there = {name: clone for name, clone in clones.items() if clone}
    if not there:
        sys.stderr.write(
            "No clones: give --root FOLDER with clones of any of\n"
            + "".join(f"  {name} at {commit[:12]}\n" for name, commit in REPOSITORIES.items())
        )
        sys.exit(1)
    chosen = list(there.items())[: _QUICK if words.quick else None]
    rows, failed = [], []
    for name, clone in chosen:
        for file in files_of(name, REPOSITORIES[name], clone):
            if not crude_from(file.data.decode("utf-8", "replace")).is_story:
                continue
            try:
                rows.append(outcome(file))
            except Exception as error:  # noqa: BLE001 - a crash is what is looked for
                failed.append({"repository": name, "path": file.path, "crash": repr(error)})
    labels = json.loads(Path(words.labels).read_text()) if words.labels else None
    figures = figures_of(rows, failed, labels)
    if not words.quick and len(there) == len(REPOSITORIES):
        keep(rows, figures)
    raw = {"missed": [row for row in rows if "?" in row["fields"]], "failed": failed}
    show("stories", figures, raw, words.seed)


def figures_of(
    rows: list[dict[str, Any]], failed: list[dict[str, Any]], labels: dict[str, Any] | None
) -> dict[str, Any]:
    """Count what was found of what there is."""
    there = {f: sum(row["fields"][i] != "-" for row in rows) for i, f in enumerate(FIELDS)}
    found = {f: sum(row["fields"][i] == f[0] for row in rows) for i, f in enumerate(FIELDS)}
    return {
        "files": len(rows),
        "crashes": len(failed),
        "byte_identical": sum(row["same"] for row in rows),
        "fields": {f: f"{found[f]}/{there[f]}" for f in FIELDS},
        "fields_found": round(sum(found.values()) / max(1, sum(there.values())), 4),
        "labelled_numbers": _labelled(rows, labels) if labels else None,
        "repositories": dict(Counter(row["repository"] for row in rows)),
        "dialects": dict(Counter(row["dialect"] for row in rows)),
        "problems": dict(Counter(code for row in rows for code in row["problems"])),
        "slowest_ms": round(1000 * max((row["seconds"] for row in rows), default=0), 1),
    }


def _labelled(rows: list[dict[str, Any]], labels: dict[str, Any]) -> str:
    """Compare the numbers read with those that a person wrote down for the same files."""
    keys = {(row["repository"], row["path"]): row["key"] for row in rows}
    right = wrong = 0
    for epic in labels["complete_epics"]:
        for number, path in epic["story_path"].items():
            key = keys.get((epic["repo"], path))
            if key is not None:
                right += key == canonical(number)
                wrong += key != canonical(number)
    return f"{right}/{right + wrong}"


def keep(rows: list[dict[str, Any]], figures: dict[str, Any]) -> None:
    """Write the table of outcomes: places and marks, no text."""
    table = {
        "fields": list(FIELDS),
        "commits": REPOSITORIES,
        "figures": {name: value for name, value in figures.items() if name != "slowest_ms"},
        "files": [[row["repository"], row["path"], row["key"], row["fields"]] for row in rows],
    }
    _OUTCOMES.parent.mkdir(exist_ok=True)
    lines = ",\n".join("  " + json.dumps(row) for row in table.pop("files"))
    head = json.dumps(table, indent=1).removesuffix("\n}")
    _OUTCOMES.write_text(f'{head},\n "files": [\n{lines}\n ]\n}}\n')
