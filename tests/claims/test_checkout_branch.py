"""The branch of a checkout: which repository, which base, and what may be in the way."""

from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.config import Source
from panopticon.config.schema import Repository
from panopticon.local.git import clone
from panopticon.services.claim import branch, place
from panopticon.services.claim.take.checkout import Checkout, Wish, checkout
from tests.claims.office import Office, git as run

NAME = "story/US-1-sign-in"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.story("Sign in")
    return made


def take(office: Office, **words: object) -> Checkout:
    return checkout(office.desk("ann"), Wish(story="US1", **words))  # type: ignore[arg-type]


def said(done: Checkout) -> str:
    return " ".join(
        [*(step.text for step in done.steps), *(step.error or "" for step in done.steps)]
    )


def remote(office: Office, name: str = "origin") -> Path:
    """Give Ann's clone a remote that has its main branch."""
    here, there = office.repository("ann"), office.root / f"{name}.git"
    run(office.root, "init", "-q", "--bare", "-b", "main", str(there))
    run(here, "remote", "add", name, str(there))
    run(here, "push", "-q", name, "main")
    return there


def tip(folder: Path, name: str) -> str:
    return run(folder, "rev-parse", name)


@pytest.mark.requirement("claim:branch:place")
def test_the_repository_of_the_project_and_its_base(office: Office) -> None:
    code = office.repository("code")
    run(code, "branch", "develop")
    run(code, "commit", "-q", "--allow-empty", "-m", "later")
    office.settings["repositories"] = {"Project": Repository(code, "develop")}
    done = take(office)
    assert done.root == code
    assert clone.branch(code) == NAME
    assert tip(code, NAME) == tip(code, "develop") != tip(code, "main")
    assert not clone.has_branch(office.repository("ann"), NAME)


@pytest.mark.requirement("claim:branch:place")
def test_a_folder_that_is_no_repository_is_a_warning(office: Office) -> None:
    office.settings["repositories"] = {"Project": Repository(office.root / "nowhere")}
    done = take(office)
    assert "which is none" in said(done)
    assert done.claim.fence == 1


@pytest.mark.requirement("claim:branch:place")
def test_the_main_branch_of_the_settings_as_the_remote_has_it(office: Office) -> None:
    here = office.repository("ann")
    run(here, "switch", "-q", "-c", "trunk")
    office.commit(here, "theirs")
    remote(office)
    run(here, "push", "-q", "origin", "trunk")
    run(here, "reset", "-q", "--hard", "main")  # what stands here is older
    office.settings["main_branch"] = "trunk"
    assert "(from origin/trunk)" in said(take(office))
    assert tip(here, NAME) == tip(here, "origin/trunk") != tip(here, "trunk")


@pytest.mark.requirement("claim:branch:place")
def test_a_story_of_files_has_its_branch_where_the_file_is(office: Office) -> None:
    folders = [office.repository(name) for name in ("web", "api")]
    for folder in folders:
        run(folder, "commit", "-q", "--amend", "--allow-empty", "-m", folder.parent.name)
    options = {"folders": [str(folder) for folder in folders]}
    office.settings["sources"] = (Source("rally", "markdown", options),)
    desk, story = office.desk("ann"), office.tracker.get("US1")
    first = clone.first_commit(folders[1])
    found = place.place_of(desk.ctx, replace(story, project_id=f"{first}/docs/stories"))
    assert found
    assert found.root == folders[1]


@pytest.mark.requirement("claim:branch:there")
def test_a_branch_that_is_there_is_kept_as_it_is(office: Office) -> None:
    here = office.repository("ann")
    run(here, "switch", "-q", "-c", NAME)
    office.commit(here)
    before = tip(here, NAME)
    run(here, "switch", "-q", "main")
    assert f"Branch kept: {NAME}" in said(take(office))
    assert (clone.branch(here), tip(here, NAME)) == (NAME, before)
    assert f"On branch {NAME}" in said(take(office))


