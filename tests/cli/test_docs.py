"""The generated pages are what the program says today."""

import subprocess
import sys
from pathlib import Path

import pytest

from panopticon.cli import COMMANDS
from panopticon.config import SETTINGS
from panopticon.trackers.markdown.options import OPTIONS as MARKDOWN
from panopticon.trackers.rally.options import OPTIONS as RALLY

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.requirement("cli:docs:generated")
def test_generated_pages_are_fresh() -> None:
    words = [sys.executable, str(ROOT / "scripts/docs.py"), "--check"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0), "run: make docs"


@pytest.mark.requirement("cli:docs:complete")
def test_every_command_and_setting_is_documented() -> None:
    commands = (ROOT / "docs/cli.md").read_text()
    assert [name for name in COMMANDS if f"## pan {name}\n" not in commands] == []
    settings = (ROOT / "docs/configuration.md").read_text()
    words = [setting.env for setting in SETTINGS] + [*RALLY, *MARKDOWN]
    assert [word for word in words if f"`{word}`" not in settings] == []


@pytest.mark.requirement("cli:docs:complete")
@pytest.mark.parametrize("page", ["docs/rally.md", "skills/pan-tracker/SKILL.md", "README.md"])
def test_pages_name_commands_that_exist(page: str) -> None:
    text = (ROOT / page).read_text()
    words = [line.split() for line in text.replace("`", "\n").splitlines()]
    named = {line[1] for line in words if line[:1] == ["pan"] and len(line) > 1}
    named = {word for word in named if word.isalpha()}
    assert named <= {*COMMANDS, "work"}
    assert named
