"""The named SQL texts of `sql/`, spelled as a driver wants its parameters."""

from functools import cache
from pathlib import Path

import aiosql

_FOLDER = Path(__file__).parent / "sql"
_MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def texts(driver: str) -> dict[str, str]:
    """Load every statement by its name."""
    queries = aiosql.from_path(_FOLDER, driver, mandatory_parameters=False)
    return {
        name: str(getattr(queries, name).sql).rstrip().rstrip(";")
        for name in queries.available_queries
        if not name.endswith("_cursor")
    }


def migrations(after: int) -> list[tuple[int, str]]:
    """List the migrations above a number, in their order."""
    numbered = [(int(path.name[:4]), path) for path in _MIGRATIONS.glob("[0-9]*.sql")]
    return [(n, path.read_text(encoding="utf-8")) for n, path in sorted(numbered) if n > after]