@pytest.mark.requirement("claim:branch:there")
def test_a_branch_that_only_the_remote_has_is_followed(office: Office) -> None:
    here = office.repository("ann")
    remote(office)
    run(here, "switch", "-q", "-c", NAME)
    office.commit(here)
    run(here, "push", "-q", "origin", NAME)
    before = tip(here, NAME)
    run(here, "switch", "-q", "main")
    run(here, "branch", "-q", "-D", NAME)
    assert f"origin/{NAME}" in said(take(office))
    assert tip(here, NAME) == before
    assert run(here, "rev-parse", "--abbrev-ref", f"{NAME}@{{upstream}}") == f"origin/{NAME}"


@pytest.mark.requirement("claim:branch:in-the-way")
def test_without_a_repository_there_is_no_branch(office: Office) -> None:
    bare = office.root / "bare"
    bare.mkdir()
    office.settings["folder"] = bare
    done = take(office)
    assert "no branch" in said(done)
    assert done.as_json()["warnings"] == []
    assert done.as_json()["repository"] is None
    assert done.claim.fence == 1


@pytest.mark.requirement("claim:branch:in-the-way")
def test_a_repository_without_a_commit_is_a_warning_until_it_has_one(office: Office) -> None:
    fresh = office.root / "fresh"
    fresh.mkdir()
    run(fresh, "init", "-q", "-b", "main")
    office.settings["folder"] = fresh
    assert "no commit yet" in said(take(office))
    run(fresh, "commit", "-q", "--allow-empty", "-m", "first")
    assert "Branch created" in said(take(office))
    assert clone.branch(fresh) == NAME


@pytest.mark.requirement("claim:branch:in-the-way")
def test_a_base_that_is_not_there_is_a_warning(office: Office) -> None:
    office.settings["main_branch"] = "gone"
    done = take(office)
    assert "There is no gone" in said(done)
    assert not clone.has_branch(office.repository("ann"), NAME)


@pytest.mark.requirement("claim:branch:in-the-way")
def test_of_two_remotes_origin_is_the_one(office: Office) -> None:
    here = office.repository("ann")
    remote(office, "a-fork")
    run(here, "commit", "-q", "--allow-empty", "-m", "newer")
    remote(office)
    assert "(from origin/main)" in said(take(office))
    assert tip(here, NAME) == tip(here, "origin/main") != tip(here, "a-fork/main")


@pytest.mark.requirement("claim:branch:in-the-way")
def test_commits_that_no_branch_has_are_not_left_behind(office: Office) -> None:
    here = office.repository("ann")
    run(here, "switch", "-q", "--detach")
    office.commit(here, "loose")
    loose = tip(here, "HEAD")
    assert "commits on no branch keep you" in said(take(office))
    assert tip(here, "HEAD") == loose
    run(here, "switch", "-q", "--detach", "main")
    take(office)
    assert clone.branch(here) == NAME


@pytest.mark.requirement("claim:branch:in-the-way")
def test_no_branch_where_none_is_wanted(office: Office) -> None:
    take(office, with_branch=False)
    assert clone.branch(office.repository("ann")) == "main"
    assert not clone.has_branch(office.repository("ann"), NAME)


@pytest.mark.requirement("claim:branch:place")
@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Sign in", "story/US-1-sign-in"),
        ("Créer — l'écran!", "story/US-1-creer-l-ecran"),
        ("日本語", "story/US-1"),
        (
            "Create the document archive with retention dates",
            "story/US-1-create-the-document-archive-with",
        ),
        ("a" * 50, "story/US-1-" + "a" * 40),
    ],
)
def test_a_branch_is_called_after_key_and_title(office: Office, title: str, name: str) -> None:
    assert branch.name_of(replace(office.tracker.get("US1"), title=title)) == name


@pytest.mark.requirement("claim:branch:in-the-way")
def test_changes_are_named_whatever_became_of_a_file(office: Office) -> None:
    here = office.repository("ann")
    for name in ("kept it.txt", "moved.txt", "gone.txt"):
        (here / name).write_text(name * 20)
    run(here, "add", "-A")
    office.commit(here)
    assert clone.changed(here) == []
    run(here, "mv", "moved.txt", "there.txt")
    (here / "gone.txt").unlink()
    (here / "kept it.txt").write_text("else")
    assert sorted(clone.changed(here)) == ["gone.txt", "kept it.txt", "there.txt"]
