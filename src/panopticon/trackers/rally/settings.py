"""What a Rally source may be told, read from `Source.options` and refused with the known words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from panopticon.config import Source
from panopticon.errors import AuthFailed, InvalidInput
from panopticon.model.issue import State
from panopticon.trackers.rally.options import DEFAULT_SERVER, OPTIONS, Options, check_words

__all__ = [
    "OPTIONS",
    "FieldNames",
    "RallySettings",
    "Spot",
    "origin_from",
    "settings_from",
    "spot_from",
]

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_ELSEWHERE = {"type", "api_key_env", "token_env", "name", "enabled"}  # keys that config reads
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A workspace or project as configured: by id where we know it, else by name."""

    oid: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        """Spell it for people."""
        return self.name or self.oid or ""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What the custom fields are called in this workspace; "" where there is none."""

    criteria: str = "c_AcceptanceCriteria"
    locked_by: str = "c_LockedBy"
    locked_at: str = "c_LockedAt"
    lock_expiry: str = "c_LockExpiry"
    branch: str = "c_Branch"
    coverage: str = "c_Coverage"
    commit: str = "c_CommitSHA"
    status: str = "c_PantheonStatus"
    token: str = "c_LockToken"  # noqa: S105 - a field, no secret
    hours: str = ""
    custom: tuple[str, ...] = ()

    def named(self) -> tuple[str, ...]:
        """List every custom field that is read."""
        own = (self.criteria, self.locked_by, self.locked_at, self.lock_expiry, self.branch)
        more = (self.coverage, self.commit, self.status, self.token, self.hours, *self.custom)
        return tuple(dict.fromkeys(name for name in (*own, *more) if name))


@dataclass(frozen=True, slots=True)
class RallySettings:
    """One Rally connection; `states` and `project_states` map lower-case native words."""

    name: str
    origin: str
    key: str | None = field(default=None, repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)
    workspace: Spot | None = None
    projects: tuple[Spot, ...] = ()
    scope_down: bool = True
    ca_file: str | None = None
    page_size: int = 2000
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    in_flight: int = 12
    lag_seconds: float = 60.0
    fields: FieldNames = field(default_factory=FieldNames)
    defect_state_field: str = "State"
    states: Mapping[str, State] = field(default_factory=dict)
    project_states: Mapping[str, Mapping[str, State]] = field(default_factory=dict)
    priorities: Mapping[str, int] = field(default_factory=dict)

    def states_of(self, project: str) -> Mapping[str, State]:
        """Give the overrides that hold in a project."""
        return {**self.states, **self.project_states.get(project, {})}


def settings_from(source: Source) -> RallySettings:
    """Read a source's options; raises InvalidInput that names the option."""
    options = {key: value for key, value in source.options.items() if key not in _ELSEWHERE}
    check_words(source.name, options)
    read = Options(source.name, options)
    shared, own = _states(read)
    return RallySettings(
        name=source.name,
        origin=origin_from(
            read.text("server") or DEFAULT_SERVER, insecure=read.flag("insecure", default=False)
        ),
        key=None if read.text("user") else _key(source),
        basic=_basic(source, read),
        workspace=spot_from("workspace", read.text("workspace"))
        if read.text("workspace")
        else None,
        projects=tuple(
            spot_from("project", text) for text in (*read.words("project"), *read.words("projects"))
        ),
        scope_down=read.flag("scope_down", default=True),
        ca_file=read.text("ca_file") or None,
        page_size=int(read.number("page_size", 2000, 1, 2000)),
        connect_seconds=read.number("connect_seconds", 10, 0.01, 600),
        read_seconds=read.number("read_seconds", 60, 0.01, 600),
        in_flight=int(read.number("in_flight", 12, 1, 12)),
        lag_seconds=read.number("lag_seconds", 60, 10, 86400),
        fields=_field_names(read),
        defect_state_field=read.choice("defect_state_field", ("State", "ScheduleState")),
        states=shared,
        project_states=own,
        priorities=_priorities(read),
    )


