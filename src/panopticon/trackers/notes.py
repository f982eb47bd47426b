"""A small memory between runs for what rarely changes (ids behind names, allowed values)."""

from typing import Protocol


class Notes(Protocol):
    """Named texts; the store has the same two verbs."""

    def note(self, name: str) -> str | None:
        """Read a text; None when there is none."""

    def put_note(self, name: str, value: str) -> None:
        """Keep a text."""


class ForgetfulNotes:
    """Notes that last as long as the object; what is put also goes to `behind`, unread."""

    def __init__(self, behind: Notes | None = None) -> None:
        self._texts: dict[str, str] = {}
        self._behind = behind

    def note(self, name: str) -> str | None:
        """Read a text; None when there is none."""
        return self._texts.get(name)

    def put_note(self, name: str, value: str) -> None:
        """Keep a text."""
        self._texts[name] = value
        if self._behind is not None:
            self._behind.put_note(name, value)
