"""`pan rally setup-fields`: the custom fields that Rally shows claims in."""

from dataclasses import replace

import click

from panopticon.cli.command import WordCommand, WordGroup
from panopticon.cli.face import Face, faced
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.errors import AuthFailed
from panopticon.model.look import counted
from panopticon.services.setup import fields
from panopticon.services.setup.fields import FieldStanding, Plan

_FOR_GOOD = "Rally can NEVER delete a custom field, nor change its type."


@click.group(cls=WordGroup)
def rally() -> None:
    """Set a Rally workspace up."""


@rally.command("setup-fields", cls=WordCommand)
@click.option("--tracker", help="The source's name, where several Rally sources are connected.")
@click.option("--only", help="LockedBy,LockToken: these fields alone.")
@click.option("--types", help="story,defect when absent; task too.")
@click.option("--dry-run", is_flag=True, help="Show what is there and what is missing.")
@click.option("--yes", is_flag=True, help="Create without asking.")
@faced
def setup_fields(face: Face, *, dry_run: bool, yes: bool, **words: str | None) -> int:
    """Create the custom fields that claims are shown in, where they are missing.

    Rally can NEVER delete a custom field, nor change its type: look with --dry-run first. Where
    your key may not create them, a checklist for the workspace's administrator is printed.
    """
    with face.trackers() as ctx:
        only, types = _parts(words["only"]), _parts(words["types"])
        plan = fields.planned(ctx, words["tracker"], only, types)
        if dry_run:
            plan = replace(plan, is_trial=True)
        elif plan.missing:
            if face.can_ask and not yes:
                _draw_state(face.err, plan)
                face.err.line(f"{face.err.amber(face.err.sign('warn'))} {_FOR_GOOD}")
            face.confirm(_question(plan), yes=yes)
            plan = fields.make(ctx, plan)
    face.show(plan.as_json(), lambda out: _draw(out, plan))
    return plan.exit_code


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _question(plan: Plan) -> str:
    many = counted(len(plan.missing), "field")
    return f"Create {many} in {plan.workspace.name} ({plan.workspace.id}), for good?"


def _draw(out: Terminal, plan: Plan) -> None:
    _draw_state(out, plan)
    for one in plan.unfit:
        told = _UNFIT[one.standing].format(found=one.found, wanted=one.wanted, name=one.element)
        out.line(f"{out.red(out.sign('bad'))} {out.clean(f'{one.kind} {one.element}: {told}')}")
    if plan.made:
        out.line(f"{out.green(out.sign('ok'))} {counted(len(plan.made), 'field')} created.")
    if plan.error:
        out.line(f"{out.red(out.sign('bad'))} {out.clean(plan.error.message)}")
    if isinstance(plan.error, AuthFailed):
        _draw_checklist(out, plan)
    elif plan.error:
        out.line(f"  {out.hint(plan.error.hint)}")
    elif plan.missing:
        _draw_missing(out, plan)
    else:
        out.line(out.next("trackers test"))


_UNFIT = {
    FieldStanding.OTHER_TYPE: "is {found}, {wanted} is needed. Its type can never be changed: "
    "make another field, and name it in the tracker's settings.",
    FieldStanding.READ_ONLY: "is read-only: an administrator can open it.",
    FieldStanding.NO_CUSTOM_NAME: "is not there, and Rally calls a custom field c_ and letters: "
    "mend the name in the tracker's settings.",
}


def _draw_missing(out: Terminal, plan: Plan) -> None:
    many = counted(len(plan.missing), "field")
    if plan.is_trial:
        out.line(f"{many} would be created. {_FOR_GOOD}")
        out.line(out.next("rally setup-fields"))
    else:
        out.line(f"{out.amber(out.sign('warn'))} Rally does not show {many} yet.")
        out.line(out.next("rally setup-fields --dry-run"))


def _draw_checklist(out: Terminal, plan: Plan) -> None:
    out.line("")
    out.line("Give this to an administrator of the workspace:")
    out.line("")
    for line in fields.checklist(plan):
        out.block(f"  {line}")
    out.line("")
    out.line(out.next("rally setup-fields --dry-run"))


def _draw_state(out: Terminal, plan: Plan) -> None:
    """Draw a row for each field, a column for each type."""
    kinds = list(dict.fromkeys(one.kind for one in plan.fields))
    cells = {(one.element, one.kind): _cell(plan, one) for one in plan.fields}
    wanted = {one.element: one.wanted for one in plan.fields}
    head = ["field", "type", *(kind.value for kind in kinds)]
    rows = [
        [element, type_.lower(), *(cells.get((element, kind), "-") for kind in kinds)]
        for element, type_ in wanted.items()
    ]
    out.line(f"{out.clean(plan.tracker)}: {out.clean(plan.workspace.name)} ({plan.workspace.id})")
    shown = lines(out, [Column()] * len(head), [head, *rows])
    for line in [out.dim(shown[0]), *shown[1:]]:
        out.line(line)


def _cell(plan: Plan, one: fields.OwnField) -> str:
    if plan.is_made(one) and one.standing is FieldStanding.THERE:
        return "created"
    if one.standing is FieldStanding.OTHER_TYPE:
        return f"is {one.found.lower()}"
    return one.standing.value.replace("_", " ")
