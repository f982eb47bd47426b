"""Pushing a story's branch: with its claim, or not at all."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.errors import Conflict, InvalidInput, LocalFault, PanError
from panopticon.local.git import push as git_push
from panopticon.local.git.push import Target
from panopticon.model.claim import Act
from panopticon.model.event import EventKind
from panopticon.model.ref import IssueRef
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.work.push import Pushed, push
from tests.claims.office import START
from tests.claims.workshop import Workshop, branch_of, commit, git


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def ann(shop: Workshop) -> Desk:
    """Sit down at a story's branch with a commit on it; the story is US1."""
    shop.story()
    here = shop.desk("ann")
    shop.take(here, "US1")
    commit(here.ctx.config.folder)
    return here


BRANCH = branch_of("US1")
heard: list[bytes] = []


def go(here: Desk, story: str | None = None) -> Pushed:
    heard.clear()
    return push(here, story, heard.append)


def refused(kind: type[PanError], verb: Callable[[], object]) -> PanError:
    with pytest.raises(kind) as caught:
        verb()
    return caught.value


def there(shop: Workshop, branch: str = BRANCH) -> str:
    """Give the commit of a branch on the remote."""
    return git(shop.remote, "rev-parse", "--verify", "-q", branch, is_fine=False).stdout.strip()


def here_at(here: Desk) -> str:
    return git(here.ctx.config.folder, "rev-parse", "HEAD").stdout.strip()


def hook(here: Desk, name: str, text: str) -> None:
    path = here.ctx.config.folder / ".git/hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.requirement("push:exact")
def test_branch_and_claim_go_together(shop: Workshop, ann: Desk) -> None:
    shop.later(hours=1)
    done = go(ann)
    assert there(shop) == here_at(ann)
    assert (done.is_exact, done.branch, done.remote, done.warnings) == (True, BRANCH, "origin", ())
    assert done.claim.expires_at > START.replace(hour=11)
    assert ann.arbiter.read(done.claim.key) == done.claim
    upstream = git(ann.ctx.config.folder, "rev-parse", "--abbrev-ref", "@{upstream}")
    assert upstream.stdout.strip() == f"origin/{BRANCH}"
    log = ann.ctx.store.events_of(IssueRef("rally", "US1"))
    assert EventKind.RENEWED in [one.kind for one in log]
    assert json.loads(json.dumps(done.as_json()))["exact"] is True


@pytest.mark.requirement("push:exact")
def test_the_working_repository_keeps_nothing_of_the_claim(shop: Workshop, ann: Desk) -> None:
    go(ann)
    folder = ann.ctx.config.folder
    refs = git(folder, "for-each-ref", "--format=%(refname)").stdout
    assert "panopticon" not in refs
    claim = git(shop.remote, "for-each-ref", "--format=%(objectname)", "refs/panopticon").stdout
    assert git(folder, "cat-file", "-e", claim.strip(), is_fine=False).returncode != 0
    git(shop.remote, "fsck", "--strict")  # and it has all that it names


@pytest.mark.requirement("push:stale")
def test_a_stale_holder_pushes_nothing(shop: Workshop, ann: Desk) -> None:
    go(ann)
    first = there(shop)
    commit(ann.ctx.config.folder, "b.txt")
    shop.take(shop.desk("bob"), "US1", Act.STEAL)
    error = refused(Conflict, lambda: go(ann))
    assert error.details["holder"] == "bob@example.com"
    assert there(shop) == first


@pytest.mark.requirement("push:race")
def test_a_theft_in_the_middle_lets_neither_through(shop: Workshop, ann: Desk) -> None:
    bob = shop.desk("bob")
    record = bob.arbiter.read(bob.key(IssueRef("rally", "US1")))
    assert record
    steal = shop.root / "steal.sh"  # what he does while her hook runs
    shop.take(bob, "US1", Act.STEAL)
    ref = git(shop.remote, "for-each-ref", "--format=%(refname) %(objectname)", "refs/panopticon")
    name, stolen = ref.stdout.split()
    git(shop.remote, "update-ref", name, f"{stolen}^")  # not yet
    steal.write_text(f"git -C {shop.remote} update-ref {name} {stolen}\n")
    hook(ann, "pre-push", f"unset $(git rev-parse --local-env-vars); sh {steal}")
    error = refused(Conflict, lambda: go(ann))
    assert error.details["holder"] == "bob@example.com"
    assert there(shop) == ""


