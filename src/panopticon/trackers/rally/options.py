"""The words a Rally source may use, and typed reads of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from panopticon.errors import InvalidInput

DEFAULT_SERVER = "rally1.rallydev.com"

OPTIONS: Mapping[str, str] = {
    "server": f"host, with or without scheme; {DEFAULT_SERVER} when absent",
    "workspace": "name, number, `/workspace/123` or a full reference; your default when absent",
    "project": "a project likewise; several in a list or with commas; all when absent",
    "projects": "the same as `project`",
    "scope_down": "read the projects below as well (true)",
    "user": "user name, for Basic sign-in instead of a key",
    "password": "the password to `user`",
    "insecure": "allow plain http:// to another machine (false)",
    "ca_file": "certificate file of a company proxy",
    "page_size": "items a page, 1 to 2000 (2000)",
    "connect_seconds": "patience for a connection (10)",
    "read_seconds": "patience for a reply (60)",
    "in_flight": "requests at once, 1 to 12 (12)",
    "lag_seconds": "how far marks stay behind the server's clock (60)",
    "criteria_field": "where acceptance criteria are (c_AcceptanceCriteria; empty for none)",
    "locked_by_field": "who holds the lock (c_LockedBy)",
    "locked_at_field": "since when (c_LockedAt)",
    "lock_expiry_field": "until when (c_LockExpiry)",
    "branch_field": "the branch (c_Branch)",
    "coverage_field": "test coverage in per cent (c_Coverage)",
    "commit_field": "the commit (c_CommitSHA)",
    "status_field": "a phase that Rally has no word for (c_PantheonStatus)",
    "lock_token_field": "what decides claims, or names who does (c_LockToken)",
    "hours_field": "estimate in hours on stories and defects (the sum of task estimates)",
    "custom_fields": "further custom fields to read, `c_…`",
    "defect_state_field": "State or ScheduleState: which says where a defect stands (State)",
    "states": "native word = column; a table under a project's name is that project's own",
    "priorities": "native word = 0 to 4",
}


@dataclass(frozen=True, slots=True)
class Options:
    """Typed reads of one table."""

    source: str
    table: Mapping[str, object]

    def text(self, key: str, default: str = "") -> str:
        """Read a text."""
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.wrong(key, "a text")
        return str(value).strip()

    def words(self, key: str) -> tuple[str, ...]:
        """Read a list, or words with commas between."""
        value = self.table.get(key) or ()
        items = value if isinstance(value, list | tuple) else str(value).split(",")
        return tuple(text for item in items if (text := str(item).strip()))

    def flag(self, key: str, *, default: bool) -> bool:
        """Read a boolean."""
        value = self.table.get(key, default)
        spoken = {"true": True, "yes": True, "false": False, "no": False}
        value = spoken.get(value.lower(), value) if isinstance(value, str) else value
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """Read a number within bounds."""
        try:
            value = float(str(self.table.get(key, default)))
        except ValueError:
            value = high + 1
        if not low <= value <= high:
            raise self.wrong(key, f"a number from {low:g} to {high:g}")
        return value

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        """Read one of some words."""
        value = self.table.get(key, known[0])
        if value not in known:
            raise self.wrong(key, " or ".join(known))
        return str(value)

    def mapping(self, key: str) -> Mapping[str, object]:
        """Read a table."""
        value = self.table.get(key) or {}
        if not isinstance(value, Mapping):
            raise self.wrong(key, "a table")
        return value

    def wrong(self, key: str, wanted: str) -> InvalidInput:
        """Say what an option should be."""
        return InvalidInput(
            f"Tracker {self.source}: `{key}` must be {wanted}.", f"{key}: {OPTIONS[key]}."
        )


def check_words(name: str, options: Mapping[str, object]) -> None:
    """Refuse unknown keys, naming the known ones."""
    for key in options:
        if key not in OPTIONS:
            near = get_close_matches(key, OPTIONS, 1)
            hint = f"Did you mean `{near[0]}`? " if near else ""
            raise InvalidInput(
                f"Tracker {name}: unknown key `{key}`.",
                f"{hint}Known: {', '.join(OPTIONS)}.",
                key=key,
            )
