"""`pan doctor`: what is wrong here and how to mend it."""

from textwrap import wrap

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.log import listen
from panopticon.cli.terminal import Terminal
from panopticon.services import doctor as doctors
from panopticon.services.context import Context
from panopticon.services.doctor import Finding, Verdict
from panopticon.services.opening import context_for


@click.command(cls=WordCommand)
@faced
def doctor(face: Face) -> int:
    """Look at settings, keys, connections, store and programs; exit 1 when something is broken."""

    def opened() -> Context:
        config = face.config()
        listen(config)
        return context_for(config)

    findings = doctors.examine(opened)
    is_broken = doctors.is_broken(findings)
    document = {"ok": not is_broken, "checks": [finding.as_json() for finding in findings]}
    face.show(document, lambda out: _draw(out, findings))
    return int(is_broken)


def _folded(out: Terminal, text: str, wide: int) -> list[str]:
    """Break a text where the terminal ends; paths and commands stay whole."""
    room = max(20, out.columns - wide - 4)
    return wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]


def _draw(out: Terminal, findings: list[Finding]) -> None:
    signs = {
        Verdict.OK: out.green(out.sign("ok")),
        Verdict.WARNING: out.amber(out.sign("warn")),
        Verdict.BROKEN: out.red(out.sign("bad")),
    }
    wide = max(len(finding.name) for finding in findings)
    for finding in findings:
        name = out.clean(finding.name).ljust(wide)
        first, *more = _folded(out, out.clean(finding.text), wide)
        out.line(f"{signs[finding.verdict]} {name}  {first}")
        for text in more:
            out.line(f"  {' ' * wide}  {text}")
        for text in _folded(out, out.hint(finding.hint), wide) if finding.hint else []:
            out.line(f"  {' ' * wide}  {out.dim(text)}")
    broken = sum(finding.verdict is Verdict.BROKEN for finding in findings)
    warned = sum(finding.verdict is Verdict.WARNING for finding in findings)
    out.line(f"{len(findings)} checks: {broken} broken, {warned} to look at.")
