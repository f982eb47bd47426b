"""The demo's own world: two trackers, made anew each time."""

import tomllib
from pathlib import Path

import pytest

from panopticon.services.server import demo
from panopticon.services.server.sandbox import Options

SPRINT = "_bmad-output/implementation-artifacts/sprint-status.yaml"


@pytest.mark.requirement("disk:demo:afresh")
@pytest.mark.parametrize("has_git", [True, False])
def test_the_demo_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_git: bool
) -> None:
    if not has_git:
        monkeypatch.setenv("PATH", str(tmp_path))
    home = tmp_path / "demo"
    for _ in range(2):
        with demo.world(home, Options(stories=2)):
            settings = tomllib.loads((home / "config.toml").read_text(encoding="utf-8"))
            folder = Path(settings["trackers"]["stories"]["folders"][0])
            assert settings["pan"]["default_tracker"] == "rally"
            assert folder.parent == home
            assert (folder / ".git").is_dir() is has_git
            assert "1-3-limit-requests-per-client: review" in (folder / SPRINT).read_text()
            (folder / SPRINT).write_text("changed")
            (folder / "new.md").touch()
    assert (folder / "new.md").exists()
    demo.forget(home)
    assert not folder.exists()
