"""Times as git tells them: a commit may claim any second, sensible or not."""

from datetime import UTC, datetime

_LATEST = 253_402_300_799  # the last second of the year 9999


def moment(seconds: int) -> datetime:
    """Read seconds since 1970, kept inside what a calendar can say."""
    return datetime.fromtimestamp(min(max(seconds, 0), _LATEST), UTC)
