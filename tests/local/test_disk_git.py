"""Repositories as they are: what is told of them, what is odd, what is hostile, commits."""

import shutil
from pathlib import Path

import pytest

from panopticon.errors import Conflict, LocalFault
from panopticon.local.disk import LocalDisk
from panopticon.local.git import call as git_call
from panopticon.local.run import run
from panopticon.model.disk import Author, Write
from tests.local.repository import Repo, made

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git installed")

SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return made(tmp_path / "app")


@pytest.mark.requirement("disk:git:about")
def test_a_repository_is_told(repo: Repo) -> None:
    repo.put("docs/a.md", "one")
    first = repo.save()
    head = repo.save()
    told = repo.open("docs").repository()
    assert told
    assert (told.name, told.inside, told.remote) == ("app", "docs", None)
    assert (told.root_commit, told.head, told.branch) == (first, head, "main")
    for url, shown, name in (
        ("https://ann:secret@example.com/team/web.git", "https://example.com/team/web.git", "web"),
        ("git@example.com:web-2", "git@example.com:web-2", "web-2"),
    ):
        repo.git("remote", "add", "origin", url)
        here = repo.open()
        told = here.repository()
        assert told == here.repository()
        assert told
        assert (told.name, told.remote, told.inside) == (name, shown, "")
        repo.git("remote", "remove", "origin")


@pytest.mark.requirement("disk:git:about")
def test_head_and_branch_are_told_anew(repo: Repo) -> None:
    here = repo.open()
    for branch in ("main", "side", "team/x"):
        if branch != "main":
            repo.git("checkout", "--quiet", "-b", branch)
        told = here.repository()
        assert told
        assert told.branch == branch
        head = repo.save()
        told = here.repository()
        assert told
        assert (told.head, told.branch) == (head, branch)


@pytest.mark.requirement("disk:git:about")
@pytest.mark.parametrize("at", [1_000, 3_000])
def test_the_first_commit_stays_the_same_when_a_foreign_history_is_merged(
    repo: Repo, at: int
) -> None:
    repo.put("a.md", "one")
    first = repo.save(at=2_000)
    repo.git("checkout", "--quiet", "--orphan", "foreign")
    repo.save(at=at)
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "foreign")
    told = repo.open().repository()
    assert told
    assert told.root_commit == first


