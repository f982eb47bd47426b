"""What a sync promises."""

REQUIREMENTS = {
    "sync:pull:everything": "The first sync reads every stream and says what it cost.",
    "sync:pull:changes-only": "The next one reads what changed and was deleted, nothing else.",
    "sync:pull:any-clock": "A clock an hour off on this machine misses nothing.",
    "sync:failure:hides-nothing": "A failing tracker hides nothing of the others: exit 5.",
    "sync:failure:alone": "When every tracker fails alike, the error is that one.",
    "sync:failure:goes-on": "A stream that was cut goes on where it stopped.",
    "sync:force:anew": "`force` reads all anew and mends what is wrong here.",
    "sync:sweep:periodic": "A periodic comparison of ids mends what streams missed.",
    "sync:sweep:looks-twice": "Nothing is dropped on the word of a single listing.",
    "sync:scope:apart": "A part has its own cursor and deletes nothing outside.",
    "sync:server:another": "Another workspace under the same name starts anew.",
    "sync:deleted:stays-gone": "An item deleted while its page was on the way stays gone.",
    "sync:two-at-once:one-waits": "A second sync of a tracker says who is syncing: exit 3.",
    "sync:two-at-once:once": "Two processes at once store everything once.",
    "sync:two-at-once:freed": "A killed sync frees its lock.",
    "sync:killed:no-loss": "A sync killed at any point ends, run again, as a clean one.",
    "sync:killed:changes": "What changed between the kill and the next run is read.",
    "sync:report:epics": "Epics count ready, in progress, completed; expired claims are free.",
    "sync:names:checked": "Unknown trackers, or none at all, are told.",
    "sync:refs:outside": "Blockers that are not stored stay known.",
}
