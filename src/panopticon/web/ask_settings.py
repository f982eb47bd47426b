"""What may be asked about settings: the shapes of requests, bounded, nothing beyond them."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, Field, JsonValue, TypeAdapter, WithJsonSchema

from panopticon.config import SETTINGS
from panopticon.services.setup.connection import Answers
from panopticon.web.ask_item import Asked, Column


def _bounds(name: str) -> dict[str, Any]:
    """Tell bounds to those who read the description: the verb judges, and says them."""
    setting = next(one for one in SETTINGS if one.name == name)
    return {"minimum": setting.minimum, "maximum": setting.maximum}


def _blank(value: object) -> object:
    """Read an empty text as none: that is what a cleared box sends."""
    if isinstance(value, str):
        return value.strip() or None
    return value


_Word = Annotated[str, Field(min_length=1, max_length=100)]
_Line = Annotated[
    Annotated[str, Field(max_length=500)] | None,
    BeforeValidator(_blank, json_schema_input_type=str | None),
]
_Folder = Annotated[str, Field(min_length=1, max_length=4096)]
_Key = Annotated[
    Annotated[str, Field(max_length=4096)] | None,
    BeforeValidator(_blank, json_schema_input_type=str | None),
]
# Judged by the verb as well: it names the column whose limit is none.
_Limits = Annotated[
    JsonValue, WithJsonSchema(TypeAdapter(dict[_Word, int | None] | None).json_schema())
]
# Judged by the verb, so that what is no bool is refused like every other value.
_Flag = Annotated[JsonValue, WithJsonSchema(TypeAdapter(bool | None).json_schema())]
_People = Annotated[JsonValue, WithJsonSchema(TypeAdapter(list[_Word] | None).json_schema())]
Name = Annotated[str, Path(min_length=1, max_length=200, description="What it is called here.")]


class Own(Asked):
    """Settings of Panopticon itself; what is absent stays, null goes back to the default."""

    me: _Line = Field(default=None, description="Your email: what `assignee=me` means.")
    poll_seconds: float | None = Field(
        default=None,
        allow_inf_nan=False,
        json_schema_extra=_bounds("poll_seconds"),
        description="How often trackers are asked for news.",
        examples=[60],
    )
    default_tracker: _Line = Field(default=None, description="Whose items bare keys mean.")
    limits: _Limits = Field(
        default=None,
        description="How many cards a column should hold at most; null for no limit.",
        examples=[{"in_progress": 6, "in_review": None}],
    )

    lock_hours: float | None = Field(
        default=None,
        allow_inf_nan=False,
        json_schema_extra=_bounds("lock_hours"),
        description="How long a checkout holds a story.",
        examples=[24],
    )
    max_locks: int | None = Field(
        default=None,
        json_schema_extra=_bounds("max_locks"),
        description="How many stories one may hold; 0 for any number.",
    )
    warn_minutes: float | None = Field(
        default=None,
        allow_inf_nan=False,
        json_schema_extra=_bounds("warn_minutes"),
        description="How long before its end a claim is warned about; 0 for never.",
    )
    skew_minutes: float | None = Field(
        default=None,
        allow_inf_nan=False,
        json_schema_extra=_bounds("skew_minutes"),
        description="How far clocks may differ where the arbiter tells no time.",
    )
    leads: _People = Field(
        default=None,
        description="Emails of those who may take over a claim that still counts; none: anyone.",
        examples=[["ada@example.com"]],
    )
    auto_sync: _Flag = Field(
        default=None, description="Ask the tracker for news before a checkout and after work."
    )
    main_branch: _Line = Field(
        default=None,
        description="The branch that work is merged into; the remote's own when null.",
        examples=["main"],
    )

    def given(self) -> dict[str, object]:
        """Give what was asked for, nulls among it."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Door(Asked):
    """A server and a key to it."""

    type: _Word = Field(description="The type of tracker.", examples=["rally"])
    key: _Key = Field(default=None, description="The API key; absent for the saved one.")
    name: _Line = Field(default=None, description="The connection whose saved key may be used.")
    server: _Line = Field(
        default=None, description="Its host; absent for the saved one, else the vendor's."
    )

    def answers(self) -> Answers:
        """Give it to the verbs."""
        return Answers(self.type, self.key or "", self.name, self.server)


class _Parts(Asked):
    """What of a tracker is read: places of a server, or folders of this machine."""

    workspace: _Line = Field(default=None, description="Name or id; not needed where only one is.")
    projects: list[_Word] = Field(
        default=[], max_length=200, description="Names or ids; none for the whole workspace."
    )
    folders: list[_Folder] | None = Field(
        default=None,
        max_length=50,
        description="For trackers that are folders: whole paths, `~` is the home; absent for the "
        "saved ones.",
        examples=[["~/work/app"]],
    )
    commit: bool | None = Field(
        default=None,
        description="For trackers that are folders: commit every change by itself; absent for "
        "what is saved, else no.",
    )

    def _own(self) -> dict[str, object]:
        given = {"folders": self.folders, "commit": self.commit}
        return {name: value for name, value in given.items() if value is not None}


class Trial(Door, _Parts):
    """A connection to try."""

    def answers(self) -> Answers:
        """Give it to the verbs."""
        places = (self.workspace, tuple(self.projects))
        return Answers(self.type, self.key or "", self.name, self.server, *places, kept=self._own())


class Connection(_Parts):
    """A connection to keep."""

    type: _Word = Field(description="The type of tracker.", examples=["rally"])
    key: _Key = Field(default=None, description="The API key; absent to keep the saved one.")
    server: _Line = Field(default=None, description="Its host; absent for the saved one.")

    def answers(self, name: str) -> Answers:
        """Give it to the verbs."""
        places = (self.workspace, tuple(self.projects))
        return Answers(self.type, self.key or "", name, self.server, *places, kept=self._own())


class Sight(Asked):
    """A folder to look into."""

    type: _Word = Field(description="The type of tracker.", examples=["markdown"])
    folder: _Folder = Field(description="Its whole path; `~` is the home.", examples=["~/work/app"])


class Words(Asked):
    """The team's own map of native words to columns."""

    states: dict[_Word, Column | None] = Field(
        max_length=500,
        description="Native word = column; null for the tracker's own choice.",
        examples=[{"Code Review": "in_review", "Ready to Ship": None}],
    )


class Saved(Asked):
    """A view to keep."""

    query: str = Field(
        max_length=2000,
        description="What stands after the ? of the board's address.",
        examples=["assignee=me&blocked=no"],
    )


class Typed(BaseModel):
    """What somebody typed to try a connection; the names are upstream's."""

    api_key: str | None = Field(default=None, alias="apiKey", max_length=4096)
    server: str | None = Field(default=None, max_length=2048)
    workspace: str | None = Field(default=None, max_length=500)
    project: str | None = Field(default=None, max_length=500)
