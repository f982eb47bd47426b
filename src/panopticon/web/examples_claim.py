"""Good answers of the routes about claims, as the description of the API shows them."""

from panopticon.web.examples_board import CARD

_HELD = {
    "story": "US121",
    "holder": "maya.rao@example.com",
    "fence": 4,
    "locked_at": "2026-11-20T05:00:00+00:00",
    "expires_at": "2026-11-21T05:00:00+00:00",
    "branch": "story/US-121-add-login-endpoint",
    "arbiter": "store:local",
}
CLAIMED = {
    **_HELD,
    "title": "Add login endpoint",
    "warnings": [],
    "item": CARD,
    "seq": 15,
}
LOCKS = [{**_HELD, "released": False, "worked": None, "ended": False, "warnings": []}]
LOCKED = {
    "error": "locked",
    "message": "US121 is held by jun.li@example.com until 2026-11-21 05:00 UTC.",
    "hint": "Take another story, or ask them to release it.",
    "story": "US121",
    "holder": "jun.li@example.com",
    "locked_at": "2026-11-20T05:00:00+00:00",
    "expires_at": "2026-11-21T05:00:00+00:00",
    "fence": 4,
    "branch": "story/US-121-add-login-endpoint",
    "alternatives": [
        {
            "ref": "US128",
            "title": "Add password reset",
            "complexity": "standard",
            "why": "similar complexity",
        }
    ],
}
