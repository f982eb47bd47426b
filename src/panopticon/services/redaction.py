"""Keys never leave this process in words: struck out of log lines, answers and stored errors.

Whoever opens a source makes its secrets known here; whoever writes text for others strikes them
out. Saved keys are known to the process, as its log is: a key that was replaced stays struck. What
somebody only tries may be any word of the team's work: it is struck within the request that tries
it, and forgotten with it. What trackers hold (titles, texts, people, ids) is never struck.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import quote

from panopticon.config import Source
from panopticon.services.context import Context
from panopticon.trackers.base import Tracker

STRUCK = "[secret]"
_SHORTEST = 8  # shorter ones are words of every day: striking them would garble what is said
_SECRET_OPTIONS = ("password", "api_key", "token")
_log = logging.getLogger(__name__)
_Factory = Callable[..., logging.LogRecord]
_learning = threading.Lock()  # two that learn at once would forget one another's key

# Where an answer may quote a server: the names of its texts, the names of what holds such texts.
_QUOTING = frozenset({"error", "message", "hint", "warnings", "notes"})
_HOLDING = frozenset({"findings", "sources"})
# What is no quotation in an error: its code, and what it tells of an item, which the page writes
# back.
_ITEMS_OWN = frozenset({"error", "current", "item", "candidates", "field", "fields", "ref"})


class _Known:
    """The spellings to strike out, the longest first; replaced as a whole, for any thread."""

    spellings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tried:
    """The same for what one request tries; its threads share it."""

    spellings: tuple[str, ...] = ()


_tried: ContextVar[_Tried | None] = ContextVar("tried", default=None)


@contextmanager
def request() -> Iterator[None]:
    """Strike what is tried inside only inside, in whichever thread it goes on."""
    token = _tried.set(_Tried())
    try:
        yield
    finally:
        _tried.reset(token)


def keep(ctx: Context) -> None:
    """Know the keys of all sources of a run, those opened later as well; the log strikes them.

    A source that is not saved is a trial: its key is known to the request that opens it.
    """
    guard_log()
    for source in ctx.config.sources:
        learn(source)
    open_tracker = ctx.open_tracker

    def discreet(source: Source) -> Tracker:
        if source in ctx.config.sources:
            learn(source)
        else:
            _try(source)
        return open_tracker(source)

    ctx.open_tracker = discreet


def learn(source: Source) -> None:
    """Remember the secrets of a source, in every spelling that a text may hold them in."""
    with _learning:
        _Known.spellings = _more(_Known.spellings, source)


def _try(source: Source) -> None:
    """Remember them for the request that runs; outside of any, for the thread."""
    if (tried := _tried.get()) is None:
        _tried.set(tried := _Tried())
    tried.spellings = _more(tried.spellings, source)


def _more(spellings: tuple[str, ...], source: Source) -> tuple[str, ...]:
    kept = [source.secret, *(source.options.get(name) for name in _SECRET_OPTIONS)]
    secrets = {one for one in kept if isinstance(one, str) and len(one) >= _SHORTEST}
    fresh = {spelling for one in secrets for spelling in _spellings(one)}
    return tuple(sorted({*spellings, *fresh}, key=len, reverse=True))


def struck(text: str) -> str:
    """Strike every known secret out of a text that may quote a server."""
    tried = _tried.get()
    for secret in (*_Known.spellings, *(tried.spellings if tried else ())):
        if secret in text:
            text = text.replace(secret, STRUCK)
    return text


def struck_answer(content: object) -> object:
    """Strike secrets out of those texts of an answer that may quote a server, and no others.

    An error is such a text with all its details; elsewhere they are known by their names.
    """
    if not isinstance(content, Mapping):
        return content
    if isinstance(content.get("error"), str) and "message" in content:
        return {k: v if k in _ITEMS_OWN else _struck_all(v) for k, v in content.items()}
    return {name: _struck_part(name, value) for name, value in content.items()}


def _struck_part(name: object, value: object) -> object:
    if name in _QUOTING:
        return _struck_all(value)
    if name in _HOLDING and isinstance(value, list):
        return [struck_answer(one) for one in value]
    return value


def _struck_all(value: object) -> object:
    if isinstance(value, str):
        return struck(value)
    if isinstance(value, Mapping):
        return {name: _struck_all(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_struck_all(one) for one in value]
    return value


def _spellings(secret: str) -> set[str]:
    """Give a secret as it is, in a URL, in JSON, as Python shows it, and these in one another.

    A server's words may be quoted twice: its JSON in ours. A plain key has one spelling only.
    """
    once = _quoted(secret)
    return once.union(*map(_quoted, once))


def _quoted(text: str) -> set[str]:
    return {text, quote(text, safe=""), quote(text), json.dumps(text)[1:-1], repr(text)[1:-1]}


def guard_log() -> None:
    """Strike secrets out of every record of this process, whoever handles it."""
    make = logging.getLogRecordFactory()
    if isinstance(make, _Discreet):
        return
    logging.setLogRecordFactory(_Discreet(make))


def guard_threads() -> None:
    """Tell of a thread's mistake in the log, which strikes secrets, rather than on stderr."""

    def told(fault: threading.ExceptHookArgs) -> None:
        if fault.exc_value is None or isinstance(fault.exc_value, SystemExit):
            return
        name = fault.thread.name if fault.thread else "a thread"
        kind = type(fault.exc_value).__name__
        _log.error("%s failed: %s: %s", name, kind, fault.exc_value, exc_info=fault.exc_value)

    threading.excepthook = told


class _Discreet:
    """Makes log records whose text and traceback hold no secret."""

    def __init__(self, make: _Factory) -> None:
        self._make = make

    def __call__(self, *args: object, **kwargs: object) -> logging.LogRecord:
        """Make a record with its text already put together."""
        record = self._make(*args, **kwargs)
        try:
            told = record.getMessage()
        except (TypeError, ValueError):  # a mistake in a format: the handlers say so
            return record
        if (clean := struck(told)) != told:
            record.msg, record.args = clean, None
        if record.exc_info:
            record.exc_text = struck(_plain.formatException(record.exc_info))
        return record


_plain = logging.Formatter()
