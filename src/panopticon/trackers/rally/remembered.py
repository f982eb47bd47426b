"""Answers that rarely change, kept for a day by the server's clock, also between runs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from panopticon.model.issue import Json
from panopticon.trackers.notes import ForgetfulNotes, Notes

MAX_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Json
    at: datetime | None


class Remembered:
    """Reads an answer once a day; `now` is the server's clock, None until a reply has told it.

    Before the first reply a note is taken as it is: asking for the time would cost a request
    in every run. The next use, after that reply, judges its age.
    """

    def __init__(self, notes: Notes, prefix: str, now: Callable[[], datetime | None]) -> None:
        self._notes = notes
        self._prefix = prefix
        self._now = now
        self._lock = threading.RLock()
        self._known: dict[str, _Kept] = {}

    def forget(self) -> None:
        """Read everything afresh when it is next asked for."""
        with self._lock:
            self._known.clear()
            self._notes = ForgetfulNotes(self._notes)

    def drop(self, name: str) -> None:
        """Read one answer afresh when it is next asked for."""
        with self._lock:
            self._known.pop(name, None)
            self._notes.put_note(self._prefix + name, "")

    def get(self, name: str, read: Callable[[], Json]) -> Json:
        """Give an answer that is at most a day old."""
        with self._lock:
            kept = self._known.get(name) or self._noted(name)
            if kept is None or self._is_old(kept):
                kept = _Kept(read(), self._now())
                self._note(name, kept)
            self._known[name] = kept
            return kept.value

    def known(self, name: str) -> Json:
        """Give an answer that is at most a day old, None where it would have to be read."""
        with self._lock:
            kept = self._known.get(name) or self._noted(name)
            if kept is None or self._is_old(kept):
                return None
            self._known[name] = kept
            return kept.value

    def _is_old(self, kept: _Kept) -> bool:
        now = self._now()
        return now is not None and kept.at is not None and abs(now - kept.at) >= MAX_AGE

    def _note(self, name: str, kept: _Kept) -> None:
        if kept.at is not None:  # without a time it could never be known to be old
            told = orjson.dumps({"at": kept.at.isoformat(), "value": kept.value})
            self._notes.put_note(self._prefix + name, told.decode())

    def _noted(self, name: str) -> _Kept | None:
        """Read a note; one in the form of an older version is none."""
        note = self._notes.note(self._prefix + name)
        told = orjson.loads(note) if note else None
        if not isinstance(told, dict) or not {"at", "value"} <= told.keys():
            return None
        return _Kept(told["value"], datetime.fromisoformat(told["at"]))
