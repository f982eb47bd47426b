"""Claims: who decides, and what every arbiter promises."""

REQUIREMENTS = {
    "claim:explored": "At most one session holds a story, fences rise, nobody's claim is altered by another, and a free story can be taken: on every arbiter, whatever the order of steps, crashes, lost replies, clocks and lag.",
    "claim:assumed": "Outside what an arbiter assumes its promise breaks, and the exploration sees it.",
    "claim:mutation": "The exploration catches the arbiter that assigns and reads back.",
    "claim:rule": "The store's statements say what the one rule says.",
    "claim:git": "A real git remote hands a claim from one to another; of many at once one wins.",
    "claim:rally": "A real history of revisions decides; of many at once one wins, with conflicts and lag.",
}
