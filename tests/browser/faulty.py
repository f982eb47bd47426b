"""A team's board: `pan up`, its tracker (a sandbox that fails on request), and browsers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from panopticon.config import Source
from panopticon.sandbox.options import system_clock
from panopticon.sandbox.serve import Options, Running, start
from panopticon.services.server.session import session
from panopticon.trackers.base import Tracker
from panopticon.trackers.registry import open_tracker

WIDE = {"width": 1440, "height": 900}
POLL = 1  # seconds between two looks of `pan up` at the tracker, the fewest it takes
SYNCED = 20_000  # milliseconds that a first sync may take on a busy machine
NEWS = 12_000  # … and a change to come by: a poll, what the tracker needs, and the stream
SOON = 2_000  # … and a change to go from one browser to another
# What Chromium says of an answer or a lost connection that the page itself explains.
EXPECTED = (
    *("400 (", "401 (", "404 (", "409 (", "422 (", "502 (", "503 (", "504 ("),
    *("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_EMPTY_RESPONSE"),
    *("ERR_CONNECTION_RESET", "ERR_NETWORK_IO_SUSPENDED", "ERR_INTERNET_DISCONNECTED"),
)


@dataclass
class Desk:
    """One team's board: what is before it, what is behind it."""

    home: Path
    box: Running
    chromium: Browser
    url: str = ""
    token: str = ""
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    pan: subprocess.Popen[bytes] | None = None

    def up(self, **more: str) -> None:
        """Start `pan up`, on the port it had before."""
        env = {
            "PATH": os.environ["PATH"],  # noqa: TID251 - to find what a program needs
            "HOME": str(self.home),
            "PAN_ME": self.box.username,
            "PAN_POLL_SECONDS": str(POLL),
            **more,
        }
        port = str(urlsplit(self.url).port) if self.url else "0"
        argv = [sys.executable, "-m", "panopticon", "up", "--port", port, "--no-open", "--json"]
        with (self.home / "log").open("ab") as log:
            self.pan = subprocess.Popen(
                argv, env=env, cwd=self.home, stdout=subprocess.PIPE, stderr=log
            )
        assert self.pan.stdout
        ready = json.loads(self.pan.stdout.readline())
        self.url, self.token = ready["url"], ready["token"]

    def down(self) -> None:
        """End `pan up` as Ctrl-C does."""
        if self.pan:
            self.pan.send_signal(signal.SIGINT)
            self.pan.wait(20)
            assert self.pan.stdout
            self.pan.stdout.close()
            self.pan = None

    def pan_does(self, *words: str) -> None:
        """Run another `pan` beside the board."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home)}  # noqa: TID251
        argv = [sys.executable, "-m", "panopticon", *words]
        subprocess.run(argv, env=env, cwd=self.home, capture_output=True, check=True)

    def browser(self, **options: object) -> BrowserContext:
        """Give somebody a browser of their own, signed in."""
        context = self.chromium.new_context(**{"viewport": WIDE, **options})  # type: ignore[arg-type]
        self.contexts.append(context)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._hear)
        page = context.new_page()
        page.goto(self.link())
        page.close()
        return context

    def look(
        self, path: str = "/", *, before: Callable[[Page], object] | None = None, **options: object
    ) -> Page:
        """Open the board in a browser of its own; `before` prepares the page."""
        page = self.browser(**options).new_page()
        if before:
            before(page)
        page.goto(f"{self.url}{path}")
        page.wait_for_selector("body[data-seq]")
        return page

    def link(self) -> str:
        """Make a link that opens the board signed in, as `pan open` does."""
        return f"{self.url}/open?code={session(self.home / '.panopticon', system_clock).mint()}"

    def client(self) -> httpx2.Client:
        """Give a script's way to the board."""
        bearer = {"Authorization": f"Bearer {self.token}"}
        return httpx2.Client(base_url=self.url, headers=bearer, timeout=30)

    def suffer(self, **faults: object) -> None:
        """Let the tracker fail from now on; without words it is well again."""
        httpx2.post(f"{self.box.admin}/faults", json=faults).raise_for_status()

    def asked(self) -> int:
        """Count what the tracker was asked so far."""
        return int(httpx2.get(f"{self.box.admin}/requests").json()["count"])

    def rest(self, *, paused: bool = True) -> None:
        """Let the board look at its tracker no more, or again."""
        with self.client() as client:
            client.post("/api/poll", json={"paused": paused}).raise_for_status()

    def wrote(self) -> int:
        """Count what was written in the tracker so far."""
        by = httpx2.get(f"{self.box.admin}/requests").json()["by_method"]
        return sum(many for method, many in by.items() if method != "GET")

    @contextmanager
    def somebody(self) -> Iterator[Tracker]:
        """Be somebody else who works in the tracker itself, with its own session."""
        options = {
            "server": self.box.url,
            "workspace": f"/workspace/{self.box.workspace_oid}",
            "project": f"/project/{self.box.project_oid}",
        }
        tracker = open_tracker(Source("rally", "rally", options, self.box.member_key))
        try:
            yield tracker
        finally:
            tracker.close()

    def _hear(self, message: ConsoleMessage) -> None:
        is_wrong = message.type == "error" and not any(word in message.text for word in EXPECTED)
        if is_wrong:
            self.complaints.append(message.text)

    def close(self) -> None:
        """End everything; what a page complained of fails the test."""
        self.suffer()
        for context in self.contexts:
            context.close()
        self.down()
        assert self.complaints == [], self.complaints


def desk_at(home: Path, chromium: Browser, *, stories: int = 24) -> Iterator[Desk]:
    """Run a tracker of some stories and a board that has read them."""
    with start(Options(stories=stories, seed=3)) as box:
        home.mkdir(exist_ok=True)
        (home / ".panopticon.env").write_text(
            f"RALLY_API_KEY={box.api_key}\nRALLY_SERVER={box.url}\n"
            f"RALLY_WORKSPACE=/workspace/{box.workspace_oid}\n"
            f"RALLY_PROJECT=/project/{box.project_oid}\n",
            encoding="utf-8",
        )
        (home / ".panopticon.env").chmod(0o600)
        desk = Desk(home, box, chromium)
        desk.up()
        try:
            settle(desk)
            yield desk
        finally:
            desk.close()


def settle(desk: Desk, seconds: float = 20) -> None:
    """Wait until the board has read its tracker."""
    until = time.monotonic() + seconds
    with desk.client() as client:
        while time.monotonic() < until:
            board = client.get("/api/board").json()
            if board["cards"] and board["sources"][0]["ok_at"]:
                return
            time.sleep(0.1)
    raise AssertionError("the first sync did not end")


def cards(desk: Desk, state: str = "backlog") -> list[dict[str, str]]:
    """Give the cards of a column, as a script reads them."""
    with desk.client() as client:
        found = client.get("/api/board").json()["cards"]
    return [card for card in found if card["state"] == state]


def counted(page: Page) -> Counter[str]:
    """Count from now on what a page asks, by path."""
    asked: Counter[str] = Counter()
    page.on("request", lambda request: asked.update([urlsplit(request.url).path]))
    return asked


def within(seconds: float, test: Callable[[], bool]) -> float:
    """Wait until something holds; gives the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with suppress(httpx2.TransportError):
            if test():
                return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"it did not hold within {seconds} s")


def picture(desk: Desk, page: Page, name: str) -> None:
    """Leave a picture beside the home: what cannot be asserted is looked at."""
    page.screenshot(path=desk.home.parent / f"{name}.png")
