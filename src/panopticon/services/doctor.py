"""What is wrong on this machine and how to mend it, one finding a line."""

import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from panopticon.config import TYPES, Config, Source
from panopticon.errors import PanError
from panopticon.local.file import is_open_to_others
from panopticon.local.run import is_installed
from panopticon.model.issue import IssueFilter
from panopticon.services.context import Context
from panopticon.services.doctor_claim import Word, claim_words
from panopticon.services.doctor_folder import folder_troubles, is_local
from panopticon.services.doctor_held import held_words
from panopticon.services.server import daemon
from panopticon.services.setup import file as setup_file
from panopticon.services.tracker import SKEW_LIMIT, Tested, tested
from panopticon.services.twin import all_twins

_PATIENCE = timedelta(seconds=90)  # a slow tracker's own patience ends before
_MOST_TWINS = 20
_LEAST_DISK = 200 * 1024 * 1024
_ITSELF = re.compile(r"`pan doctor`[^.`]*\.")  # whoever reads this has just run it


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, how it is, and how to mend it."""

    name: str
    verdict: Verdict
    text: str
    hint: str = ""

    def as_json(self) -> dict[str, str]:
        """Give it to programs."""
        found = {"check": self.name, "state": self.verdict.value, "message": self.text}
        return found | {"hint": self.hint}


def examine(opened: Callable[[], Context]) -> list[Finding]:
    """Look at everything; a setting that cannot be read ends the look early."""
    try:
        ctx = opened()
    except PanError as error:
        return [_python(), _broken("settings", error)]
    try:
        return look_around(ctx)
    finally:
        ctx.close()


def look_around(ctx: Context, patience: timedelta = _PATIENCE) -> list[Finding]:
    """Look at everything of an open run; a tracker that takes longer than that is a finding."""
    findings = [_python(), *_settings(ctx.config), *_spoken(claim_words(ctx.config))]
    findings += [*_trackers(ctx, patience), *_spoken(held_words(ctx))]
    findings += [_store(ctx), *_syncs(ctx), *_twins(ctx), _cache(ctx.config), _port(ctx.config)]
    return [*findings, _disk(ctx.config.home), *_programs()]


def is_broken(findings: list[Finding]) -> bool:
    """Tell whether anything keeps Panopticon from working."""
    return any(finding.verdict is Verdict.BROKEN for finding in findings)


def _ok(name: str, text: str) -> Finding:
    return Finding(name, Verdict.OK, text)


def _warn(name: str, text: str, hint: str) -> Finding:
    return Finding(name, Verdict.WARNING, text, hint)


def _broken(name: str, error: PanError) -> Finding:
    return Finding(name, Verdict.BROKEN, error.message, _ITSELF.sub("", error.hint).strip())


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return _ok("python", f"Python {version}")


def _settings(config: Config) -> Iterator[Finding]:
    files = ", ".join(str(path) for path in config.files)
    if config.sources:
        names = ", ".join(source.name for source in config.sources)
        yield _ok("settings", f"{names}, from {files or 'the environment'}")
    else:
        hint = "`pan init` connects a tracker; `pan demo` needs none."
        yield _warn("settings", "No tracker is configured.", hint)
    for note in config.notes:
        yield _warn("settings", note, "See docs/configuration.md for what wins.")
    secrets = config.secrets_file
    if secrets and secrets.is_file():
        if is_open_to_others(secrets):
            hint = f"`chmod 600 {secrets}`, and renew the keys if others use this machine."
            yield _warn("secrets", f"Others can read {secrets}.", hint)
        else:
            yield _ok("secrets", f"Only you can read {secrets}")
        for name in setup_file.unused_keys(config):
            hint = "Take its line out of the file, and revoke the key if nobody else needs it."
            yield _warn("secrets", f"No source uses {name} in {secrets}.", hint)


def _spoken(words: Iterable[Word]) -> Iterator[Finding]:
    """Make findings of what is said about claims."""
    for one in words:
        yield _warn(one.about, one.text, one.hint) if one.hint else _ok(one.about, one.text)


def _trackers(ctx: Context, patience: timedelta) -> Iterator[Finding]:
    """Ask all trackers side by side, each in a thread that nobody waits for at the end."""
    if ctx.config.is_demo and daemon.running(ctx.config.home) is None:
        yield Finding("demo", Verdict.BROKEN, "The demo is not running.", "`pan demo` starts it.")
        return
    answers: dict[str, list[Finding]] = {}

    def ask(source: Source) -> None:
        answers[source.name] = list(_tracker(ctx, source))

    threads = [
        (source, threading.Thread(target=ask, args=(source,), daemon=True))
        for source in ctx.config.sources
    ]
    for _, thread in threads:
        thread.start()
    until = time.monotonic() + patience.total_seconds()
    for source, thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
        yield from answers.get(source.name) or [_silent(source, patience)]


def _silent(source: Source, patience: timedelta) -> Finding:
    text = f"No answer within {patience.total_seconds():.0f} s."
    hint = "See whether the server is slow or down; what was read before is still shown."
    return Finding(f"tracker {source.name}", Verdict.BROKEN, text, hint)


def _tracker(ctx: Context, source: Source) -> Iterator[Finding]:
    name = f"tracker {source.name}"
    if is_local(source):
        yield from _folders(ctx, source, name)
        return
    if source.secret is None:
        hint = f"Put {source.secret_env}=… into {ctx.config.secrets_file}, or run `pan init`."
        yield Finding(name, Verdict.BROKEN, f"No key: {source.secret_env} is not set.", hint)
        return
    answer = tested(ctx, source.name)
    if answer.error:
        yield _broken(name, answer.error)
    else:
        yield from _answered(name, source, answer)


def _folders(ctx: Context, source: Source, name: str) -> Iterator[Finding]:
    """Look at folders, then read what is in them; a folder that is not there ends the look."""
    troubles = list(folder_troubles(source))
    answer = None if any(one.is_fatal for one in troubles) else tested(ctx, source.name)
    if answer and answer.error:
        yield _broken(name, answer.error)
    elif answer:
        yield from _answered(name, source, answer)
    for one in troubles:
        verdict = Verdict.BROKEN if one.is_fatal else Verdict.WARNING
        yield Finding(name, verdict, one.text, one.hint)


def _answered(name: str, source: Source, answer: Tested) -> Iterator[Finding]:
    assert answer.check is not None
    check = answer.check
    items = sum(check.counts.values())
    is_inner = check.project and not is_local(source)
    where = f"{check.workspace} / {check.project}" if is_inner else check.workspace
    who = f"{check.user} in {where}" if check.user else where
    yield _ok(name, f"{who}: {items} items, {answer.seconds:.1f} s")
    if check.can_write is False and not is_local(source):
        hint = "Ask for a key with full access, or go on reading."
        yield _warn(name, "This key may read but not write.", hint)
    for number, warning in enumerate(check.warnings, 1):
        is_last = number == len(check.warnings)
        yield _warn(name, warning, f"See {TYPES[source.type].page}." if is_last else "")
    if answer.skew is not None and abs(answer.skew) > SKEW_LIMIT:
        minutes = answer.skew.total_seconds() / 60
        side = "ahead of" if minutes > 0 else "behind"
        hint = "Set the clock (`timedatectl set-ntp true`); sync goes by the server's clock."
        yield _warn(name, f"This clock is {abs(minutes):.0f} min {side} the server's.", hint)


def _store(ctx: Context) -> Finding:
    try:
        count = ctx.store.count(IssueFilter())
    except PanError as error:
        return _broken("store", error)
    except OSError as error:
        hint = "Make the folder writable, or point PANOPTICON_HOME at one that is."
        text = f"Cannot use {ctx.config.database}: {error.strerror}."
        return Finding("store", Verdict.BROKEN, text, hint)
    return _ok("store", f"{count} items in {ctx.config.database}")


def _syncs(ctx: Context) -> Iterator[Finding]:
    try:
        records = {record.source: record for record in ctx.store.sync_records()}
    except (PanError, OSError):
        return  # the store's own finding says it
    for source in ctx.config.sources:
        record = records.get(source.name)
        name = f"sync {source.name}"
        if record is None:
            yield _warn(name, "Never synced.", "`pan sync` reads everything.")
        elif record.error:
            yield _warn(name, f"The last sync failed: {record.error}", "`pan sync` tries again.")
        else:
            at = record.ok_at.astimezone().strftime("%Y-%m-%d %H:%M") if record.ok_at else "?"
            yield _ok(name, f"Last good sync {at}")


def _twins(ctx: Context) -> Iterator[Finding]:
    """Tell which items are not joined though they carry a key, as `pan sync` does."""
    try:
        problems = list(all_twins(ctx).problems())
    except (PanError, OSError):
        return  # the store's own finding says it
    for text in problems[:_MOST_TWINS]:
        yield _warn("twins", text, "Correct the key that a story names, then `pan sync`.")
    if more := len(problems[_MOST_TWINS:]):
        yield _warn("twins", f"{more} more are not joined.", "`pan sync --json` tells them all.")


def _cache(config: Config) -> Finding:
    if config.cache.is_dir():
        return _ok("cache", f"Agents read {config.cache}")
    return _warn("cache", f"There is no {config.cache} yet.", "`pan sync` writes it.")


def _port(config: Config) -> Finding:
    own = daemon.running(config.home)
    if own and own.url:
        return _ok("board", f"Runs at {own.url}")
    try:
        daemon.check_port(config.port, daemon.homes(config.home))
    except PanError as error:
        return _warn("board", error.message, error.hint)
    return _ok("board", f"Port {config.port} is free; `pan up` starts the board")


def _disk(home: Path) -> Finding:
    place = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    text = f"{free // (1024 * 1024)} MB free at {place}"
    if free < _LEAST_DISK:
        return _warn("disk", text, "Make room before the next sync.")
    return _ok("disk", text)


def _programs() -> Iterator[Finding]:
    for name, why in (("git", "branches and claims"), ("tmux", "sessions of coding agents")):
        if is_installed(name):
            yield _ok(name, "installed")
        else:
            yield _warn(name, "Not installed.", f"Install it for {why}; the rest works without.")
