"""A server that restarts, forgets or changes its lock, and a clock that is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import card, column, drag, say
from tests.browser.faulty import NEWS, Desk, counted, desk_at, picture, settle

pytestmark = pytest.mark.browser
KEY = "US120"
BACK = 15_000  # milliseconds until a page has found its server again
HOURS = 5
LATER = """
const Real = Date, wrong = %d;
globalThis.Date = class extends Real {
  constructor(...told) { if (told.length) super(...told); else super(Real.now() + wrong); }
  static now() { return Real.now() + wrong; }
};
"""


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    yield from desk_at(tmp_path / "home", chromium)


def titled(desk: Desk, title: str) -> None:
    with desk.somebody() as other:
        other.update(KEY, {"title": title})


@pytest.mark.requirement("web:faults:restart")
def test_an_open_page_survives_a_restart_of_its_server(desk: Desk) -> None:
    page = desk.look()
    before = page.locator("#board [data-ref]").count()
    place = page.get_by_role("heading", name="Backlog").first.bounding_box()
    desk.down()
    drag(page, KEY, "In progress")
    messages = page.get_by_role("region", name="Messages")
    expect(messages.get_by_role("alert").filter(has_text=KEY)).to_contain_text("pan up")
    expect(card(page, KEY, "Backlog")).to_be_visible()
    expect(page.locator("#alert")).to_contain_text("The board does not answer", timeout=BACK)
    sources = page.get_by_role("list", name="Sources").get_by_role("listitem")
    expect(sources.filter(has_text="unknown").first).to_be_visible()
    assert page.get_by_role("heading", name="Backlog").first.bounding_box() == place
    assert page.locator("#board [data-ref]").count() == before
    picture(desk, page, "server-down")
    titled(desk, "Changed while it was down")
    desk.up()
    link = page.get_by_role("link", name=f"{KEY} Changed while it was down")
    expect(link).to_be_visible(timeout=BACK)
    expect(page.locator("#alert")).to_be_empty(timeout=BACK)
    expect(sources.filter(has_text="unknown")).to_have_count(0)
    messages.get_by_role("button", name="Try again").click()
    say(page, f"{KEY} moved to In progress")
    picture(desk, page, "server-back")


@pytest.mark.requirement("web:faults:restart:new")
def test_an_open_page_follows_a_store_that_begins_anew(desk: Desk) -> None:
    page = desk.look()
    before = page.locator("#summary").inner_text()
    desk.down()
    for path in (desk.home / ".panopticon").glob("panopticon.db*"):
        path.unlink()
    titled(desk, "In the new store")
    desk.up()
    settle(desk)
    link = page.get_by_role("link", name=f"{KEY} In the new store")
    expect(link).to_be_visible(timeout=BACK)
    expect(page.locator("#summary")).to_have_text(before, timeout=BACK)
    titled(desk, "And it is followed")
    expect(page.get_by_role("link", name=f"{KEY} And it is followed")).to_be_visible(timeout=NEWS)
    drag(page, KEY, "In progress")
    say(page, f"{KEY} moved to In progress")


@pytest.mark.requirement("web:faults:token")
def test_a_new_token_signs_the_page_out_without_a_storm(desk: Desk) -> None:
    page = desk.look()
    before = column(page, "Backlog").get_by_role("listitem").count()
    desk.pan_does("token", "--new")
    drag(page, KEY, "In progress")
    expect(page.locator("#alert")).to_contain_text("pan open", timeout=BACK)
    expect(page.locator("#alert")).to_contain_text("Your session has ended")
    expect(card(page, KEY, "Backlog")).to_be_visible()
    picture(desk, page, "signed-out")
    asked = counted(page)
    page.wait_for_timeout(10_000)
    assert sum(asked.values()) <= 2, asked
    expect(column(page, "Backlog").get_by_role("listitem")).to_have_count(before)
    other = page.context.new_page()
    other.goto(desk.link())
    other.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the tab in front again
    expect(page.locator("#alert")).to_be_empty(timeout=BACK)
    titled(desk, "Seen after the new link")
    link = page.get_by_role("link", name=f"{KEY} Seen after the new link")
    expect(link).to_be_visible(timeout=NEWS)


@pytest.mark.requirement("web:faults:clock")
@pytest.mark.parametrize("hours", [-HOURS, HOURS])
def test_a_wrong_clock_in_the_browser_changes_no_age(desk: Desk, hours: int) -> None:
    desk.rest()
    wrong = LATER % (hours * 3_600_000)
    skewed = desk.look(before=lambda page: page.add_init_script(wrong))
    straight = desk.look()
    told = skewed.evaluate("Date.now()") - straight.evaluate("Date.now()")
    assert round(told / 3_600_000) == hours
    picture(desk, skewed, f"clock{hours:+}")
    assert ages(skewed)
    assert ages(skewed) == ages(straight)
    assert [one for one in ages(straight) if "left" in one]
    assert rings(straight)
    assert rings(skewed) == rings(straight)
    expect(skewed.locator("#sources")).to_contain_text(" s")


def ages(page: Page) -> list[str]:
    return page.locator("#board [data-ref] time").all_inner_texts()


def rings(page: Page) -> list[int]:
    """Give how full each ring of a claim is, in hundredths."""
    script = "all => all.map(one => parseFloat(one.getAttribute('stroke-dasharray')))"
    shares = page.locator("#board [data-ref] circle.rest").evaluate_all(script)
    return [round(share) for share in shares]
