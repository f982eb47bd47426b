"""What a pipeline says of its work: commit, coverage, steps, where its results are."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import orjson

from panopticon.errors import InvalidInput, LocalFault

_SHA = re.compile(r"[0-9a-fA-F]{4,64}")
_WHOLE = 100
_LONGEST = 20_000  # characters of a summary
_MOST = 1_000_000  # bytes of a file
_MANY = 1_000_000  # steps


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of work on a story; `coverage` in percent, `steps` done of all."""

    commit: str | None = None
    coverage: float | None = None
    results: str | None = None
    summary: str = ""
    steps: tuple[int, int] | None = None


def told(
    commit: str | None, coverage: str | None, results: str | None, summary: str | None
) -> Result:
    """Read what somebody typed; raises InvalidInput."""
    if commit is not None and not _SHA.fullmatch(commit):
        raise InvalidInput(
            f"{commit!r} is no commit.", "Give its SHA: `git rev-parse HEAD`.", field="commit"
        )
    if results is not None and not _is_address(results):
        raise InvalidInput(
            f"{results!r} is no web address.", "Give the full http(s) URL.", field="results"
        )
    if summary is not None and len(summary) > _LONGEST:
        raise InvalidInput(
            f"The summary has {len(summary)} characters; {_LONGEST} are the most.",
            "Shorten it, and give the rest as results=URL.",
            field="summary",
        )
    return Result(commit, _percent(coverage), results, (summary or "").strip())


def read(file: Path | BinaryIO) -> bytes:
    """Read a small file, or what a pipe gives; raises InvalidInput where it does not end."""
    try:
        if isinstance(file, Path):
            with file.open("rb") as opened:
                found = opened.read(_MOST + 1)
        else:
            found = file.read(_MOST + 1)
    except OSError as error:
        raise LocalFault(f"Cannot read {file}: {error.strerror}.", "Check the name.") from error
    if len(found) > _MOST:
        name = file if isinstance(file, Path) else "stdin"
        raise InvalidInput(f"{name} has more than 1 MB.", "Name a text of a few pages.")
    return found


def from_progress(path: Path, before: Result) -> Result:
    """Add what a pipeline's progress file says and nobody typed; raises InvalidInput."""
    try:
        raw = orjson.loads(read(path))
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"{path} is no JSON: {error}.", "Name a progress file.") from error
    if not isinstance(raw, dict):
        raise InvalidInput(f"{path} is no progress file.", "It holds one JSON object.")
    inner = raw.get("metrics")
    facts: dict[str, Any] = {**raw, **(inner if isinstance(inner, dict) else {})}
    coverage, commit = facts.get("coverage"), facts.get("git_commit") or None
    found = told(
        str(commit) if commit else None,
        str(coverage) if coverage is not None and coverage != "" else None,
        None,
        None,
    )
    return replace(
        before,
        commit=before.commit or found.commit,
        coverage=found.coverage if before.coverage is None else before.coverage,
        steps=_steps(facts) or before.steps,
    )


def _steps(facts: Mapping[str, Any]) -> tuple[int, int] | None:
    done, total = facts.get("tasks_completed"), facts.get("tasks_total")
    both = facts.get("tasks_completed/total")
    if isinstance(both, str) and both.count("/") == 1:
        done, total = (int(part) if part.strip().isdecimal() else None for part in both.split("/"))
    if type(done) is not int or type(total) is not int:  # true and false are none
        return None
    return (done, total) if 0 <= done <= total < _MANY and total else None


def _percent(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        value = math.nan
    if not 0 <= value <= _WHOLE:
        raise InvalidInput(
            f"{text!r} is no coverage.", "Give percent from 0 to 100: 87.5.", field="coverage"
        )
    return value


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    is_web = is_web and parts.username is None and parts.password is None  # many read the remark
    return is_web and text.isprintable() and not set(text) & set('"\\<> ')


def remark(head: str, result: Result, branch: str | None) -> str:
    """Write the remark that says how work ended."""
    lines = []
    if result.commit:
        lines.append(f"- Commit: {result.commit}")
    if branch:
        lines.append(f"- Branch: {branch}")
    if result.coverage is not None:
        lines.append(f"- Coverage: {result.coverage:g} %")
    if result.steps:
        done, total = result.steps
        lines.append(f"- Tasks: {done} of {total} done")
    if result.results:
        lines.append(f"- Results: <{result.results}>")
    parts = [head, "\n".join(lines), result.summary]
    return "\n\n".join(part for part in parts if part)
