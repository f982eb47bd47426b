"""Errors become text here, once: JSON for programs, a page for people."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panopticon.errors import AuthFailed, InvalidInput, NotFound, PanError, Retriable
from panopticon.services.hint import for_demo
from panopticon.services.redaction import struck, struck_answer

HERE = Path(__file__).parent
PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)
_log = logging.getLogger(__name__)


class Json(Response):
    """A JSON answer that no cache keeps and that quotes no key: where both are seen to."""

    media_type = "application/json"

    def __init__(self, content: object, status_code: int = 200) -> None:
        """Write the value as JSON."""
        document = orjson.dumps(struck_answer(content))
        super().__init__(document, status_code, headers={"Cache-Control": "no-store"})


def page(template: str, status_code: int = 200, **values: object) -> HTMLResponse:
    """Render a page; everything in it is escaped, and no key is in it."""
    html = struck(PAGES.get_template(template).render(**values))
    return HTMLResponse(html, status_code, headers={"Cache-Control": "no-store"})


def answer(
    error: PanError, path: str, headers: Mapping[str, str], *, is_demo: bool = False
) -> Response:
    """Say what went wrong in the shape the caller reads; the demo's commands for the demo."""
    if is_demo:
        error.hint = for_demo(error.hint)
    if path.startswith("/api/") or "text/html" not in headers.get("accept", ""):
        response: Response = Json(error.as_json(), error.http_status)
    else:
        response = page("fault.html", error.http_status, error=error, again=_again(path, error))
        if isinstance(error, AuthFailed) and _is_led_here(headers):
            response.headers["Refresh"] = "0"
    if isinstance(error, Retriable) and error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def _again(path: str, error: PanError) -> str:
    """Give the address to try once more: the page itself, unless nothing is there."""
    is_here = error.http_status != NotFound.http_status and path != "/open"
    return "" if is_here else "/"


def _is_led_here(headers: Mapping[str, str]) -> bool:
    """Tell a visit that another site's link began: browsers then keep a strict cookie back.

    Asked for once more, from our own page, they send it; so links in a chat lead to the board.
    """
    return (
        headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )


def listen(app: FastAPI, *, is_demo: bool = False) -> None:
    """Have every failure of a route answered here."""

    def respond(request: Request, error: PanError) -> Response:
        return answer(error, request.url.path, request.headers, is_demo=is_demo)

    @app.exception_handler(PanError)
    def _expected(request: Request, error: PanError) -> Response:
        response = respond(request, error)
        if isinstance(error, AuthFailed) and request.url.path.startswith("/api/"):
            response.status_code = _KEY_REFUSED
        return response

    @app.exception_handler(RequestValidationError)
    def _malformed(request: Request, error: RequestValidationError) -> Response:
        is_json = all(e["type"] != "json_invalid" for e in error.errors())
        told = " ".join(_wanted(e) for e in error.errors())
        told = told if is_json else "The request is not valid JSON."
        if request.url.path.endswith("/validate"):  # upstream's shape, whatever is wrong
            return Json({"valid": False, "error": told}, InvalidInput.http_status)
        return respond(request, InvalidInput(told, _SHAPES))

    @app.exception_handler(HTTPException)
    def _routing(request: Request, error: HTTPException) -> Response:
        missing = error.status_code == 404  # noqa: PLR2004 - HTTP's own number
        fault = NotFound(_NO_PAGE, _SHAPES) if missing else InvalidInput(str(error.detail), _SHAPES)
        response = respond(request, fault)
        response.status_code = error.status_code
        return response

    def bug(request: Request, error: Exception) -> Response:
        place = f"{request.method} {request.url.path}"  # the query is nobody's business
        _log.error("a route failed: %s: %s: %s", place, type(error).__name__, error, exc_info=error)
        return respond(
            request, PanError("Something went wrong here.", "The server's log says what.")
        )

    app.user_middleware.append(Middleware(_LastResort, respond=bug))


def _wanted(fault: Mapping[str, Any]) -> str:
    """Say what a part of a request takes, as far as the check tells."""
    name = str(fault["loc"][-1])
    words = _WANTED.get(fault["type"])
    if words is None:
        return f"The request cannot be understood: {name}."
    bounds = {key: _plain(value) for key, value in fault.get("ctx", {}).items()}
    return f"`{name}` {words.format(**bounds)}."


def _plain(value: object) -> object:
    """Write 0.0 as 0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True, slots=True)
class _LastResort:
    """Answers for a route with a mistake in it; inside the guard, which signs that answer too."""

    app: ASGIApp
    respond: Callable[[Request, Exception], Response]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def heard(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, heard)
        except Exception as error:  # noqa: BLE001 - the last resort is here and nowhere else
            answer = self.respond(Request(scope), error)
            if has_begun:  # cut off in the middle, so that nobody takes it for whole
                raise ConnectionAbortedError from None
            await answer(scope, receive, send)


# A tracker refuses its key; 401 would say that the caller is not signed in here.
_KEY_REFUSED = 422
_WANTED = {
    "missing": "is needed",
    "extra_forbidden": "is no name that is known here",
    "greater_than_equal": "is a number of {ge} or more",
    "less_than_equal": "is a number of {le} at most",
    "float_type": "is a number",
    "int_type": "is a whole number",
    "finite_number": "is a number",
    "string_type": "is a text",
    "string_too_short": "is a text that is not empty",
    "string_too_long": "is a text of {max_length} characters at most",
    "bool_type": "is true or false",
    "list_type": "is a list",
}
_NO_PAGE = "There is nothing at this address."
_SHAPES = "/api/openapi.json describes every request."
