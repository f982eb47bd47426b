"""`pan doctor` says what is wrong and how to mend it, and what is well."""

import os
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import cast

import pytest

from panopticon.config import Config, Source
from panopticon.local.disk import LocalDisk
from panopticon.services import doctor
from panopticon.services.doctor import Finding, Verdict
from panopticon.trackers.base import Check, Tracker
from tests.services.asked import Answering, Asked, settings
from tests.services.pair import Pair, file, us
from tests.services.room import Room


def config(tmp_path: Path, **environ: str) -> Config:
    found = settings(tmp_path / "home", tmp_path / "project", environ)
    return replace(found, port=0)


def examined(found: Config, asked: Asked | None = None) -> dict[str, list[Finding]]:
    by_name: dict[str, list[Finding]] = {}
    for finding in doctor.examine(lambda: (asked or Asked()).context(found)):
        by_name.setdefault(finding.name, []).append(finding)
    return by_name


@pytest.mark.requirement("setup:doctor:well")
def test_a_good_connection_is_told(tmp_path: Path) -> None:
    found = examined(config(tmp_path, RALLY_API_KEY="_good"))
    (answer,) = found["tracker rally"]
    assert answer.verdict is Verdict.OK
    assert "ann@example.com" in answer.text
    assert found["store"][0].verdict is Verdict.OK
    assert "pan sync" in found["sync rally"][0].hint
    assert not doctor.is_broken([one for some in found.values() for one in some])


@pytest.mark.requirement("setup:doctor:twins")
def test_what_is_not_joined_though_a_key_says_so_is_told(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.put(us("US1"), us("US2"), file("1.1", twin_key="US1"))
    assert [one for one in doctor.look_around(pair.ctx) if one.name == "twins"] == []
    pair.put(*(file(f"1.{number}", twin_key="US1") for number in (2, 3)))
    (told,) = [one for one in doctor.look_around(pair.ctx) if one.name == "twins"]
    assert told.verdict is Verdict.WARNING
    assert told.text == (
        "stories:1.1 and stories:1.2 and stories:1.3 all carry the key of rally:US1: not joined."
    )
    assert "pan sync" in told.hint
    pair.put(*(file(f"{epic}.{n}", twin_key=f"{epic}") for epic in range(10, 40) for n in (1, 2)))
    pair.put(*(us(str(epic)) for epic in range(10, 40)))
    texts = [one.text for one in doctor.look_around(pair.ctx) if one.name == "twins"]
    assert (len(texts), texts[-1]) == (21, "11 more are not joined.")


@pytest.mark.requirement("setup:doctor:nothing")
def test_nothing_configured_is_a_hint_not_a_fault(tmp_path: Path) -> None:
    found = examined(config(tmp_path))
    assert "pan init" in found["settings"][0].hint
    assert not doctor.is_broken([one for some in found.values() for one in some])


@pytest.mark.requirement("setup:doctor:key")
@pytest.mark.parametrize(("key", "word"), [("_bad", "not valid"), ("", "RALLY_API_KEY")])
def test_a_missing_or_wrong_key_is_broken(tmp_path: Path, key: str, word: str) -> None:
    found = examined(config(tmp_path, RALLY_API_KEY=key, RALLY_WORKSPACE="100"))
    (answer,) = found["tracker rally-100"]
    assert answer.verdict is Verdict.BROKEN
    assert word in answer.text
    assert answer.hint
    assert "_bad" not in str(answer)


@pytest.mark.requirement("setup:doctor:key")
def test_a_missing_workspace_is_broken(tmp_path: Path) -> None:
    found = examined(config(tmp_path, RALLY_API_KEY="_good", RALLY_WORKSPACE="777"))
    (answer,) = found["tracker rally-777"]
    assert answer.verdict is Verdict.BROKEN
    assert "777" in answer.text


@pytest.mark.requirement("setup:doctor:permission")
def test_a_read_only_key_is_a_warning(tmp_path: Path) -> None:
    asked = Asked(can_write=False, warnings=("c_LockedBy is missing on stories",))
    texts = [
        one.text
        for one in examined(config(tmp_path, RALLY_API_KEY="_good"), asked)["tracker rally"]
    ]
    assert any("not write" in text for text in texts)
    assert "c_LockedBy is missing on stories" in texts


@pytest.mark.requirement("setup:doctor:clock")
@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (timedelta(hours=1), "60 min behind"),
        (timedelta(hours=-1), "60 min ahead of"),
        (timedelta(seconds=3), ""),
    ],
)
def test_a_clock_that_is_off_is_told(tmp_path: Path, clock: timedelta, words: str) -> None:
    found = examined(config(tmp_path, RALLY_API_KEY="_good"), Asked(clock=clock))
    told = [one.text for one in found["tracker rally"] if "clock" in one.text]
    assert (words in told[0]) if words else told == []


