"""Drawing the sync report as seed 003 draws it: one tree an epic, who holds what, what next."""

from collections.abc import Iterable

from panopticon.cli.terminal import Terminal
from panopticon.cli.text import HOLDER, cut
from panopticon.errors import PanError
from panopticon.model.ref import IssueRef, hyphenated
from panopticon.services.sync.pull import Claims, EpicReport, Report, TrackerReport
from panopticon.services.sync.report import said_of

_RULE = 47
_PROBLEMS = 5
_KILO = 1024


def draw_report(
    out: Terminal, report: Report, cache: str, changed: set[IssueRef] | None = None, note: str = ""
) -> None:
    """Draw the report of a sync: every epic, or those that changed or are held."""
    is_whole = report.exit_error() is None
    out.line(out.bold("Sync Complete" if is_whole else "Sync Incomplete"))
    out.line(out.dim(out.sign("rule") * min(_RULE, out.columns)))
    shown = [one for one in report.epics if changed is None or one.held or one.ref in changed]
    for epic in shown:
        _draw_epic(out, epic, is_one_of_several=_is_several(report))
        out.line()
    if quiet := len(report.epics) - len(shown):
        more = f"{out.sign('cut')} and " if shown else ""
        out.line(out.dim(f"{more}{quiet} {'epic' if quiet == 1 else 'epics'} unchanged"))
    for tracker in report.trackers:
        _draw_tracker(out, tracker)
    if report.claims:
        _draw_claims(out, report.claims)
    _draw_some(out, map(out.hint, report.problems))
    if report.cache_error:
        _draw_error(out, f"Cannot write the cache {cache}", report.cache_error)
    else:
        out.line(f"Cache updated: {out.clean(cache)}")
    if note:
        out.line(out.dim(out.clean(note)))
    out.line(out.next(_next(report)))


def _is_several(report: Report) -> bool:
    """Tell whether epics of several trackers are shown, whose numbers may be the same."""
    return len({epic.ref.tracker for epic in report.epics}) > 1


def _draw_epic(out: Terminal, epic: EpicReport, *, is_one_of_several: bool = False) -> None:
    ok, tee, end = out.green(out.sign("ok")), out.dim(out.sign("tee")), out.dim(out.sign("end"))
    title = out.bold(out.clean(_named(epic)))
    where = _where(epic, is_one_of_several=is_one_of_several)
    where = f" {out.dim(out.clean(where))}" if where else ""
    out.line(f"{ok} {title} ({_stories(epic.stories)}){where}")
    out.line(f"   {tee} {_stories(epic.ready)} ready")
    out.line(f"   {tee} {_stories(epic.in_progress)} in progress")
    bar = out.dim(out.sign("bar"))
    for holding in epic.held:
        last = holding is epic.held[-1]
        holder = cut(out.clean(holding.holder), HOLDER, out.sign("cut"))
        text = f"{out.clean(hyphenated(holding.ref.key))}: Locked by {holder}"
        out.line(f"   {bar}  {end if last else tee} {text}")
    out.line(f"   {end} {_stories(epic.completed)} completed")


def _named(epic: EpicReport) -> str:
    """Name an epic once: `Epic 5: Doors`, not `Epic 5: Epic 5` nor `Epic epic-doors: Doors`."""
    if epic.number is None:
        return epic.title if _says_epic(epic.title) else f"Epic {epic.title}"
    name = f"Epic {epic.number}"
    return name if epic.title.casefold() == name.casefold() else f"{name}: {epic.title}"


def _says_epic(title: str) -> bool:
    return title.casefold().startswith("epic")


def _where(epic: EpicReport, *, is_one_of_several: bool) -> str:
    """Say what its number leaves open: the tracker, or the whole key."""
    if epic.number is None or "#" in epic.ref.key:
        return str(epic.ref) if is_one_of_several else epic.ref.key
    return epic.ref.tracker if is_one_of_several else ""


def _stories(count: int) -> str:
    return f"{count} {'story' if count == 1 else 'stories'}"


def _draw_tracker(out: Terminal, tracker: TrackerReport) -> None:
    name = out.clean(tracker.name)
    if tracker.error:
        _draw_error(out, tracker.name, tracker.error)
        return
    gone = tracker.deleted - tracker.forgotten
    counts = f"{tracker.fetched} read, {tracker.changed} changed, {gone} deleted"
    if tracker.forgotten:
        counts += f", {tracker.forgotten} forgotten here"
    out.line(f"{out.green(out.sign('ok'))} {name}: {counts} {out.dim(f'({_cost(tracker)})')}")


def _draw_claims(out: Terminal, claims: Claims) -> None:
    """Say what became of claims where anything did; who decides is named when it is silent."""
    warn = out.amber(out.sign("warn"))
    if claims.error:
        text = f"Claims are shown as last read; {claims.arbiter} cannot be asked"
        out.line(f"{warn} {out.clean(said_of(text, claims.error.message))}")
        for line in claims.error.hint.splitlines():
            out.line(f"  {out.hint(line)}")
    counts = {
        "held": claims.held,
        "ran out": claims.ended,
        "shown anew in the tracker": claims.mended,
        "looked at next time": claims.left,
        "found merged": claims.merged,
    }
    words = [f"{count} {word}" for word, count in counts.items() if count]
    if words:
        out.line(f"{out.green(out.sign('ok'))} claims: {', '.join(words)}")
    if claims.sent or claims.dropped:
        gone = f", {claims.dropped} dropped (`{out.program} queue`)" if claims.dropped else ""
        out.line(f"{out.green(out.sign('ok'))} status writes: {claims.sent} sent{gone}")
    if claims.waiting:
        verb = "write waits" if claims.waiting == 1 else "writes wait"
        out.line(f"{warn} {claims.waiting} status {verb}. {out.next('queue')}")
    _draw_some(out, map(out.clean, claims.troubles))


def _draw_some(out: Terminal, troubles: Iterable[str]) -> None:
    """Draw the first of many sentences, and say how many follow."""
    every = list(troubles)
    for text in every[:_PROBLEMS]:
        out.line(f"{out.amber(out.sign('warn'))} {text}")
    if more := len(every[_PROBLEMS:]):
        out.line(out.dim(f"  and {more} more like this"))


def _cost(tracker: TrackerReport) -> str:
    """Say what it took; files of this machine take no requests."""
    parts = [f"{tracker.seconds:.1f} s"]
    if tracker.requests:
        noun = "request" if tracker.requests == 1 else "requests"
        parts = [f"{tracker.requests} {noun}", _size(tracker.bytes), *parts]
    return ", ".join(parts)


def _draw_error(out: Terminal, what: str, error: PanError) -> None:
    out.line(f"{out.red(out.sign('bad'))} {out.clean(said_of(what, error.message))}")
    for line in error.hint.splitlines():
        out.line(f"  {out.hint(line)}")


def _size(count: int) -> str:
    if count < _KILO:
        return f"{count} B"
    if count < _KILO * _KILO:
        return f"{count / _KILO:.0f} kB"
    return f"{count / _KILO / _KILO:.1f} MB"


def _next(report: Report) -> str:
    if report.exit_error():
        return "doctor"
    free = [epic for epic in report.epics if epic.ready]
    named = str(free[0].ref) if free and _is_several(report) else free[0].word if free else ""
    return f"work list epic={named}" if named else "work list"
