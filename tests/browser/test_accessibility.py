"""What everybody must be able to see and use: axe on any view, the focus, no needless motion."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from panopticon.model.issue import State
from panopticon.store.base import Store
from tests.browser.acting import acting_at
from tests.web.fakes import NOW, story

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
HUGE = {"width": 3840, "height": 2160}
COUNT = """() => {
  const real = Element.prototype.animate;
  window.moved = 0;
  Element.prototype.animate = function (...told) {
    window.moved += 1;
    return real.apply(this, told);
  };
}"""
# What has the focus, where neither it nor what stands around it shows that: "" where one does.
UNSEEN = """() => {
  const at = document.activeElement;
  if (at === document.body) return "";
  const isOutlined = (one, part) => {
    const { outlineStyle, outlineWidth, content } = getComputedStyle(one, part);
    const isThere = !part || content !== "none";
    return isThere && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const look = () => near.map((one) => {
    const { borderColor, backgroundColor, boxShadow } = getComputedStyle(one);
    return [borderColor, backgroundColor, boxShadow].join();
  }).join();
  const near = [at, at.parentElement, at.nextElementSibling].filter(Boolean);
  if (near.some((one) => isOutlined(one) || isOutlined(one, "::after"))) return "";
  const focused = look();
  at.blur();
  const isSeen = focused !== look();
  at.focus();
  return isSeen ? "" : at.outerHTML.slice(0, 120);
}"""


def faults(page: Page) -> list[str]:
    """Name what axe holds against the page, as rule, element and reason."""
    page.wait_for_timeout(300)  # colours on their way say nothing about contrast
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in found.response["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


@pytest.mark.requirement("browser:a11y:axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    ["/", "/?view=list", "/?group=epic", "/item?ref=US121", "/settings", "/health", "/?q=nothing"],
)
def test_no_view_has_a_serious_fault(look: Callable[..., Page], path: str, scheme: str) -> None:
    page = look(path, color_scheme=scheme)
    assert faults(page) == []


@pytest.mark.requirement("browser:a11y:axe")
@pytest.mark.parametrize("path", ["/", "/?view=list", "/item?ref=US121", "/settings"])
def test_nor_on_a_phone(look: Callable[..., Page], path: str) -> None:
    assert faults(look(path, viewport=PHONE, has_touch=True)) == []


@pytest.mark.requirement("browser:a11y:dialogs")
@pytest.mark.parametrize("key", ["Control+k", "?", "c"])
def test_no_dialog_has_a_serious_fault(tmp_path: Path, chromium: Browser, key: str) -> None:
    for desk in acting_at(tmp_path, chromium):  # its tracker knows what a new item needs
        page = desk.look()
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        assert faults(page) == []


@pytest.mark.requirement("browser:a11y:focus")
@pytest.mark.parametrize("path", ["/", "/?view=list", "/item?ref=US121", "/settings"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_has_the_focus_shows_it(look: Callable[..., Page], path: str, scheme: str) -> None:
    page = look(path, color_scheme=scheme)
    reached, unseen = set(), set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML"))
        unseen.add(page.evaluate(UNSEEN))
    assert len(reached) > 10
    assert unseen <= {""}


@pytest.mark.requirement("browser:a11y:motion")
@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_slides_for_who_wants_no_motion(
    look: Callable[..., Page], store: Store, wish: str, *, moves: bool
) -> None:
    page = look(reduced_motion=wish)
    page.evaluate(COUNT)
    store.put(story("US128", "Add password reset", State.IN_REVIEW), NOW)
    review = page.get_by_role("region", name="In review", exact=True)
    expect(review.get_by_role("listitem")).to_have_count(2)
    assert (page.evaluate("moved") > 0) is moves


@pytest.mark.requirement("browser:a11y:huge")
@pytest.mark.parametrize("path", ["/", "/?view=list", "/item?ref=US121", "/settings"])
def test_a_huge_screen_is_used_and_nothing_is_out_of_it(
    look: Callable[..., Page], path: str
) -> None:
    page = look(path, viewport=HUGE)
    assert page.evaluate("document.documentElement.scrollWidth") == HUGE["width"]
    if path == "/":
        for name in ("Backlog", "Planning", "In progress", "In review", "Done"):
            expect(page.get_by_role("region", name=name, exact=True)).to_be_in_viewport(ratio=1)
