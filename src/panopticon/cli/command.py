"""How commands are found and how their words are read: `epic=17` beside `--epic 17`."""

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:  # `pan --help` must not pay for the services
    from panopticon.services.context import Context
    from panopticon.services.server.reach import Reach

_WORD = re.compile(r"^([A-Za-z][\w-]*)=(.*)$", re.DOTALL)
_YES = frozenset({"1", "true", "yes", "on", "y"})
_NO = frozenset({"0", "false", "no", "off", "n", ""})

Ready = dict[str, str | int]
Serve = Callable[["Context", "Reach", Callable[[Ready], None]], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives (`module:name` below this package) and its line in the list."""

    target: str
    help: str


@dataclass(slots=True)
class Start:
    """What a command line starts from: flags that stand for settings, and the dashboard."""

    flags: dict[str, object]
    serve: Serve | None = None


class LazyGroup(click.Group):
    """A group that imports a command when it is run, never to list it."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the table's order: the way a newcomer meets them."""
        return list(self.entries)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.target.partition(":")
        found = getattr(importlib.import_module(f"panopticon.cli.{module}"), name)
        assert isinstance(found, click.Command)
        return found

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.entries.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args and args[0] not in self.entries and not args[0].startswith("-"):
            hint = near(args[0], self.entries)
            raise click.UsageError(f"There is no command `{args[0]}`. {hint}", ctx)
        return super().resolve_command(ctx, args)


class WordGroup(click.Group):
    """A group of a noun's verbs; a wrong verb is answered with the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one was probably meant."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            hint = near(args[0], self.commands)
            raise click.UsageError(f"There is no command `{args[0]}`. {hint}", ctx)
        return super().resolve_command(ctx, args)


class WordCommand(click.Command):
    """A command that takes `name=value` words as well as flags; every one speaks JSON."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Turn words into flags, then parse as ever."""
        return super().parse_args(ctx, self._without_words(ctx, args))

    def _without_words(self, ctx: click.Context, args: list[str]) -> list[str]:
        named: dict[str, str] = {}
        rest: list[str] = []
        takes_next = False
        for at, arg in enumerate(args):
            if arg == "--":
                rest += args[at:]
                break
            match = None if takes_next or arg.startswith("-") else _WORD.match(arg)
            takes_next = not takes_next and self._takes_value(arg)
            if match:
                rest += self._flags_for(ctx, match[1], match[2], named)
            else:
                rest.append(arg)
        return self._with_named(rest, named)

    def _takes_value(self, arg: str) -> bool:
        option = self._option(arg) if arg.startswith("-") and "=" not in arg else None
        return option is not None and not option.is_flag and not option.count

    def _option(self, spelled: str) -> click.Option | None:
        for param in self.params:
            if isinstance(param, click.Option) and spelled in (*param.opts, *param.secondary_opts):
                return param
        return None

    def _flags_for(
        self, ctx: click.Context, word: str, value: str, named: dict[str, str]
    ) -> list[str]:
        spelled = word.lower().replace("_", "-")
        option = self._option(f"--{spelled}")
        if option is None:
            argument = self._argument(spelled)
            if argument is None:
                raise click.UsageError(f"Unknown word `{word}=`. {near(word, self._words())}", ctx)
            named[argument] = value
            return []
        if not option.is_flag:
            return [f"--{spelled}", value]
        return _switch(ctx, option, word, value)

    def _argument(self, word: str) -> str | None:
        for param in self.params:
            if isinstance(param, click.Argument) and param.name:
                also = {"story", "item"} if param.name == "ref" else set()
                if word in {param.name, *also}:
                    return param.name
        return None

    def _words(self) -> list[str]:
        words = [param.name or "" for param in self.params if isinstance(param, click.Argument)]
        for param in self.params:
            words += [o.removeprefix("--") for o in param.opts if o.startswith("--")]
        return [word for word in words if word != "help"]

    def _with_named(self, rest: list[str], named: Mapping[str, str]) -> list[str]:
        """Put arguments that came as words where their order wants them: first those named."""
        if not named:
            return rest
        names = [p.name or "" for p in self.params if isinstance(p, click.Argument)]
        ordered = [named[name] for name in names if name in named]
        bare_first = names and names[0] not in named
        return [*rest, "--", *ordered] if bare_first else [*_flags_last(rest, ordered)]


def _flags_last(rest: list[str], ordered: list[str]) -> list[str]:
    return [*ordered, *rest]


def _switch(ctx: click.Context, option: click.Option, word: str, value: str) -> list[str]:
    if value.lower() in _YES:
        return [option.opts[0]]
    if value.lower() in _NO:
        return [option.secondary_opts[0]] if option.secondary_opts else []
    raise click.UsageError(f"`{word}=` takes true or false, not {value!r}.", ctx)


def near(word: str, known: Mapping[str, object] | list[str]) -> str:
    """Say which known word was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    close = get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)
    return f"Did you mean `{close[0]}`?" if close else f"Known: {', '.join(known)}."
