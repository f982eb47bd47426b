"""What the doctor says about who decides claims, and about the code of projects."""

import subprocess
from pathlib import Path

import pytest

from panopticon.services import doctor
from panopticon.services.doctor import Finding, Verdict
from tests.services.asked import Asked, settings

RALLY = '[trackers.rally]\nworkspace = "100"\n'


class Machine:
    """A home and a project, where the doctor looks around."""

    def __init__(self, root: Path) -> None:
        self.home, self.folder = root / "home", root / "project"
        self.toml = self.home / ".panopticon/config.toml"
        self.own = self.folder / ".panopticon.yaml"
        for path in (self.toml, self.own):
            path.parent.mkdir(parents=True, exist_ok=True)
        (self.home / ".panopticon.env").write_text("RALLY_API_KEY=_good\n")

    def said(self, about: str) -> list[Finding]:
        ctx = Asked().context(settings(self.home, self.folder))
        try:
            return [one for one in doctor.look_around(ctx) if one.name == about]
        finally:
            ctx.close()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.requirement("claim-config:doctor")
@pytest.mark.parametrize(
    ("arbiter", "verdict", "words"),
    [
        ("", Verdict.WARNING, "Nobody decides claims"),
        (
            "arbiter: 'git:/no/such/app.git'\n",
            Verdict.OK,
            "git:/no/such/app.git, as .panopticon.yaml says",
        ),
        ("arbiter: rally\n", Verdict.OK, "rally"),
    ],
)
def test_who_decides_is_told(machine: Machine, arbiter: str, verdict: Verdict, words: str) -> None:
    machine.toml.write_text(RALLY)
    machine.own.write_text(arbiter)
    (one,) = machine.said("claims")
    assert one.verdict is verdict
    assert words in one.text
    assert bool(one.hint) is (verdict is Verdict.WARNING)


@pytest.mark.requirement("claim-config:doctor")
def test_an_arbiter_that_is_not_connected_is_told(machine: Machine) -> None:
    machine.toml.write_text(
        f'[trackers.stories]\ntype = "markdown"\nfolder = "{machine.folder}"\n'
        "[trackers.rally]\nenabled = false\n"
    )
    (machine.home / ".panopticon.env").unlink()
    machine.own.write_text("arbiter: rally\n")
    (one,) = machine.said("claims")
    assert (one.verdict, "connected 0 times" in one.text) == (Verdict.WARNING, True)


@pytest.mark.requirement("claim-config:repositories:doctor")
def test_repositories_that_are_none_are_warnings(machine: Machine) -> None:
    good, plain, file = (machine.home / name for name in ("good", "plain", "file"))
    plain.mkdir()
    file.write_text("x")
    subprocess.run(["git", "init", "-q", str(good)], check=True)
    (good / "web").mkdir()
    places = {"good": good, "inner": good / "web", "plain": plain, "file": file, "gone": "/no/such"}
    lines = [f'{name} = "{path}"' for name, path in places.items()]
    machine.toml.write_text("\n".join(["[repositories]", *lines]))
    found = {one.text.partition(":")[0]: one for one in machine.said("repository")}
    assert found.keys() == {"plain", "file", "gone"}
    assert all(one.verdict is Verdict.WARNING and one.hint for one in found.values())
    assert "is not there" in found["gone"].text
    assert "no git repository" in found["plain"].text
