"""Take the pictures of the README from a running demo: `python scripts/screenshot.py`.

It starts `pan demo` with an empty home, opens the board in Chromium by its own link, and writes
docs/images/*.png. `--open-url LINK` takes them from a board that runs already.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the size and colours of the window, what is open, a key pressed."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    path: str = "/"
    key: str = ""


DETAIL = "/item?ref=US124"
SHOTS = (
    Shot("board-light", 1440, 900),
    Shot("board-dark", 1440, 900, "dark"),
    Shot("board-narrow-light", 1280, 800),
    Shot("board-narrow-dark", 1280, 800, "dark"),
    Shot("detail-light", 1440, 900, path=DETAIL),
    Shot("detail-dark", 1440, 900, "dark", path=DETAIL),
    Shot("lanes-light", 1440, 900, path="/?group=epic"),
    Shot("list-dark", 1440, 900, "dark", path="/?view=list"),
    Shot("palette-light", 1280, 800, key="Control+k"),
    Shot("settings-light", 1280, 800, path="/settings"),
    Shot("phone-light", 390, 844),
    Shot("phone-dark", 390, 844, "dark"),
    Shot("phone-detail-light", 390, 844, path=DETAIL),
)


@contextmanager
def demo() -> Iterator[str]:
    """Run `pan demo` in an empty home and give its link."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home}  # noqa: TID251 - a child's home
        command = [sys.executable, "-m", "panopticon", "demo", "--port", "0", "--no-open", "--json"]
        with subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.PIPE) as pan:
            assert pan.stdout
            line = pan.stdout.readline()
            try:
                yield json.loads(line)["open_url"]
            finally:
                pan.terminate()


def signed_in(browser: Browser, link: str) -> StorageState:
    """Use the link up and keep its cookie: it works once."""
    context = browser.new_context()
    context.new_page().goto(link)
    state = context.storage_state()
    context.close()
    return state


def take(browser: Browser, shot: Shot, origin: str, state: StorageState) -> Path:
    """Take one picture."""
    size: ViewportSize = {"width": shot.width, "height": shot.height}
    context = browser.new_context(viewport=size, color_scheme=shot.scheme, storage_state=state)
    page = context.new_page()
    page.goto(origin + shot.path)
    settle(page, shot)
    path = IMAGES / f"{shot.name}.png"
    page.screenshot(path=path, animations="disabled")
    context.close()
    return path


def settle(page: Page, shot: Shot) -> None:
    """Wait until everything stands."""
    page.wait_for_selector("body[data-seq]")
    if shot.path == DETAIL:
        page.get_by_role("complementary").get_by_role("tab").first.wait_for()
    if shot.key:
        page.keyboard.press(shot.key)
        page.get_by_role("dialog").wait_for()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(900)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open-url", help="a fresh link of a board that runs: `pan open`")
    link = parser.parse_args().open_url
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.exit("No Chromium is installed.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        if link:
            shoot(browser, link)
        else:
            with demo() as own:
                shoot(browser, own)


def shoot(browser: Browser, link: str) -> None:
    """Take every picture of the board behind a link."""
    parts = urlsplit(link)
    state = signed_in(browser, link)
    for shot in SHOTS:
        print(take(browser, shot, f"{parts.scheme}://{parts.netloc}", state).relative_to(ROOT))


if __name__ == "__main__":
    main()
