"""What the name and place of one file say about it."""

import re
from collections.abc import Sequence

from panopticon.trackers.markdown.text.number import file_name_from

_STORY_FOLDERS = frozenset(
    {"stories", "story", "user-stories", "userstories", "issues"}
    | {"implementation-artifacts", "sprint-artifacts"}
)
_ARTIFACTS = frozenset({"implementation-artifacts", "sprint-artifacts"})
_EPIC_FOLDERS = frozenset({"epics", "epic", "prd", "prds", "planning-artifacts"})
_BESIDE = frozenset({"docs", "stories", "bmad"})  # folders that hold epics among other files
_ARCHIVES = frozenset(
    {"archive", "archived", "archives", "old", "backup", "backups", "deprecated", "legacy"}
)
_PUT_AWAY = re.compile(r"[-._](?:backup|bak|old|orig)(?:$|[-._])")
_APART = frozenset(  # folders of what is written about stories
    {"review", "reviews", "retro", "retros", "retrospective", "retrospectives", "reports", "qa"}
    | {"report", "investigations", "evaluations", "assessments", "gates", "templates", "tests"}
    | {"handoffs", "validation", "checklists", "runs"}
)
_TOOLING = frozenset({"_bmad", "bmad", "old-bmad", "_cfg", "bmad-core", "node_modules", "vendor"})
_NUMBERED = re.compile(
    r"spec-|(?:story[-_. ]?)?(?:(?P<prefix>[a-z]{1,8})-)?\d{1,4}[a-z]?[.-][a-z]?\d|H-\d|US-?\d",
    re.IGNORECASE,
)
_NO_PREFIX = frozenset(
    {"epics", "review", "preview", "retro", "run", "test", "tests", "atdd", "report"}
    | {"notes", "summary", "plan", "phase", "sprint", "adr", "prd", "day", "week", "v", "draft"}
)
_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_ABOUT = re.compile(  # the end of a name that speaks of a story or an epic
    r"[-._](?:validation-report|(?:completion|implementation|enhancement|review)-summary"
    r"|code-review|gap-analysis|test-report|audit-report|completion-report)"
    r"(?:[-._T\d+]*)$",
    re.IGNORECASE,
)
_COMPANION = re.compile(
    r"[^.\d][^.]*\.(?:md\.)?(?:context|validation|review|final|prompt|summary|notes|gap|bak|old"
    r"|orig|backup|copy|draft|tmp)\b.*",
    re.IGNORECASE,
)
_V4_NAME = re.compile(r"(?:story[-.])?\d+\.\d+[.-]")
_NO_STORY = re.compile(
    r"(?:readme|index|changelog|todo|backlog|template|epics?|retro|retrospective|validation|review"
    r"|report|summary|status|notes|plan|overview|context|story-context|test|atdd|code-review"
    r"|bug-hunt|deferred-work|implementation-readiness|tech-spec-epic)(?:$|[-_. ])",
    re.IGNORECASE,
)
_ABOUT_EPIC = re.compile(
    r"retro|review|report|context|tech-spec|assessment|analysis|summary|action-items|readiness"
    r"|validation|verification|todo|test-|bug-hunt|status|evaluation|kickoff|handoff|plan-|prompt"
    r"|checklist|template",
    re.IGNORECASE,
)
_EPIC_STORY_NAME = re.compile(r"epic-\d{1,3}-\d{1,3}-[a-z]{4}", re.IGNORECASE)
_EPICS_NAME = re.compile(r"(?:[\w-]+-)?epics(?:-and-stories|-[\w-]*)?|epic-list", re.IGNORECASE)
_EPIC_NAME = re.compile(r"(?:\d{1,3}-)?epic-?(?:[a-z]{1,8}-)?\d.*", re.IGNORECASE)
_SPRINT_NAMES = frozenset({"sprint-status.yaml", "sprint-status.yml", "sprint_status.yaml"})


def folder_of(path: str) -> str:
    """Give the folder a file is in; empty at the root."""
    return path.rpartition("/")[0]


