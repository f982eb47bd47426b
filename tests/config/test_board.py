"""Limits of columns and saved views; who decides a setting and who describes a source."""

from pathlib import Path

import pytest

from panopticon.config import Config, load
from panopticon.errors import InvalidInput


def loaded(tmp_path: Path, toml: str, env: str = "", **environ: str) -> Config:
    (tmp_path / ".panopticon").mkdir(exist_ok=True)
    (tmp_path / ".panopticon/config.toml").write_text(toml)
    (tmp_path / ".panopticon.env").write_text(env)
    return load(environ, tmp_path, tmp_path, {})


@pytest.mark.requirement("config:board:limits")
def test_limits_are_read_by_column(tmp_path: Path) -> None:
    config = loaded(tmp_path, "[board.limits]\nin_progress = 6\ndone = 1\n")
    assert config.limits == {"in_progress": 6, "done": 1}
    assert loaded(tmp_path, "").limits == {}


@pytest.mark.requirement("config:board:limits")
@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[board.limits]\nin_progres = 6\n", "Did you mean `in_progress`"),
        ("[board]\nlimit = 6\n", "Did you mean `limits`"),
        ("[board.limits]\ndone = 0\n", "without a limit"),
        ("[board.limits]\ndone = true\n", "without a limit"),
        ("[board.limits]\ndone = 'six'\n", "without a limit"),
        ("[board.limits]\ndone = 10001\n", "without a limit"),
        ("[board]\nlimits = 3\n", "configuration.md"),
    ],
)
def test_other_limits_are_refused(tmp_path: Path, toml: str, words: str) -> None:
    with pytest.raises(InvalidInput, match="board") as caught:
        loaded(tmp_path, toml)
    assert words in caught.value.hint


@pytest.mark.requirement("config:board:views")
def test_views_are_read_by_name(tmp_path: Path) -> None:
    config = loaded(tmp_path, "[views]\n'My work' = '?assignee=me'\nall = ''\n")
    assert config.views == {"My work": "assignee=me", "all": ""}


@pytest.mark.requirement("config:board:views")
@pytest.mark.parametrize(
    "toml",
    [
        "[views]\n'' = 'q=1'\n",
        f"[views]\n{'x' * 81} = 'q=1'\n",
        '[views]\n"a\\nb" = "q=1"\n',
        "[views]\na = 3\n",
        '[views]\na = "q=\\u0007"\n',
        f"[views]\na = '{'q' * 2001}'\n",
        "[views]\n" + "".join(f"v{at} = 'q'\n" for at in range(101)),
    ],
)
def test_other_views_are_refused(tmp_path: Path, toml: str) -> None:
    with pytest.raises(InvalidInput, match=r"views") as caught:
        loaded(tmp_path, toml)
    assert caught.value.hint


@pytest.mark.requirement("config:value:fixed")
def test_what_decides_a_setting_is_named(tmp_path: Path) -> None:
    config = loaded(tmp_path, "[pan]\nme = 'file@x'\n", "PAN_ME=env@x\n", PAN_PORT="4000")
    assert config.me == "env@x"
    assert config.fixed == {"me": "PAN_ME", "port": "PAN_PORT"}
    assert load({}, tmp_path, tmp_path, {"port": 1}).fixed == {"me": "PAN_ME", "port": "--port"}


@pytest.mark.requirement("config:source:told-by")
@pytest.mark.parametrize(
    ("toml", "env", "environ", "where"),
    [
        ("[trackers.rally]\nworkspace = '1'\n", "RALLY_API_KEY=k\n", {}, None),
        ("", "RALLY_API_KEY=k\n", {}, None),
        ("", "RALLY_API_KEY=k\nRALLY_WORKSPACE=1\n", {}, "the variables in the key file"),
        ("", "", {"RALLY_API_KEY": "k"}, "RALLY_API_KEY in the environment"),
        ("", "RALLY_API_KEY=k\n", {"RALLY_WORKSPACE": "2"}, "the environment"),
        ("[trackers.eu]\ntype = 'rally'\n", "EU_API_KEY=k\n", {"EU_API_KEY": "o"}, "EU_API_KEY in"),
    ],
)
def test_who_describes_a_source_is_named(
    tmp_path: Path, toml: str, env: str, environ: dict[str, str], where: str | None
) -> None:
    (source,) = loaded(tmp_path, toml, env, **environ).sources
    assert (source.told_by or "").startswith(where or "")
    assert (source.told_by is None) == (where is None)
    (tmp_path / ".panopticon.env").unlink()
    flagged = load({}, tmp_path, tmp_path, {"workspace": "7", "project": "8"})
    assert [one.told_by for one in flagged.sources] in ([], ["the command line"])


@pytest.mark.requirement("config:board:documented")
def test_the_documented_board_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/configuration.md").read_text(encoding="utf-8")
    (example,) = [part for part in page.split("```") if part.startswith("toml\n[board.limits]")]
    config = loaded(tmp_path, example.removeprefix("toml\n"))
    assert config.limits == {"in_progress": 6, "in_review": 4}
    assert config.views["My open work"] == "assignee=me"
