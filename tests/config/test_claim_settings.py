"""Settings of claims: the same words in every place, and the stronger place decides."""

from pathlib import Path
from typing import Any

import pytest

from panopticon.config import Config, load
from panopticon.config.schema import Repository
from panopticon.errors import InvalidInput
from tests.config.test_load import SEED_003

UPSTREAM = """
tracker:
  provider: {provider}
  main_branch: trunk
  status_mapping:
    backlog: Idea
    ready-for-dev: Defined
    in-progress: In-Progress
    review: Completed
    done: Accepted
"""


class Places:
    """The files that may say something of claims, and a run that reads them."""

    def __init__(self, root: Path) -> None:
        self.home, self.folder = root / "home", root / "project"
        self.toml = self.home / ".panopticon/config.toml"
        self.projects = self.home / ".panopticon/projects.yaml"
        self.bmad = self.folder / "_bmad/pantheon/config.yaml"
        self.own = self.folder / ".panopticon.yaml"
        for path in (self.toml, self.bmad):
            path.parent.mkdir(parents=True)

    def read(self, environ: dict[str, str] | None = None, **flags: object) -> Config:
        return load(environ or {}, self.home, self.folder, flags)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


@pytest.mark.requirement("claim-config:seed")
def test_the_seeds_file_decides_hours_and_sync(places: Places) -> None:
    assert (places.read().lock_hours, places.read().auto_sync) == (24.0, False)
    places.bmad.write_text(SEED_003.replace("rally_lock_hours: 24 ", "rally_lock_hours: 8 "))
    config = places.read()
    assert (config.lock_hours, config.auto_sync) == (8.0, True)


@pytest.mark.requirement("claim-config:order")
def test_the_stronger_place_decides(places: Places) -> None:
    seen = []
    places.toml.write_text("[pan]\nlock_hours = 1\n")
    seen.append(places.read().lock_hours)
    places.projects.write_text("lock_hours: 2\n")
    seen.append(places.read().lock_hours)
    places.bmad.write_text("pantheon: {rally_lock_hours: 3}\n")
    seen.append(places.read().lock_hours)
    places.own.write_text("lock_hours: 4\n")
    seen.append(places.read().lock_hours)
    (places.home / ".panopticon.env").write_text("PAN_LOCK_HOURS=5\n")
    seen.append(places.read().lock_hours)
    seen.append(places.read({"PAN_LOCK_HOURS": "6"}).lock_hours)
    seen.append(places.read({"PAN_LOCK_HOURS": "6"}, lock_hours=7).lock_hours)
    assert seen == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.requirement("claim-config:order")
def test_a_plain_key_is_stronger_than_the_seeds(places: Places) -> None:
    places.bmad.write_text("pantheon: {lock_hours: 3, rally_lock_hours: 9, rally_auto_sync: null}")
    assert (places.read().lock_hours, places.read().auto_sync) == (3.0, False)
    places.bmad.write_text(f"pantheon: {{main_branch: ours}}\n{UPSTREAM.format(provider='rally')}")
    assert places.read().main_branch == "ours"
    places.bmad.write_text(UPSTREAM.format(provider="rally"))
    assert places.read().main_branch == "trunk"


@pytest.mark.requirement("claim-config:forms")
def test_values_and_texts_are_read_alike(places: Places) -> None:
    wanted: dict[str, Any] = {
        "lock_hours": 0.5,
        "max_locks": 3,
        "warn_minutes": 0.0,
        "skew_minutes": 1440.0,
        "leads": ("ann@example.com", "ben@example.com"),
        "auto_sync": True,
        "main_branch": "release/2",
    }
    places.toml.write_text(
        "[pan]\nlock_hours = 0.5\nmax_locks = 3\nwarn_minutes = 0\nskew_minutes = 1440\n"
        'leads = ["ann@example.com", "ben@example.com", "ANN@example.com"]\nauto_sync = true\n'
        'main_branch = "release/2"\n'
    )
    assert {name: getattr(places.read(), name) for name in wanted} == wanted
    places.toml.unlink()
    texts = wanted | {"leads": "ann@example.com, ben@example.com,", "auto_sync": "Yes"}
    environ = {f"PAN_{name.upper()}": str(text) for name, text in texts.items()}
    assert {name: getattr(places.read(environ), name) for name in wanted} == wanted
    lines = [f"{name}: {text}" for name, text in texts.items()]
    places.own.write_text("\n".join(lines))
    assert {name: getattr(places.read(), name) for name in wanted} == wanted
    assert places.read({"PAN_AUTO_SYNC": "off"}).auto_sync is False


