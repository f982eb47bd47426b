"""Real story files in a real repository beside a real server: a `pan up`, a browser, an editor."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from panopticon.sandbox.serve import Options, Running, start
from tests.browser.acting import card, drag, say
from tests.browser.connecting import SLOW, Desk, desk

pytestmark = pytest.mark.browser
STORY = """# Story {key}: {title}

Status: {status}

## Story

**As a** guest,
**I want** it,
**so that** I can go on.

## Acceptance Criteria

1. It works.

## Tasks / Subtasks

- [x] Draw it (AC: 1)
  - [ ] On paper\x20\x20
- [~] Build it
- [ ] Test it

## Dev Agent Record

### File List
"""
SPRINT = """# The sprint of the app\x20
tracking_system: file-system
story_location: _bmad-output/implementation-artifacts

development_status:
  epic-1: in-progress   # since Monday
  1-1-open-the-door: in-progress
  1-2-close-the-door: ready-for-dev
  epic-1-retrospective: optional
"""
EPICS = """# Epics

## Epic 1: Doors

### Story 1.1: Open the door

### Story 1.2: Close the door
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options(stories=6, seed=3)) as sandbox:
        yield sandbox


class App:
    """A repository with BMAD's files in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        made = root / "_bmad-output/implementation-artifacts"
        made.mkdir(parents=True)
        (root / "_bmad-output/planning-artifacts").mkdir()
        (root / "_bmad/bmm").mkdir(parents=True)
        (root / "_bmad/bmm/config.yaml").write_text(
            "planning_artifacts: '{project-root}/_bmad-output/planning-artifacts'\n"
            "implementation_artifacts: '{project-root}/_bmad-output/implementation-artifacts'\n"
        )
        (root / "_bmad-output/planning-artifacts/epics.md").write_text(EPICS)
        self.sprint = made / "sprint-status.yaml"
        self.open = made / "1-1-open-the-door.md"
        self.close = made / "1-2-close-the-door.md"
        self.sprint.write_text(SPRINT)
        self.open.write_text(STORY.format(key="1.1", title="Open the door", status="in-progress"))
        self.close.write_text(
            STORY.format(key="1.2", title="Close the door", status="ready-for-dev")
        )
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "first")

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
        run = subprocess.run(
            ["git", *who, *words], cwd=self.root, check=True, capture_output=True, text=True
        )
        return run.stdout

    def changed(self) -> list[str]:
        """Give the lines that differ from the first commit."""
        text = self.git("diff", "-U0", "HEAD")
        return [line for line in text.splitlines() if re.match(r"[-+](?![-+])", line)]


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(tmp_path / "work/app")


@pytest.fixture
def board(tmp_path: Path, chromium: Browser, box: Running, app: App) -> Iterator[Desk]:
    """Open the board of a server and of the repository's files."""
    facts = box.as_json()["rally"]
    home = tmp_path / "home"
    (home / ".panopticon").mkdir(parents=True)
    (home / ".panopticon/config.toml").write_text(
        f'[trackers.stories]\ntype = "markdown"\nfolders = ["{app.root}"]\n'
        f'[trackers.rally]\ntype = "rally"\nserver = "{facts["url"]}"\n'
        f'workspace = "/workspace/{facts["workspace"]["oid"]}"\n'
        f'projects = ["/project/{facts["project"]["oid"]}"]\n'
    )
    words = {
        "PAN_POLL_SECONDS": "1",
        "RALLY_API_KEY": facts["api_key"],
        "PAN_ME": "ann@example.com",
    }
    with desk(home, chromium, words) as opened:
        expect(card(opened.page, "stories:1.1", "In progress")).to_be_visible(timeout=SLOW)
        expect(opened.page.locator('[data-ref^="rally:"]').first).to_be_visible(timeout=SLOW)
        yield opened


@pytest.mark.requirement("web:stories:by-hand")
def test_a_file_edited_by_hand_moves_its_card(board: Desk, app: App) -> None:
    expect(card(board.page, "stories:1.2", "Planning")).to_be_visible()
    app.close.write_text(app.close.read_text().replace("ready-for-dev", "review"))
    expect(card(board.page, "stories:1.2", "In review")).to_be_visible(timeout=SLOW)
    app.open.write_text(app.open.read_text().replace("Open the door", "Open the gate"))
    expect(card(board.page, "stories:1.1")).to_contain_text("Open the gate", timeout=SLOW)


