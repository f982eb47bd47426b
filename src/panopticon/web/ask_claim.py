"""What may be asked about claims."""

from typing import Annotated, Literal

from pydantic import Field

from panopticon.web.ask_item import Asked, RefText

Verb = Literal["checkout", "release", "renew", "steal", "resume"]
_REASON = 2000  # characters


class Claiming(Asked):
    """What to do with the claim on an item.

    `resume` takes over what you hold in another place; `hours` is how long to hold (the setting
    `lock_hours` when absent); `blocked` takes also what waits for another item.
    """

    ref: RefText
    verb: Verb
    hours: Annotated[float, Field(ge=0.1, le=720, allow_inf_nan=False)] | None = None
    reason: Annotated[str, Field(max_length=_REASON)] = Field(
        default="", description="Why it is taken over; needed to steal, and kept."
    )
    blocked: bool = Field(default=False, description="Take it even if something is in its way.")
