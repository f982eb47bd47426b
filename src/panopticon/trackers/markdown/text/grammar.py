"""The grammar of story files as tables: titles, sections, labels, items, dialects.

Reading takes the union of all dialects, because real files mix them; only writing something
that is not there yet asks for the file's own dialect. Every pattern runs in linear time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from panopticon.model.issue import State
from panopticon.trackers.markdown.text.number import BARE_NUMBER, NUMBER


class Role(Enum):
    """What a section is for."""

    STORY = auto()
    CONTEXT = auto()
    STATUS = auto()
    DETAILS = auto()
    CRITERIA = auto()
    TASKS = auto()
    STEPS = auto()  # tasks only where no section of tasks has any
    NEEDS = auto()
    NOTES = auto()
    RECORD = auto()
    LOG = auto()
    COMMENTS = auto()
    FILES = auto()
    CLOSED = auto()  # reviews and reports: what is inside speaks of the story


# The words of a heading, folded by `heading_words`; the first that matches decides.
SECTIONS: Sequence[tuple[Role, re.Pattern[str]]] = tuple(
    (role, re.compile(words))
    for role, words in (
        (Role.STORY, r"(?:user )?story(?: description| statement)?|description|intent"),
        (Role.CONTEXT, r"business context|context|background|overview|summary|story context"),
        (Role.STATUS, r"(?:story |current )?status"),
        (
            Role.DETAILS,
            r"(?:story )?(?:details|information|info|metadata|meta)|story overview|at a glance",
        ),
        (
            Role.CRITERIA,
            (
                r"(?:user |story |detailed )?acceptance criteri(?:a|on)"
                r"(?: acs?| bdd| authoritative)?|acs?|acceptance"
            ),
        ),
        (
            Role.TASKS,
            (
                r"(?:implementation |development |technical |story )?tasks"
                r"(?: ?/ ?| and | & )?(?:subtasks|acceptance|sub tasks)?"
                r"|tasks? (?:checklist|list|breakdown)|execution"
            ),
        ),
        (
            Role.STEPS,
            (
                r"(?:implementation|development) (?:plan|steps|checklist)(?: .*)?"
                r"|deliverables(?: checklist)?|(?:[\w/&]+ ){1,3}tasks"
            ),
        ),
        (
            Role.NEEDS,
            (
                r"(?:story |upstream |blocking |hard )?"
                r"(?:dependencies|dependency|prerequisites?|depends on|requires|blocked by)"
                r"(?: must complete first| and prerequisites| & prerequisites| and blockers)?"
                r"|this story depends on|required stories|blocks|enables|blocked stories"
                r"|(?:downstream|dependent) (?:dependencies|stories)|stories that depend on this"
            ),
        ),
        (Role.LOG, r"(?:story )?change ?log|revision history|change history"),
        (Role.COMMENTS, r"comments"),
        (Role.RECORD, r"dev(?:eloper)? agent record"),
        (Role.FILES, r"file list|code map|files (?:to )?(?:create|modify|modified|changed).*"),
        (Role.NOTES, r"(?:dev|technical|development|developer|implementation) notes"),
        (
            Role.CLOSED,
            (
                r"(?:senior developer |code |dev(?:eloper)? |qa |pre |smart )?review.*"
                r"|senior developer review.*|code review.*|qa results?|gap analysis.*"
                r"|.*(?:validation|verification|coverage|approval gate)(?: report| status| table)?"
                r"|completion status|final status|retrospective.*"
            ),
        ),
    )
)

TITLES: Sequence[re.Pattern[str]] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"story:?\s+(?P<number>{NUMBER})\s*(?:[:\u2014\u2013]|\s-|-\s|\.\s)\s*(?P<title>.*)",
        rf"story:?\s+(?P<number>{NUMBER})(?P<title>)",
        rf"story:?\s+(?P<number>{NUMBER})\s+(?P<title>.*)",
        r"(?:story|title)\s*[:\u2014\u2013]\s*(?P<title>.*)",
        rf"(?P<number>{BARE_NUMBER})\s*(?:[:\u2014\u2013]|\s-\s)\s*(?P<title>.*)",
        rf"(?P<number>{BARE_NUMBER})-(?P<title>[a-z].*)",
        r"(?P<title>.*)",
    )
)
EPIC = re.compile(
    r"epic[\s-]+(?P<number>(?:[A-Za-z]{1,8}-)?\d{1,9}(?:\.\d{1,9})*[A-Za-z]?)(?![A-Za-z0-9])"
    r"\s*(?:[:\u2014\u2013.-]\s*)?(?P<title>.*)",
    re.IGNORECASE,
)
EPIC_STORY = re.compile(
    rf"story\s+(?P<number>{NUMBER})\s*(?:[:\u2014\u2013.-]\s*)?(?P<title>.*)", re.IGNORECASE
)

# `**Status:** x`, `- **Status**: x`, `> Status: x`, `| **Status** | x |`, `Status: x`
_LEAD = r"[ \t]*(?:>[ \t]*)?(?:[-*+][ \t]+)?(?:[^\w\s|*`>#-]{1,4}[ \t]+)?"
_NAME = r"(?P<name>[^\W\d_][\w /&'()-]{0,40}?)"
LABELS: Sequence[re.Pattern[str]] = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<lead>{_LEAD}\*\*){_NAME}[ \t]*:[ \t]*\*\*(?P<value>.*)",
        rf"(?P<lead>{_LEAD}\*\*){_NAME}\*\*[ \t]*:(?P<value>.*)",
        rf"(?P<lead>[ \t]*\|[ \t]*\*\*){_NAME}:?\*\*:?[ \t]*\|(?P<value>[^|]*)\|.*",
        rf"(?P<lead>[ \t]*\|[ \t]*){_NAME}:?[ \t]*\|(?P<value>[^|]*)\|.*",
        rf"(?P<lead>{_LEAD}){_NAME}:(?P<value>(?:[ \t].*)?)",
    )
)
TABLE = re.compile(r"[ \t]*\|")
TABLE_RULE = re.compile(r"[ \t]*(?:\|[ \t]*)?:?--[-:| \t]*$")

# Labels by what they say, folded by `heading_words`.
STATUS_LABELS = frozenset({"status", "story status", "current status"})
NUMBER_LABELS = frozenset({"story id", "story key", "id", "story number", "story"})
EPIC_LABELS = frozenset({"epic", "epic id", "parent epic"})
FORMATTED_ID_LABELS = frozenset(
    {"formattedid", "formatted id", "formatted_id", "rally", "rally id", "rally_id"}
    | {"rally story", "rally formattedid", "tracker id", "tracker_id"}
)
NEEDS_LABELS = frozenset(
    {"depends on", "depends_on", "dependencies", "dependency", "prerequisites", "prerequisite"}
    | {"requires", "blocked by", "blocked_by", "story dependencies", "upstream dependencies"}
)
BLOCKS_LABELS = frozenset({"blocks", "enables", "blocking", "downstream dependencies"})

CHECKBOX = re.compile(
    r"(?P<indent>[ \t]*)(?:>[ \t]?)*(?:[-*+]|\d{1,9}[.)])[ \t]+"
    r"\[(?P<tick>[ xX~\-\u2713\u2714\u2705/>!?]?)\](?:[ \t]+|$)(?P<text>.*)"
)
ORDERED = re.compile(r"(?P<indent>[ \t]*)(?P<number>\d{1,9})[.)][ \t]+(?P<text>.*)")
BULLET = re.compile(r"(?P<indent>[ \t]*)[-*+][ \t]+(?P<text>.*)")
LABELLED = re.compile(
    r"(?P<indent>[ \t]{0,3})(?:[-*+][ \t]+)?(?P<text>\*{0,2}AC[ -]?#?(?P<number>\d[\w.]*)"
    r"[ \t]*(?:[:.)\u2014\u2013*-]|\().*)"
)
GIVEN = re.compile(
    r"(?P<indent>[ \t]{0,3})(?:[-*+][ \t]+)?(?P<text>(?:[*_]{1,2})?(?:Given|Scenario)\b.*)"
)
AC_HEADING = re.compile(r"[^\w]*(?:AC|Acceptance Criterion|Criterion)[ -]?#?(?P<number>\d?[\w.]*)")
NUMBER_HEADING = re.compile(r"(?P<number>\d{1,9})[.:)][ \t]+\S")
AC_REFS = re.compile(r"\(ACs?\b[ \t]*[:#-]?[ \t]*([^()]{0,200})\)|\bAC[ -]?#?(\d{1,4}[a-z]?)")
TICKED = frozenset("xX\u2713\u2714\u2705")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file of this kind spells what has to be written anew.

    `status` is the line that says it; `signs` are the sections whose presence shows the dialect.
    """

    name: str
    status: str
    words: Mapping[State, str]
    signs: frozenset[str]
    needed: int


