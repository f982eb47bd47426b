"""What answers look like, for the description of the API: errors alike everywhere, examples."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """What every refusal and failure looks like; some tell more, such as `candidates`."""

    model_config = ConfigDict(extra="allow")

    error: str = Field(description="One word to branch on: invalid, not_found, conflict, auth …")
    message: str = Field(description="What went wrong, in a sentence.")
    hint: str = Field(description="What to do next; may be empty.")


class Invalid(BaseModel):
    """How a key's trial is refused: upstream's shape."""

    valid: bool
    error: str
    errorType: str | None = None  # noqa: N815 - upstream's spelling


Responses = dict[int | str, dict[str, Any]]

# For every route of the API.
FAULTS: Responses = {
    "4XX": {"model": Fault, "description": "Refused: the message says why, the hint what to do."},
    "5XX": {"model": Fault, "description": "Failed here, or the tracker did not answer."},
}
# For routes about one item; those that may find it elsewhere than the caller believed say so too.
ABSENT: Responses = {
    404: {"model": Fault, "description": "There is no such item; near ones are in `candidates`."},
    503: {"model": Fault, "description": "The tracker does not answer; nothing was changed."},
}
CONFLICT: Responses = ABSENT | {
    409: {
        "model": Fault,
        "description": "It moved on: `current` is what it is now, `item` its card.",
    }
}


def told(example: object, description: str = "", status: int = 200) -> Responses:
    """Describe a good answer by an example of it."""
    # As text until `description.py` reads it: FastAPI would leave out every null of a value.
    content = {"application/json": {"example": json.dumps(example)}}
    return {status: {"description": description or "As asked.", "content": content}}
