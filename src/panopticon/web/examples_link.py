"""Good answers of the routes about links, as the description of the API shows them."""

_END = {
    "ref": "rally:US121",
    "key": "US121",
    "tracker": "rally",
    "title": "Add login endpoint",
    "state": "in_progress",
    "native_state": "In-Progress",
}
_OTHER = {
    "ref": "stories:1.2",
    "key": "1.2",
    "tracker": "stories",
    "title": "Login form",
    "state": "backlog",
    "native_state": "ready-for-dev",
}
_LINK = {
    "kind": "blocks",
    "source": _END,
    "target": _OTHER,
    "at": "2026-11-20T12:00:00+00:00",
    "by": "ada@example.com",
    "asleep": False,
}
LINKS = {"links": [_LINK]}
MADE = {"link": _LINK, "created": True, "seq": 15}
GONE = {"removed": [_LINK], "seq": 16}
