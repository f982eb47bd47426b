"""What the board and its cards say."""

REQUIREMENTS = {
    "board:columns:five": "Every story, defect and issue stands in one of five columns.",
    "board:columns:order": "Cards stand as ranked; what was done last stands first in Done.",
    "board:card:holder": "A card shows who holds the lease, else the assignee; an expired lease is free.",
    "board:card:blocked": "A card is blocked by its open blockers or the tracker's reason, not when done.",
    "board:card:progress": "A card counts its steps, whether items of their own or lines.",
    "board:card:person": "A person is named by email or user name, with initials.",
    "board:epics:filter": "Epics offered are those with items, in natural order.",
    "board:freshness:sources": "Every configured source says when it was last good and what is wrong.",
    "board:title:project": "The board is named after its one project, else the folder.",
    "board:memory:follows": "The remembered board follows the log: changes, new items and deletions.",
    "board:memory:restarts": "A store that starts anew, or has much news, is read anew.",
    "board:item:resolve": "A spelling finds its item; unknown and ambiguous ones are errors with candidates.",
    "board:item:around": "An item comes with parent, children, steps, blockers and fields.",
}