@pytest.mark.requirement("push:plain")
@pytest.mark.parametrize("has_two", [False, True])
def test_elsewhere_the_arbiter_is_asked_just_before(
    shop: Workshop, ann: Desk, *, has_two: bool
) -> None:
    other = shop.root / "other.git"
    git(shop.root, "clone", "-q", "--bare", str(shop.remote), str(other))
    folder = ann.ctx.config.folder
    if has_two:  # one push address more: no longer one step
        git(folder, "remote", "set-url", "--add", "--push", "origin", str(shop.remote))
        git(folder, "remote", "set-url", "--add", "--push", "origin", str(other))
    else:
        git(folder, "remote", "set-url", "origin", str(other))
    done = go(ann)
    assert not done.is_exact
    assert git(other, "rev-parse", BRANCH).stdout.strip() == here_at(ann)
    shop.take(shop.desk("bob"), "US1", Act.STEAL)
    commit(folder, "b.txt")
    refused(Conflict, lambda: go(ann))
    assert git(other, "rev-parse", BRANCH).stdout.strip() != here_at(ann)


@pytest.mark.requirement("push:plain")
def test_another_arbiter_needs_no_git(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, arbiter="store:local")
    shop.story()
    ann = shop.desk("ann")
    shop.take(ann, "US1")
    commit(ann.ctx.config.folder)
    assert not go(ann).is_exact
    assert there(shop) == here_at(ann)


@pytest.mark.requirement("push:remote")
def test_a_branch_goes_where_git_would_push_it(shop: Workshop, ann: Desk) -> None:
    root = ann.ctx.config.folder
    assert git_push.target(root, BRANCH) == Target("origin", (str(shop.remote),))
    git(root, "remote", "add", "fork", "git@host:ann/app.git")
    git(root, "config", "remote.pushDefault", "fork")
    assert git_push.target(root, BRANCH) == Target("fork", ("git@host:ann/app.git",))
    git(root, "config", f"branch.{BRANCH}.pushRemote", "https://host/app")
    assert git_push.target(root, BRANCH).urls == ("https://host/app",)
    assert Target("https://ann:geheim@host/app", ()).name == "https://host/app"
    assert git_push.target(root, BRANCH).is_at("git@host:app.git", root)
    bare = shop.seed
    assert refused(LocalFault, lambda: git_push.target(bare, "main")).hint
    git(bare, "remote", "add", "one", "../remote.git")
    found = git_push.target(bare, "main")
    assert (found.remote, found.is_at(str(shop.remote), bare)) == ("one", True)
    git(bare, "remote", "add", "two", "../x.git")
    assert "which remote" in refused(LocalFault, lambda: git_push.target(bare, "main")).message


@pytest.mark.requirement("push:remote")
def test_what_a_branch_follows_already_stays(shop: Workshop, ann: Desk) -> None:
    folder = ann.ctx.config.folder
    git(folder, "branch", "-q", "--set-upstream-to=origin/main")
    go(ann)
    assert there(shop) == here_at(ann)
    upstream = git(folder, "rev-parse", "--abbrev-ref", "@{upstream}").stdout
    assert upstream.strip() == "origin/main"


@pytest.mark.requirement("push:refused")
def test_a_branch_that_has_moved_on_is_not_forced(shop: Workshop, ann: Desk) -> None:
    go(ann)
    folder = ann.ctx.config.folder
    git(folder, "commit", "-q", "--amend", "-m", "other")
    first = there(shop)
    before = ann.arbiter.read(ann.key(IssueRef("rally", "US1")))
    error = refused(Conflict, lambda: go(ann))
    assert (error.details["reason"], there(shop)) == ("diverged", first)
    assert f"git pull --rebase origin {BRANCH}" in error.hint
    assert ann.arbiter.read(ann.key(IssueRef("rally", "US1"))) == before