@pytest.mark.requirement("disk:git:odd")
def test_a_folder_without_a_repository_has_no_past(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    for here in (LocalDisk().open(str(tmp_path)), LocalDisk().open(str(tmp_path / "missing"))):
        assert here.repository() is None
        assert here.pasts() == {}
        assert here.commits("a.md", 9) == []
        assert here.authors() == []
        assert here.commit(["a.md"], "Work") is None


@pytest.mark.requirement("disk:git:odd")
def test_without_git_a_repository_is_a_folder(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repo.put("a.md", "one")
    repo.save()
    monkeypatch.setenv("PATH", str(tmp_path))
    here = repo.open()
    assert here.repository() is None
    assert here.pasts() == {}
    assert here.commits("a.md", 9) == []
    assert (here.authors(), here.me()) == ([], None)
    repo.put("a.md", "two")
    with pytest.raises(LocalFault, match="`git` is not installed"):
        here.commit(["a.md"], "Work")
    with here.locked(0):
        pass
    assert not (repo.path / ".panopticon").exists()


@pytest.mark.requirement("disk:git:odd")
def test_before_the_first_commit_there_is_no_past(repo: Repo) -> None:
    repo.put("a.md", "one")
    told = repo.open().repository()
    assert told
    assert (told.root_commit, told.head, told.branch) == (None, None, "main")
    assert repo.open().pasts() == {}
    assert repo.open().commits("a.md", 9) == []
    sha = repo.open().commit(["a.md"], "First")
    assert sha == repo.git("rev-parse", "HEAD")


@pytest.mark.requirement("disk:git:odd")
def test_a_shallow_clone_does_not_name_a_first_commit(repo: Repo, tmp_path: Path) -> None:
    repo.put("a.md", "one")
    repo.save()
    repo.save()
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    here = LocalDisk().open(str(tmp_path / "shallow"))
    told = here.repository()
    assert told
    assert told.root_commit is None
    assert here.pasts()["a.md"].born == "a.md"


@pytest.mark.requirement("disk:git:odd")
def test_a_detached_head_has_no_branch(repo: Repo) -> None:
    repo.put("a.md", "one")
    repo.save()
    repo.git("checkout", "--quiet", "--detach")
    told = repo.open().repository()
    assert told
    assert (told.branch, bool(told.head)) == (None, True)
    assert set(repo.open().pasts()) == {"a.md"}


@pytest.mark.requirement("disk:git:odd")
def test_a_worktree_has_its_own_files_and_the_repositorys_name(repo: Repo, tmp_path: Path) -> None:
    repo.put("a.md", "one")
    first = repo.save()
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    side = LocalDisk().open(str(tmp_path / "side"))
    told = side.repository()
    assert told
    assert (told.name, told.root_commit, told.branch) == ("app", first, "side")
    (tmp_path / "side" / "a.md").write_text("two")
    assert side.pasts()["a.md"].is_dirty
    assert not repo.open().pasts()["a.md"].is_dirty


@pytest.mark.requirement("disk:lock")
def test_worktrees_share_the_lock_and_keep_a_journal_each(repo: Repo, tmp_path: Path) -> None:
    repo.put("docs/a.md", "one")
    repo.save()
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    main, docs = repo.open(), repo.open("docs")
    side = LocalDisk().open(str(tmp_path / "side"))
    for at, one in enumerate((main, docs, side)):
        one.put_journal(b"%d" % at)
    assert [one.journal() for one in (main, docs, side)] == [b"0", b"1", b"2"]
    for other in (docs, side):
        with main.locked(0), pytest.raises(Conflict), other.locked(0):
            pass
    assert repo.git("status", "--porcelain") == ""
    assert not (tmp_path / "side" / ".panopticon").exists()


@pytest.mark.requirement("disk:git:odd")
def test_a_submodule_is_a_repository_of_its_own(repo: Repo, tmp_path: Path) -> None:
    inner = made(tmp_path / "inner")
    inner.put("s.md", "one")
    first = inner.save()
    repo.put("a.md", "one")
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path))
    repo.save()
    repo.put("inner/s.md", "two")
    assert not any(past.is_dirty for past in repo.open().pasts().values())
    told = repo.open("inner").repository()
    assert told
    assert (told.root_commit, told.inside) == (first, "")
    assert repo.open("inner").pasts()["s.md"].is_dirty


@pytest.mark.requirement("disk:git:odd")
def test_a_repository_of_somebody_else_is_a_folder(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.put("a.md", "one")
    repo.save()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert repo.open().repository() is None
    assert repo.open().pasts() == {}
    assert repo.open().authors() == []


@pytest.mark.requirement("disk:git:hostile")
def test_reading_runs_nothing_that_a_repository_names(repo: Repo, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    trap = repo.put(".git/trap", f"#!/bin/sh\necho $0 $* >> {ran}\ncat\n")
    trap.chmod(0o755)
    repo.put("a.md", "one")
    repo.put(".gitattributes", "*.md filter=a=b diff=odd\n*.txt filter=slow\n")
    repo.put("b.txt", "one")
    repo.save()
    signed = repo.git("cat-file", "commit", "HEAD").replace("\n\n", f"\n{SIGNATURE}\n\n", 1)
    repo.put(".git/signed", f"{signed}\n")
    head = repo.git("hash-object", "-t", "commit", "-w", ".git/signed")
    repo.git("update-ref", "HEAD", head)
    for name in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "gpg.program"),
        *("diff.external", "diff.odd.textconv", "diff.odd.command", "credential.helper"),
        *("filter.a=b.clean", "filter.slow.process", "core.alternateRefsCommand"),
    ):
        file = repo.path / ".git" / "config"
        section, _, key = name.partition(".")
        inner, _, key = key.rpartition(".")
        head = f'[{section} "{inner}"]' if inner else f"[{section}]"
        file.write_text(f"{file.read_text()}{head}\n\t{key} = {trap}\n")
    config = repo.path / ".git" / "config"
    config.write_text(f"{config.read_text()}[log]\n\tshowSignature = true\n")
    for hook in ("post-index-change", "reference-transaction", "pre-commit", "post-checkout"):
        shutil.copy(trap, repo.path / ".git" / "hooks" / hook)
    # As long as before, so that git has to look at the contents, and through the filters.
    repo.put("a.md", "two")
    repo.put("b.txt", "two")
    here = repo.open()
    assert here.repository()
    assert here.pasts()["a.md"].is_dirty
    assert here.commits("a.md", 9)
    assert here.authors()
    assert here.me()
    assert not ran.exists(), ran.read_text()
    repo.git("status", "--porcelain")
    repo.git("log", "--format=%H")
    told = ran.read_text()  # the traps are real
    assert all(word in told for word in ("trap 2", "trap\n", "post-index-change", "--verify")), told


