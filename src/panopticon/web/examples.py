"""Answers as they look, for the readable description of the API."""

from panopticon.services.inputs import types

_SOURCE = {
    "name": "rally",
    "type": "rally",
    "server": "rally1.rallydev.com",
    "workspace": "12345",
    "workspace_name": "Northwind",
    "projects": ["67890"],
    "project_names": ["Payments"],
    "folders": [],
    "key_env": "RALLY_API_KEY",
    "has_key": True,
    "default": True,
    "editable": True,
    "why_not": None,
}
_STORIES = {
    "name": "stories",
    "type": "markdown",
    "server": None,
    "workspace": None,
    "workspace_name": None,
    "projects": [],
    "project_names": [],
    "folders": ["~/work/app"],
    "commit": True,
    "key_env": None,
    "has_key": False,
    "default": False,
    "editable": True,
    "why_not": None,
}
SETTINGS = {
    "me": "ada@example.com",
    "me_by_git": None,
    "poll_seconds": 60,
    "default_tracker": "rally",
    "limits": {
        "backlog": None,
        "planning": None,
        "in_progress": 6,
        "in_review": 4,
        "done": None,
    },
    "arbiter": "git:git@git.example.com:acme/accounts.git",
    "lock_hours": 24,
    "max_locks": 3,
    "warn_minutes": 60,
    "skew_minutes": 10,
    "leads": ["ada@example.com"],
    "auto_sync": True,
    "main_branch": "main",
    "fixed_by": {},
    "sources": [_SOURCE, _STORIES],
    "types": types(),
    "is_demo": False,
    "files": ["/home/ada/.panopticon/config.toml"],
    "secrets_file": "/home/ada/.panopticon.env",
}
DOCTOR = {"findings": [{"check": "python", "state": "ok", "message": "Python 3.13.1", "hint": ""}]}
PLACES = {
    "places": [
        {"kind": "workspace", "id": "12345", "name": "Acme", "parent": None},
        {"kind": "project", "id": "67890", "name": "Accounts", "parent": "12345"},
    ]
}
TESTED = {
    "name": "rally",
    "ok": True,
    "seconds": 0.412,
    "error": None,
    "user": "ada@example.com",
    "workspace": {"name": "Acme", "id": "12345"},
    "project": {"name": "Accounts", "id": "67890"},
    "can_write": True,
    "counts": {"story": 1204, "defect": 310, "task": 4022},
    "warnings": [],
    "clock_skew_seconds": 0,
}
LOOKED = {
    "folder": "/home/ada/work/app",
    "layouts": [
        {
            "dialect": "v6",
            "folder": "docs/stories",
            "stories": 34,
            "epics": 5,
            "sprint_status": "docs/sprint-status.yaml",
            "folders": ["docs/stories"],
            "said": "BMAD v6 in docs/stories: 34 story files, 5 epics, sprint-status.yaml",
        },
    ],
}
SAVED = {"source": _SOURCE, "files": ["/home/ada/.panopticon/config.toml"], "warnings": []}
STATES = {
    "kinds": [
        {
            "kind": "story",
            "words": [
                {"word": "Defined", "state": "backlog", "own": False},
                {"word": "Code Review", "state": "in_review", "own": True},
            ],
        }
    ],
    "editable": True,
    "why_not": None,
}
VIEWS = {"views": [{"name": "My open work", "query": "assignee=me"}]}
VALID = {
    "valid": True,
    "message": "Rally connection successful",
    "testQueryResult": "Found 42 artifacts",
}