def is_tooling(path: str, told: Sequence[str]) -> bool:
    """Tell what belongs to BMAD itself or another tool, but for folders that its config names."""
    parts = path.split("/")[:-1]
    if not any(part in _TOOLING or part.startswith(".") for part in parts):
        return False
    return not _is_below(path, told)


def is_archive(path: str) -> bool:
    """Tell what has been put away: it never takes a number from what is at hand."""
    *parts, name = path.lower().split("/")
    is_apart = any(part in _ARCHIVES or part.startswith("original-") for part in parts)
    return is_apart or _PUT_AWAY.search(name) is not None


def is_sprint(path: str) -> bool:
    """Tell a sprint-status file."""
    return path.rpartition("/")[2].lower() in _SPRINT_NAMES


def is_numbered(path: str) -> bool:
    """Tell a name that begins like a story's."""
    stem = _stem(path)
    match = _NUMBERED.match(stem)
    if match is None or not path.endswith(".md") or _DATE.match(stem) or _ABOUT.search(stem):
        return False
    prefix = (match["prefix"] or "").lower()
    if prefix in _NO_PREFIX or (prefix == "epic" and _is_of_epic(stem)):
        return False
    slug = file_name_from(path).slug
    return _COMPANION.fullmatch(slug) is None


def _is_of_epic(stem: str) -> bool:
    """Tell `epic-1-5-retro` from `epic-9-1-event-log`, which is a story."""
    return _ABOUT_EPIC.search(stem) is not None or _EPIC_STORY_NAME.match(stem) is None


def is_story(path: str, inside: str, told: Sequence[str]) -> bool:
    """Tell a story file: a numbered name in a place of stories."""
    return is_numbered(path) and _is_placed(path, inside, told)


def is_maybe(path: str, inside: str, told: Sequence[str]) -> bool:
    """Tell a file in a place of stories whose name does not say whether it is one."""
    stem = _stem(path)
    if not path.endswith(".md") or is_numbered(path) or not _is_placed(path, inside, told):
        return False
    is_about = _ABOUT.search(stem) or _ABOUT_EPIC.search(stem.removeprefix("tech-spec-"))
    return not (_NO_STORY.match(stem) or is_about or _NUMBERED.match(stem))


def is_story_place(parts: Sequence[str]) -> bool:
    """Tell whether a folder is for stories by its own or an outer name."""
    lowered = [part.lower() for part in parts]
    return bool(_STORY_FOLDERS.intersection(lowered)) and not _APART.intersection(lowered)


def is_artifact(path: str, inside: str) -> bool:
    """Tell a place of v6."""
    return bool(_ARTIFACTS.intersection(f"{inside}/{path}".lower().split("/")))


def is_v4_name(path: str) -> bool:
    """Tell a name of v4: `1.2.title.md`."""
    return _V4_NAME.match(_stem(path)) is not None


def is_spec(path: str) -> bool:
    """Tell a spec file."""
    return _stem(path).startswith("spec-")


def is_epics(path: str, told: Sequence[str]) -> bool:
    """Tell an epics file, or the file of one epic."""
    stem, parts = _stem(path), path.lower().split("/")[:-1]
    if not path.endswith(".md") or _ABOUT_EPIC.search(stem) or _APART.intersection(parts):
        return False
    if _EPICS_NAME.fullmatch(stem):
        return True
    is_near = not parts or parts[-1] in _BESIDE or _EPIC_FOLDERS.intersection(parts)
    is_named = _EPIC_NAME.fullmatch(stem) and not _EPIC_STORY_NAME.match(stem)
    return bool((is_near or _is_below(path, told)) and is_named)


def is_part_of_epics(path: str) -> bool:
    """Tell the file of one epic."""
    return "epics" not in _stem(path).lower()


def _is_placed(path: str, inside: str, told: Sequence[str]) -> bool:
    parts = path.lower().split("/")[:-1]
    if _APART.intersection(parts) or any(part.endswith("-runs") for part in parts):
        return False
    return is_story_place([*inside.split("/"), *parts]) or _is_below(path, told)


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")
