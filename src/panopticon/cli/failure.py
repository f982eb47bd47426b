"""The one place where errors become text (or JSON) and an exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Sequence

import click
from click.exceptions import NoArgsIsHelpError

from panopticon.errors import InvalidInput, LocalFault, PanError
from panopticon.services.hint import for_demo

INTERRUPTED = 130
_SHOWN = 20  # lines of a difference; JSON has more


def answer(action: Callable[[], int], arguments: Sequence[str]) -> int:
    """Run the action; turn whatever it raises into one message and one exit code."""
    try:
        code = action()
        sys.stdout.flush()
    except NoArgsIsHelpError as asked:
        return _helped(asked)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SystemExit as stop:  # click's own way out of a broken pipe
        return stop.code if isinstance(stop.code, int) else 1
    except BrokenPipeError:
        _forget_stdout()
        return 1
    except Exception as error:  # noqa: BLE001 - the last resort is here and nowhere else
        return _told(error, arguments)
    return code


def _helped(asked: NoArgsIsHelpError) -> int:
    """Show what there is to a bare `pan` (which is no fault) or a bare group (which is one)."""
    ctx = asked.ctx
    assert ctx is not None
    click.echo(ctx.get_help())
    return 0 if ctx.parent is None else InvalidInput.exit_code


def _told(error: Exception, arguments: Sequence[str]) -> int:
    known = _known(error)
    as_json = "--json" in arguments or "json=true" in arguments
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _forget_stdout()  # it may be stdout that takes nothing
        as_json = False
    elif not isinstance(error, PanError | click.ClickException) and _wants_trace():
        traceback.print_exception(error)
    try:
        _tell(_in_demo(known) if _is_demo(arguments) else known, as_json=as_json)
    except OSError:
        _forget_stdout()
    return known.exit_code


def _is_demo(arguments: Sequence[str]) -> bool:
    words = [argument for argument in arguments if not argument.startswith("-")]
    return "--demo" in arguments or words[:1] == ["demo"]


def _in_demo(error: PanError) -> PanError:
    error.hint = for_demo(error.hint)
    return error


def _known(error: Exception) -> PanError:
    if isinstance(error, PanError):
        return error
    if isinstance(error, click.ClickException):
        path = (
            error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "pan"
        )
        return InvalidInput(error.format_message(), f"`{path} --help` shows what it takes.")
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        reason = error.strerror or type(error).__name__
        return LocalFault(
            f"This machine refused{where}: {reason}.", "`pan doctor` checks disk and permissions."
        )
    return PanError(
        f"Unexpected: {type(error).__name__}: {error}",
        "This is a mistake in Panopticon. DEBUG=pan shows where; please report it.",
    )


def _wants_trace() -> bool:
    from panopticon.config import environment  # noqa: PLC0415 - only on the way to an error

    return "pan" in environment().get("DEBUG", "").replace(",", " ").split()


def _tell(error: PanError, *, as_json: bool) -> None:
    from panopticon.cli.terminal import stderr, stdout  # noqa: PLC0415 - only on the way to an error

    if as_json:
        stdout().json(error.as_json())
        stdout().flush()
        return
    err = stderr()
    err.line(f"{err.red('Error:')} {err.clean(error.message)}")
    for line in filter(None, error.hint.splitlines()):
        err.line(f"  {err.clean(line)}")
    for line in str(error.details.get("difference") or "").splitlines()[:_SHOWN]:
        err.line(f"  {err.clean(line)}")


def _forget_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush stays quiet."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError):  # a captured stdout has no file
        return
