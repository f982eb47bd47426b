"""The one place where a status, a page or a broken line becomes an error to act on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import orjson

from panopticon.errors import AuthFailed, InvalidInput, NotFound, PanError, Retriable
from panopticon.model.issue import Json


class LostReply(Retriable):
    """The request may have been carried out: its reply was lost, cut off or a gateway's page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, before anybody judged it; `secrets` strikes secrets out of a text."""

    where: str
    tracker: str
    status: int
    kind: str
    body: bytes
    retry_after: str | None
    location: str | None
    secrets: Callable[[str], str]

    def excerpt(self) -> str:
        """Give the first words of the body, tags and secrets left out."""
        text = self.body[:4000].decode("utf-8", "replace")
        text = re.sub(r"(?is)<(script|style).*?</\1>", " ", text)
        untitled = re.sub(r"(?is)<title.*?</title>", " ", text)  # pages say it again below
        said = _plain(untitled) or _plain(text)
        return self.secrets(said[:200])

    @property
    def place(self) -> str:
        """Name the tracker and its server."""
        return f"{self.tracker}: {self.where}"

    @property
    def is_page(self) -> bool:
        """Tell whether it is HTML where JSON belongs."""
        return "html" in self.kind or self.body.lstrip()[:1] == b"<"


def _plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def _with(first: str, words: str) -> str:
    """Put another program's words behind ours, and end the sentence: a hint follows."""
    words = words.strip()
    if not words:
        return f"{first}."
    return f"{first}: {words}" if words[-1] in ".!?" else f"{first}: {words}."


def refuse(answer: Answer) -> None:
    """Raise what a status other than 2xx means."""
    status = answer.status
    if status // 100 == 2:  # noqa: PLR2004
        return
    if status == 429 or status >= 500:  # noqa: PLR2004
        raise _unavailable(answer)
    raise _REFUSALS.get(status, _other)(answer)


def parsed(answer: Answer) -> dict[str, Json]:
    """Read the body as a JSON object; a page or a cut-off text is a lost reply."""
    try:
        data = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        raise _not_json(answer) from None
    if not isinstance(data, dict):
        raise _not_json(answer)
    return data


def unreachable(tracker: str, where: str, words: str) -> Retriable:
    """Say why no connection came about; nothing was sent."""
    lowered = words.lower()
    if "certificate" in lowered or "ssl" in lowered or "tls" in lowered:
        return Retriable(
            f"{tracker}: no trusted connection to {where}: {words}",
            "Behind a company proxy, name its certificate in `ca_file`; check `server`.",
            final=True,
        )
    hint = "Is the network (VPN, proxy) up, and is `server` right? `pan doctor` looks closer."
    if any(
        sign in lowered for sign in ("name or service", "nodename", "getaddrinfo", "resolution")
    ):
        hint = "The server's name is not known here: check `server`, the VPN and the DNS."
    return Retriable(_with(f"{tracker}: {where} cannot be reached", words), hint)


def too_slow(tracker: str, where: str, seconds: float) -> LostReply:
    """Say that no answer came in time."""
    return LostReply(
        f"{tracker}: {where} did not answer within {seconds:g} s.",
        "Try again later; a smaller `page_size` or a larger `read_seconds` may help.",
        slow=True,
    )


def broken(tracker: str, where: str, words: str) -> LostReply:
    """Say that the line broke during the call."""
    return LostReply(_with(f"{tracker}: the connection to {where} broke", words), "Try again.")


def bad_address(tracker: str, where: str, words: str) -> InvalidInput:
    """Say that the address makes no sense."""
    return InvalidInput(_with(f"{tracker}: {where} is no usable address", words), "Check `server`.")


def _unavailable(answer: Answer) -> Retriable:
    kind = Retriable if answer.status == 429 else LostReply  # noqa: PLR2004
    return kind(
        _with(f"{answer.place} is not available (HTTP {answer.status})", answer.excerpt()),
        "The server is overloaded or being maintained; try again later.",
        retry_after=_seconds(answer.retry_after),
        status=answer.status,
    )


def _unsigned(answer: Answer) -> PanError:
    return AuthFailed(
        f"{answer.place}: The key was refused (HTTP 401).",
        "The key is wrong, expired or revoked, or belongs to another server: make a new one "
        "and put it into `~/.panopticon.env`.",
    )


def _forbidden(answer: Answer) -> PanError:
    return AuthFailed(
        _with(f"{answer.place} forbids this (HTTP {answer.status})", answer.excerpt()),
        "Ask an administrator for the permission, or for your address to be allowed.",
    )


def _missing(answer: Answer) -> PanError:
    return NotFound(
        f"{answer.place} has no such address (HTTP 404).",
        "Check `server`: it is the host alone, without a path.",
    )


def _elsewhere(answer: Answer) -> PanError:
    return InvalidInput(
        f"{answer.place} sends us elsewhere ({answer.secrets(answer.location or '?')}); "
        "the key goes to no other address.",
        "Set `server` to the address that answers itself (a sign-in page means single "
        "sign-on: use an API key).",
    )


def _other(answer: Answer) -> PanError:
    if answer.status // 100 == 3:  # noqa: PLR2004
        return _elsewhere(answer)
    if b"IP address" in answer.body:
        return _forbidden(answer)
    return InvalidInput(
        _with(f"{answer.place} refused the request (HTTP {answer.status})", answer.excerpt()),
        "Check `server`.",
    )


_REFUSALS: dict[int, Callable[[Answer], PanError]] = {
    401: _unsigned,
    403: _forbidden,
    404: _missing,
}


def _not_json(answer: Answer) -> LostReply:
    if answer.is_page:
        return LostReply(
            _with(f"{answer.place} sent a web page instead of data", answer.excerpt()),
            "A maintenance page, a proxy or a sign-in page; check `server` if it lasts.",
        )
    return LostReply(
        f"{answer.place}: the reply was cut off after {len(answer.body)} bytes.",
        "Try again; a smaller `page_size` may help.",
    )


def _seconds(text: str | None) -> float | None:
    """Read Retry-After where it is a number; a date is left to our own doubling."""
    try:
        return max(0.0, float(text)) if text else None
    except ValueError:
        return None
