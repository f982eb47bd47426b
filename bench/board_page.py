"""A real Chromium looking at the board, with a clock inside the page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--enable-precise-memory-info",
]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
VIEWS = {"lanes": "/?group=epic", "list": "/?view=list"}
WORDS = ("add", "session", "token", "error", "page", "user", "cache", "list", "export", "rate")
# Runs before the page's own scripts: when the first cards have been painted.
WATCH = """
new MutationObserver((_, watcher) => {
  if (!document.querySelector("[data-ref] a, [data-ref]")?.closest("#board, #list, #plain")) return;
  watcher.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
FILTER = """
(word) => new Promise((told) => {
  const box = document.querySelector("#query");
  const summary = document.querySelector("#summary");
  let start = 0;
  const watcher = new MutationObserver(() => {
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => told(performance.now() - start)));
  });
  watcher.observe(summary, { childList: true, characterData: true, subtree: true });
  setTimeout(() => told(null), 5000);
  box.focus();
  box.value = word;
  start = performance.now();
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
})
"""
DRAG = """
() => {
  window.dragged = new Promise((told) => {
    let start = 0;
    addEventListener("pointermove", () => { start ||= performance.now(); }, { capture: true });
    new MutationObserver((_, watcher) => {
      if (!start) return;
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => told(performance.now() - start)));
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
    setTimeout(() => told(null), 3000);
  });
}
"""
SCROLL = """
([selector, step]) => new Promise((told) => {
  const places = [...document.querySelectorAll(selector)];
  const place = places.sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
  const gaps = [];
  let last = performance.now();
  const frame = (at) => {
    gaps.push(at - last);
    last = at;
    if (step) place.scrollTop += step;
    if (gaps.length < 240) requestAnimationFrame(frame);
    else told({ gaps: gaps.slice(5), moved: place.scrollTop });
  };
  requestAnimationFrame(frame);
})
"""
PLAIN = """
(count) => new Promise((told) => {
  const start = performance.now();
  document.body.innerHTML = "";
  const place = document.createElement("div");
  place.style.cssText = "height: 100vh; overflow: auto";
  for (let at = 0; at < count; at += 1) {
    const card = document.createElement("div");
    card.style.cssText = "border: 1px solid; border-radius: 10px; margin: 7px; padding: 9px";
    for (const text of [`US${at}`, `A title of some words, number ${at}`, "Defined 2 d"]) {
      const line = document.createElement("div");
      line.textContent = text;
      card.append(line);
    }
    place.append(card);
  }
  place.className = "plain";
  document.body.append(place);
  requestAnimationFrame(() => setTimeout(() => told(performance.now() - start)));
})
"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SystemExit("This bench needs Chromium: install the package `chromium`.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


def p95(values: list[float]) -> float:
    """Give the value that one in twenty exceeds."""
    return round(sorted(values)[int(len(values) * 0.95)], 1)


@dataclass(frozen=True)
class Look:
    """An open board."""

    chromium: Browser
    page: Page

    def measured(self) -> dict[str, Any]:
        """Measure everything that a person would feel."""
        paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        self.page.reload()
        self.page.wait_for_selector("#board [data-ref]")
        self.page.wait_for_timeout(1500)
        idle = self._scroll(".scroller, #board", 0)
        scroll = self._scroll(".scroller, #board", 300)
        found = {
            "fcp_ms": round(self.page.evaluate(paint), 1),
            "painted_ms": round(self.page.evaluate("window.painted"), 1),
            "filter_ms": self._filter(),
            "drag_ms": self._drag(),
            "idle_p95_ms": p95(idle["gaps"]),
            "scroll_p95_ms": p95(scroll["gaps"]),
            "scrolled_px": scroll["moved"],
            "heap_mb": self.heap_mb(),
        }
        return found | {f"{name}_p95_ms": self._other(path) for name, path in VIEWS.items()}

    def _other(self, path: str) -> float:
        """Scroll another view of the board and come back."""
        home = self.page.url
        self.page.goto(home.partition("?")[0].rstrip("/") + path)
        self.page.wait_for_selector("main [data-ref]")
        self.page.wait_for_timeout(1500)
        gaps = self._scroll("main *", 300)["gaps"]
        self.page.goto(home)
        self.page.wait_for_selector("#board [data-ref]")
        return p95(gaps)

    def plain(self, count: int) -> dict[str, Any]:
        """Measure a page that draws every card, in the same browser."""
        page = self.chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto("about:blank")
        other = Look(self.chromium, page)
        painted = page.evaluate(PLAIN, count)
        scroll = other._scroll(".plain", 300)
        found = {
            "painted_ms": round(painted, 1),
            "scroll_p95_ms": p95(scroll["gaps"]),
            "heap_mb": other.heap_mb(),
        }
        page.context.close()
        return found

    def heap_mb(self) -> float:
        """Read the JavaScript heap after collection."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.enable")
        session.send("HeapProfiler.collectGarbage")
        used = session.send("Runtime.getHeapUsage")["usedSize"]
        session.detach()
        return float(round(used / 1e6, 1))

    def behind(self, seq: int) -> int:
        """Say how many events the page has not shown after two seconds."""
        self.page.wait_for_timeout(2000)
        return seq - int(self.page.locator("body").get_attribute("data-seq") or 0)

    def _scroll(self, selector: str, step: int) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(SCROLL, [selector, step])
        return found

    def _filter(self) -> list[float]:
        found = []
        for word in WORDS:
            found.append(self.page.evaluate(FILTER, word))
            self.page.wait_for_timeout(300)
        self.page.evaluate(FILTER, "")
        self.page.wait_for_timeout(500)
        return [round(value, 1) for value in found if value is not None]

    def _drag(self) -> list[float]:
        found = []
        for _ in range(5):
            box = self.page.locator("#board li[data-ref]").first.bounding_box()
            assert box
            x, y = box["x"] + 60, box["y"] + 20
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.wait_for_timeout(200)
            self.page.evaluate(DRAG)
            self.page.mouse.move(x + 30, y + 12)
            value = self.page.evaluate("window.dragged")
            self.page.keyboard.press("Escape")
            self.page.mouse.up()
            self.page.wait_for_timeout(200)
            if value is not None:
                found.append(round(value, 1))
        return found


def look(chromium: Browser, open_url: str) -> Look:
    """Open the board by its single-use link."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(open_url)
    page.wait_for_selector("body[data-seq]")
    return Look(chromium, page)