@pytest.mark.requirement("setup:doctor:secrets")
def test_a_readable_key_file_is_a_warning(tmp_path: Path) -> None:
    env = tmp_path / "home/.panopticon.env"
    env.parent.mkdir()
    env.write_text("RALLY_API_KEY=_good\n")
    env.chmod(0o644)
    (told,) = examined(config(tmp_path))["secrets"]
    assert told.verdict is Verdict.WARNING
    assert f"chmod 600 {env}" in told.hint
    env.chmod(0o600)
    assert examined(config(tmp_path))["secrets"][0].verdict is Verdict.OK


@pytest.mark.requirement("setup:doctor:settings")
def test_settings_that_cannot_be_read_are_the_finding(tmp_path: Path) -> None:
    path = tmp_path / "home/.panopticon/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[trackers.rally]\nworkspce = 1\n")
    found = doctor.examine(lambda: Asked().context(config(tmp_path)))
    assert found[-1].verdict is Verdict.BROKEN
    assert "workspce" in found[-1].text
    assert "workspace" in found[-1].hint


@pytest.mark.requirement("setup:doctor:store")
def test_a_foreign_database_is_broken(tmp_path: Path) -> None:
    found = config(tmp_path, RALLY_API_KEY="_good")
    found.home.mkdir(parents=True)
    found.database.write_bytes(b"this is no database at all" * 100)
    (store,) = examined(found)["store"]
    assert store.verdict is Verdict.BROKEN
    assert str(found.database) in store.text + store.hint


@pytest.mark.requirement("setup:doctor:store")
def test_a_home_that_cannot_be_written_is_broken(tmp_path: Path) -> None:
    found = config(tmp_path, RALLY_API_KEY="_good")
    found.home.parent.mkdir(parents=True, exist_ok=True)
    found.home.write_text("a file in its place")
    (store,) = examined(found)["store"]
    assert store.verdict is Verdict.BROKEN
    assert store.hint


@pytest.mark.requirement("setup:doctor:notes")
def test_what_is_hidden_is_told(tmp_path: Path) -> None:
    projects = tmp_path / "home/.panopticon/projects.yaml"
    projects.parent.mkdir(parents=True)
    projects.write_text("projects: {a: {rally_workspace: 100, rally_project: 11}}\n")
    found = examined(config(tmp_path, RALLY_API_KEY="_good", RALLY_PROJECT="12"))
    assert any("11" in one.text for one in found["settings"])


@pytest.mark.requirement("setup:doctor:bounded")
def test_a_tracker_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "home/.panopticon/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "[trackers.quick]\ntype = 'rally'\nworkspace = '100'\n"
        "[trackers.stuck]\ntype = 'rally'\nworkspace = '200'\n"
    )
    going_on = Event()

    class Waiting(Answering):
        def check(self) -> Check:
            if self.source.name == "stuck":
                going_on.wait(30)
            return super().check()

    class Slow(Asked):
        def open(self, source: Source) -> Tracker:
            return cast("Tracker", Waiting(self, source))

    ctx = Slow().context(config(tmp_path, RALLY_API_KEY="_good"))
    try:
        found = {one.name: one for one in doctor.look_around(ctx, timedelta(seconds=0.5))}
    finally:
        going_on.set()
    assert found["tracker quick"].verdict is Verdict.OK
    assert found["tracker stuck"].verdict is Verdict.BROKEN
    assert "No answer within" in found["tracker stuck"].text
    assert ctx.names == ("quick", "stuck")


