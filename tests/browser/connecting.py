"""A person who sets a board up in the page: a real `pan up` with a home of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from playwright.sync_api import Browser, Locator, Page, expect

from panopticon.sandbox.serve import Running

CONNECT = "Connect Rally…"
SLOW = 20_000  # milliseconds that a first sync may take on a busy machine


@dataclass
class Desk:
    """A running `pan up` and a page before it."""

    home: Path
    url: str
    page: Page
    complaints: list[str]

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def connect(self, box: Running, key: str, server: str = "") -> None:
        """Fill the form in."""
        self.button(CONNECT).click()
        self.page.get_by_label("Server").fill(server or box.url)
        self.page.get_by_label("Key", exact=True).fill(key)

    def connected(self, box: Running, name: str = "rally") -> None:
        """Connect as a person would, and wait until it is done."""
        self.go("/settings")
        self.connect(box, box.api_key)
        self.page.get_by_label("Name").fill(name)
        self.button("Choose projects").click()
        self.page.get_by_label("Workspace").select_option(label="Northwind Engineering")
        self.page.get_by_role("checkbox", name="DDC-AI", exact=True).check()
        self.button("Test and save").click()
        expect(self.page.get_by_role("article", name=name, exact=True)).to_be_visible(timeout=SLOW)

    def other(self, path: str = "/settings") -> Page:
        """Open the board once more, beside the first."""
        page = self.page.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.url}{path}")
        return page


@contextmanager
def desk(home: Path, chromium: Browser, variables: Mapping[str, str]) -> Iterator[Desk]:
    """Start `pan up` with nothing configured but these variables."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), **variables}  # noqa: TID251
    argv = [sys.executable, "-m", "panopticon", "up", "--port", "0", "--no-open", "--json"]
    complaints: list[str] = []
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(argv, env=env, cwd=home, stdout=subprocess.PIPE, stderr=log) as pan,
    ):
        assert pan.stdout
        ready = json.loads(pan.stdout.readline())
        page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(ready["open_url"])
        yield Desk(home, ready["url"], page, complaints)
        page.context.close()
        pan.send_signal(signal.SIGINT)
    assert complaints == []


@contextmanager
def hanging(box: Running) -> Iterator[None]:
    """Have the tracker answer nobody meanwhile."""
    httpx2.post(f"{box.admin}/faults", json={"hang_s": 60}).raise_for_status()
    try:
        yield
    finally:
        httpx2.post(f"{box.admin}/faults", json={"hang_s": 0}).raise_for_status()
