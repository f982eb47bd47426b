"""Good answers of the board's routes, as the description of the API shows them."""

from typing import Any

_SOURCE = {
    "name": "rally",
    "type": "rally",
    "label": "Rally",
    "ok_at": "2026-11-20T11:59:56+00:00",
    "error": None,
    "syncing": False,
    "waits_until": None,
    "next_at": "2026-11-20T12:00:56+00:00",
    "paused": False,
}
_MAYA = {"id": "maya.rao@example.com", "name": "Maya Rao", "initials": "MR"}
CARD = {
    "ref": "rally:US121",
    "key": "US121",
    "source": "rally",
    "kind": "story",
    "project": "Northwind Accounts",
    "title": "Add login endpoint",
    "state": "in_progress",
    "native_state": "In-Progress",
    "here_only": False,
    "cancelled": False,
    "priority": 2,
    "points": 5.0,
    "labels": ["api"],
    "iteration": "Sprint 24",
    "assignee": _MAYA,
    "lease": {
        "holder": _MAYA,
        "fence": 4,
        "locked_at": "2026-11-20T05:00:00+00:00",
        "expires_at": "2026-11-21T05:00:00+00:00",
        "branch": "story/US-121-add-login-endpoint",
        "arbiter": "git",
    },
    "blocked": {"by": [{"ref": "rally:US122", "key": "US122"}], "reason": None},
    "progress": {"done": 2, "total": 3},
    "parent": "rally:F17",
    "epic": "rally:F17",
    "twin": {
        "ref": "stories:1.2",
        "key": "1.2",
        "source": "stories",
        "differs": ["state", "points"],
    },
    "folds_into": None,
    "rank": "O~zz",
    "created_at": "2026-11-11T12:00:00+00:00",
    "updated_at": "2026-11-18T12:00:00+00:00",
    "url": "",
}
BOARD: dict[str, Any] = {
    "epoch": "17d67a225784",
    "seq": 14,
    "whole": True,
    "now": "2026-11-20T12:00:00+00:00",
    "title": "Northwind Accounts",
    "me": _MAYA,
    "claims": {"arbiter": "git", "lock_hours": 24.0, "warn_minutes": 60.0},
    "waiting": [
        {
            "ref": "rally:US118",
            "key": "US118",
            "source": "rally",
            "state": "in_review",
            "fields": ["coverage", "commit_sha"],
            "remarks": True,
            "at": "2026-11-20T11:40:00+00:00",
            "by": "maya.rao@example.com",
            "tries": 2,
            "error": "rally does not answer.",
        }
    ],
    "is_demo": False,
    "columns": [{"state": "in_progress", "name": "In progress", "limit": 6}],
    "cards": [CARD],
    "gone": [],
    "epics": [
        {
            "ref": "rally:F17",
            "key": "F17",
            "title": "User accounts",
            "source": "rally",
            "folds_into": None,
        }
    ],
    "sources": [_SOURCE],
    "total": 1,
}
MOVES = {
    "ref": "rally:US121",
    "state": "in_progress",
    "native_state": "In-Progress",
    "moves": [
        {
            "state": "planning",
            "name": "Planning",
            "native_state": None,
            "allowed": True,
            "reason": None,
            "note": "Planning is kept here only: rally has no word for it",
        },
        {
            "state": "done",
            "name": "Done",
            "native_state": "Accepted",
            "allowed": True,
            "reason": None,
            "note": None,
        },
    ],
}
MATCHES = {"seq": 14, "refs": ["rally:US121"]}
HEALTH = {
    "status": "ok",
    "timestamp": "2026-11-20T12:00:00+00:00",
    "version": "1.0.0",
    "seq": 14,
    "sources": [_SOURCE],
}
ASKED = {"asked": ["rally"]}
POLLING = {"sources": [{**_SOURCE, "next_at": None, "paused": True}]}
EVENT = (
    "id: 15\nevent: issue.updated\n"
    'data: {"seq":15,"at":"2026-11-20T12:00:00Z","kind":"issue.updated","ref":"rally:US121",'
    '"data":{"state":["backlog","in_progress"]}}\n\n'
)
