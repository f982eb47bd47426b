"""What items are, how they are named and shown."""

REQUIREMENTS = {
    "model:ref:spellings": "US123, US-123, us123 and rally:US-123 mean one item.",
    "model:ref:unknown": "An unknown ref or tracker names what is near.",
    "model:ref:unreadable": "Words that are no ref are told.",
    "model:ref:ambiguous": "A key that two trackers have lists both.",
    "model:ref:not-synced": "An item that was never synced is asked for at its tracker.",
    "model:ref:epic-number": "17 means the epic of that number; several are listed.",
    "model:list:filtered": "A list reads the store only, by any filter.",
    "model:show:around": "An item is shown with its parent, tasks, blockers and remarks.",
    "model:write:seen-at-once": "A write goes to the tracker and is seen here at once.",
    "model:write:refused": "A refused write changes nothing here.",
    "model:write:which-tracker": "With several trackers and no default, creating asks which.",
    "model:write:one-tracker": "Items are linked inside one tracker only.",
    "model:json:row": "The line of a list has the agreed fields.",
    "model:json:expired": "An expired lease shows as none.",
    "model:json:detail": "The detail holds the whole item and its neighbours.",
    "model:json:comment": "A remark has author, text and time.",
    "model:bmad:mapping": "Every field of the seed's mapping has its place in the story file.",
    "model:bmad:empty": "A bare item has every section; an expired lock is not shown.",
    "model:bmad:status": "The status is BMAD's word.",
}
