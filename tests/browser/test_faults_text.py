"""Texts that break pages: endless, right to left, of emoji and of HTML, wherever they are shown."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from panopticon.config import Source
from panopticon.model.issue import Comment, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.store.base import Store, SyncRecord
from tests.browser.looking import Looking, looking
from tests.web.fakes import NOW, held, story, team_store

pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror=\"alert('x')\"><svg onload=alert(1)><b onmouseover=alert(1)>\"'>&lt;"
TRACKER = "<i onclick=alert(1)>t</i>"
LONG = "Ten thousand " + "W" * 5000 + " and words that break " * 250
MIXED = "مرحبا بالعالم \u202eabc 👩‍👩‍👧‍👦🏳️‍🌈 שלום e\u0301\u0301\u0301 ﷽ \u200b\x00end"
WIDTHS = [(1440, 900), (390, 844)]


@pytest.fixture
def store() -> Store:
    store = team_store()
    ref = IssueRef(TRACKER, "US666")
    epic = replace(story("F66", EVIL), ref=IssueRef(TRACKER, "F66"), kind=Kind.FEATURE)
    claim: Lease = replace(held("x", 5), holder=EVIL, branch=EVIL)
    bad = story(
        "US666",
        EVIL,
        State.IN_PROGRESS,
        body=EVIL + "\n\n[x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a>",
        body_html=EVIL,
        acceptance_criteria=EVIL,
        assignee=EVIL,
        labels=(EVIL, '"><script>alert(1)</script>'),
        iteration=EVIL,
        release=EVIL,
        branch=EVIL,
        blocked=True,
        blocked_reason=EVIL,
        url="javascript:alert(1)",
        custom={EVIL: EVIL},
        parent=epic.ref,
        lease=claim,
        tasks=(Task(EVIL, done=False, position=0),),
    )
    bad = replace(bad, ref=ref, project=EVIL, native_state=EVIL)
    store.put(epic, NOW)
    store.put(bad, NOW)
    store.put_comments(ref, [Comment("1", EVIL, EVIL, NOW)])
    store.record_sync(SyncRecord(TRACKER, NOW, NOW, NOW, EVIL))
    store.put(
        story(
            "US667", LONG, State.IN_PROGRESS, labels=("L" * 300,), iteration="I" * 300, body=LONG
        ),
        NOW,
    )
    store.put(story("US668", MIXED, State.PLANNING, labels=(MIXED,), body=MIXED), NOW)
    return store


@pytest.fixture
def desk(tmp_path: Path, store: Store, chromium: Browser) -> Iterator[Looking]:
    sources = (Source("rally", "rally", secret="good"), Source(TRACKER, "rally", secret="good"))
    with looking(tmp_path, store, chromium, sources=sources, views={EVIL: "q=x"}) as desk:
        yield desk


def clean(page: Page) -> None:
    """Expect that no text has become an element."""
    bad = "main img, #panel img, dialog img, #toasts img, [onerror], [onload], [onmouseover]"
    assert page.locator(bad).count() == 0
    assert page.locator("a[href^='javascript'], main script, #panel script").count() == 0


@pytest.mark.requirement("web:faults:html")
def test_html_in_every_field_is_text_wherever_it_is_shown(desk: Looking) -> None:
    page = desk.look()
    page.on("dialog", lambda dialog: desk.complaints.append(dialog.message))
    expect(page.get_by_role("link", name=f"US666 {EVIL}")).to_be_visible()
    clean(page)
    for group in ("epic", "assignee"):
        page.goto(f"{desk.ready['url']}/?group={group}")
        expect(page.get_by_role("link", name=f"US666 {EVIL}")).to_be_attached()
        clean(page)
    page.goto(f"{desk.ready['url']}/?view=list")
    expect(page.get_by_role("link", name=f"US666 {EVIL}")).to_be_visible()
    clean(page)
    page.goto(f"{desk.ready['url']}/")
    for name in ("Label", "Iteration", "Assignee", "Epic", "Project", "Tracker", "Views"):
        pick = page.get_by_role("button", name=name, exact=False).first
        if pick.is_visible():
            pick.click()
            clean(page)
            page.keyboard.press("Escape")
    page.get_by_role("button", name=TRACKER).first.click()
    expect(page.get_by_role("dialog")).to_contain_text(EVIL)
    clean(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("US666")
    expect(page.get_by_role("option", name="US666").first).to_be_visible()
    clean(page)


@pytest.mark.requirement("web:faults:html")
@pytest.mark.parametrize("tab", ["detail", "fields", "history"])
def test_html_in_the_open_item_is_text(desk: Looking, tab: str) -> None:
    page = desk.look(f"/item?ref=US666&tab={tab}")
    page.on("dialog", lambda dialog: desk.complaints.append(dialog.message))
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("heading", level=2)).to_have_text(EVIL)
    clean(page)
    key = panel.get_by_role("button", name="Copy US666")
    assert key.evaluate("one => one.scrollWidth <= one.clientWidth"), "the key has lost its room"
    page.screenshot(path=desk.dashboard.session.folder.parent / f"html-{tab}.png")


@pytest.mark.requirement("web:faults:long")
@pytest.mark.parametrize(("width", "height"), WIDTHS)
@pytest.mark.parametrize("path", ["/", "/?view=list", "/?group=assignee", "/item?ref=US667"])
def test_endless_words_push_nothing_out_of_the_page(
    desk: Looking, path: str, width: int, height: int
) -> None:
    page = desk.look(path, viewport={"width": width, "height": height})
    expect(
        page.locator("main [data-ref$='US667'], #panel[data-ref$='US667']").first
    ).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for card in page.locator("#board [data-ref$='US667'], #list [data-ref$='US667']").all():
        box = card.bounding_box()
        assert box is None or box["height"] <= 200, box
    name = path.strip("/?").replace("=", "-").replace("?", "-") or "board"
    page.screenshot(path=desk.dashboard.session.folder.parent / f"long-{name}-{width}.png")


@pytest.mark.requirement("web:faults:direction")
def test_text_from_right_to_left_stays_within_its_place(desk: Looking) -> None:
    page = desk.look("/item?ref=US668")
    card = page.locator("#board [data-ref$='US668']")
    title = page.get_by_role("complementary").get_by_role("heading", level=2)
    expect(card).to_contain_text("שלום")
    expect(card.get_by_role("link").first).to_contain_text("👩‍👩‍👧‍👦")
    for place in (card.get_by_text("مرحبا").first, title):
        assert place.evaluate("one => getComputedStyle(one).direction") == "rtl"
    key = card.get_by_text("US668", exact=True).first
    assert key.evaluate("one => getComputedStyle(one).direction") == "ltr"
    page.screenshot(path=desk.dashboard.session.folder.parent / "direction.png")