_V6_WORDS = {
    State.BACKLOG: "backlog",
    State.PLANNING: "ready-for-dev",
    State.IN_PROGRESS: "in-progress",
    State.IN_REVIEW: "review",
    State.DONE: "done",
}
SPEC = Dialect(
    "spec",
    "status: {}",
    {**_V6_WORDS, State.BACKLOG: "draft", State.IN_REVIEW: "in-review"},
    frozenset({"intent", "boundaries & constraints", "code map", "tasks & acceptance"}),
    1,
)
V4 = Dialect(
    "v4",
    "## Status\n\n{}",
    {
        State.BACKLOG: "Draft",
        State.PLANNING: "Approved",
        State.IN_PROGRESS: "InProgress",
        State.IN_REVIEW: "Review",
        State.DONE: "Done",
    },
    frozenset({"status", "qa results"}),
    1,
)
PANTHEON = Dialect(
    "pantheon",
    "**Status:** {}",
    _V6_WORDS,
    frozenset(
        {"business context", "current state", "architecture compliance", "definition of done"}
        | {"dev agent guardrails", "testing requirements", "technical requirements"}
    ),
    3,
)
V6 = Dialect("v6", "Status: {}", _V6_WORDS, frozenset(), 0)
DIALECTS = (SPEC, V4, PANTHEON, V6)

_BRACKETS = re.compile(r"\(.{0,80}?\)|\uff08.{0,80}?\uff09")
_FOLD = re.compile(r"[^\w/&]+")
_ORDER = re.compile(r"\d+(?:\.\d+)*\.? +(?=\S)")


def heading_words(text: str) -> str:
    """Fold a heading or label: `## 3. Tasks / Subtasks (draft):` gives `tasks / subtasks`."""
    bare = _FOLD.sub(" ", _BRACKETS.sub(" ", text)).strip().casefold()
    return _ORDER.sub("", bare, count=1)


def role_of(text: str) -> Role | None:
    """Tell what a section of this name is for."""
    words = heading_words(text)
    return next((role for role, pattern in SECTIONS if pattern.fullmatch(words)), None)


def dialect_of(sections: set[str], front: set[str]) -> Dialect:
    """Tell the dialect by the names of the sections and the keys of the front matter."""
    for dialect in DIALECTS:
        if dialect is SPEC and "status" not in front:
            continue
        if len(dialect.signs & sections) >= dialect.needed:
            return dialect
    return V6
