"""Keys never leave this process in words: struck out of log lines, answers and stored errors.

Whoever opens a source makes its secrets known here; whoever writes text for others strikes them
out. The list belongs to the process, as its log does: a key that was replaced stays struck.
"""

import json
import logging
import threading
from collections.abc import Callable
from urllib.parse import quote

from panopticon.config import Source
from panopticon.services.context import Context
from panopticon.trackers.base import Tracker

STRUCK = "[secret]"
_SHORTEST = 8  # shorter ones are words of every day: striking them would garble what is said
_SECRET_OPTIONS = ("password", "api_key", "token")
_log = logging.getLogger(__name__)
_Factory = Callable[..., logging.LogRecord]
_learning = threading.Lock()  # two trials at once would forget one another's key


class _Known:
    """The spellings to strike out, the longest first; replaced as a whole, for any thread."""

    spellings: tuple[str, ...] = ()


def keep(ctx: Context) -> None:
    """Know the keys of all sources of a run, those opened later as well; the log strikes them."""
    guard_log()
    for source in ctx.config.sources:
        learn(source)
    open_tracker = ctx.open_tracker

    def discreet(source: Source) -> Tracker:
        learn(source)
        return open_tracker(source)

    ctx.open_tracker = discreet


def learn(source: Source) -> None:
    """Remember the secrets of a source, in every spelling that a text may hold them in."""
    kept = [source.secret, *(source.options.get(name) for name in _SECRET_OPTIONS)]
    secrets = {one for one in kept if isinstance(one, str) and len(one) >= _SHORTEST}
    fresh = {spelling for one in secrets for spelling in _spellings(one)}
    with _learning:
        _Known.spellings = tuple(sorted({*_Known.spellings, *fresh}, key=len, reverse=True))


def struck(text: str) -> str:
    """Strike every known secret out of a text."""
    for secret in _Known.spellings:
        if secret in text:
            text = text.replace(secret, STRUCK)
    return text


def struck_bytes(data: bytes) -> bytes:
    """Strike every known secret out of an encoded document."""
    for secret in map(str.encode, _Known.spellings):
        if secret in data:
            data = data.replace(secret, STRUCK.encode())
    return data


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