@pytest.mark.requirement("disk:git:elsewhere")
def test_a_hooks_environment_leads_nowhere_else(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = made(tmp_path / "other")
    other.put("b.md", "one")
    other.save()
    repo.put("a.md", "one")
    head = repo.save()
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    told = repo.open().repository()
    assert told
    assert (told.head, told.name) == (head, "app")
    assert set(repo.open().pasts()) == {"a.md"}


@pytest.mark.requirement("disk:git:people")
def test_who_commits_here_is_told(repo: Repo) -> None:
    for name in ("Bob", "Ann", "Ann"):
        repo.save(name=name)
    here = repo.open()
    assert here.authors() == [Author("Ann", "ann@example.com"), Author("Bob", "bob@example.com")]
    assert here.me() == Author("Ann", "ann@example.com")
    repo.git("config", "--unset", "user.email")
    assert here.me() is None


@pytest.mark.requirement("disk:git:commit")
def test_a_commit_holds_the_files_asked_for_alone(repo: Repo) -> None:
    for name in ("a", "b", "c", "c*"):
        repo.put(f"docs/{name}.md", "one")
    repo.save()
    repo.put("docs/b.md", "staged by hand")
    repo.git("add", "docs/b.md")
    repo.put("docs/c.md", "not staged")
    repo.put("docs/new/ü xx.md", "what a pattern would take as well")
    here = repo.open("docs")
    here.write(
        [
            Write("a.md", b"one", b"two"),
            Write("c*.md", b"one", None),
            Write("new/ü [x]*.md", None, b"three"),
        ]
    )
    sha = here.commit(["a.md", "c*.md", "new/ü [x]*.md", "same.md"], "stories 1.2: status done")
    assert sha == repo.git("rev-parse", "HEAD")
    shown = repo.git("-c", "core.quotepath=off", "show", "--name-status", "--format=%s|%an", "HEAD")
    assert shown.splitlines() == [
        "stories 1.2: status done|Ann",
        "",
        "M\tdocs/a.md",
        "D\tdocs/c*.md",
        "A\tdocs/new/ü [x]*.md",
    ]
    assert repo.git("status", "--porcelain").splitlines() == [
        "M  docs/b.md",
        " M docs/c.md",
        '?? "docs/new/\\303\\274 xx.md"',
    ]
    assert here.commit(["a.md"], "again") is None


@pytest.mark.requirement("disk:git:uncommitted")
def test_which_files_differ_from_the_last_commit_is_told(repo: Repo) -> None:
    names = ["same", "changed", "staged", "gone"]
    for name in names:
        repo.put(f"docs/{name}.md", "one")
    repo.put("docs/.gitignore", "ignored.md\n")
    repo.save()
    repo.put("docs/changed.md", "two")
    repo.put("docs/staged.md", "two")
    repo.git("add", "docs/staged.md")
    repo.put("docs/staged.md", "one")
    (repo.path / "docs/gone.md").unlink()
    repo.put("docs/fresh/new.md", "one")
    repo.put("docs/ignored.md", "one")
    here = repo.open("docs")
    asked = [*(f"{name}.md" for name in names), "fresh/new.md", "ignored.md", "no.md"]
    assert sorted(here.uncommitted(asked)) == ["changed.md", "fresh/new.md", "gone.md", "staged.md"]
    assert here.uncommitted([]) == []
    repo.put(".git/config", "[nonsense")
    with pytest.raises(LocalFault, match="does not answer"):
        here.uncommitted(asked)


@pytest.mark.requirement("disk:git:commit")
def test_what_git_ignores_is_not_committed(repo: Repo) -> None:
    repo.put(".gitignore", "_bmad-output/\n")
    repo.save()
    repo.put("_bmad-output/1.1.md", "one")
    for path in ("_bmad-output/1.1.md", "_bmad-output/gone.md"):
        with pytest.raises(LocalFault, match=f"ignores {path}") as caught:
            repo.open().commit([path], "Work")
        assert "gitignore" in caught.value.hint
    repo.put("a.md", "one")
    assert repo.open().commit(["a.md", "_bmad-output/1.1.md"], "Work")
    assert repo.open().commit(["a.md"], "Work") is None


@pytest.mark.requirement("disk:git:commit")
def test_a_commit_runs_the_teams_hooks(repo: Repo) -> None:
    hook = repo.put(".git/hooks/commit-msg", '#!/bin/sh\necho "Checked: yes" >> "$1"\n')
    hook.chmod(0o755)
    repo.put("a.md", "one")
    assert repo.open().commit(["a.md"], "Work")
    assert "Checked: yes" in repo.git("log", "-1", "--format=%B")


@pytest.mark.requirement("disk:git:refused")
def test_a_refusing_hook_is_told_in_its_words(repo: Repo) -> None:
    repo.put("a.md", "one")
    repo.save()
    hook = repo.put(".git/hooks/pre-commit", "#!/bin/sh\necho stories need a review >&2\nexit 1\n")
    hook.chmod(0o755)
    repo.put("a.md", "two")
    repo.put("new.md", "three")
    with pytest.raises(LocalFault, match="stories need a review") as caught:
        repo.open().commit(["a.md", "new.md"], "Work")
    assert caught.value.hint
    assert (repo.path / "a.md").read_text() == "two"
    assert repo.git("status", "--porcelain").splitlines() == ["M a.md", "?? new.md"]


@pytest.mark.requirement("disk:git:refused")
def test_a_hook_that_never_ends_leaves_nothing_staged(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_call, "_HOOKS_SECONDS", 1.0)
    repo.put("a.md", "one")
    repo.save()
    hook = repo.put(".git/hooks/pre-commit", "#!/bin/sh\nexec sleep 5\n")
    hook.chmod(0o755)
    repo.put("new.md", "two")
    with pytest.raises(LocalFault, match="did not answer"):
        repo.open().commit(["new.md"], "Work")
    assert repo.git("status", "--porcelain") == "?? new.md"


@pytest.mark.requirement("disk:git:commit")
def test_what_a_link_leads_to_is_committed(repo: Repo) -> None:
    repo.put("real.md", "one")
    (repo.path / "link.md").symlink_to("real.md")
    repo.save()
    here = repo.open()
    here.write([Write("link.md", b"one", b"two")])
    assert here.commit(["link.md"], "Work")
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.requirement("disk:git:hangs")
def test_a_program_that_hangs_is_asked_to_end(tmp_path: Path) -> None:
    script = f"trap 'touch {tmp_path}/tidy; exit' TERM; sleep 5 & wait"
    with pytest.raises(LocalFault, match=r"did not answer in 0\.3 s"):
        run(["sh", "-c", script], tmp_path, 0.3)
    assert (tmp_path / "tidy").exists()
    with pytest.raises(LocalFault, match="not installed"):
        run(["no-such-program"], tmp_path)
    assert run(["cat"], feed=b"fed").out == "fed"


@pytest.mark.requirement("disk:git:refused")
def test_nothing_is_committed_into_a_merge_or_rebase_under_way(repo: Repo) -> None:
    repo.put("a.md", "one")
    repo.save()
    repo.put("a.md", "two")
    for name, what in (("MERGE_HEAD", "merge"), ("rebase-merge/x", "rebase")):
        repo.put(f".git/{name}", "")
        with pytest.raises(LocalFault, match=what):
            repo.open().commit(["a.md"], "Work")
        (repo.path / ".git" / name).unlink()
    assert repo.git("rev-list", "--count", "HEAD") == "1"


@pytest.mark.requirement("disk:git:refused")
def test_somebody_without_a_name_is_told_to_give_one(repo: Repo) -> None:
    repo.git("config", "--unset", "user.email")
    repo.git("config", "user.useConfigOnly", "true")
    repo.put("a.md", "one")
    with pytest.raises(LocalFault, match=r"user\.email"):
        repo.open().commit(["a.md"], "Work")
