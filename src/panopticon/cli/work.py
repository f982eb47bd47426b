"""`pan work list | show | create | update | comment | tick | step | delete`: items of work."""

from collections.abc import Callable
from dataclasses import replace

import click

from panopticon.cli import item
from panopticon.cli.command import WordCommand, WordGroup
from panopticon.cli.complete import complete_epics, complete_refs
from panopticon.cli.face import Face, faced
from panopticon.cli.field import (
    custom_from,
    fields_from,
    kind_from,
    kinds_from,
    listed,
    states_from,
    text_from,
)
from panopticon.cli.freshness import draw_due, draw_stale, due
from panopticon.cli.item_list import Listed, draw_list
from panopticon.cli.terminal import Terminal
from panopticon.cli.twin import bonds
from panopticon.errors import InvalidInput
from panopticon.model.issue import NOT_STEPS, Issue, IssueFields, IssueFilter, Kind, NewIssue
from panopticon.services import person, projection, search
from panopticon.services.claim import fence
from panopticon.services.claim.known import taken_over
from panopticon.services.context import Context
from panopticon.services.issue import step as issue_step, verbs as issues
from panopticon.services.issue.form import Forms
from panopticon.services.names import refuse_unknown
from panopticon.services.status import stale
from panopticon.services.twin import folded

Decorator = Callable[[Callable[..., int | None]], Callable[..., int | None]]


@click.group(cls=WordGroup)
def work() -> None:
    """List, show, create and change items of work."""


