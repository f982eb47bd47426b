"""What an error leaves on the terminal."""

import pytest

from panopticon.cli.failure import answer
from panopticon.errors import Conflict


@pytest.mark.requirement("cli:error:difference")
@pytest.mark.parametrize("lines", [3, 40])
def test_a_conflict_shows_what_differs(lines: int, capsys: pytest.CaptureFixture[str]) -> None:
    difference = "\n".join(f"+line \x1b[31m{number}" for number in range(lines))

    def action() -> int:
        raise Conflict("a.md has changed.", "Look at it.", path="a.md", difference=difference)

    assert answer(action, ["work", "update"]) == 3
    told = capsys.readouterr().err.splitlines()
    assert told[:3] == ["Error: a.md has changed.", "  Look at it.", "  +line [31m0"]
    assert len(told) == 2 + min(lines, 20)
    assert answer(action, ["--json"]) == 3
    assert f"line \\u001b[31m{lines - 1}" in capsys.readouterr().out
