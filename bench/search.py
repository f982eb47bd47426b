"""Forty believable queries on 20,000 items, beside the scan of one text a row that came before.

Half of the items are as Rally has them (a short description, steps as items), half as story files
are (pages of text, criteria, steps, remarks). Times are of whole verbs: parse, resolve, find, read
the first fifty, cut their snippets. The peer looks for the words of a query with `like` in one
table of folded texts, which is what a search was before; it cannot do the fields.
"""

import argparse
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.document import show
from panopticon.config import Config, Source
from panopticon.model.change import Cursor, Page
from panopticon.model.issue import CARDS, Comment, Issue, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.query_parse import query_from
from panopticon.model.ref import IssueRef
from panopticon.services import search
from panopticon.services.context import Context
from panopticon.store.registry import open_store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LIMIT = 50
PAGE = 500
QUERIES = {
    "rare word": ["quaternion", "zookeeper", "US4711", "us-812", "story-15.7"],
    "common word": ["the", "user", "login", "invoice"],
    "two words": ["login invoice", "warehouse report", "user quaternion"],
    "phrase": ['"as a user"', '"the login page"', '"no such phrase"', '"given a user"'],
    "negation": ["-user", "login -invoice", "user -is:done", '-"the" is:open'],
    "short word": ["db", "ux", "-db"],
    "field": [
        "is:blocked",
        "is:mine",
        "is:open",
        "is:held",
        "assignee:me",
        "assignee:maya",
        "assignee:none",
        "label:api,ui",
        "epic:17",
        "epic:none",
        "state:review",
        "priority:high,urgent",
        "points:>=5",
        "updated:<2d",
        "created:>2w",
        "kind:defect",
        "tracker:stories",
        'iteration:"Sprint 3"',
        "title:login",
    ],
    "several": [
        "login is:open assignee:me",
        "tracker:rally state:review updated:<2w",
        "epic:17 label:api -is:done",
        "invoice points:>=5 priority:high",
    ],
}
_WORDS = (
    "user login invoice account page report warehouse order stock price export import search filter"
    " button field error message token session mail address payment refund customer tenant role"
    " permission audit log upload image table row column chart date time zone currency tax receipt"
    " supplier delivery parcel label scanner shelf batch queue retry cache index query schema"
    " migration endpoint request response header cookie proxy test fixture build deploy release"
)
_RARE = "quaternion zookeeper hysteresis palimpsest"


def main(words: argparse.Namespace) -> None:
    """Fill a store, ask every query, and the peer those that have words."""
    count = words.stories or (2000 if words.quick else 20_000)
    runs = 2 if words.quick else 7
    rng = random.Random(words.seed)
    with tempfile.TemporaryDirectory() as folder:
        ctx = context(Path(folder))
        made = list(items(rng, count))
        texts = fill(ctx, made)
        start = time.perf_counter()
        search.refs(ctx, "is:open")
        first = time.perf_counter() - start
        peer = Scan(texts)
        raw = {
            name: {text: asked(ctx, peer, text, runs) for text in some}
            for name, some in QUERIES.items()
        }
        size = sum(path.stat().st_size for path in Path(folder).glob("*.db*"))
        ctx.close()
    figures = figures_of(raw) | {
        "items": count,
        "rows": len(made),
        "characters": sum(map(len, texts)),
        "store_mb": round(size / 1024 / 1024, 1),
        "first_search_s": round(first, 2),
        "load_average": round(os.getloadavg()[0], 1),
        "ready_items_per_s": round(len(made) / first),
    }
    show("search", figures, raw, words.seed)


def asked(ctx: Context, peer: "Scan", text: str, runs: int) -> dict[str, Any]:
    """Ask both in turn, so that drift hits both alike."""
    found, board, scan, cpu, board_cpu = [], [], [], [], []
    phrases = [one.casefold() for one in query_from(text).texts]
    for _ in range(runs):
        begun = time.process_time()
        found.append(timed(lambda: search.find(ctx, text, LIMIT)))
        cpu.append(round(1000 * (time.process_time() - begun), 2))
        begun = time.process_time()
        board.append(timed(lambda: search.refs(ctx, text, CARDS)))
        board_cpu.append(round(1000 * (time.process_time() - begun), 2))
        if phrases:
            scan.append(timed(lambda: peer.find(phrases)))
    total = search.find(ctx, text, LIMIT).total
    return {
        "total": total,
        "find_ms": found,
        "find_cpu_ms": cpu,
        "board_ms": board,
        "board_cpu_ms": board_cpu,
        "scan_ms": scan,
    }


