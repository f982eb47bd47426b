"""What can be configured: the nouns, and the tables that loading, docs and tests share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Source:
    """A configured tracker: its name, its type, and its own section as text.

    `options` belong to the tracker's type, which refuses the keys it does not know.
    `secret` is the API key, never printed. `known_as` is what the files of HOME call it: a folder
    that looks at another part of it has a source of its own (`config/view.py`). `told_by` names
    the place that describes it where config.toml and the key file alone do not.
    """

    name: str
    type: str
    options: Mapping[str, object] = field(default_factory=dict)
    secret: str | None = field(default=None, repr=False)
    secret_env: str | None = None
    known_as: str | None = None
    told_by: str | None = None


def source_called(name: str, sources: Iterable[Source]) -> Source | None:
    """Find a source by its name, else by what the files of HOME call it."""
    known = list(sources)
    exact = [source for source in known if source.name == name]
    return next(iter(exact or [one for one in known if one.known_as == name]), None)


@dataclass(frozen=True, slots=True)
class Repository:
    """Where the code of a project is on this machine, and the branch that stories begin at."""

    path: Path
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that is configured, after precedence.

    `home` holds the state (`~/.panopticon`, or `~/.panopticon/demo`); `folder` is the project's
    folder; `secrets_file` holds the keys; `files` were read; `notes` are worth a word in
    `pan doctor`; `arbiter` says who decides claims. `limits` say how many cards a column should
    hold at most, `views` are saved addresses of the board by name; `fixed` says which flag or
    variable decides a setting, whatever the file holds.

    `warn_minutes` before its end a claim is warned about; `skew_minutes` is how far clocks may
    differ where the arbiter tells no time; `leads` may steal claims that still count (anyone
    when empty); `auto_sync`: look at the tracker before a checkout and after; `main_branch` is
    where work is merged; `status_words` name what a step of the work sets (`start`, `review`,
    `merged`): a column or the tracker's own word; `repositories` by project name.
    """

    home: Path
    folder: Path
    sources: tuple[Source, ...] = ()
    default_tracker: str | None = None
    me: str | None = None
    port: int = 3011
    poll_seconds: float = 60.0
    sweep_hours: float = 24.0
    lock_hours: float = 24.0
    max_locks: int = 0
    warn_minutes: float = 60.0
    skew_minutes: float = 10.0
    leads: tuple[str, ...] = ()
    auto_sync: bool = False
    main_branch: str | None = None
    status_words: Mapping[str, str] = field(default_factory=dict)
    repositories: Mapping[str, Repository] = field(default_factory=dict)
    is_demo: bool = False
    debug: frozenset[str] = frozenset()
    secrets_file: Path | None = None
    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    arbiter: str | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """Where the store's file is."""
        return self.home / "panopticon.db"

    @property
    def cache(self) -> Path:
        """Where agents read (`.bmad/rally-cache`); the demo keeps its own."""
        root = self.home if self.is_demo else self.folder
        return root / ".bmad" / "rally-cache"


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """How a type says what it reads: `at` is one for a source, outermost first; of `part` several.

    Rally reads projects at a server and a workspace; story files are folders and nothing else.
    """

    at: tuple[str, ...]
    part: str
    are_paths: bool = False  # the parts are folders of this machine
    several: str = ""  # where it is not the word with an s

    @property
    def parts(self) -> str:
        """The word for several of them."""
        return self.several or f"{self.part}s"

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that a stronger place may narrow a source by."""
        return (*self.at, self.part)

    @property
    def server(self) -> str | None:
        """The word that says where a key goes."""
        return self.at[0] if len(self.at) > 1 else None

    @property
    def anchor(self) -> str:
        """The word that connects a type by being said in a variable."""
        return self.at[-1] if self.at else self.part


@dataclass(frozen=True, slots=True)
class TypeWords:
    """The keys a type of tracker takes in its section, and how it says what it reads.

    `label`, `server` (the vendor's own) and `key_help` are for people who connect one;
    `default_name` is what a source is called that nobody named, its type when empty.
    """

    keys: frozenset[str]
    place: PlaceWords = PlaceWords(("server", "workspace"), "project")
    default_name: str = ""
    label: str = ""
    page: str = ""  # of the documentation
    server: str | None = None
    key_help: str = ""
    # What belongs to one server and must not go to another: credentials, how it is trusted.
    door_keys: frozenset[str] = frozenset()
    sign_in_keys: frozenset[str] = frozenset()  # those that sign in without an API key
    # Keys that other tools keep beside ours under the same prefix (`rally_auto_sync` …).
    shared_keys: frozenset[str] = frozenset()
    # The one variable that holds its key, and that connects it by being there; `needs_place`: only
    # where a workspace is named as well, for a variable that other programs set too.
    key_env: str = ""
    needs_place: bool = False
    needs_key: bool = True  # no sign-in at all where it is not: files of this machine
    can_decide: bool = False  # its own records can decide claims

    @property
    def project_keys(self) -> frozenset[str]:
        """The keys that a project may give it."""
        more = {self.place.parts} if self.place.are_paths else set()
        return frozenset({*self.place.words, *more})


# The one table here that spells trackers' types; a new type adds its row. The keys are those that
# the type itself knows (a test compares), here so that a message can name the file.
TYPES: Mapping[str, TypeWords] = MappingProxyType(
    {
        "rally": TypeWords(
            keys=frozenset(
                {
                    "server",
                    "workspace",
                    "project",
                    "projects",
                    "scope_down",
                    "user",
                    "password",
                    "insecure",
                    "ca_file",
                    "page_size",
                    "connect_seconds",
                    "read_seconds",
                    "in_flight",
                    "lag_seconds",
                    "criteria_field",
                    "locked_by_field",
                    "locked_at_field",
                    "lock_expiry_field",
                    "branch_field",
                    "coverage_field",
                    "commit_field",
                    "status_field",
                    "lock_token_field",
                    "hours_field",
                    "custom_fields",
                    "defect_state_field",
                    "states",
                    "priorities",
                }
            ),
            label="Rally",
            page="docs/rally.md",
            server="rally1.rallydev.com",
            key_help="In Rally: your picture, My Settings, API Keys, Create your API key.",
            door_keys=frozenset({"user", "password", "insecure", "ca_file"}),
            sign_in_keys=frozenset({"password"}),
            shared_keys=frozenset({"enabled", "auto_sync", "lock_hours"}),
            key_env="RALLY_API_KEY",
            can_decide=True,
        ),
        "markdown": TypeWords(
            keys=frozenset(
                {"folder", "folders", "names", "commit", "states", "include", "exclude"}
            ),
            place=PlaceWords((), "folder", are_paths=True),
            default_name="stories",
            label="BMAD story files",
            page="docs/stories.md",
            shared_keys=frozenset({"enabled"}),
            needs_key=False,
        ),
    }
)


def plain_name(type_: str) -> str:
    """Say what a source of this type is called that nobody named."""
    return TYPES[type_].default_name or type_


SECTION_KEYS = frozenset({"type", "api_key_env", "token_env", "enabled"})
