"""Who decides claims here, and which session this working folder is."""

import hashlib
import platform
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from panopticon.config import SETTINGS, Config
from panopticon.config.arbiter import without_credentials
from panopticon.errors import InvalidInput, LocalFault
from panopticon.local.file import write_new
from panopticon.local.git.lease import GitArbiter
from panopticon.local.git.ref import GitRefs
from panopticon.model.claim import Arbiter, Claim
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.context import Context

_SESSIONS = "sessions"  # a folder of our home
_SESSION = re.compile(r"[0-9a-f]{16}")
_MACHINE_ID = Path("/etc/machine-id")
_LONGEST_NAME = 254  # characters; the longest address of mail
_TRIES = 3  # to agree on a session with others who make it too


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody asks for stories: the arbiter of the project, the person, the session."""

    ctx: Context
    arbiter: Arbiter
    holder: str
    session: str

    @property
    def is_me(self) -> bool:
        """Tell whether the holder is who sits here, as far as that is known."""
        me = person.known(self.ctx)
        return me is None or me.strip().casefold() == self.holder

    @property
    def skew(self) -> timedelta:
        """Tell how long after its end a claim is kept from others, for clocks that differ."""
        told = self.arbiter.name.startswith("git:")
        return timedelta(minutes=self.ctx.config.skew_minutes if told else 0)

    def key(self, ref: IssueRef) -> str:
        """Spell an item alike on every machine: `rally:<workspace id>/US120`."""
        return f"{self.ctx.tracker(ref.tracker).identity()}/{ref.key}"

    def is_of(self, claim: Claim) -> bool:
        """Tell whether a claim was made here, by this person in this session."""
        return (claim.holder, claim.session) == (self.holder, self.session)


def item_of(key: str, places: Mapping[str, str]) -> IssueRef | None:
    """Read a key back, by the trackers' names under their identities; None: another project's."""
    for place, tracker in places.items():
        if key.startswith(f"{place}/"):
            return IssueRef(tracker, key.removeprefix(f"{place}/"))
    return None


def desk(ctx: Context, holder: str | None = None) -> Desk:
    """Sit down: raises InvalidInput where nobody was chosen to decide, or nobody sits."""
    who = "me" if holder is None else holder
    return Desk(ctx, arbiter_of(ctx), _named(ctx, who), session_of(ctx.config))


def _named(ctx: Context, who: str) -> str:
    """Spell a holder as arbiters compare them: one person is one, in capitals too."""
    name = (person.named(ctx, who) or "").strip()
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise InvalidInput(
            f"{who!r:.80} is nobody who can hold a story.",
            f"A holder is an email of at most {_LONGEST_NAME} characters: ann@example.com.",
        )
    return name.casefold()


def arbiter_of(ctx: Context) -> Arbiter:
    """Open the arbiter that the project names; there is no other, and no fall-back.

    Its name holds no credentials: it is written where the whole team reads.
    """
    told = ctx.config.arbiter
    if not told:
        raise InvalidInput(
            "Nobody decides claims here yet.",
            "`pan init` chooses who does; the whole team must name the same.",
        )
    kind, _, rest = told.partition(":")
    if kind == "git":
        refs = GitRefs(rest, ctx.config.home / "leases.git")
        skew = timedelta(minutes=ctx.config.skew_minutes)
        return GitArbiter(f"git:{without_credentials(rest)}", refs, ctx.now, skew)
    if kind == "store":
        if rest != "local" and Path(rest) != ctx.config.database:
            raise InvalidInput(
                f"The project's settings say that {told} decides claims, "
                f"but this run stores in {ctx.config.database}.",
                "A database decides for one machine: run with the home folder that is named, "
                "or choose another arbiter together (`pan init`).",
            )
        return ctx.store.arbiter(told)
    sources = [source for source in ctx.config.sources if source.type == told]
    if len(sources) != 1:
        raise InvalidInput(
            f"The project's settings say that {told} decides claims, "
            f"which is connected {_times(len(sources))} here.",
            "Connect it once, or choose another arbiter together (`pan init`).",
        )
    if (found := ctx.tracker(sources[0].name).arbiter()) is None:
        raise InvalidInput(f"{told} cannot decide claims here.", "Choose another: `pan init`.")
    return found


def _times(count: int) -> str:
    return f"{count} times" if count else "not"


def checked_hours(hours: float) -> float:
    """Give how long to hold, where one may; raises InvalidInput."""
    setting = next(one for one in SETTINGS if one.name == "lock_hours")
    least, most = setting.minimum or 0.0, setting.maximum or 0.0
    if not least <= hours <= most:  # NaN is in no range
        raise InvalidInput(
            f"A story is held for {least:g} to {most:g} hours, not {hours:g}.",
            "Give lock_hours=24, for one day.",
        )
    return hours


def sessions_of(config: Config) -> frozenset[str]:
    """Name the sessions of this machine: one a working folder."""
    try:
        files = sorted((config.home / _SESSIONS).glob(f"{_machine()}-*"))
        kept = (one.read_text(encoding="utf-8", errors="replace").strip() for one in files)
        return frozenset(one for one in kept if _SESSION.fullmatch(one))
    except OSError:
        return frozenset()


def session_of(config: Config) -> str:
    """Give the random id of this working folder, made on first use.

    A home that was copied to another machine, or is shared with one, has other sessions there.
    """
    folder = hashlib.sha256(str(config.folder.resolve()).encode()).hexdigest()[:16]
    path = config.home / _SESSIONS / f"{_machine()}-{folder}"
    for _ in range(_TRIES):
        try:
            kept = path.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            write_new(path, f"{secrets.token_hex(8)}\n")  # or somebody else's, who was faster
            continue
        except OSError as error:
            hint = "Make it readable."
            raise LocalFault(f"Cannot read {path}: {error.strerror}.", hint) from error
        if _SESSION.fullmatch(kept):
            return kept
        _put_away(path)
    raise LocalFault(f"{path} does not stay as it was written.", "Delete it, then try again.")


def _put_away(path: Path) -> None:
    """Delete a session that cannot be read: what it held is not known any more."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise LocalFault(f"Cannot delete {path}: {error.strerror}.", "Delete it.") from error


def _machine() -> str:
    """Tell this machine from others, in eight hexadecimal digits."""
    try:
        own = _MACHINE_ID.read_text(encoding="ascii", errors="replace").strip()
    except OSError:  # not everywhere
        own = ""
    return hashlib.sha256(f"{platform.node()}\n{own}".encode()).hexdigest()[:8]
