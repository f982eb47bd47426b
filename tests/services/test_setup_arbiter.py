"""`pan init` chooses who decides claims: what it proposes, writes, says and refuses."""

import subprocess
from pathlib import Path

import pytest

from panopticon.config import Config, load
from panopticon.errors import InvalidInput
from panopticon.services.setup import connection as setup
from panopticon.services.setup.connection import Answers, Saved
from tests.services.asked import Asked

SECRET = "tok3n"


class Project:
    """A folder, a repository once it has remotes, where Rally is connected."""

    def __init__(self, root: Path) -> None:
        self.home, self.folder = root / "home", root / "work/project"
        self.folder.mkdir(parents=True)
        self.file = self.folder / ".panopticon.yaml"

    def git(self, **remotes: str) -> None:
        words = [["init", "-q"], *(["remote", "add", name, url] for name, url in remotes.items())]
        for line in words:
            subprocess.run(["git", "-C", str(self.folder), *line], check=True)

    def config(self) -> Config:
        return load({}, self.home, self.folder)

    def init(self, arbiter: str | None = None, **asked: bool) -> Saved:
        ctx = Asked(**asked).context(self.config())  # type: ignore[arg-type] # its flags
        answers = Answers("rally", "_good", workspace="Acme", arbiter=arbiter)
        return setup.save(ctx, setup.connect(ctx, answers, setup.places(ctx, answers)))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.requirement("claim-config:init:proposed")
def test_origin_is_proposed_and_the_others_are_named(project: Project) -> None:
    project.git(
        fork=f"https://ann:{SECRET}@h/ann/app.git",
        mirror="git@h:acme/app",
        origin=f"https://ann:{SECRET}@h/acme/app.git",
    )
    saved = project.init(can_decide=True)
    assert saved.arbiter == project.config().arbiter == "git:https://h/acme/app.git"
    credentials, others, commit = saved.notes
    assert "credentials" in credentials
    assert "fork (https://h/ann/app.git)" in others
    assert "mirror" not in others  # the same repository, spelled for ssh
    assert "Commit .panopticon.yaml" in commit
    assert SECRET not in "".join([project.file.read_text(), *saved.notes, saved.decides])


@pytest.mark.requirement("claim-config:init:proposed")
def test_without_origin_the_first_remote_is_proposed(project: Project) -> None:
    project.git(team="ssh://git@h/acme/app.git", fork="ssh://git@h/ann/app.git")
    saved = project.init()
    assert saved.arbiter == "git:ssh://git@h/acme/app.git"
    assert "fork (ssh://git@h/ann/app.git)" in saved.notes[0]


@pytest.mark.requirement("claim-config:init:proposed")
def test_a_remote_that_is_a_folder_is_written_whole(project: Project) -> None:
    project.git(origin="../shared/app.git")
    saved = project.init()
    assert saved.arbiter == f"git:{project.folder.parent}/shared/app.git"
    assert "folder of this machine" in saved.notes[0]


@pytest.mark.requirement("claim-config:init:proposed")
def test_what_git_rewrites_for_one_person_is_not_written(project: Project) -> None:
    project.git(origin="https://h/acme/app.git")
    rule = [f"url.https://{SECRET}@h/.insteadOf", "https://h/"]
    subprocess.run(["git", "-C", str(project.folder), "config", *rule], check=True)
    assert project.init().arbiter == "git:https://h/acme/app.git"
    assert SECRET not in project.file.read_text()


@pytest.mark.requirement("claim-config:init:proposed")
def test_a_remote_that_runs_a_program_is_refused(project: Project) -> None:
    project.git(origin="ext::sh -c evil")
    with pytest.raises(InvalidInput, match="remote origin"):
        project.init()
    assert not project.file.exists()


@pytest.mark.requirement("claim-config:init:said")
def test_who_decides_is_said_in_one_line(project: Project) -> None:
    project.git(origin="https://h/acme/app.git")
    saved = project.init()
    assert "git:https://h/acme/app.git" in saved.decides
    assert str(project.file) in saved.decides
    hook, fields = saved.more
    assert "pan hook install" in hook
    assert "pan rally setup-fields" in fields
    assert saved.as_json()["arbiter_file"] == str(project.file)
    again = project.init()
    assert (again.notes, again.decides) == ((), saved.decides)


@pytest.mark.requirement("claim-config:init:said")
def test_this_machine_alone_is_said(project: Project) -> None:
    saved = project.init()
    assert saved.arbiter == "store:local"
    assert "this machine alone" in saved.decides
    assert [one for one in saved.more if "hook" in one] == []


@pytest.mark.requirement("claim-config:init:said")
def test_rally_without_its_fields_is_said(project: Project) -> None:
    assert "pan rally setup-fields" in project.init("rally").notes[0]


@pytest.mark.requirement("claim-config:init:said")
def test_rally_with_its_fields_needs_no_word(project: Project) -> None:
    assert project.init("rally", can_decide=True).notes == ()


@pytest.mark.requirement("claim-config:init:same")
def test_another_spelling_is_no_other_arbiter(project: Project) -> None:
    project.git(origin="https://h/acme/app.git")
    project.init()
    before = project.file.read_text()
    assert project.init("git:git@h:acme/app").arbiter == "git:https://h/acme/app.git"
    assert project.file.read_text() == before
    with pytest.raises(
        InvalidInput, match=r"already decided by git:https://h/acme/app\.git"
    ) as told:
        project.init("store:local")
    assert ".panopticon.yaml" in told.value.hint


@pytest.mark.requirement("claim-config:arbiter:secret")
def test_a_flag_with_credentials_writes_nothing(project: Project) -> None:
    with pytest.raises(InvalidInput, match=r"^--arbiter: the address holds credentials"):
        project.init(f"git:https://ann:{SECRET}@h/acme/app.git")
    assert not (project.home / ".panopticon/config.toml").exists()


@pytest.mark.requirement("claim-config:init:one-machine")
@pytest.mark.parametrize("has_repository", [True, False])
def test_one_machine_is_written_for_one_machine(project: Project, has_repository: bool) -> None:  # noqa: FBT001
    if has_repository:
        project.git()
    saved = project.init("store:local")
    own = project.home / ".panopticon/projects.yaml"
    assert (saved.arbiter_file, project.config().arbiter) == (own, "store:local")
    assert not project.file.exists()
    assert "ommit" not in "".join([saved.decides, *saved.notes])
    assert "A team needs a git remote or Rally" in saved.decides


@pytest.mark.requirement("claim-config:init:one-machine")
def test_a_project_with_a_remote_is_not_held_to_one_machine(project: Project) -> None:
    project.init()
    project.git(origin="https://h/acme/app.git")
    again = project.init()
    assert again.arbiter == "store:local"
    assert "--arbiter git:https://h/acme/app.git" in again.notes[0]
    assert project.init("git:https://h/acme/app.git").arbiter_file == project.file
    assert project.config().arbiter == "git:https://h/acme/app.git"
