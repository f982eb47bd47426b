"""`pan completion`: what the shell needs to complete commands, references and epics."""

import click
from click.shell_completion import get_completion_class

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced

_WHERE = """\b
In ~/.bashrc:                   eval "$(pan completion bash)"
In ~/.zshrc, after compinit:    eval "$(pan completion zsh)"
In ~/.config/fish/config.fish:  pan completion fish | source"""


@click.command(cls=WordCommand, epilog=_WHERE)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@faced
def completion(face: Face, *, shell: str) -> None:
    """Print the completion script of bash, zsh or fish."""
    kind = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    assert kind is not None
    script = kind(root, {}, "pan", "_PAN_COMPLETE").source()
    face.show({"shell": shell, "script": script}, lambda out: out.line(script))
