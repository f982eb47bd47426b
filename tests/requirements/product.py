"""What the sandbox's product promises: the seed as printed, and as much more as asked for."""

REQUIREMENTS = {
    "product:seed:titles": "The ten stories of epic 17 carry the seed's titles, tasks and locks.",
    "product:seed:counts": "Each seed epic has its stories and its ready, running and done counts.",
    "product:seed:edges": "The texts of epic 17 give away the five gold dependencies and no other.",
    "product:seed:variety": "Seed stories differ in state, and some are blocked, owned, discussed.",
    "product:seed:defects": "Seed defects hang on features and use the usual words of the tracker.",
    "product:size:total": "The number of stories is the one asked for, the seed stories first.",
    "product:size:ratios": "Tasks, defects and features come in the proportions of a real backlog.",
    "product:repeat:same": "The same arguments give the same product, another seed another.",
    "product:repeat:prefix": "A longer backlog begins with the shorter one, item by item.",
    "product:read:duplicates": "Of a thousand titles in a row less than two in a hundred repeat.",
    "product:read:gaps": "No text has an unfilled gap, a doubled article or placeholder words.",
    "product:read:markup": "Rich texts are well formed and use a handful of tags only.",
    "product:whole:predecessors": "Predecessors exist and come earlier, so no circle can arise.",
    "product:whole:references": "Owners, projects, sprints, releases, tags, features all exist.",
    "product:whole:dates": "Nothing is created after it was changed or changed after now.",
    "product:whole:states": "Tasks, locks, branches and commits agree with the state of the item.",
    "product:time:sprint": "Sprint-24 is in progress at any moment one asks.",
    "product:scope:second": "A second workspace shares numbers but no project with the first.",
    "product:scope:siblings": "Sibling projects hold no stories; the root's tree holds them all.",
}
