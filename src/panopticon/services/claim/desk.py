"""Who decides claims here, and which session this working folder is."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from panopticon.config import Config
from panopticon.errors import InvalidInput, LocalFault
from panopticon.local.file import write_private
from panopticon.local.git_ref import GitRefs
from panopticon.local.lease import GitArbiter
from panopticon.model.claim import Arbiter
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.context import Context

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


def desk(ctx: Context, holder: str | None = None) -> Desk:
    """Sit down: raises InvalidInput where nobody was chosen to decide."""
    return Desk(
        ctx, arbiter_of(ctx), person.named(ctx, holder or "me") or "", session_of(ctx.config)
    )


def arbiter_of(ctx: Context) -> Arbiter:
    """Open the arbiter that the project names; there is no other, and no fall-back."""
    told = ctx.config.arbiter
    if not told:
        raise InvalidInput(
            "Nobody decides claims here yet.",
            "`pan init` chooses who does; the whole team must name the same.",
        )
    kind, _, rest = told.partition(":")
    if kind == "git":
        refs = GitRefs(rest, ctx.config.home / "leases.git")
        return GitArbiter(told, refs, ctx.now)
    if kind == "store":
        if rest != "local" and Path(rest) != ctx.config.database:
            raise InvalidInput(
                f"Claims are decided by {told}, but this run stores in {ctx.config.database}.",
                "Run with the home folder that the project names, or choose another arbiter.",
            )
        return ctx.store.arbiter(told)
    sources = [source for source in ctx.config.sources if source.type == told]
    if len(sources) != 1:
        raise InvalidInput(
            f"Claims are decided by {told}, which is connected {len(sources)} times here.",
            "Connect it once, or choose another arbiter together.",
        )
    if (found := ctx.tracker(sources[0].name).arbiter()) is None:
        raise InvalidInput(f"{told} cannot decide claims here.", "Choose another: `pan init`.")
    return found


def session_of(config: Config) -> str:
    """Give the random id of this working folder, made on first use."""
    name = hashlib.sha256(str(config.folder.resolve()).encode()).hexdigest()[:16]
    path = config.home / "sessions" / name
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