@pytest.mark.requirement("claim-config:refused")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rally_lock_hours", "0.09"),
        ("rally_lock_hours", "721"),
        ("rally_lock_hours", ".nan"),
        ("rally_lock_hours", "a day"),
        ("rally_lock_hours", "true"),
        ("rally_lock_hours", "[24]"),
        ("rally_auto_sync", "sometimes"),
        ("rally_auto_sync", "2"),
        ("max_locks", "1.5"),
        ("max_locks", "-1"),
        ("warn_minutes", "1441"),
        ("skew_minutes", "-1"),
        ("leads", "{ann: 1}"),
        ("leads", "[1]"),
        ("leads", "[ann]"),
        ("leads", '["ann@x bob@y"]'),
        ("leads", '["a\\nb"]'),
        ("main_branch", "--upload-pack=evil"),
        ("main_branch", "a b"),
        ("main_branch", "a..b"),
        ("main_branch", "[main]"),
        ("arbiter", "[rally]"),
        ("status_words", "Completed"),
        ("status_words", "{finish: Completed}"),
        ("status_words", "{start: [x]}"),
        ("status_words", '{start: "a\\nb"}'),
    ],
)
def test_what_is_out_of_bounds_names_file_and_key(places: Places, key: str, value: str) -> None:
    places.bmad.write_text(f"pantheon:\n  {key}: {value}\n")
    with pytest.raises(InvalidInput, match=rf"_bmad/pantheon/config.yaml pantheon\.{key}") as found:
        places.read()
    assert found.value.hint


@pytest.mark.requirement("claim-config:refused")
def test_each_place_is_named_by_its_own_key(places: Places) -> None:
    with pytest.raises(InvalidInput, match=r"^PAN_SKEW_MINUTES: '-1'"):
        places.read({"PAN_SKEW_MINUTES": "-1"})
    places.toml.write_text("[pan]\nleads = 3\n")
    with pytest.raises(InvalidInput, match=r"config\.toml \[pan\] leads: 3"):
        places.read()
    places.toml.write_text("[pan.status_words]\nstart = 3\n")
    with pytest.raises(InvalidInput, match=r"config\.toml \[pan\] status_words\.start: 3"):
        places.read()
    places.toml.unlink()
    places.own.write_text("lock_hours: 0\n")
    with pytest.raises(InvalidInput, match=r"\.panopticon\.yaml lock_hours: 0"):
        places.read()
    places.own.unlink()
    places.projects.write_text(f"projects: {{app: {{path: {places.folder}, max_locks: x}}}}\n")
    with pytest.raises(InvalidInput, match=r"projects\.yaml projects\.app\.max_locks: 'x'"):
        places.read()


@pytest.mark.requirement("claim-config:misspelt")
def test_a_key_that_was_probably_meant_for_us_is_said(places: Places) -> None:
    places.bmad.write_text("pantheon: {max_lock: 3, max_parallel_developers: 12, max_locks: 1}\n")
    places.own.write_text("lockHours: 3\nlead: ann@example.com\nblocks: 1\nlocks: 2\n")
    config = places.read()
    assert (config.max_locks, config.lock_hours, config.leads) == (1, 24.0, ())
    said = " ".join(config.notes)
    assert len(config.notes) == 3
    for key, meant in (("max_lock", "max_locks"), ("lockHours", "lock_hours"), ("lead", "leads")):
        assert f"`{key}` is not read; is `{meant}` meant?" in said


@pytest.mark.requirement("claim-config:own-project")
def test_the_project_of_this_folder_is_stronger(places: Places) -> None:
    places.projects.write_text(
        f"max_locks: 9\nlock_hours: 9\nprojects:\n"
        f"  around: {{path: {places.folder.parent}, lock_hours: 2, leads: ann@example.com}}\n"
        f"  app: {{path: {places.folder}, rally_lock_hours: 3}}\n"
        f"  other: {{path: /elsewhere, lock_hours: 4, max_locks: 4}}\n"
    )
    config = places.read()
    assert (config.lock_hours, config.max_locks) == (3.0, 9)
    assert config.leads == ("ann@example.com",)


@pytest.mark.requirement("claim-config:fixed")
def test_what_a_file_decides_is_named(places: Places) -> None:
    places.bmad.write_text("arbiter: 'store:local'\npantheon: {rally_lock_hours: 8, leads: []}\n")
    places.own.write_text("lock_hours: 4\nmax_locks: 2\n")
    places.projects.write_text("warn_minutes: 5\n")
    fixed = places.read({"PAN_MAX_LOCKS": "1"}).fixed
    assert fixed == {
        "arbiter": "_bmad/pantheon/config.yaml",
        "leads": "_bmad/pantheon/config.yaml",
        "lock_hours": ".panopticon.yaml",
        "max_locks": "PAN_MAX_LOCKS",
        "warn_minutes": str(places.projects),
    }


