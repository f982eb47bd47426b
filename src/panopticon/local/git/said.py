"""What git says about a remote, in our words: refusals by class, its clock, nothing secret.

| git says                                        | we raise    |
|-------------------------------------------------|-------------|
| nothing, no route, a broken line, a server error | Retriable   |
| no repository there                             | NotFound    |
| who you are, or may not write at all            | AuthFailed  |
| this ref may not be written (hook, rule, hidden) | LocalFault  |
| the folder belongs to somebody else             | LocalFault  |
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from panopticon.errors import AuthFailed, InvalidInput, LocalFault, NotFound, PanError, Retriable
from panopticon.local.run import Outcome

_SPACE = "refs/panopticon/*"
PROTOCOLS = ("file", "git", "http", "https", "ssh")
_SCHEME = re.compile(r"([\w+.-]+)(::|://)")
_SSH = ("git+ssh", "ssh+git")
_TRACE = re.compile(r"\d\d:\d\d:\d\d\.\d+ [\w./-]+:\d+ .*")
_DATE = re.compile(r"Recv header: date:[ \t]*([^\r\n]+)", re.IGNORECASE)
_SECRET = re.compile(r"(://)[^/\s]*@")

MOVED = ("stale info", "cannot lock ref", "failed to update ref", "incorrect old value")
"""Why a ref is refused that another push has replaced meanwhile."""
BEHIND = ("fetch first", "non-fast-forward", *MOVED)
"""Why one is refused that has commits there which are not here."""
_OWNER = ("dubious ownership",)
_DOOR = (
    *("authentication failed", "permission denied", "could not read username"),
    *("could not read password", "access denied", "service not enabled", "error: 401"),
    *("error: 403", "insufficient permission", "read-only file system"),
    *("unable to create temporary object", "host key verification failed"),
)
_DAMAGE = re.compile(
    r"^(?:fatal|error): .*(?:object file .* is empty|is corrupt|corrupt loose|bad object|inflate:|"
    r"unable to (?:read (?:tree|sha1|[0-9a-f]{40})|unpack [0-9a-f]{40}|parse)|"
    r"does not point to a valid object|is not a valid (?:'\w+' )?object$|not a git repository|"
    r"did not send all necessary objects|missing necessary objects|packfile .* (?:invalid|cannot))"
)
_NOWHERE = ("does not appear to be a git repository", "not found", "no such file", "error: 404")


def remote_of(url: str) -> str:
    """Accept the address of a remote; raises InvalidInput for what would run a program."""
    found = _SCHEME.match(url)
    is_helper = found is not None and found[2] == "::"
    is_strange = found is not None and found[1].lower() not in (*PROTOCOLS, *_SSH)
    if not url.strip() or not url.isprintable() or url.startswith("-") or is_helper or is_strange:
        raise InvalidInput(
            f"{without_secrets(url)!r} is no remote for claims.",
            "Give a path, or an address with file, git, http, https or ssh: `git remote -v`.",
        )
    return url


def heard(outcome: Outcome) -> tuple[Outcome, datetime | None]:
    """Split what git said from the trace of its HTTP: the remote's last `Date`, if any."""
    dates = _DATE.findall(outcome.err)
    lines = [line for line in outcome.err.splitlines() if not _TRACE.fullmatch(line)]
    return Outcome(outcome.code, outcome.out, "\n".join(lines)), _moment(dates[-1:])


def has_moved(outcome: Outcome) -> bool:
    """Tell whether a push was refused because another one was faster."""
    return any(word in why for why in _refusals(outcome) for word in (*BEHIND, "already exists"))


def is_damage(outcome: Outcome) -> bool:
    """Tell whether git could not read its own objects or refs."""
    lines = (one for one in outcome.err.splitlines() if not one.startswith("remote:"))
    return any(_DAMAGE.search(one) for one in lines)


def trouble(url: str, outcome: Outcome) -> PanError:
    """Class a failure by what somebody can do about it."""
    told, name, why = _told(outcome), without_secrets(url), said(outcome)
    if any(word in told for word in _OWNER):
        return LocalFault(
            f"git does not trust {name}: it belongs to another user.",
            "If you trust it: `git config --global --add safe.directory <that folder>`.",
        )
    is_door = any(word in told for word in _DOOR) and "hook declined" not in told
    if (
        any("rejected]" in one for one in _refusals(outcome))
        and "unpack" not in told
        and not is_door
    ):
        return LocalFault(
            f"{name} refuses {_SPACE}: {why}",
            f"Its admin allows pushes to {_SPACE} (hooks, push rules, hidden refs), or the team "
            "chooses another arbiter together.",
        )
    if is_door:
        return AuthFailed(
            f"{name} refuses you: {why}", f"Sign in to git there; claims need to write {_SPACE}."
        )
    if any(word in told for word in _NOWHERE):
        return NotFound(
            f"There is no repository at {name}, or it does not show itself to you: {why}",
            "Look at the arbiter's address and at your sign-in.",
        )
    return Retriable(f"No word from {name}: {why}", "Is it reachable? Try again in a moment.")


def without_secrets(text: str) -> str:
    """Leave out what stands before the @ of an address."""
    return _SECRET.sub(r"\1", text)


def said(outcome: Outcome) -> str:
    """Say what is wrong: the refusal and the server's first word about it in one line."""
    lines = [one.strip() for one in f"{outcome.out}\n{outcome.err}".splitlines()]
    refusals = [one.rpartition("\t")[2] for one in lines if one.startswith("!")]
    faults = [one for one in lines if one.startswith(("fatal:", "error:", "ssh:"))]
    words = [one for one in lines if one.startswith("remote:") and one != "remote:"]
    chosen = [*(refusals or faults)[:1], *words[:1]]
    return without_secrets("; ".join(chosen)) or "nothing said"


def _refusals(outcome: Outcome) -> list[str]:
    """Read git's own list of refused refs; what a server says in the same words is none."""
    rows = (one.rpartition("\t")[2] for one in outcome.out.splitlines() if one.startswith("!\t"))
    return [one.lower() for one in rows]


def _told(outcome: Outcome) -> str:
    return f"{outcome.out}\n{outcome.err}".lower()


def _moment(dates: list[str]) -> datetime | None:
    try:
        found = [parsedate_to_datetime(one) for one in dates]
    except ValueError:
        return None
    return found[0].astimezone(UTC) if found else None
