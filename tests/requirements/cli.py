"""The terminal face."""

REQUIREMENTS = {
    "cli:words:same-as-flags": "`name=value` words mean what the flags mean, on every command.",
    "cli:words:values": "An equals sign inside a flag's value or a free text stays there.",
    "cli:words:unknown": "An unknown word, flag or command is refused with the nearest known one.",
    "cli:json:one-document": "With --json stdout holds one document and stderr nothing.",
    "cli:json:errors": "With --json an error is one document on stdout: error, message, hint.",
    "cli:text:hostile": "Escape sequences, line breaks and bidi marks in titles are neutralised.",
    "cli:text:width": "Wide and combining characters count as the columns they take.",
    "cli:terminal:narrow": "Tables fit a narrow terminal: texts are cut with a mark, ids are not.",
    "cli:terminal:colour": "Colour only on a terminal, and not with NO_COLOR.",
    "cli:terminal:ascii": "In the C locale only ASCII is printed.",
    "cli:help:light": "`pan --help` imports no heavy library and lists every command.",
    "cli:help:every-command": "Every command has help, and --json.",
    "cli:empty:next-step": "On an empty home every command names the next step.",
    "cli:errors:settings": "An unknown setting is named with its file and the nearest known one.",
    "cli:errors:unexpected": "An unexpected error is one line and a hint; DEBUG=pan shows where.",
    "cli:errors:interrupt": "Ctrl-C ends with 130 and no traceback.",
    "cli:errors:pipe": "A reader that leaves early is no error worth a word.",
    "cli:errors:disk": "Output that cannot be written is told in one line.",
    "cli:completion:scripts": "Completion scripts for bash, zsh and fish.",
    "cli:completion:commands": "The shell completes commands.",
}