@pytest.mark.requirement("claim-config:words")
def test_steps_set_what_the_file_names(places: Places) -> None:
    assert places.read().status_words == {}
    places.bmad.write_text(UPSTREAM.format(provider="rally"))
    upstream = {"start": "In-Progress", "review": "Completed", "merged": "Accepted"}
    assert places.read().status_words == upstream
    own = "pantheon: {status_words: {review: Code Review, merged: Completed}}\n"
    places.bmad.write_text(own + UPSTREAM.format(provider="rally"))
    assert places.read().status_words == {
        "start": "In-Progress",
        "review": "Code Review",
        "merged": "Completed",
    }
    places.own.write_text("status_words: {review: in_review}\n")
    assert places.read().status_words["review"] == "in_review"


@pytest.mark.requirement("claim-config:words")
def test_a_table_that_is_not_in_use_sets_nothing(places: Places) -> None:
    places.bmad.write_text(UPSTREAM.format(provider="none"))
    places.toml.write_text('[pan.status_words]\nreview = "Ready"\n')
    assert places.read().status_words == {"review": "Ready"}
    places.bmad.write_text("tracker: {status_mapping: {review: '', done: null}}\n")
    assert places.read().status_words == {"review": "Ready"}


@pytest.mark.requirement("claim-config:repositories")
def test_repositories_by_project(places: Places) -> None:
    code = places.home / "work/app"
    (code / ".git").mkdir(parents=True)
    places.toml.write_text(
        f'[repositories]\nlone = "{code}"\nDDC-AI = {{path = "/weak", base = "weak"}}\n'
        'lab = {path = "/srv/lab", base = "develop"}\n'
    )
    places.projects.write_text(
        "projects:\n  DDC-AI: {name: AI, rally_project: 7, repository: /code/ai, base: develop}\n"
        f"  inner: {{path: {code}, repository: web}}\n"
        f"  plain: {{path: {code}/docs}}\n  gone: {{path: /nowhere/at/all}}\n  odd: 3\n"
    )
    ai = Repository(Path("/code/ai"), "develop")
    assert places.read().repositories == {
        "lone": Repository(code),
        "lab": Repository(Path("/srv/lab"), "develop"),
        "DDC-AI": ai,
        "AI": ai,
        "inner": Repository(code / "web"),
        "plain": Repository(code / "docs"),
    }


@pytest.mark.requirement("claim-config:repositories")
@pytest.mark.parametrize(
    ("toml", "yaml", "named"),
    [
        ('[repositories]\napp = "work/app"\n', "", r"\[repositories\] app: work/app is a relative"),
        ("[repositories]\napp = 3\n", "", r"\[repositories\] app: 3 is no folder"),
        ('[repositories]\napp = {base = "main"}\n', "", r"\[repositories\] app: None is no"),
        ('[repositories.app]\npath = "/a"\nbranch = "b"\n', "", r"unknown key `branch`"),
        ('[repositories.app]\npath = "/a"\nbase = "-x"\n', "", r"app base: '-x' is not a branch"),
        ("", "projects: {app: {repository: web}}\n", r"projects\.app repository: web is a rel"),
        ("", "projects: {app: {repository: [/a, /b]}}\n", r"projects\.app: \['/a', '/b'\] is no"),
    ],
)
def test_a_repository_that_cannot_be_meant(
    places: Places, toml: str, yaml: str, named: str
) -> None:
    places.toml.write_text(toml)
    places.projects.write_text(yaml)
    with pytest.raises(InvalidInput, match=named) as found:
        places.read()
    assert found.value.hint


@pytest.mark.requirement("claim-config:seed", "claim-config:repositories")
def test_the_documented_files_are_read(places: Places) -> None:
    page = (Path(__file__).parents[2] / "docs/configuration.md").read_text(encoding="utf-8")
    claims = page[page.index("## Claims") :].split("```")
    team, projects, toml = (part.partition("\n")[2] for part in claims[1::2])
    places.bmad.write_text(team)
    places.projects.write_text(projects)
    places.toml.write_text(toml)
    config = places.read()
    assert config.arbiter == "git:https://git.example.com/acme/app.git"
    assert (config.lock_hours, config.auto_sync, config.max_locks) == (24.0, True, 3)
    assert (config.leads, config.main_branch) == (("maya@example.com",), "main")
    assert config.status_words["review"] == "Code Review"
    assert config.repositories == {
        "Accounts": Repository(Path("~/work/accounts").expanduser(), "develop"),
        "Billing": Repository(Path("~/work/billing").expanduser()),
        "Web": Repository(Path("~/work/web").expanduser(), "develop"),
    }
