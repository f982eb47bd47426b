"""`pan init` finds the ids, tests the key and writes files that keep what others wrote."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import AuthFailed, InvalidInput, LocalFault, NotFound, Unsupported
from panopticon.services.setup import connection as setup
from panopticon.services.setup.connection import Answers, Saved
from tests.services.asked import Asked, settings

ANSWERS = Answers(type="rally", key="_good", workspace="Acme", projects=("DDC-AI",))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project"


def connected(home: Path, folder: Path, answers: Answers, asked: Asked | None = None) -> Saved:
    ctx = (asked or Asked()).context(settings(home, folder))
    return setup.save(ctx, setup.connect(ctx, answers, setup.places(ctx, answers)))


@pytest.mark.requirement("setup:init:ids")
def test_names_become_ids_that_are_read_back(home: Path, folder: Path) -> None:
    saved = connected(home, folder, ANSWERS)
    (source,) = settings(home, folder).sources
    assert source.options == {"workspace": "100", "project": "11"}
    assert source.secret == "_good"
    assert saved.as_json()["projects"] == [{"name": "DDC-AI", "id": "11"}]
    assert "# Acme" in (home / ".panopticon/config.toml").read_text()


@pytest.mark.requirement("setup:init:ids")
@pytest.mark.parametrize(
    "spelled", ["200", "/workspace/200", "other works", "https://h/workspace/200"]
)
def test_a_place_may_be_spelled_in_many_ways(home: Path, folder: Path, spelled: str) -> None:
    answers = Answers(type="rally", key="_good", workspace=spelled, projects=("/project/21",))
    connected(home, folder, answers)
    options = settings(home, folder).sources[0].options
    assert options == {"workspace": "200", "project": "21"}


@pytest.mark.requirement("setup:init:missing")
def test_a_missing_place_lists_what_there_is(home: Path, folder: Path) -> None:
    with pytest.raises(NotFound) as caught:
        connected(home, folder, Answers(type="rally", key="_good", workspace="Acne"))
    assert "Acme (100), Other Works (200)" in caught.value.hint
    with pytest.raises(NotFound) as caught:
        connected(
            home, folder, Answers(type="rally", key="_good", workspace="Acme", projects=("21",))
        )
    assert "Billing (12)" in caught.value.hint
    with pytest.raises(InvalidInput, match="Which workspace"):
        connected(home, folder, Answers(type="rally", key="_good"))
    assert not (home / ".panopticon").exists()


@pytest.mark.requirement("setup:init:ids")
def test_nested_projects_and_twins(home: Path, folder: Path) -> None:
    answers = Answers(type="rally", key="_good", workspace="200", projects=("nested", "24"))
    connected(home, folder, answers)
    assert settings(home, folder).sources[0].options["projects"] == ["22", "24"]
    with pytest.raises(InvalidInput, match="Several") as caught:
        connected(
            home, folder, Answers(type="rally", key="_good", workspace="200", projects=("Twin",))
        )
    assert "23" in caught.value.hint


@pytest.mark.requirement("setup:init:missing")
def test_the_only_workspace_needs_no_name(home: Path, folder: Path) -> None:
    asked = Asked(known=[place for place in Asked().known if place.id in {"100", "11"}])
    connected(home, folder, Answers(type="rally", key="_good"), asked)
    assert settings(home, folder).sources[0].options == {"workspace": "100"}


@pytest.mark.requirement("setup:init:key")
def test_a_wrong_key_writes_nothing(home: Path, folder: Path) -> None:
    with pytest.raises(AuthFailed):
        connected(home, folder, Answers(type="rally", key="_bad"))
    assert not (home / ".panopticon.env").exists()


@pytest.mark.requirement("setup:init:key")
def test_a_known_key_stays_with_its_server(home: Path, folder: Path) -> None:
    first = Answers(type="rally", key="_good", server="https://a.example", workspace="100")
    connected(home, folder, first)
    ctx = Asked().context(settings(home, folder))
    again = setup.completed(ctx, Answers(type="rally", key=""))
    assert (again.key, again.server) == ("_good", "https://a.example")
    elsewhere = Answers(type="rally", key="", server="https://b.example")
    assert setup.completed(ctx, elsewhere).key == ""


@pytest.mark.requirement("setup:init:replaces")
def test_what_would_be_replaced_is_said(home: Path, folder: Path) -> None:
    connected(home, folder, ANSWERS)
    ctx = Asked().context(settings(home, folder))
    known = setup.places(ctx, ANSWERS)
    assert setup.replaced(ctx, setup.connect(ctx, ANSWERS, known)) == []
    other = Answers(type="rally", key="_good", workspace="200", projects=("22", "21"))
    assert setup.replaced(ctx, setup.connect(ctx, other, known)) == [
        "workspace: 100 -> Other Works (200)",
        "projects: 11 -> Nested (22), DDC-AI (21)",
    ]
    second = Answers(type="rally", name="more", key="_good", workspace="200")
    assert setup.replaced(ctx, setup.connect(ctx, second, known)) == []


@pytest.mark.requirement("setup:init:commit")
def test_a_file_for_the_team_is_to_be_committed(home: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    saved = connected(home, folder, replace(ANSWERS, arbiter="git:https://h/r.git"))
    assert saved.notes == ("Commit .panopticon.yaml: the whole team shares it.",)
    assert connected(home, folder, ANSWERS).notes == ()


@pytest.mark.requirement("setup:init:private")
def test_the_files_are_private(home: Path, folder: Path) -> None:
    connected(home, folder, ANSWERS)
    for path in (home / ".panopticon.env", home / ".panopticon/config.toml"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir() if path.name.startswith("..")] == []


@pytest.mark.requirement("setup:init:keeps")
def test_what_others_wrote_stays(home: Path, folder: Path) -> None:
    (home / ".panopticon").mkdir(parents=True)
    config = home / ".panopticon/config.toml"
    config.write_text(
        "# mine\n[sync]\ntargets = ['claude']  # both\n\n[trackers]\nprimary = 'rally'\n"
        "[trackers.linear]\nteam = 'APP'\n[trackers.rally]\nproject = '/project/1'\n"
        "page_size = 200\n"
    )
    env = home / ".panopticon.env"
    env.write_text("# keys\nexport GITHUB_TOKEN='a b'\nRALLY_API_KEY=_old # note\nLAST=1")
    connected(home, folder, ANSWERS)
    text = config.read_text()
    for kept in ("# mine", "targets = ['claude']  # both", "team = 'APP'", "page_size = 200"):
        assert kept in text
    assert env.read_text() == ("# keys\nexport GITHUB_TOKEN='a b'\nRALLY_API_KEY=_good\nLAST=1")
    (source,) = settings(home, folder).sources
    assert source.options == {"page_size": 200, "workspace": "100", "project": "11"}


@pytest.mark.requirement("setup:init:keeps")
def test_an_odd_key_is_quoted(home: Path, folder: Path) -> None:
    key = "_a'b #c\\"
    connected(home, folder, Answers(type="rally", key=key, workspace="100"), Asked(key=key))
    assert settings(home, folder).sources[0].secret == key


@pytest.mark.requirement("setup:init:keeps")
def test_a_second_connection_has_its_own_name_and_key(home: Path, folder: Path) -> None:
    connected(home, folder, ANSWERS)
    second = Answers(
        type="rally", key="_eu", name="rally-eu", server="eu1.rallydev.com", workspace="200"
    )
    connected(home, folder, second, Asked(key="_eu"))
    first, other = settings(home, folder).sources
    assert (first.name, first.secret, other.name, other.secret) == (
        "rally",
        "_good",
        "rally-eu",
        "_eu",
    )
    assert other.options == {"server": "eu1.rallydev.com", "workspace": "200"}


@pytest.mark.requirement("setup:init:broken")
def test_a_broken_file_is_not_overwritten(home: Path, folder: Path) -> None:
    ctx = Asked().context(settings(home, folder))
    connection = setup.connect(ctx, ANSWERS, setup.places(ctx, ANSWERS))
    (home / ".panopticon").mkdir(parents=True)
    (home / ".panopticon/config.toml").write_text("[broken\n")
    with pytest.raises(InvalidInput, match="TOML"):
        setup.save(ctx, connection)
    assert (home / ".panopticon/config.toml").read_text() == "[broken\n"


@pytest.mark.requirement("setup:init:broken")
def test_a_file_in_place_of_the_home_is_named(home: Path, folder: Path) -> None:
    ctx = Asked().context(settings(home, folder))
    connection = setup.connect(ctx, ANSWERS, setup.places(ctx, ANSWERS))
    home.mkdir()
    (home / ".panopticon").write_text("not a folder")
    with pytest.raises(LocalFault, match=r"\.panopticon"):
        setup.save(ctx, connection)


@pytest.mark.requirement("setup:init:arbiter-proposed")
def test_the_tracker_is_proposed_where_it_can_decide(home: Path, folder: Path) -> None:
    answers = Answers(type="rally", key="_good", workspace="Acme")
    assert connected(home, folder, answers, Asked(can_decide=True)).arbiter == "rally"


@pytest.mark.requirement("setup:init:arbiter")
def test_the_arbiter_is_written_once_where_the_team_shares_it(home: Path, folder: Path) -> None:
    shared = folder / "_bmad/pantheon/config.yaml"
    shared.parent.mkdir(parents=True)
    shared.write_text("pantheon:\n  rally_enabled: true")
    saved = connected(home, folder, replace(ANSWERS, arbiter="git:https://h/r"))
    assert shared in saved.files
    assert saved.arbiter == "git:https://h/r"
    assert settings(home, folder).arbiter == saved.arbiter
    assert shared.read_text().startswith("pantheon:\n  rally_enabled: true\narbiter: ")
    again = connected(home, folder, ANSWERS)
    assert shared not in again.files
    other = Answers(type="rally", key="_good", workspace="Acme", arbiter="git:https://h/other.git")
    with pytest.raises(InvalidInput, match="already decided"):
        connected(home, folder, other)


@pytest.mark.requirement("setup:init:arbiter")
def test_without_a_repository_it_is_the_persons(home: Path, folder: Path) -> None:
    answers = Answers(type="rally", key="_good", workspace="Acme", arbiter="rally")
    connected(home, folder, answers)
    assert settings(home, folder).arbiter == "rally"
    assert "rally" in (home / ".panopticon/projects.yaml").read_text()
    wrong = Answers(type="rally", key="_good", workspace="Acme", arbiter="https://x")
    with pytest.raises(InvalidInput, match="arbiter"):
        connected(home, folder / "other", wrong)


@pytest.mark.requirement("setup:init:demo")
def test_the_demo_is_not_connected(home: Path, folder: Path) -> None:
    ctx = Asked().context(replace(settings(home, folder), is_demo=True))
    connection = setup.connect(ctx, ANSWERS, setup.places(ctx, ANSWERS))
    with pytest.raises(Unsupported):
        setup.save(ctx, connection)
