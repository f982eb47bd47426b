"""A person uses the story files of a repository, in the page alone: a real `pan up`, a real git."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from panopticon.sandbox.serve import Options, Running, start
from tests.browser.connecting import SLOW, Desk, desk
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser
USE = "Use BMAD story files of a repository…"
STORY = "# Story {0}: {1}\n\n## Status\n{2}\n\n## Story\nAs a guest I want it.\n"


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options(stories=8, seed=3)) as sandbox:
        yield sandbox


@pytest.fixture
def board(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    with desk(tmp_path, chromium, {"PAN_POLL_SECONDS": "2"}) as opened:
        yield opened


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return repository(tmp_path / "work/app")


def repository(root: Path, *, broken: int = 0) -> Path:
    """Make one with two stories and an epic, and with stories whose status nobody knows."""
    stories = root / "docs/stories"
    stories.mkdir(parents=True)
    (stories / "1.1.open.md").write_text(STORY.format("1.1", "Open the door", "In Progress"))
    (stories / "1.2.close.md").write_text(STORY.format("1.2", "Close the door", "Draft"))
    (root / "docs/epics.md").write_text("# Epics\n\n## Epic 1: Doors\n")
    (root / "README.md").write_text(f"# {root.name}\n")  # equal ones would be one repository
    for number in range(broken):
        text = STORY.format(f"2.{number + 1}", f"Odd {number}", f"Whatever {number}")
        (stories / f"2.{number + 1}.odd.md").write_text(text)
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root


def form(board: Desk) -> Locator:
    return board.page.get_by_role("form", name="Connect BMAD story files")


def folder(board: Desk, name: str = "Folder") -> Locator:
    return board.page.get_by_label(name, exact=True)


def begin(board: Desk, text: str) -> None:
    """Fill the form in."""
    board.go("/settings")
    board.button(USE).click()
    folder(board).fill(text)


def connected(board: Desk, text: str) -> Locator:
    """Connect as a person would; gives what stands on the page of it."""
    begin(board, text)
    board.button("Test and save").click()
    card = board.page.get_by_role("article", name="stories", exact=True)
    expect(card).to_be_visible(timeout=SLOW)
    return card


@pytest.mark.requirement("browser:stories:empty")
def test_an_empty_board_offers_every_type(board: Desk) -> None:
    board.go("/")
    for name in ("Connect Rally…", USE):
        expect(board.button(name)).to_be_visible()
    board.button(USE).click()
    expect(form(board)).to_be_visible()
    expect(folder(board)).to_be_focused()
    board.button("Cancel").click()
    expect(board.button(USE)).to_be_focused()
    expect(board.button("Connect Rally…")).to_be_visible()


@pytest.mark.requirement("browser:stories:look")
def test_a_look_lists_what_is_there(board: Desk, app: Path) -> None:
    begin(board, "~/work/app")
    board.button("Look").click()
    told = form(board).get_by_role("status").filter(has_text="Found in")
    expect(told).to_contain_text(str(app))
    expect(told).to_contain_text("BMAD v4 in docs/stories: 2 story files, 1 epic")
    folder(board).fill("~/work")
    expect(told).to_have_count(0)
    board.button("Another folder").click()
    expect(folder(board, "Folder 2")).to_be_focused()
    folder(board, "Folder 2").fill(str(app))
    board.button("Look into folder 2").click()
    expect(told).to_contain_text(str(app))
    board.button("Leave folder 1 out").click()
    expect(folder(board)).to_have_value(str(app))


@pytest.mark.requirement("browser:stories:refused")
def test_what_is_wrong_with_a_folder_is_said_beside_it(board: Desk, app: Path) -> None:
    (app.parent / "bare").mkdir()
    (app.parent / "bare/README.md").write_text("# Nothing\n")
    begin(board, "")
    board.page.get_by_label("Name").fill("ours")
    cases = {
        "": "The folder is missing",
        "work/app": "is a relative path.*Write the whole path.*/work/app",
        "~/work/gone": "There is no folder ~/work/gone.*holds no folder 'gone'",
        "~/work/app/docs/epics.md": "is a file, not a folder.*Name the folder",
        "~/work/bare": "no BMAD story files in ~/work/bare.*Looked for.*sprint-status.yaml",
        "/": "holds too much",
    }
    for text, reason in cases.items():
        for name in ("Test", "Test and save"):
            folder(board).fill(text)
            board.button(name).click()
            expect(folder(board)).to_have_accessible_description(re.compile(reason))
            expect(folder(board)).to_have_attribute("aria-invalid", "true")
            expect(folder(board)).to_be_focused()
            expect(folder(board)).to_have_value(text)
        if text:
            board.button("Look").click()
            expect(form(board).get_by_role("alert").last).to_contain_text(re.compile(reason))
    expect(board.page.get_by_label("Name")).to_have_value("ours")
    assert not (board.home / ".panopticon/config.toml").exists()


@pytest.mark.requirement("browser:stories:draft")
def test_a_half_filled_form_outlives_a_reload(board: Desk) -> None:
    begin(board, "~/work/app")
    board.button("Another folder").click()
    folder(board, "Folder 2").fill("~/work/web")
    board.page.get_by_label("Commit every change").check()
    board.page.get_by_label("Name").fill("ours")
    board.page.reload()
    expect(folder(board, "Folder 1")).to_have_value("~/work/app")
    expect(folder(board, "Folder 2")).to_have_value("~/work/web")
    expect(board.page.get_by_label("Commit every change")).to_be_checked()
    expect(board.page.get_by_label("Name")).to_have_value("ours")
    board.button("Cancel").click()
    board.page.reload()
    expect(board.button(USE)).to_be_visible()


@pytest.mark.requirement("browser:stories:connect")
def test_from_nothing_to_cards_of_story_files(board: Desk, app: Path) -> None:
    board.go("/")
    board.button(USE).click()
    folder(board).fill("~/work/app")
    board.page.get_by_label("Commit every change").check()
    board.button("Test and save").click()
    card = board.page.get_by_role("article", name="stories")
    expect(card).to_be_visible(timeout=SLOW)
    expect(card).to_contain_text("~/work/app")
    expect(card).to_contain_text("Commit every changeyes")
    expect(card.get_by_text("Key")).to_have_count(0)
    assert (board.home / ".panopticon/config.toml").read_text().count("~/work/app") == 1
    assert not (board.home / ".panopticon.env").exists()
    board.page.get_by_role("link", name="Board", exact=True).first.click()
    doing = board.page.get_by_role("region", name="In progress")
    expect(doing.get_by_text("Open the door")).to_be_visible(timeout=SLOW)
    expect(board.page.get_by_role("region", name="Backlog")).to_contain_text("Close the door")
    (app / "docs/stories/1.3.lock.md").write_text(STORY.format("1.3", "Lock the door", "Done"))
    done = board.page.get_by_role("region", name="Done")
    expect(done.get_by_text("Lock the door")).to_be_visible(timeout=SLOW)


@pytest.mark.requirement("browser:stories:test")
def test_a_test_says_how_many_and_the_first_problems(board: Desk, tmp_path: Path) -> None:
    repository(tmp_path / "work/odd", broken=8)
    begin(board, "~/work/odd")
    board.button("Test").click()
    told = form(board).get_by_role("status").filter(has_text="The files can be read")
    expect(told).to_be_visible(timeout=SLOW)
    expect(told).to_contain_text("10 stories")
    expect(told).to_contain_text(re.compile(r"docs/stories/2\.1\.odd\.md:\d+: .*Whatever 0"))
    expect(told.get_by_text("Whatever 7")).to_be_hidden()
    told.get_by_text(re.compile(r"^\d+ more$")).click()
    expect(told.get_by_text("Whatever 7")).to_be_visible()


@pytest.mark.requirement("browser:stories:edit")
def test_folders_can_be_added_and_left_out(board: Desk, app: Path, tmp_path: Path) -> None:
    web = repository(tmp_path / "work/web")
    card = connected(board, str(app))
    board.button("Change").click()
    expect(board.page.get_by_label("Name")).to_be_disabled()
    board.button("Another folder").click()
    folder(board, "Folder 2").fill("~/work/web")
    board.button("Test and save").click()
    expect(board.page.get_by_text("stories: saved.")).to_be_visible(timeout=SLOW)
    expect(card).to_contain_text(f"Folders{app}, ~/work/web")
    board.button("Change").click()
    board.button("Leave folder 1 out").click()
    board.button("Test and save").click()
    expect(card).to_contain_text("Folder~/work/web", timeout=SLOW)
    assert web.is_dir()


@pytest.mark.requirement("browser:stories:remove")
def test_removing_asks_first_and_leaves_the_files(board: Desk, app: Path) -> None:
    card = connected(board, "~/work/app")
    card.get_by_role("button", name="Remove", exact=True).click()
    expect(card).to_contain_text("Remove stories? Its items leave this board; the files stay")
    board.button("Remove it").click()
    expect(card).to_have_count(0)
    expect(board.button(USE)).to_be_focused()
    assert (app / "docs/stories/1.1.open.md").exists()
    assert "app" not in (board.home / ".panopticon/config.toml").read_text()


@pytest.mark.requirement("browser:stories:two")
def test_two_stand_side_by_side(board: Desk, app: Path, box: Running) -> None:
    connected(board, "~/work/app")
    board.connected(box)
    news = board.page.get_by_role("group", name="News of stories")
    other = board.page.get_by_role("group", name="News of rally")
    for one in (news, other):
        expect(one).to_contain_text("Last good data", timeout=SLOW)
    news.get_by_role("button", name="Pause stories").click()
    expect(news).to_contain_text("paused")
    expect(other).not_to_contain_text("paused")
    news.get_by_role("button", name="Resume stories").click()
    expect(news).not_to_contain_text("paused")
    app.rename(app.parent / "moved")
    expect(news).to_contain_text("is not there", timeout=SLOW)
    expect(other).not_to_contain_text("is not there")
    board.page.get_by_role("link", name="Board", exact=True).first.click()
    expect(board.page.get_by_role("region", name="Backlog")).to_contain_text("Close the door")
    expect(board.page.get_by_role("region", name="Backlog")).to_contain_text(re.compile(r"US\d+"))


@pytest.mark.requirement("browser:stories:axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_is_open_has_no_serious_fault(board: Desk, app: Path, scheme: str) -> None:
    board.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {"empty": faults(board.page)}
    begin(board, "~/work/gone")
    board.button("Look").click()
    expect(form(board).get_by_role("alert")).to_be_visible()
    board.button("Another folder").click()
    folder(board, "Folder 2").fill(str(app))
    board.button("Look into folder 2").click()
    expect(form(board).get_by_role("status")).to_be_visible()
    board.button("Test and save").click()
    expect(folder(board, "Folder 1")).to_have_attribute("aria-invalid", "true")
    found["form"] = faults(board.page)
    board.page.set_viewport_size({"width": 390, "height": 844})
    found["phone"] = faults(board.page)
    assert {part: wrong for part, wrong in found.items() if wrong} == {}
