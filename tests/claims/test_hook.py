"""Git asks before it commits, merges and pushes in a story's name: real hooks, real git."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from panopticon import cli
from panopticon.config import environment, load
from panopticon.errors import InvalidInput, LocalFault
from panopticon.local.git import hook as git_hook
from panopticon.model.claim import Act
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.claim.work import hook as hooks
from panopticon.services.claim.work.push import push
from panopticon.services.context import Context, utc_now
from panopticon.services.opening import context_for
from tests.claims.workshop import Workshop, branch_of, commit, git

BRANCH = branch_of("US1")


@dataclass
class Place:
    """Ann's clone with her real home, so that programs that git starts find it; Bob's desk."""

    shop: Workshop
    folder: Path

    def desk(self) -> Desk:
        return desk(self.context())

    def context(self) -> Context:
        ctx = context_for(load(environment(), Path.home(), self.folder, {}))
        ctx.open_tracker = lambda _: self.shop.tracker
        return ctx

    def take(self, hours: float = 2) -> None:
        here = self.desk()
        self.shop.take(here, "US1", hours=hours)
        here.ctx.close()

    def install(self) -> list[str]:
        return list(hooks.install(self.context()).changed)

    def steal(self) -> None:
        self.shop.take(self.shop.desk("bob"), "US1", Act.STEAL)

    def git(self, *words: str, **around: str) -> subprocess.CompletedProcess[str]:
        line = ["git", "-C", str(self.folder), *words]
        environ = {**environment(), **around}
        return subprocess.run(line, capture_output=True, text=True, check=False, env=environ)

    def commit(self, name: str, **around: str) -> subprocess.CompletedProcess[str]:
        (self.folder / name).write_text(name)
        git(self.folder, "add", name)
        return self.git("commit", "-qm", name, **around)

    def before(self, name: str, text: str) -> Path:
        """Put a hook of the person's own."""
        path = self.folder / ".git/hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    shop = Workshop(tmp_path, utc_now())
    shop.story()
    settings = Path.home() / ".panopticon/config.toml"
    settings.parent.mkdir()
    settings.write_text('[pan]\nme = "ann@example.com"\n[trackers.rally]\n')
    folder = shop.repository("ann")
    (folder / ".panopticon.yaml").write_text(f"arbiter: git:{shop.remote}\n")
    git(folder, "add", ".panopticon.yaml")
    git(folder, "commit", "-qm", "claims")
    return Place(shop, folder)


