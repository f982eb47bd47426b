"""What searching promises."""

REQUIREMENTS = {
    "search:language:terms": "A query is words, phrases, negations and fields; what is no field is text.",
    "search:language:compared": "Times and numbers are compared: younger, older, from, to, between.",
    "search:language:refused": "What cannot be read is told with its place, the near word or what is allowed.",
    "search:language:bounded": "A query without end is refused.",
    "search:language:never-fails": "Any text is read or refused, its places stand inside it, and it is printed so that it is read the same.",
    "search:store:everywhere": "A text is found in keys, titles, labels, people, bodies, criteria, steps and remarks.",
    "search:store:short": "A word too short for the index is found in keys, titles, labels and people.",
    "search:store:any-character": "Signs, line breaks and every script are found; case means nothing.",
    "search:store:steps": "What a step says counts for its item; steps themselves are found when asked for.",
    "search:store:fields": "Each field finds what it says, one of its values is enough, negation turns it round.",
    "search:store:blocked": "Blocked is what the board calls so: the mark, an open or unknown blocker, a link.",
    "search:store:ordered": "The best come first, then as ranked, then the newest change; pages are cut out of that.",
    "search:store:many": "Thousands of hits are ordered as few are.",
    "search:store:follows": "Every change of items and remarks is found by the next search, whoever wrote it.",
    "search:store:upgraded": "The items of an older store are found at once after an upgrade.",
    "search:store:words": "The values of a field are listed, the most used first.",
    "store:remarks:with-page": "Remarks that come with a page are kept with it; what is new of a known item is an event.",
}
