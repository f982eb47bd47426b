"""Who decides claims here, and which session this working folder is."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from panopticon.config import SETTINGS, Config
from panopticon.config.arbiter import without_credentials
from panopticon.errors import InvalidInput, LocalFault
from panopticon.local.file import write_private
from panopticon.local.git.lease import GitArbiter
from panopticon.local.git.ref import GitRefs
from panopticon.model.claim import Arbiter, Claim
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.context import Context

_SESSIONS = "sessions"  # a folder of our home
_SESSION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody asks for stories: the arbiter of the project, the person, the session."""

    ctx: Context
    arbiter: Arbiter
    holder: str
    session: str

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
    """Sit down: raises InvalidInput where nobody was chosen to decide."""
    return Desk(
        ctx, arbiter_of(ctx), person.named(ctx, holder or "me") or "", session_of(ctx.config)
    )


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
        files = list((config.home / _SESSIONS).iterdir())
        return frozenset(one.read_text(encoding="utf-8").strip() for one in files)
    except OSError:  # nobody has ever checked out here
        return frozenset()


def session_of(config: Config) -> str:
    """Give the random id of this working folder, made on first use."""
    name = hashlib.sha256(str(config.folder.resolve()).encode()).hexdigest()[:16]
    path = config.home / _SESSIONS / name
    try:
        kept = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        kept = ""
    except OSError as error:
        raise LocalFault(f"Cannot read {path}: {error.strerror}.", "Make it readable.") from error
    if _SESSION.fullmatch(kept):
        return kept
    fresh = secrets.token_hex(8)
    write_private(path, f"{fresh}\n")
    return path.read_text(encoding="utf-8").strip()