@pytest.mark.requirement("push:refused")
@pytest.mark.parametrize("space", ["refs/heads/story", "refs/panopticon"])
def test_a_remote_that_refuses_says_which(shop: Workshop, ann: Desk, space: str) -> None:
    update = shop.remote / "hooks/update"
    update.parent.mkdir(exist_ok=True)
    update.write_text(
        f'#!/bin/sh\ncase $1 in {space}*) echo "no {space} today" >&2; exit 1;; esac\n'
    )
    update.chmod(0o755)
    error = refused(LocalFault, lambda: go(ann))
    assert ("refs/panopticon" in error.message) is (space == "refs/panopticon")
    assert f"no {space} today" in b"".join(heard).decode()
    assert there(shop) == ""


@pytest.mark.requirement("push:refused")
def test_a_remote_that_is_away_is_told_so(shop: Workshop, ann: Desk) -> None:
    shop.remote.rename(shop.root / "away.git")
    with pytest.raises(PanError, match="no repository at"):
        go(ann)


@pytest.mark.requirement("push:refused")
def test_what_cannot_be_pushed_names_the_next_step(shop: Workshop, ann: Desk) -> None:
    folder = ann.ctx.config.folder
    git(folder, "switch", "-q", "main")
    assert "no story's" in refused(InvalidInput, lambda: go(ann)).message
    git(folder, "branch", "-D", BRANCH)
    assert "has no branch" in refused(InvalidInput, lambda: go(ann, "US1")).message


@pytest.mark.requirement("push:exact")
def test_a_named_story_is_pushed_from_another_branch(shop: Workshop, ann: Desk) -> None:
    folder = ann.ctx.config.folder
    (folder / "a.txt").write_text("changed")
    tip = here_at(ann)
    git(folder, "switch", "-q", "--detach", "HEAD")
    done = go(ann, "US1")
    assert there(shop) == tip
    assert "Unsaved changes stayed here" in done.warnings[0]


@pytest.mark.requirement("push:hooks")
def test_ones_own_hook_runs_as_git_runs_it(shop: Workshop, ann: Desk) -> None:
    told = shop.root / "told"
    hook(ann, "pre-push", f'(echo "$1 $2"; pwd; cat) > {told}; echo "tests pass"')
    go(ann)
    first, folder, *lines = told.read_text().splitlines()
    assert first == f"origin {shop.remote}"
    assert Path(folder) == ann.ctx.config.folder
    head = f"refs/heads/{BRANCH}"
    assert f"{head} {here_at(ann)} {head} {'0' * 40}" in lines
    assert b"tests pass\n" in heard


@pytest.mark.requirement("push:hooks")
def test_a_hook_that_refuses_stops_both(shop: Workshop, ann: Desk) -> None:
    hook(ann, "pre-push", "echo fatal flaw >&2; exit 1")
    before = ann.arbiter.read(ann.key(IssueRef("rally", "US1")))
    error = refused(LocalFault, lambda: go(ann))
    assert "hook may have refused" in error.hint
    assert there(shop) == ""
    assert ann.arbiter.read(ann.key(IssueRef("rally", "US1"))) == before


@pytest.mark.requirement("push:shallow")
@pytest.mark.parametrize("kind", ["shallow", "partial", "worktree"])
def test_odd_clones_push_as_exactly(shop: Workshop, kind: str) -> None:
    shop.story()
    git(shop.remote, "config", "uploadpack.allowFilter", "true")
    commit(shop.seed, "more.txt")
    git(shop.seed, "push", "-q", str(shop.remote), "main")
    place = shop.root / "ann/repo"
    if kind == "worktree":
        git(shop.repository("other"), "worktree", "add", "-q", "-b", "side", str(place))
    else:
        how = "--depth=1" if kind == "shallow" else "--filter=blob:none"
        git(shop.root, "clone", "-q", how, shop.remote.as_uri(), str(place))
    ann = shop.desk("ann")
    shop.take(ann, "US1")
    commit(place)
    done = go(ann)
    assert (done.is_exact, there(shop)) == (True, here_at(ann))
    git(shop.remote, "fsck", "--strict")
