"""What items are found by, brought up to date in bites after they were written.

To do it in the write itself would make a first sync a fifth slower.
"""

from collections.abc import Iterable, Sequence

from panopticon.model.issue import Comment, Issue, Kind
from panopticon.model.ref import hyphenated
from panopticon.store.document import clean_text, comments_from, issue_from
from panopticon.store.item import time_text
from panopticon.store.rows import Database, Params, Row, Rows

_BITE = 500


def catch_up(database: Database, most: int | None = None) -> int:
    """Make items ready for searches, at most so many; returns how many there were."""
    done = 0
    while most is None or done < most:
        with database.read() as rows:  # seldom is anything due, and a read waits for nobody
            if not rows.all("search_due_next", count=1):
                return done
        with database.write() as rows:
            done += _bite(rows)
    return done


def folded(text: str) -> str:
    """Fold a text as it is looked for: case and line breaks mean nothing."""
    return " ".join(clean_text(text).replace("\0", "").casefold().split())


def _bite(rows: Rows) -> int:
    due = rows.all("search_due_next", count=_BITE)
    ids: list[Params] = [{"id": row[0]} for row in due]
    found = [_read(row) for row in due if row[1] is not None]
    rows.many("search_text_drop", ids)
    texts = [_texts(*one) for one in found]
    rows.many("search_text_save", texts)
    rows.many("search_fact_drop", ids)
    facts = zip(found, texts, strict=True)
    rows.many("search_fact_save", [_facts(one[0], one[1], text) for one, text in facts])
    rows.many("search_blocker_drop", ids)
    blockers = [one for item_id, issue, _ in found for one in _blockers(item_id, issue)]
    rows.many("search_blocker_save", blockers)
    rows.many("search_due_drop", ids)
    return len(due)


def _read(row: Row) -> tuple[int, Issue, Sequence[Comment]]:
    item_id, document, remarks = row
    comments = comments_from(str(remarks)) if remarks is not None else ()
    return int(item_id or 0), issue_from(str(document)), comments


def _texts(item_id: int, issue: Issue, comments: Iterable[Comment]) -> Params:
    key = issue.ref.key
    return {
        "row": -item_id if issue.kind is Kind.TASK else item_id,
        "name": folded(f"{key} {hyphenated(key)} {issue.twin_key or ''}"),
        "title": folded(issue.title),
        "labels": folded("\n".join(issue.labels)),
        "people": folded(f"{issue.assignee} {name_of(issue.assignee)}") if issue.assignee else "",
        "body": folded(f"{issue.body}\n{issue.blocked_reason or ''}"),
        "criteria": folded(issue.acceptance_criteria),
        "tasks": folded("\n".join(task.title for task in issue.tasks)),
        "remarks": folded("\n".join(comment.body for comment in comments)),
    }


def name_of(who: str) -> str:
    """Give the words of a name that an email or user name holds: `maya.rao@x.org`, `maya rao`."""
    return " ".join(who.partition("@")[0].replace("_", ".").replace(" ", ".").split("."))


def _facts(item_id: int, issue: Issue, texts: Params) -> Params:
    return {
        "id": item_id,
        "is_step": int(issue.kind is Kind.TASK),
        "title": texts["title"],
        "names": " ".join(str(texts[name]) for name in ("name", "labels", "people")),
        "created_at": time_text(issue.created_at),
        "points": issue.points,
        "priority": issue.priority,
    }


def _blockers(item_id: int, issue: Issue) -> list[Params]:
    return [
        {"id": item_id, "source": clean_text(one.tracker), "key": clean_text(one.key)}
        for one in issue.blocked_by
    ]


def words_of_labels(found: Iterable[Row]) -> list[tuple[str, int]]:
    """Count each label of sets of labels, the most used first."""
    counts: dict[str, int] = {}
    for labels, count in found:
        for label in filter(None, str(labels).split("\x1f")):
            counts[label] = counts.get(label, 0) + int(count or 0)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))
