"""Who decides claims, as settings spell it: `git:<remote url>`, `store:local`, or `rally`.

Only words are judged here; opening one is for `services/claim/desk.py`.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from panopticon.config.schema import TYPES
from panopticon.errors import InvalidInput

OWN_STORE = "store:local"  # each machine's own store: a project of one machine
_LONGEST = 1000  # characters
_PORTS = {"ssh": "22", "https": "443", "http": "80", "git": "9418"}
_SCP = re.compile(r"(?:(?P<user>[^@/:]+)@)?(?P<host>\[[^\]]+\]|[^@/:]+):(?P<path>.+)")
_FORGE_USER = "git"  # whose paths a forge gives out alike over ssh and https


@dataclass(frozen=True, slots=True)
class _Address:
    """The parts of a remote's address; `scheme` is "" for a path of this machine."""

    scheme: str
    user: str
    password: str
    host: str
    path: str


def checked_arbiter(where: str, value: object) -> str:
    """Give an arbiter's words as they are spelled; raises InvalidInput that lists the forms."""
    text = value.strip() if isinstance(value, str) else ""
    kind, mark, rest = text.partition(":")
    if not text.isprintable() or len(text) > _LONGEST or not _is_form(kind, mark, rest):
        raise InvalidInput(f"{where}: {value!r} names no arbiter.", _forms())
    if kind == "git" and (rest.startswith("~") or is_relative(rest)):
        raise InvalidInput(
            f"{where}: {rest} is a relative path.", "Write the whole path, from /, or an address."
        )
    if "://" in rest and ("?" in rest or "#" in rest):
        raise InvalidInput(
            f"{where}: an address with ? or # is none of a repository.",
            "Leave out what follows it: others read this, and it may hold a key.",
        )
    if mark and (clean := without_credentials(rest)) != rest:
        raise InvalidInput(
            f"{where}: the address holds credentials, and others read this.",
            f"Write {kind}:{clean}; git finds the key by itself (`git help credentials`, or ssh). "
            "If the file was shared already, revoke that key.",
        )
    return text


def _is_form(kind: str, mark: str, rest: str) -> bool:
    if kind == "git":
        # `-…` would be an option to git, `ext::…` a program that it runs.
        return bool(mark and rest) and not rest.startswith(("-", " ")) and not _is_helper(rest)
    if kind == "store":
        return bool(mark and rest)
    return not mark and kind in TYPES and TYPES[kind].can_decide


def is_relative(url: str) -> bool:
    """Tell whether an address is a path of this machine that begins somewhere."""
    at = _address(url)
    return not at.scheme and not at.path.startswith(("/", "~"))


def _is_helper(url: str) -> bool:
    return bool(re.match(r"[\w+.-]+::", url))


def _forms() -> str:
    types = " or ".join(sorted(name for name, words in TYPES.items() if words.can_decide))
    return (
        f"Write git:<remote url> (refs of that remote decide), {types} (its lock fields), "
        f"or {OWN_STORE} (this machine alone)."
    )


def without_credentials(url: str) -> str:
    """Take name and password out of an address; a name alone stays where ssh needs it."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    host, slash, path = rest.partition("/")
    user, _, bare = host.rpartition("@")
    name = user.partition(":")[0]
    keeps = bool(name) and "ssh" in scheme.lower()
    return f"{scheme}://{name + '@' if keeps else ''}{bare}{slash}{path}"


def same_arbiter(one: str, other: str) -> bool:
    """Tell whether two spellings name one arbiter.

    A remote is the same over ssh as `git@` and over https, with and without `.git`. In doubt they
    differ: a claim is then refused with both names, where a wrong yes would make two arbiters.
    """
    return _normal(one) == _normal(other)


def _normal(text: str) -> tuple[str, ...]:
    kind, mark, rest = text.strip().partition(":")
    if kind != "git" or not mark:
        return (text.strip(),)
    at = _address(rest.strip())
    if not at.scheme:
        return kind, os.path.normpath(_expanded(at.path))
    path = at.path.rstrip("/").removesuffix(".git")
    host, port = _host(at)
    is_named = at.scheme == "ssh" and at.user != _FORGE_USER
    who = f"{at.user}@" if is_named else ""
    return kind, f"{who}{host}{port}", path if is_named else path.lstrip("/")


def _address(url: str) -> _Address:
    scheme, mark, rest = url.partition("://")
    if mark:
        host, slash, path = rest.partition("/")
        user, _, bare = host.rpartition("@")
        name, _, password = user.partition(":")
        word = scheme.lower().removeprefix("git+").removesuffix("+git")
        if word == "file":
            return _Address("", "", "", "", slash + path)
        return _Address(word, name, password, bare, slash + path)
    scp = None if url.startswith(("/", ".", "~")) else _SCP.fullmatch(url)
    if scp:
        return _Address("ssh", scp["user"] or "", "", scp["host"], scp["path"])
    return _Address("", "", "", "", url)


def _host(at: _Address) -> tuple[str, str]:
    host, mark, port = at.host.rpartition(":")
    if not mark or not port.isdecimal():
        return at.host.lower(), ""
    return host.lower(), "" if port == _PORTS.get(at.scheme) else f":{port}"


def _expanded(path: str) -> str:
    try:
        return str(Path(path).expanduser())
    except RuntimeError:  # the home of somebody who is not here
        return path