@pytest.mark.requirement("setup:doctor:unused-key")
def test_a_key_that_no_source_uses_is_named(tmp_path: Path) -> None:
    toml = "[trackers.rally]\nworkspace = '100'\n[trackers.eu]\ntype = 'rally'\nenabled = false\n"
    toml += "api_key_env = 'EU_API_KEY'\n"
    env = "RALLY_API_KEY=_good\nEU_API_KEY=_eu\nOLD_API_KEY=_old-word\nEDITOR=vi\n"
    found = examined(Room(tmp_path).says(toml, env).config())
    texts = [one.text for one in found["secrets"] if "No source uses" in one.text]
    assert len(texts) == 1
    assert "OLD_API_KEY" in texts[0]
    assert "_old-word" not in str(found)


def stories(tmp_path: Path, *folders: Path | str, more: str = "") -> Config:
    text = f"[trackers.stories]\ntype = 'markdown'\nfolders = {[str(one) for one in folders]}\n"
    return replace(Room(tmp_path).says(text + more).config(), port=0)


def local(found: Config, **more: object) -> tuple[list[Finding], list[str]]:
    """Give what is said of story files, and the sources that were opened."""
    asked = Asked(key="", **more)  # type: ignore[arg-type]
    told = examined(found, asked)
    assert "secrets" not in told
    return told["tracker stories"], [source.name for source in asked.sources]


@pytest.mark.requirement("setup:doctor:folders")
def test_folders_that_are_well_are_told(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (answer,), opened = local(stories(tmp_path, tmp_path / "app"))
    assert (answer.verdict, opened) == (Verdict.OK, ["stories"])
    assert "3 items" in answer.text


@pytest.mark.requirement("setup:doctor:folders")
@pytest.mark.parametrize("there", ["nothing", "file"])
def test_a_folder_that_is_gone_is_broken_and_the_others_are_looked_at(
    tmp_path: Path, there: str
) -> None:
    (tmp_path / "app").mkdir()
    gone = tmp_path / "gone"
    if there == "file":
        gone.write_text("x")
    (answer,), opened = local(stories(tmp_path, gone, tmp_path / "app"))
    assert (answer.verdict, opened) == (Verdict.BROKEN, [])
    assert str(gone) in answer.text
    assert "[trackers.stories]" in answer.hint


@pytest.mark.requirement("setup:doctor:folders")
def test_commits_without_git_are_a_warning(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    found = stories(tmp_path, app, more="commit = true\n")
    assert "no git repository" in local(found)[0][1].text
    subprocess.run(["git", "init", "-q", str(app)], check=True)
    assert [one.verdict for one in local(found)[0]] == [Verdict.OK]


@pytest.mark.requirement("setup:doctor:folders")
def test_a_folder_that_is_not_writable_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, may = tmp_path / "app", os.access
    app.mkdir()

    def access(path: Path, mode: int) -> bool:  # root, whom tests may run as, writes anywhere
        return may(path, mode) and (path, mode) != (app, os.W_OK)

    monkeypatch.setattr(os, "access", access)
    first, second = local(stories(tmp_path, tmp_path / "app"))[0]
    assert (first.verdict, second.verdict) == (Verdict.OK, Verdict.WARNING)
    assert "read but not written" in second.text


@pytest.mark.requirement("setup:doctor:journal")
def test_a_change_that_was_interrupted_is_told(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    LocalDisk().open(str(tmp_path / "app")).put_journal(b"{}")
    found = local(stories(tmp_path, tmp_path / "app"))[0]
    assert found[-1].verdict is Verdict.WARNING
    assert "interrupted" in found[-1].text
    assert "pan sync" in found[-1].hint


@pytest.mark.requirement("setup:doctor:problems")
def test_problems_of_files_are_told_one_by_one_with_one_hint(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    problems = tuple(f"docs/stories/1.{n}.md:3: unknown status" for n in range(20))
    warnings = (*problems, "31 problems in all, 20 shown.")
    _, *told = local(stories(tmp_path, tmp_path / "app"), warnings=warnings)[0]
    assert tuple(one.text for one in told) == warnings
    assert {one.hint for one in told[:-1]} == {""}
    assert told[-1].hint == "See docs/stories.md."
