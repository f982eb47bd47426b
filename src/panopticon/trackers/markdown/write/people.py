"""Who works in a folder: those who commit in its repository."""

from panopticon.errors import InvalidInput
from panopticon.trackers.disk import Author, Folder

_SHOWN = 8


def me(folder: Folder) -> str | None:
    """Say who commits here now: the email, else the name."""
    found = folder.me()
    return (found.email or found.name or None) if found else None


def people_of(folder: Folder) -> list[Author]:
    """List who commits here, oneself first."""
    own = folder.me()
    others = folder.authors()
    if own is None:
        return others
    return [own, *(one for one in others if one.email.casefold() != own.email.casefold())]


def person(folder: Folder, word: str) -> str:
    """Give the email of somebody named by email or name; `me` is who commits here now.

    Where nobody commits, in a folder outside git, any name is taken. Raises InvalidInput.
    """
    wanted = word.strip()
    if wanted == "me":
        own = me(folder)
        if own is None:
            raise InvalidInput(
                "Who you are is not known here.",
                "Run `git config --global user.email you@example.com`, or give an email.",
                field="assignee",
            )
        return own
    known = people_of(folder)
    for one in known:
        if wanted.casefold() in {one.email.casefold(), one.name.casefold()}:
            return one.email or one.name
    if not known:
        return wanted
    names = ", ".join(one.email or one.name for one in known[:_SHOWN])
    raise InvalidInput(f"Nobody is called {word!r}.", f"Known: {names}.", field="assignee")
