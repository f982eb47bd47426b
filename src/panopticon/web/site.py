"""What the routes of one running dashboard share."""

import threading
from dataclasses import dataclass

from panopticon.services.board.memory import Memory
from panopticon.services.context import Context
from panopticon.web.guard import Security
from panopticon.web.live import Pulse
from panopticon.web.poller import Poller


@dataclass(frozen=True, slots=True)
class Site:
    """The context, who may pass, who polls, what open pages watch and show."""

    ctx: Context
    security: Security
    poller: Poller
    pulse: Pulse
    stopping: threading.Event
    memory: Memory
