"""A second, crude reader of story files that shares nothing with the product's.

It sees less and knows no dialect, but what it sees is surely there: a line `# …`, the first
"Status" followed by a word, the numbered or named lines under "Acceptance Criteria", the
checkboxes under "Tasks".
"""

import re
from dataclasses import dataclass

FIELDS = ("title", "status", "criteria", "tasks")
_EACH = re.MULTILINE
_ALL = re.IGNORECASE | re.MULTILINE | re.DOTALL
_CODE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", _ALL)
_COMMENT = re.compile(r"^[ \t]*<!--.*?-->[ \t]*$", _ALL)
_STATUS = re.compile(
    r"^[\s>|*#-]*(?:story )?status[*:|\s]+(?P<word>[^|\n#]*?\w[^|\n]*)", re.IGNORECASE | _EACH
)
_CRITERIA = re.compile(r"^##+[^\n]*acceptance criteria\s*$(.*?)(?=^## |\Z)", _ALL)
_TASKS = re.compile(r"^## [^\n]*\btasks\b[^\n]*$(.*?)(?=^## |\Z)", _ALL)
_STORY = re.compile(r"^## [^\n]*(?:story|acceptance criteria|tasks)", _ALL)
# Reports lie among the stories and are named like them; a story may be about a report, too.
_REPORT = re.compile(
    r"review|validation|report|summary|retro|readiness|-qa|gate|prompt|notes", re.IGNORECASE
)
_TITLE = re.compile(
    r"(?:Story:? +)?(?:[A-Z]+-)?\d+[\w.-]*(?: -|:)(?!.*Completion Summary)", re.IGNORECASE
)
_ITEMS = (
    re.compile(r"^(?:#{3,5} |\*\*|- \[.\] \**|- \**)AC[- ]?[\d.]+\W*(\w.*)$", _EACH),
    re.compile(r"^\*\*Given\*\*(.*)$", _EACH),
    re.compile(r"^\d+\. (.*\w.*)$", _EACH),
    re.compile(r"^[-*] \[[ xX]\] (.*\w.*)$", _EACH),
    re.compile(r"^[-*] +(?!\W*(?:When|Then|And|But)\b)(.*\w.*)$", _EACH),
)
_BOX = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+\[([ xX~!?/-])\][ \t]+(.*)$", _EACH)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Crude:
    """What the crude reader saw."""

    title: str
    status: str
    criteria: tuple[str, ...]
    tasks: tuple[str, ...]
    is_story: bool

    def of(self, field: str) -> tuple[str, ...]:
        """Give what a field holds, empty where the file lacks it."""
        value: str | tuple[str, ...] = getattr(self, field)
        return ((value,) if value else ()) if isinstance(value, str) else value

    def agrees(self, field: str, found: list[str]) -> bool:
        """Compare with what the product read; all of it must be there."""
        seen = [words(text) for text in found]
        told = [words(text) for text in self.of(field)]
        if field == "title":
            return bool(seen[0]) and told[0].endswith(seen[0])
        if field == "status":
            return bool(seen[0]) and told[0].startswith(seen[0].split(" ")[0])
        if field == "tasks":
            return [t[:1] for t in found] == [t[:1] for t in self.tasks] and seen == told
        whole = " ".join(seen)
        return bool(seen) and len(seen) >= len(told) and all(text[:60] in whole for text in told)


def words(text: str) -> str:
    """Fold a text to its words."""
    return " ".join(_WORDS.findall(text.casefold()))


def crude_from(text: str, path: str) -> Crude:
    """Read a file crudely."""
    text = _COMMENT.sub("", _CODE.sub("", text.replace("\r\n", "\n")))
    title = re.search(r"^# (.*)$", text, _EACH)
    head = text[: text.find("\n## ", text.find("\n## ") + 1)] if "\n## " in text else text
    status = _STATUS.search(head[:4000])
    criteria = _CRITERIA.search(text)
    listed = next((found for p in _ITEMS if criteria and (found := p.findall(criteria[1]))), [])
    boxes = [box for tasks in _TASKS.findall(text) for box in _BOX.findall(tasks)]
    return Crude(
        title=title[1] if title else "",
        status=status["word"] if status else "",
        criteria=tuple(listed),
        tasks=tuple(f"{'x' if tick in 'xX' else ' '}{words}" for tick, words in boxes),
        is_story=_STORY.search(text) is not None
        and (_REPORT.search(path) is None or _TITLE.match(title[1] if title else "") is not None),
    )