def timed(ask: Callable[[], object]) -> float:
    """Give milliseconds."""
    start = time.perf_counter()
    ask()
    return round(1000 * (time.perf_counter() - start), 2)


def figures_of(raw: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """Give the middle and the slowest twentieth of all runs, by kind of query too."""
    every = [one for some in raw.values() for one in some.values()]
    with_words = [one for one in every if one["scan_ms"]]
    kinds = {name: spread([one["find_ms"] for one in some.values()]) for name, some in raw.items()}
    slowest = max(
        (min(one["find_ms"]), text) for some in raw.values() for text, one in some.items()
    )
    return {
        "queries": len(every),
        "find": spread([one["find_ms"] for one in every]),
        "find_cpu": spread([one["find_cpu_ms"] for one in every]),
        "board": spread([one["board_ms"] for one in every]),
        "board_cpu": spread([one["board_cpu_ms"] for one in every]),
        "find_with_words": spread([one["find_ms"] for one in with_words]),
        "scan_with_words": spread([one["scan_ms"] for one in with_words]),
        "by_kind": kinds,
        "slowest": {"query": slowest[1], "ms": slowest[0]},
    }


def spread(times: list[list[float]]) -> dict[str, float]:
    """Give p50 and p95 of all runs together, in milliseconds."""
    ordered = sorted(one for some in times for one in some)
    places = {"p50_ms": 0.5, "p95_ms": 0.95}
    return {name: ordered[int(share * (len(ordered) - 1))] for name, share in places.items()}


class Scan:
    """The peer: every row's folded text is looked through."""

    def __init__(self, texts: list[str]) -> None:
        """Keep the texts in a table of their own."""
        self.rows = sqlite3.connect(":memory:")
        self.rows.execute("create table item_text (id integer primary key, search text not null)")
        self.rows.executemany("insert into item_text (search) values (?)", ((t,) for t in texts))

    def find(self, phrases: list[str]) -> list[Any]:
        """Find the rows that hold all of these."""
        holds = " and ".join("search like ? escape '\\'" for _ in phrases)
        asked = f"select id from item_text where {holds}"  # noqa: S608 - our own words
        return self.rows.execute(asked, [f"%{phrase}%" for phrase in phrases]).fetchall()


def context(home: Path) -> Context:
    """Make a run with a store of two sources."""
    sources = (Source("rally", "rally"), Source("stories", "rally"))
    config = Config(
        home=home,
        folder=home,
        sources=sources,
        default_tracker="rally",
        me="maya.rao@example.com",
    )
    return Context(config, open_store, _no_tracker, lambda: NOW)


def _no_tracker(source: Source) -> Any:
    raise NotImplementedError(source.name)


def fill(ctx: Context, made: list[Issue]) -> list[str]:
    """Store items as a sync does; gives the texts that a scan would look through."""
    for start in range(0, len(made), PAGE):
        for source in ctx.names:
            some = [one for one in made[start : start + PAGE] if one.ref.tracker == source]
            remarks = {one.ref.key: _remarks(one) for one in some if _remarks(one)}
            page = Page(tuple(some), Cursor(), remarks=remarks)
            ctx.store.apply(source, page, NOW, scope="", stream="")
    return [
        f"{one.ref.key}\n{one.title}\n{one.body}\n{one.acceptance_criteria}".casefold()
        for one in made
    ]


def _remarks(issue: Issue) -> tuple[Comment, ...]:
    """Give each tenth story a remark."""
    if issue.ref.tracker == "stories" and issue.title.endswith("page"):
        return (Comment("1", "Jo", f"Review: {issue.body[:200]}", NOW),)
    return ()


def items(rng: random.Random, count: int) -> Iterator[Issue]:
    """Make stories and defects, half of each sort, with epics above and steps below."""
    words, rare = [*_WORDS.split(), *_more_words(rng)], _RARE.split()
    epics = [f"F{number}" for number in range(1, count // 100 + 18)]
    for key in epics:
        yield _issue(rng, "rally", key, Kind.FEATURE, _sentence(rng, words, 4))
    for number in range(count):
        text = [_sentence(rng, words, 12) for _ in range(rng.randint(2, 5))]
        if rng.random() < 0.001:
            text.append(rng.choice(rare))
        if number % 2:
            parent = IssueRef("rally", rng.choice(epics))
            kind = Kind.DEFECT if rng.random() < 0.2 else Kind.STORY
            key = f"{'DE' if kind is Kind.DEFECT else 'US'}{number}"
            above: dict[str, Any] = {"parent": parent} if rng.random() < 0.9 else {}
            title = _sentence(rng, words, 6)
            yield _issue(rng, "rally", key, kind, title, body="\n".join(text), **above)
            for step in range(rng.randint(0, 3)):
                below = {"parent": IssueRef("rally", key)}
                name = _sentence(rng, words, 5)
                yield _issue(rng, "rally", f"TA{number}{step}", Kind.TASK, name, **below)
        else:
            pages = [_sentence(rng, words, 14) for _ in range(rng.randint(15, 50))]
            key = f"story-{number // 20}.{number % 20}"
            lines = tuple(Task(_sentence(rng, words, 7), rng.random() < 0.5, n) for n in range(8))
            body = "\n".join(["As a user, I want this.", *text, *pages])
            more: dict[str, Any] = {"acceptance_criteria": _criteria(rng, words), "tasks": lines}
            yield _issue(
                rng, "stories", key, Kind.STORY, _sentence(rng, words, 6), body=body, **more
            )


def _criteria(rng: random.Random, words: list[str]) -> str:
    return "\n".join(f"- Given a user, then {_sentence(rng, words, 9)}" for _ in range(6))


def _sentence(rng: random.Random, words: list[str], length: int) -> str:
    """Write words; the one at place n of the list about 1/n as often as the first."""
    chosen = [words[int(len(words) ** rng.random()) - 1] for _ in range(length)]
    return " ".join(["the", *chosen])


def _more_words(rng: random.Random) -> list[str]:
    """Make up words, for a language has thousands."""
    parts = ["an", "ber", "con", "der", "el", "fin", "gra", "hol", "im", "jur", "ket", "lor", "min"]
    parts += ["nor", "op", "per", "qui", "ras", "sol", "tur", "un", "vel"]
    return ["".join(rng.choices(parts, k=rng.randint(2, 4))) for _ in range(6000)]


def _issue(
    rng: random.Random, tracker: str, key: str, kind: Kind, title: str, **more: Any
) -> Issue:
    people = ["maya.rao@example.com", *(f"dev.{n}@example.com" for n in range(30)), None, None]
    state = rng.choice(list(State))
    who = rng.choice(people)
    is_held = who is not None and rng.random() < 0.05
    return Issue(
        ref=IssueRef(tracker, key),
        kind=kind,
        project=f"Project {rng.randint(1, 6)}",
        title=title,
        state=state,
        native_state=state.label,
        created_at=NOW - timedelta(days=rng.randint(1, 400)),
        updated_at=NOW - timedelta(minutes=rng.randint(1, 200_000)),
        native_id=key,
        version="1",
        assignee=who,
        labels=tuple(
            rng.sample(["api", "ui", "db", "ux", "security", "mobile"], rng.randint(0, 2))
        ),
        priority=rng.randint(0, 4),
        points=rng.choice([None, 1.0, 2.0, 3.0, 5.0, 8.0]),
        iteration=f"Sprint {rng.randint(1, 30)}",
        rank=f"{rng.random():.9f}",
        blocked=rng.random() < 0.03,
        blocked_by=(IssueRef("rally", f"US{rng.randint(1, 9999)}"),) if rng.random() < 0.1 else (),
        lease=Lease(str(who), NOW, NOW + timedelta(hours=5)) if is_held else None,
        **more,
    )