@pytest.mark.requirement("hook:silent")
@pytest.mark.requirement("hook:install")
def test_when_all_is_well_nothing_is_said(place: Place) -> None:
    assert place.install() == list(git_hook.NAMES)
    assert place.install() == []
    place.take()
    done = place.commit("a.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert place.git("push", "-q", "origin", BRANCH).stderr == ""
    place.git("switch", "-q", "main")
    assert place.commit("b.txt").stderr == ""
    assert place.git("merge", "-q", "--no-ff", "-m", "x", BRANCH).stderr == ""
    assert place.git("push", "-q", "origin", "main").stderr == ""


@pytest.mark.requirement("hook:refuse")
def test_after_a_theft_git_writes_no_more(place: Place) -> None:
    place.install()
    place.take()
    assert place.commit("a.txt").returncode == 0
    place.git("switch", "-q", "main")
    commit(place.folder, "b.txt")
    place.git("switch", "-q", BRANCH)
    tip = git(place.folder, "rev-parse", "HEAD").stdout
    place.steal()
    done = place.commit("c.txt")
    assert done.returncode != 0
    assert "US1 is held by bob@example.com (fence 2)." in done.stderr
    git(place.folder, "reset", "-q", "--hard")
    assert "bob@example.com" in place.git("merge", "--no-edit", "main").stderr
    assert git(place.folder, "rev-parse", "HEAD").stdout == tip
    git(place.folder, "merge", "--abort", is_fine=False)
    pushed = place.git("push", "origin", "HEAD:refs/heads/side", BRANCH)
    assert "bob@example.com" in pushed.stderr
    assert git(place.shop.remote, "branch", "--list", BRANCH, "side").stdout == ""
    assert place.git("push", "-q", "--no-verify", "origin", BRANCH).returncode == 0


@pytest.mark.requirement("hook:refuse")
def test_a_stolen_branch_is_neither_deleted_nor_pushed_from_another(place: Place) -> None:
    place.install()
    place.take()
    place.git("push", "-q", "origin", BRANCH)
    place.steal()
    place.git("switch", "-q", "--detach")
    for ref in (f"HEAD:refs/heads/{BRANCH}", f":refs/heads/{BRANCH}"):
        commit(place.folder, "d.txt", "--allow-empty", "--no-verify")
        assert "bob@example.com" in place.git("push", "origin", ref).stderr


@pytest.mark.requirement("hook:install")
def test_hooks_of_before_run_first_with_what_git_told_them(place: Place) -> None:
    told = place.shop.root / "told"
    old = place.before("pre-push", f'(echo "$@"; cat) >> {told}')
    place.before("pre-commit", '[ "$(git diff --cached --name-only)" != no.txt ]')
    text = old.read_text()
    place.install()
    place.take()
    assert place.commit("a.txt").returncode == 0
    assert place.commit("no.txt").returncode != 0
    git(place.folder, "reset", "-q", "--hard")
    place.git("push", "-q", "origin", BRANCH)
    tip = git(place.folder, "rev-parse", "HEAD").stdout.strip()
    first, line = told.read_text().splitlines()
    assert first == f"origin {place.shop.remote}"
    assert line.split() == [f"refs/heads/{BRANCH}", tip, f"refs/heads/{BRANCH}", "0" * 40]
    assert {one.name: one.is_kept for one in hooks.status(place.context()).hooks} == {
        "pre-commit": True,
        "pre-merge-commit": False,
        "pre-push": True,
    }
    assert list(hooks.remove(place.context()).changed) == list(git_hook.NAMES)
    assert old.read_text() == text
    assert os.access(old, os.X_OK)
    assert sorted(one.name for one in old.parent.iterdir() if "." not in one.name) == [
        "pre-commit",
        "pre-push",
    ]
    assert hooks.remove(place.context()).changed == ()


@pytest.mark.requirement("hook:install")
def test_two_hooks_of_before_are_for_a_person_to_sort_out(place: Place) -> None:
    place.before("pre-push", "exit 0")
    place.install()
    path = place.before("pre-push", "exit 1")
    with pytest.raises(Exception, match="written anew"):
        place.install()
    path.unlink()
    assert place.install() == ["pre-push"]


@pytest.mark.requirement("hook:install")
def test_a_framework_that_calls_ours_in_turn_ends(place: Place) -> None:
    place.install()
    ours = place.folder / ".git/hooks/pre-commit"
    ours.rename(ours.with_suffix(".legacy"))  # as the framework pre-commit does
    place.before("pre-commit", f'"{ours.with_suffix(".legacy")}" "$@"')
    place.install()
    place.take()
    assert place.commit("a.txt").returncode == 0
    place.steal()
    assert place.commit("b.txt").returncode != 0


@pytest.mark.requirement("hook:place")
def test_a_folder_of_the_repositorys_own_is_left_to_the_team(place: Place) -> None:
    (place.folder / ".husky/_").mkdir(parents=True)
    git(place.folder, "config", "core.hooksPath", ".husky/_")
    with pytest.raises(InvalidInput, match=r"core\.hooksPath is \.husky/_") as caught:
        place.install()
    assert "Add to those of .husky a line each:" in caught.value.hint
    assert "pan fence --hook pre-push" in caught.value.hint
    assert list((place.folder / ".husky/_").iterdir()) == []


@pytest.mark.requirement("hook:place")
def test_a_shared_folder_is_said_and_others_go_through(place: Place, tmp_path: Path) -> None:
    shared = tmp_path / "hooks"
    git(place.folder, "config", "core.hooksPath", str(shared))
    done = hooks.install(place.context())
    assert sorted(one.name for one in shared.iterdir()) == sorted(git_hook.NAMES)
    assert "every repository" in done.warnings[0]
    other = tmp_path / "elsewhere"
    git(tmp_path, "init", "-q", "-b", BRANCH, str(other))
    git(other, "config", "core.hooksPath", str(shared))
    (other / "a.txt").write_text("a")
    git(other, "add", "a.txt")
    assert git(other, "commit", "-qm", "a").stderr == ""


@pytest.mark.requirement("hook:place")
def test_hooks_that_are_switched_off_are_said(place: Place, tmp_path: Path) -> None:
    git(place.folder, "config", "core.hooksPath", "/dev/null")
    with pytest.raises(LocalFault, match="switched off"):
        place.install()
    with pytest.raises(InvalidInput, match="no git repository"):
        git_hook.place(tmp_path)


@pytest.mark.requirement("hook:place")
def test_a_linked_worktree_is_a_session_of_its_own(place: Place) -> None:
    place.install()
    place.take()
    side = place.shop.root / "side"
    git(place.folder, "worktree", "add", "-q", "-b", "other", str(side))
    git(place.folder, "switch", "-q", "main")
    git(side, "switch", "-q", BRANCH)
    (side / "a.txt").write_text("a")
    git(side, "add", "a.txt")
    done = git(side, "commit", "-qm", "a", is_fine=False)
    assert "in another place" in done.stderr
    git(side, "switch", "-q", "other")
    assert git(side, "commit", "-qm", "a").stderr == ""


@pytest.mark.requirement("hook:place")
def test_a_project_in_a_folder_of_its_repository_is_found(place: Place) -> None:
    inner = place.folder / "app"
    inner.mkdir()
    git(place.folder, "mv", ".panopticon.yaml", "app/.panopticon.yaml")
    git(place.folder, "commit", "-qm", "moved")
    place.folder = inner
    place.install()
    place.take()
    place.steal()
    assert "bob@example.com" in place.commit("a.txt").stderr


@pytest.mark.requirement("hook:offline")
def test_offline_commits_go_on_while_the_claim_counts(place: Place) -> None:
    place.install()
    place.take()
    place.shop.remote.rename(place.shop.root / "away.git")
    done = place.commit("a.txt")
    assert done.returncode == 0
    assert f"Nobody could be asked whether {BRANCH} is still yours" in done.stderr
    warned = hooks.before_commit(place.context(), "main", {})
    assert warned == []


@pytest.mark.requirement("hook:offline")
def test_offline_nothing_is_pushed_and_nothing_committed_after_the_end(place: Place) -> None:
    place.install()
    place.take(hours=0)
    other = place.shop.root / "other.git"
    git(place.shop.root, "clone", "-q", "--bare", str(place.shop.remote), str(other))
    place.shop.remote.rename(place.shop.root / "away.git")
    done = place.commit("a.txt")
    assert done.returncode != 0
    assert "git commit --no-verify" in done.stderr
    pushed = place.git("push", str(other), BRANCH)
    assert pushed.returncode != 0
    assert "git push --no-verify" in pushed.stderr
    assert git(other, "branch", "--list", BRANCH).stdout == ""


@pytest.mark.requirement("hook:silent")
def test_settings_that_are_wrong_stop_no_other_branch(place: Place) -> None:
    place.install()
    place.take()
    (place.folder / ".panopticon.yaml").write_text("arbiter: store:/elsewhere\n")
    done = place.commit("a.txt")
    assert (done.returncode, "/elsewhere decides claims" in done.stderr) == (0, True)
    place.git("stash", "-q")
    place.git("switch", "-q", "main")
    (place.folder / ".panopticon.yaml").write_text("arbiter: store:/elsewhere\n")
    assert place.commit("b.txt").stderr == ""


@pytest.mark.requirement("hook:gone")
def test_without_panopticon_a_story_is_not_pushed(place: Place) -> None:
    place.take()
    git_hook.install(git_hook.place(place.folder), "/nowhere/python", "")
    path = os.defpath
    done = place.commit("a.txt", PATH=path)
    assert (done.returncode, "not here any more" in done.stderr) == (0, True)
    pushed = place.git("push", "origin", BRANCH, PATH=path)
    assert pushed.returncode != 0
    assert "--no-verify" in pushed.stderr
    assert place.git("push", "-q", "origin", "main", PATH=path).returncode == 0


@pytest.mark.requirement("fence:asleep")
def test_a_hook_renews_what_ended_and_says_so(place: Place) -> None:
    place.install()
    place.take(hours=0.0001)
    place.shop.later(seconds=1)
    here = place.desk()
    here.ctx.now = place.shop.clock
    warned = hooks.before_commit(here.ctx, BRANCH, {})
    assert "is renewed until" in warned[0]


@pytest.mark.requirement("fence:command")
def test_the_commands_answer_people_and_programs(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place.folder)
    assert cli.run(["fence"]) == 0
    assert capsys.readouterr().out == ""
    place.take()
    assert cli.run(["fence"]) == 0
    assert "US1 is yours (fence 1) until" in capsys.readouterr().out
    assert cli.run(["fence", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["held"] is True
    assert cli.run(["hook", "status"]) == 0
    assert "pre-push" in capsys.readouterr().out
    assert cli.run(["hook", "install", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] == list(git_hook.NAMES)
    place.steal()
    assert cli.run(["fence", "json=true"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["reason"], told["holder"], told["fence"]) == ("fence", "bob@example.com", 2)
    assert cli.run(["push"]) == 3
    assert "bob@example.com" in capsys.readouterr().err


@pytest.mark.requirement("hook:claims")
def test_a_push_deletes_and_rewrites_no_claim(place: Place) -> None:
    place.install()
    place.take()

    def shown() -> str:
        words = ["for-each-ref", "--format=%(refname) %(objectname)", "refs/panopticon"]
        return git(place.shop.remote, *words).stdout

    first = shown()
    ref, sha = first.split()
    git(place.folder, "fetch", "-q", "origin", "+refs/panopticon/*:refs/panopticon/*")
    place.take(hours=4)  # the copy of this clone is old now
    before = shown()
    git(place.folder, "remote", "add", "--mirror=push", "copy", str(place.shop.remote))
    for words in (["--mirror", "origin"], ["copy"], ["origin", f":{ref}"], ["origin", f"+{ref}"]):
        pushed = place.git("push", *words)
        assert pushed.returncode != 0
        assert "delete or rewrite refs/panopticon/" in pushed.stderr
        assert "not with --mirror" in pushed.stderr
        assert before == shown() != first
    git(place.folder, "update-ref", "-d", ref, sha)
    place.git("switch", "-q", BRANCH)
    assert push(place.desk(), None, lambda _: None).is_exact  # the claim goes along, renewed
    assert shown() != before
    git(place.shop.root, "init", "-q", "--bare", "empty.git")
    assert place.git("push", "-q", "--mirror", str(place.shop.root / "empty.git")).returncode == 0
