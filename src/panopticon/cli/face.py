"""What every command is handed: settings, an opened run, and the two streams."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from panopticon.cli.command import Start
from panopticon.cli.log import hush, listen
from panopticon.cli.terminal import Terminal, stderr, stdout
from panopticon.config import Config, environment, load
from panopticon.errors import InvalidInput, LocalFault
from panopticon.services.context import Context
from panopticon.services.opening import context_for
from panopticon.services.server import daemon


@dataclass(frozen=True, slots=True)
class Face:
    """The terminal side of one command."""

    start: Start
    out: Terminal
    err: Terminal
    as_json: bool

    def config(self, **flags: object) -> Config:
        """Read the settings, with these flags on top."""
        return load(environment(), Path.home(), Path.cwd(), {**self.start.flags, **flags})

    @contextmanager
    def context(self, **flags: object) -> Iterator[Context]:
        """Open a run and give everything back at its end."""
        told = {**self.start.flags, **flags}
        read = functools.partial(load, environment(), Path.home(), Path.cwd(), told)
        ctx = context_for(read(), read)
        listen(ctx.config)
        try:
            yield ctx
        finally:
            ctx.close()

    @contextmanager
    def board(self, **flags: object) -> Iterator[Context]:
        """Open a run for the board, which leads to its settings where nothing is connected yet."""
        with self.context(**flags) as ctx:
            if ctx.config.is_demo and daemon.running(ctx.config.home) is None:
                raise LocalFault("The demo is not running.", "`pan demo` starts it.")
            yield ctx

    @contextmanager
    def trackers(self, **flags: object) -> Iterator[Context]:
        """Open a run that needs a tracker; raises InvalidInput when none is configured."""
        with self.board(**flags) as ctx:
            if not ctx.config.sources:
                hint = "`pan init` connects one; `pan demo` shows everything without one."
                raise InvalidInput("No tracker is configured.", hint)
            yield ctx

    def show(self, document: object, drawn: Callable[[Terminal], None]) -> None:
        """Answer: the document for machines, the drawing for people."""
        if self.as_json:
            self.out.json(document)
        else:
            drawn(self.paper)

    @property
    def paper(self) -> Terminal:
        """The output, knowing how the next command is to be spelled."""
        is_demo = bool(self.start.flags.get("is_demo"))
        return replace(self.out, program="pan --demo") if is_demo else self.out

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only when somebody says yes; without a terminal only a flag can."""
        if yes:
            return
        if not self.can_ask:
            raise InvalidInput("Nobody is here to be asked.", "Give --yes (yes=true) to go on.")
        click.confirm(self.err.clean(question), abort=True, err=True)

    @property
    def can_ask(self) -> bool:
        """Tell whether somebody sits there who could answer a question."""
        return sys.stdin.isatty() and self.err.is_tty and not self.as_json


def faced(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Hand a command its `Face`, and give it the `--json` flag."""

    @functools.wraps(command)
    def with_face(*, as_json: bool, **words: Any) -> int | None:
        start = click.get_current_context().find_object(Start) or Start({})
        try:
            return command(Face(start, stdout(), stderr(), as_json), **words)
        finally:
            hush()

    flag = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
    return flag(with_face)
