"""What SQLite and the file system say, in our words and with a next step.

sqlite3 itself stays in store/sqlite.py: errors are told apart by their code's name.
https://www.sqlite.org/rescode.html
"""

from pathlib import Path

from panopticon.errors import LocalFault, PanError, Retriable

_KEPT = "What was stored before is unharmed."
_ANEW = "Move it away and run `pan sync`: everything in it is read again from the trackers."
_FAULTS: tuple[tuple[str, str, str], ...] = (
    ("SQLITE_FULL", "The disk is full: {path} cannot grow.", f"Free some space. {_KEPT}"),
    ("SQLITE_NOTADB", "{path} is not a database.", _ANEW),
    ("SQLITE_CORRUPT", "{path} is damaged.", _ANEW),
    (
        "SQLITE_READONLY",
        "{path} may not be written.",
        "Make the file and its folder writable, or point HOME at a folder that is.",
    ),
    (
        "SQLITE_CANTOPEN",
        "{path} cannot be opened.",
        "Check that its folder exists and that you may write there.",
    ),
    (
        "SQLITE_IOERR",
        "{path} cannot be read or written: the disk may be full or failing.",
        f"Check the disk and the file size limit (`ulimit -f`). {_KEPT}",
    ),
    (
        "SQLITE_PERM",
        "{path} may not be used by you.",
        "Check who owns the file and its folder.",
    ),
)


def fault_from(error: Exception, path: Path | None) -> PanError:
    """Translate what the driver raised."""
    name = str(getattr(error, "sqlite_errorname", ""))
    where = path or "the store"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Retriable(
            f"{where} is in use by another process.",
            "Try again in a moment; `pan status` shows what runs.",
        )
    if "fts5" in str(error):
        return LocalFault(
            "The SQLite of this Python has no full text search (FTS5).",
            "Use a Python from python.org or of your system; theirs have it.",
        )
    for prefix, message, hint in _FAULTS:
        if name.startswith(prefix):
            return LocalFault(message.format(path=where), hint)
    return LocalFault(f"{where}: {error}.", "`pan doctor` looks closer.")


def folder_fault(path: Path, error: OSError) -> LocalFault:
    """Say why the folder of the store cannot be made or used."""
    return LocalFault(
        f"Cannot use {path}: {error.strerror or error}.",
        "Make its folder writable (a file of that name may be in the way), "
        "or point HOME at one that is.",
    )