def origin_from(server: str, *, insecure: bool = False) -> str:
    """Normalise `rally1.rallydev.com`, `https://host/slm/…` or `http://localhost:8080`."""
    text = server.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    if parts.scheme not in {"https", "http"} or not parts.hostname or " " in parts.netloc:
        raise InvalidInput(f"`server` {server!r} is no host.", f"Write it like {DEFAULT_SERVER}.")
    if parts.username or parts.password:
        raise InvalidInput(
            "`server` holds a password.", "Put the user into `user`, the key into the env file."
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not insecure:
        raise InvalidInput(
            f"`server` {server!r} would send the key in the clear.",
            "Use https://, or set `insecure = true` if you must.",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def spot_from(kind: str, text: str) -> Spot:
    """Read `123`, `/project/123`, a full reference, or a name."""
    match = re.search(rf"(?:^|/){kind}/(\d+|{_UUID})(?:\.js)?/?$", text.strip(), re.IGNORECASE)
    if match:
        return Spot(oid=match[1])
    if re.fullmatch(rf"\d+|{_UUID}", text.strip()):
        return Spot(oid=text.strip())
    if re.match(r"(https?:)?/", text.strip()):
        raise InvalidInput(f"{text!r} is no {kind}.", f"Write its name, its number or /{kind}/123.")
    return Spot(name=text.strip())


def _key(source: Source) -> str:
    if not source.secret:
        env = source.secret_env or "RALLY_API_KEY"
        raise AuthFailed(
            f"Tracker {source.name} has no API key.",
            f"Put {env}=… into `~/.panopticon.env`, or run `pan init`.",
        )
    if not source.secret.isascii() or not source.secret.isprintable():
        raise AuthFailed(
            f"Tracker {source.name}: the API key holds odd characters.", "Copy it once more."
        )
    return source.secret.strip()


def _basic(source: Source, read: Options) -> tuple[str, str] | None:
    user = read.text("user")
    if not user:
        return None
    password = read.text("password") or source.secret
    if not password:
        raise AuthFailed(
            f"Tracker {source.name}: `user` without `password`.", "Set both, or use an API key."
        )
    return user, password


def _field_names(read: Options) -> FieldNames:
    default = FieldNames()
    return FieldNames(
        criteria=read.text("criteria_field", default.criteria),
        locked_by=read.text("locked_by_field", default.locked_by),
        locked_at=read.text("locked_at_field", default.locked_at),
        lock_expiry=read.text("lock_expiry_field", default.lock_expiry),
        branch=read.text("branch_field", default.branch),
        coverage=read.text("coverage_field", default.coverage),
        commit=read.text("commit_field", default.commit),
        status=read.text("status_field", default.status),
        token=read.text("lock_token_field", default.token),
        hours=read.text("hours_field"),
        custom=read.words("custom_fields"),
    )


def _states(read: Options) -> tuple[dict[str, State], dict[str, dict[str, State]]]:
    shared: dict[str, State] = {}
    own: dict[str, dict[str, State]] = {}
    for word, value in read.mapping("states").items():
        if isinstance(value, Mapping):
            own[word] = {
                str(inner).lower(): _column(read, column) for inner, column in value.items()
            }
        else:
            shared[word.lower()] = _column(read, value)
    return shared, own


def _column(read: Options, value: object) -> State:
    try:
        return State(str(value))
    except ValueError:
        raise read.wrong("states", f"a table of columns ({', '.join(State)})") from None


def _priorities(read: Options) -> dict[str, int]:
    found: dict[str, int] = {}
    for word, value in read.mapping("priorities").items():
        if not isinstance(value, int) or not 0 <= value <= 4:  # noqa: PLR2004
            raise read.wrong("priorities", "a table of numbers from 0 to 4")
        found[word.lower()] = value
    return found
