"""axe, the checker of others, finds nothing serious on any view, light and dark, wide and narrow."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}


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
def test_no_dialog_has_a_serious_fault(look: Callable[..., Page], key: str) -> None:
    page = look()
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
