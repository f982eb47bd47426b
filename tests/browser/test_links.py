"""Links to the board that stand on another site, as in a chat."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web.running import Running

pytestmark = pytest.mark.browser
Follow = Callable[[str], Page]


@pytest.fixture
def chat(chromium: Browser) -> Iterator[Follow]:
    """Follow a link that stands on the page of another site."""
    context = chromium.new_context()

    def follow(url: str) -> Page:
        def told(route: Route) -> None:
            route.fulfill(status=200, content_type="text/html", body=f'<a href="{url}">see</a>')

        page = context.new_page()
        page.route("http://chat.example/**", told)
        page.goto("http://chat.example/")
        page.get_by_role("link", name="see").click()
        return page

    yield follow
    context.close()


@pytest.mark.requirement("web:session:led-here")
def test_an_open_link_in_a_chat_opens_the_board(board: Running, chat: Follow) -> None:
    page = chat(str(board.dashboard.ready()["open_url"]))
    expect(page).to_have_title("Northwind Accounts · Board")


@pytest.mark.requirement("web:session:led-here")
def test_an_item_shared_in_a_chat_opens_for_who_is_signed_in(board: Running, chat: Follow) -> None:
    chat(str(board.dashboard.ready()["open_url"]))
    page = chat(f"{board.ready['url']}/item?ref=US121")
    expect(page.get_by_role("heading", name="Add login endpoint")).to_be_visible()


@pytest.mark.requirement("web:session:led-here")
def test_who_is_not_signed_in_is_told_once(board: Running, chat: Follow) -> None:
    page = chat(f"{board.ready['url']}/item?ref=US121")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.get_by_role("heading", name="You are not signed in here.")).to_be_visible()
    page.wait_for_timeout(500)
    assert len([url for url in asked if "/item" in url]) <= 1
