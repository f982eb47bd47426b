"""The terminal face."""

REQUIREMENTS = {
    "cli:words:same-as-flags": "`name=value` words mean what the flags mean, on every command.",
    "cli:words:values": "An equals sign inside a flag's value or a free text stays there.",
    "cli:words:unknown": "An unknown word, flag or command is refused with the nearest known one.",
    "cli:json:errors": "With --json an error is one document on stdout: error, message, hint.",
    "cli:text:hostile": "Escape sequences, line breaks and bidi marks in titles are neutralised.",
    "cli:text:width": "Wide and combining characters count as the columns they take.",
    "cli:terminal:narrow": "Tables fit a narrow terminal: texts are cut with a mark, ids are not.",
    "cli:terminal:colour": "Colour only on a terminal, and not with NO_COLOR.",
    "cli:terminal:ascii": "In the C locale only ASCII is printed.",
}
