"""`pan completion`: what the shell needs to complete commands, references and epics."""

import click
from click.shell_completion import CompletionItem, get_completion_class

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced

SHELLS = ("bash", "zsh", "fish")
_WHERE = {
    "bash": 'eval "$(pan completion bash)"   # in ~/.bashrc',
    "zsh": 'eval "$(pan completion zsh)"    # in ~/.zshrc, after compinit',
    "fish": "pan completion fish | source   # in ~/.config/fish/config.fish",
}


@click.command(cls=WordCommand, epilog="  ".join(_WHERE.values()))
@click.argument("shell", type=click.Choice(SHELLS))
@faced
def completion(face: Face, *, shell: str) -> None:
    """Print the completion script of bash, zsh or fish."""
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(_root(), {}, "pan", "_PAN_COMPLETE").source()
    face.show({"shell": shell, "script": script}, lambda out: out.line(script))


def _root() -> click.Command:
    found: click.Context | None = click.get_current_context()
    root = found
    while found is not None:
        root, found = found, found.parent
    assert root is not None
    return root.command


__all__ = ["CompletionItem", "completion"]