@pytest.mark.requirement("web:stories:drag")
def test_a_drag_writes_the_file_and_sprint_status(board: Desk, app: App) -> None:
    drag(board.page, "stories:1.2", "In progress")
    say(board.page, "1.2 moved to In progress in stories")
    assert sorted(app.changed()) == [
        "+  1-2-close-the-door: in-progress",
        "+Status: in-progress",
        "-  1-2-close-the-door: ready-for-dev",
        "-Status: ready-for-dev",
    ]
    board.page.keyboard.press("u")
    expect(card(board.page, "stories:1.2", "Planning")).to_be_visible()
    say(board.page, "1.2 is back in Planning")
    assert app.changed() == []


@pytest.mark.requirement("web:stories:take")
def test_a_story_file_is_taken_and_given_back(board: Desk, app: App) -> None:
    before = app.close.read_bytes()
    card(board.page, "stories:1.2").get_by_role("button", name="Take 1.2").click()
    say(board.page, "1.2 is yours and in progress")
    assert "ann@example.com" in app.close.read_text()
    assert "Status: in-progress" in app.close.read_text()
    assert "1-2-close-the-door: in-progress" in app.sprint.read_text()
    board.page.keyboard.press("u")
    say(board.page, "1.2 is free and back in Planning")
    assert "ann@example.com" not in app.close.read_text()
    assert "Status: ready-for-dev" in app.close.read_text()
    assert app.sprint.read_text() == SPRINT
    assert len(app.close.read_bytes()) - len(before) < len("\n\n**Assignee:** ")


@pytest.mark.requirement("web:stories:create")
def test_a_story_made_on_the_board_is_a_file(board: Desk, app: App) -> None:
    page = board.page
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New item")
    dialog.get_by_role("combobox", name="Tracker").select_option("stories")
    expect(dialog.get_by_role("combobox", name="Kind").get_by_role("option")).to_have_count(2)
    dialog.get_by_role("combobox", name="Kind").select_option(label="Story")
    dialog.get_by_label("Title").fill("Paint the door")
    dialog.get_by_text("More fields").click()
    dialog.get_by_role("textbox", name="Epic", exact=True).fill("epic-1")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(card(page, "stories:1.3")).to_contain_text("Paint the door")
    [made] = app.close.parent.glob("1-3-*.md")
    assert made.read_text().startswith("# Story 1.3: Paint the door\n")
    assert "1-3-paint-the-door:" in app.sprint.read_text()


@pytest.mark.requirement("web:stories:tick")
def test_a_tick_changes_one_byte(board: Desk, app: App) -> None:
    before = app.open.read_bytes()
    page = board.other("/item?ref=stories:1.1")
    tasks = page.get_by_role("complementary", name="Open the door").get_by_role(
        "region", name="Tasks"
    )
    expect(tasks).to_contain_text("half done")
    tasks.get_by_role("checkbox", name="On paper").click()
    say(page, "1.1: “On paper” done in stories")
    after = app.open.read_bytes()
    assert len(after) == len(before)
    differ = [(b, a) for b, a in zip(before, after, strict=True) if b != a]
    assert differ == [(ord(" "), ord("x"))]
    assert b"  - [x] On paper  \n" in after
    tasks.get_by_role("checkbox", name="Build it").click()
    say(page, "1.1: “Build it” done in stories")
    assert b"- [x] Build it\n" in app.open.read_bytes()
    page.keyboard.press("u")
    say(page, "1.1: “Build it” open again in stories")
    page.keyboard.press("u")
    say(page, "1.1: “On paper” open again in stories")
    assert app.open.read_bytes() == before


@pytest.mark.requirement("web:stories:down")
def test_one_source_that_fails_leaves_the_other(board: Desk, box: Running, app: App) -> None:
    sources = board.page.get_by_role("list", name="Sources")
    httpx2.post(f"{box.admin}/faults", json={"error_rate": 1.0})
    try:
        failed = sources.get_by_role("listitem").filter(has_text="rally")
        expect(failed).to_contain_text(re.compile("failed|waits"), timeout=3 * SLOW)
        expect(board.page.locator('[data-ref^="rally:"]').first).to_be_visible()
        app.close.write_text(app.close.read_text().replace("ready-for-dev", "review"))
        expect(card(board.page, "stories:1.2", "In review")).to_be_visible(timeout=SLOW)
    finally:
        httpx2.post(f"{box.admin}/faults", json={})
    shutil.move(app.root, app.root.with_name("gone"))
    mine = sources.get_by_role("listitem").filter(has_text="stories")
    expect(mine).to_contain_text(re.compile("failed|waits"), timeout=3 * SLOW)
    expect(card(board.page, "stories:1.2", "In review")).to_be_visible()
