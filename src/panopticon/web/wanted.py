"""Where somebody wanted to go before they were signed in: the link leads on to that page.

Kept in a cookie of the browser that asked. Cookies of a host are shared by all its ports, so
another program may have written it: it counts only if it names a page of ours.
"""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, unquote

from starlette.responses import Response

HOME = "/"
PAGES = frozenset({HOME, "/item", "/settings", "/health"})
_LIFE = 600  # seconds, as long as a link is good
_LONGEST = 1000


def remember(response: Response, name: str, path: str, query: str) -> None:
    """Have the browser keep which page it asked for; the board alone needs no keeping."""
    address = f"{path}?{query}" if query else path
    if address != HOME and page_of(address) == address:
        response.set_cookie(name, quote(address), max_age=_LIFE, httponly=True, samesite="strict")


def forget(response: Response, name: str) -> None:
    """Have the browser forget it."""
    response.delete_cookie(name, httponly=True, samesite="strict")


def kept(header: str, name: str) -> str:
    """Read the page out of a Cookie header; the board where it names none of ours."""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return HOME
    return page_of(unquote(found.value)) if found else HOME


def page_of(address: str) -> str:
    """Give the address if it is one of our pages, else the board's."""
    is_plain = address.isascii() and address.isprintable() and len(address) <= _LONGEST
    is_ours = address.partition("?")[0] in PAGES and "\\" not in address
    return address if is_plain and is_ours else HOME