@work.command("list", cls=WordCommand)
@click.argument("text", required=False)
@click.option("--epic", help="Items below it: 17, F17.", shell_complete=complete_epics)
@click.option("--project", help="Project by name.")
@click.option("--assignee", help="Email or part of a name; `me`.")
@click.option("--label", "--labels", "labels", multiple=True, help="Repeatable; all must be there.")
@click.option("--state", "--states", "states", multiple=True, help="Columns: in_progress, done …")
@click.option(
    "--kind", "--kinds", "kinds", multiple=True, help="story, defect, task, feature, epic."
)
@click.option("--iteration", help="Iteration by name.")
@click.option("--tracker", help="One tracker only.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@click.option("--open", "is_open", is_flag=True, help="Leave out what is done.")
@click.option("--all", "is_all", is_flag=True, help="Tasks as well.")
@faced
def list_(face: Face, **words: object) -> None:
    """Show items from the store; asks no tracker. TEXT is a query as `pan search` takes it."""
    with face.context() as ctx:
        wanted = filter_from(ctx, words)
        shown = issues.list_issues(ctx, wanted)
        if not shown:
            refuse_unknown(ctx, wanted.project, wanted.iteration)
        total = issues.count(ctx, wanted) if wanted.limit == len(shown) else len(shown)
        now, old, ends = ctx.now(), stale(ctx, wanted.tracker), due(face, ctx)
        if not face.as_json:
            others = folded(ctx, {one.ref for one in shown})
            blocked = search.blocked(ctx) if shown else frozenset()
            listed = Listed(shown, total, others, blocked)
    rows = [projection.row(one, now) for one in shown] if face.as_json else []
    face.show(rows, lambda out: draw_list(out, listed, now))
    draw_stale(face.err, old, now)
    draw_due(face, ends)


def filter_from(ctx: Context, words: dict[str, object]) -> IssueFilter:
    """Read the filter's words; without a kind, steps (tasks) stay out of the list."""
    kinds = kinds_from(words.pop("kinds"))  # type: ignore[arg-type]
    is_all = words.pop("is_all")
    assignee, text = words.pop("assignee"), words.pop("text")
    kinds = kinds or (tuple(Kind) if is_all else NOT_STEPS)
    return IssueFilter(
        kinds=kinds,
        among=search.refs(ctx, str(text), kinds) if text else None,
        states=states_from(words.pop("states")),  # type: ignore[arg-type]
        labels=listed(words.pop("labels")),  # type: ignore[arg-type]
        assignee=person.named(ctx, str(assignee)) if assignee else None,
        include_done=not words.pop("is_open"),
        **words,  # type: ignore[arg-type]
    )


ref_argument = click.argument("ref", shell_complete=complete_refs)


def field_options(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Give a command the fields that one may write."""
    for option in reversed(_FIELDS):
        command = option(command)
    return command


_FIELDS: list[Decorator] = [
    click.option("--body", "--description", help="Markdown; - is standard input, @FILE a file."),
    click.option("--criteria", "--acceptance-criteria", "acceptance_criteria", help="As the body."),
    click.option("--state", help="A column, or the team's own word."),
    click.option("--priority", help="urgent, high, normal, low, none; or 1 to 4, 0."),
    click.option("--labels", "--label", "labels", help="Comma-separated; replaces what is there."),
    click.option("--assignee", help="Email or a part of the name; `me`; `none` clears."),
    click.option(
        "--parent",
        "--epic",
        "parent",
        help="The item above: a feature or story; of a defect, its story.",
        shell_complete=complete_epics,
    ),
    click.option("--points", help="Story points."),
    click.option("--hours", help="Estimate in hours of one developer."),
    click.option("--due", help="2026-11-30; not every tracker has it on every kind."),
    click.option("--iteration", help="By name; `none` clears."),
    click.option("--release", help="By name; `none` clears."),
    click.option("--blocked", help="true or false."),
    click.option("--blocked-reason", help="Why."),
    click.option("--blocked-by", help="References, comma-separated; replaces what is there."),
    click.option("--blocks", help="References, comma-separated; replaces what is there."),
    click.option("--branch", help="Git branch."),
    click.option("--coverage", help="Test coverage in per cent."),
    click.option("--commit-sha", help="The commit."),
    click.option("--twin-key", help="What another tracker calls the same item: US123."),
    click.option("--set", "custom", multiple=True, metavar="NAME=VALUE", help="Custom field."),
]


def written(words: dict[str, object]) -> IssueFields:
    """Read the fields somebody wrote."""
    custom = custom_from(words.pop("custom"))  # type: ignore[arg-type]
    fields = fields_from(
        {name: text for name, text in words.items() if text is None or isinstance(text, str)}
    )
    if "assignee" in fields:
        fields["assignee"] = person.assigned(fields["assignee"])
    if custom:
        fields["custom"] = custom
    return fields


@work.command(cls=WordCommand)
@ref_argument
@click.option("--markdown", is_flag=True, help="As a BMAD story file.")
@click.option("--fresh", is_flag=True, help="Ask the tracker first; also for its remarks.")
@faced
def show(face: Face, *, ref: str, markdown: bool, fresh: bool) -> None:
    """Show one item in full."""
    with face.context() as ctx:
        shown = issues.show(ctx, ref, refresh=fresh)
        if markdown and not face.as_json:
            face.out.block(shown.markdown())
        else:
            around = (shown.children, shown.comments)
            taken = taken_over(ctx, shown.issue.ref)

            def draw(out: Terminal) -> None:
                lines = [*item.fact(out, "Taken over", taken), *bonds(out, shown)]
                item.draw_item(out, shown.issue, around, ctx.now(), lines)

            face.show(shown.as_json(), draw)
            draw_due(face, due(face, ctx))


@work.command(cls=WordCommand)
@click.argument("title")
@click.option("--kind", default="story", help="story, defect, task, feature, epic.")
@click.option("--project", help="Project by name.")
@click.option("--tracker", help="Where; the default tracker when absent.")
@field_options
@faced
def create(
    face: Face, *, kind: str, project: str | None, tracker: str | None, **words: object
) -> None:
    """Create an item in the tracker."""
    with face.trackers() as ctx:
        new = NewIssue(kind_from(kind), written(words), project)
        made = issues.create(ctx, new, tracker)
        row = projection.row(made, ctx.now())
    face.show(row, lambda out: item.draw_change(out, None, made))


@work.command(cls=WordCommand)
@ref_argument
@click.option("--title", help="A new title.")
@field_options
@click.option("--claim", help="ignore: also the state of what somebody else holds.")
@faced
def update(face: Face, *, ref: str, claim: str | None, **words: object) -> None:
    """Change fields of an item; an empty value (`due=`) clears, what is not named stays.

    The state of what somebody else holds stays: exit 3.
    """
    with face.trackers() as ctx:
        fields = written(words)
        if not fields:
            raise InvalidInput("Nothing to change.", "Name a field: state=in_progress, points=3 …")
        fence.guard_fields(ctx, issues.resolve(ctx, ref), fields, claim)
        before, after = issues.update(ctx, ref, fields)
        row = projection.row(after, ctx.now())
        warnings = held_by_another(ctx, before)
    changed = {name: [old, new] for name, old, new in item.changes_between(before, after)}
    document = row | {"changed": changed, "warnings": warnings}
    for text in warnings if not face.as_json else ():
        face.err.line(f"{face.err.amber(face.err.sign('warn'))} {face.err.clean(text)}")
    face.show(document, lambda out: item.draw_change(out, before, after))


def held_by_another(ctx: Context, before: Issue) -> list[str]:
    """Warn of a write to what somebody else holds."""
    lease = before.lease
    if lease is None or not lease.is_held(ctx.now()) or lease.holder == person.known(ctx):
        return []
    return [f"{before.ref.key} is held by {lease.holder}; it was written all the same."]


@work.command(cls=WordCommand)
@ref_argument
@click.argument("body")
@faced
def comment(face: Face, *, ref: str, body: str) -> None:
    """Add a remark (markdown); `-` reads it from standard input, `@FILE` from a file."""
    with face.trackers() as ctx:
        made = issues.comment(ctx, ref, text_from(body))
    ok = face.out.green(face.out.sign("ok"))
    face.show(projection.comment(made), lambda out: out.line(f"{ok} Remarked on {out.clean(ref)}."))


@work.command(cls=WordCommand)
@ref_argument
@click.argument("step")
@click.option("--undo", is_flag=True, help="Not done after all.")
@faced
def tick(face: Face, *, ref: str, step: str, undo: bool) -> None:
    """Tick a step of an item: by its number in `work show`, or by its key (TA12)."""
    with face.trackers() as ctx:
        seen = issue_step.numbered(ctx, ref, step)
        wanted = replace(seen, done=not undo, native_state=None)
        done = issue_step.tick(ctx, ref, wanted)
        shown = issues.detail(ctx, done.issue)
        row = shown.as_json()
    face.show(row, lambda out: item.draw_tick(out, shown.issue, wanted))


@work.command("step", cls=WordCommand)
@ref_argument
@click.argument("title")
@faced
def add_step(face: Face, *, ref: str, title: str) -> None:
    """Add a step to an item: a line of it, or a task where its tracker keeps tasks."""
    with face.trackers() as ctx:
        done = issue_step.add_step(Forms(ctx), ref, title)
        row = issues.detail(ctx, done.issue).as_json()
    face.show(row, lambda out: item.draw_added(out, done.issue, title))


@work.command(cls=WordCommand)
@ref_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@faced
def delete(face: Face, *, ref: str, yes: bool) -> None:
    """Delete an item in the tracker (into its recycle bin where it has one)."""
    with face.trackers() as ctx:
        found = issues.show(ctx, ref).issue
        face.confirm(f"Delete {found.ref.key} {found.title!r} in {found.ref.tracker}?", yes=yes)
        issues.delete(ctx, ref)
    ok = face.out.green(face.out.sign("ok"))
    face.show({"deleted": found.ref.key}, lambda out: out.line(f"{ok} Deleted {found.ref.key}."))
