"""An item as a BMAD story file."""

from datetime import timedelta

import pytest

from panopticon.model import bmad
from panopticon.model.issue import State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from tests.contracts.store import NOW, item

STORY = item(
    "US123",
    "Implement Login Form",
    parent=IssueRef("rally", "F17"),
    state=State.IN_PROGRESS,
    native_state="In-Progress",
    body="People want in.\n\n# Context\n\n## Deep\n\n```\n# no heading\n- [ ] no task\n```",
    acceptance_criteria="1. Given a key, it opens",
    tasks=(Task("Draw the form", True, 0, "TA1"), Task("Send\nit", False, 1)),
    assignee="jane@example.com",
    lease=Lease("john.doe@example.com", NOW, NOW + timedelta(hours=24)),
    branch="story/US-123-implement-login-form",
    coverage=81.5,
    commit_sha="abc1234",
    blocked_by=(IssueRef("rally", "US120"),),
)


@pytest.mark.requirement("model:bmad:mapping")
def test_every_field_of_the_mapping_has_its_place() -> None:
    assert (
        bmad.story(STORY, "User Authentication", NOW)
        == """\
# Story US-123: Implement Login Form

Status: in-progress

## Story Details

- **Story key:** US-123
- **Epic:** 17 - User Authentication
- **State:** In-Progress
- **Assigned To:** jane@example.com
- **Locked By:** john.doe@example.com until 2026-11-21 12:00 UTC
- **Branch:** story/US-123-implement-login-form
- **Coverage:** 81.5%
- **Commit:** abc1234

## Business Context

People want in.

### Context

#### Deep

```
# no heading
- [ ] no task
```

## Acceptance Criteria

1. Given a key, it opens

## Implementation Tasks

- [x] Draw the form (TA1)
- [ ] Send it

**Depends on:** US-120

## Dev Agent Record

### Agent Model Used

### Debug Log References

### Completion Notes List

### File List
"""
    )


@pytest.mark.requirement("model:bmad:empty")
def test_a_bare_item_has_every_section_and_no_expired_lock() -> None:
    expired = bmad.story(STORY, None, NOW + timedelta(hours=24))
    assert "Locked By" not in expired
    assert "- **Epic:** 17\n" in expired
    bare = bmad.story(item("US1", "Bare\n# title"), None, NOW)
    assert bare.startswith("# Story US-1: Bare # title\n")
    assert bare.count("_None in the tracker._") == 3
    assert "Epic" not in bare


@pytest.mark.requirement("model:bmad:status")
def test_status_is_bmads_word() -> None:
    words = {state: bmad.status(item("US1", state=state)) for state in State}
    assert list(words.values()) == ["backlog", "ready-for-dev", "in-progress", "review", "done"]
    assert bmad.status(item("US1", acceptance_criteria="It works")) == "ready-for-dev"
    assert bmad.status(item("US1", state=State.DONE, cancelled=True)) == "cancelled"
