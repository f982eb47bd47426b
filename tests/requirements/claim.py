"""Claims: who decides, and what every arbiter promises."""

REQUIREMENTS = {
    "claim:explored": "At most one session holds a story, fences rise, nobody's claim is altered by another, and a free story can be taken: on every arbiter, whatever the order of steps, crashes, lost replies, clocks and lag.",
    "claim:assumed": "Outside what an arbiter assumes its promise breaks, and the exploration sees it.",
    "claim:mutation": "The exploration catches the arbiter that assigns and reads back.",
    "claim:rule": "The store's statements say what the one rule says.",
    "claim:git": "A real git remote hands a claim from one to another; of many at once one wins.",
    "claim:rally": "A real history of revisions decides; of many at once one wins, with conflicts and lag.",
    "claim:checkout:shown": "A checkout locks the item where the team looks, starts it, and makes its branch.",
    "claim:checkout:held": "Who comes second hears who holds it, since and until when, and three free stories of the epic by size.",
    "claim:checkout:next": "An epic gives the best story that is free; when none is, that is said with exit 3.",
    "claim:checkout:again": "The same session renews, another of the same person takes over with resume only.",
    "claim:checkout:senseless": "What is done is not taken; what waits only when told.",
    "claim:checkout:by-hand": "A lock set by hand in the tracker is respected.",
    "claim:checkout:shown-later": "When the tracker cannot show a claim it stands all the same, and the command again shows it.",
    "claim:release": "What is given back is free at once, and only by who has it.",
    "claim:expired": "Who holds what is told by the arbiter's record; what has expired is free without anybody doing anything.",
    "claim:steal": "Taking over needs a reason and raises the fence.",
    "claim:fence": "A stale holder pushes neither the story's branch nor its claim.",
    "claim:branch": "Unsaved work keeps one on the branch where it is.",
}
