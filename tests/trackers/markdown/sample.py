"""Story files of the four dialects, made up for these tests."""

V4 = """\
# Story 1.2: Sign in with a passkey

## Status

Approved

## Story

**As a** visitor,
**I want** to sign in with a passkey,
**so that** I need no password.

## Acceptance Criteria

1. A passkey can be registered
   on the profile page.
2. A passkey signs in.

## Tasks / Subtasks

- [x] Task 1: Register (AC: 1)
  - [x] Store the key
  - [ ] Show the key
- [ ] Task 2: Sign in (AC: 1-2)

## Dev Notes

Depends on Story 1.1.

### Testing

```md
- [ ] not a task
## Not a section
```

## Change Log

| Date | Version | Description | Author |
|------|---------|-------------|--------|
| 2026-01-02 | 0.1 | First draft | Sam |

## Dev Agent Record

### Agent Model Used

### File List

## QA Results

- [ ] not a task either
"""

V6 = """\
---
baseline_commit: 659258e9
---

# Story 3.4b: Queue the letters

Status: in-progress

<!-- Note: validation is optional.
- [ ] hidden
-->

## Story

As a clerk,
I want letters queued,
so that none is lost.

## Acceptance Criteria

### AC-1: Queued

**Given** a letter
**When** it is sent
**Then** it is queued

### AC-2: Told

**Given** a full queue
**Then** the clerk is told

## Tasks / Subtasks

- [ ] Task 1 (AC: #1, #2)
\t- [~] half done

## Dependencies

- Story 3.1: The queue (done)
- Story 3.3a, 3.3b

### Blocks

- Story 3.5

## Dev Agent Record

### Completion Notes List

### Comments

- **2026-11-20T09:00:00Z ann@example.com:** First line
  second line
- **2026-11-21T10:05:00Z bot:** Done.

### File List
"""

PANTHEON = """\
# Story US-123: Export the ledger

**Status:** ready-for-dev
**Epic:** 17 - Ledger
**FormattedID:** US123
**Depends on:** US-120, 1.2

## Business Context

Finance asks for it.

## Current State

Nothing is there.

## Acceptance Criteria

- [ ] **AC1:** a file is written
- [x] **AC2:** it has a header

## Tasks

- [ ] one
- [ ] two

## Technical Requirements

## Architecture Compliance

## Testing Requirements

## Dev Agent Guardrails

## Definition of Done

- [ ] reviewed

## References

## Dev Agent Record

## Change Log
"""

SPEC = """\
---
title: 'Fix the missing field'
type: 'bugfix'
status: 'in-review' # by hand
depends_on: ['1-1-first', "2.3"]
---

# Fix the missing field

## Intent

**Problem:** it is missing.

## Code Map

- `src/a.py` -- writer

## Tasks & Acceptance

**Execution:**
- [x] `src/a.py` -- add the field -- it is needed
- [ ] `src/b.py` -- read it -- as above

**Acceptance Criteria:**
- Given a row, when it is read, then the field is there
- Given none, when it is read, then nothing breaks

## Verification
"""
ALL = {"v4": V4, "v6": V6, "pantheon": PANTHEON, "spec": SPEC}
