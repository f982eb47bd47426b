"""The terminal face."""

REQUIREMENTS = {
    "cli:words:same-as-flags": "`name=value` words mean what the flags mean, on every command.",
    "cli:words:values": "An equals sign inside a flag's value or a free text stays there.",
    "cli:words:unknown": "An unknown word, flag or command is refused with the nearest known one.",
    "cli:json:one-document": "With --json stdout holds one document alone.",
    "cli:json:errors": "With --json an error is one document on stdout: error, message, hint.",
    "cli:text:hostile": "Escape sequences, line breaks and bidi marks in titles are neutralised.",
    "cli:text:width": "Wide and combining characters count as the columns they take.",
    "cli:work:long-title": "A long title is cut before states, people and who holds the item.",
    "cli:terminal:narrow": "Tables fit a narrow terminal: texts are cut with a mark, ids are not.",
    "cli:terminal:colour": "Colour only on a terminal, and not with NO_COLOR.",
    "cli:terminal:ascii": "In the C locale only ASCII is printed.",
    "cli:help:light": "`pan --help` imports no heavy library and lists every command.",
    "cli:help:bare": "Bare `pan` and bare groups print their help on stdout, without `Error:`.",
    "cli:demo:stopped": "Beside a demo that does not run, a command says so at once.",
    "cli:demo:hints": "In the demo every hint spells its command for the demo.",
    "cli:doctor:demo": "`doctor` in a stopped demo says that it is stopped, and waits for nothing.",
    "cli:doctor:wraps": "`doctor` folds its lines on a narrow terminal.",
    "cli:help:every-command": "Every command has help, and --json.",
    "cli:empty:next-step": "On an empty home every command names the next step.",
    "cli:errors:settings": "An unknown setting is named with its file and the nearest known one.",
    "cli:errors:unexpected": "An unexpected error is one line and a hint; DEBUG=pan shows where.",
    "cli:errors:interrupt": "Ctrl-C ends with 130 and no traceback.",
    "cli:errors:pipe": "A reader that leaves early is no error worth a word.",
    "cli:errors:disk": "Output that cannot be written is told in one line.",
    "cli:completion:scripts": "Completion scripts for bash, zsh and fish.",
    "cli:completion:commands": "The shell completes commands.",
    "cli:work:list": (
        "The list is grouped by column, counted, cut to fit, and names the next command."
    ),
    "cli:work:held": "Lists and items tell who is assigned from who holds it.",
    "cli:work:list-json": "`work list --json` has the documented shape and the texts unchanged.",
    "cli:work:filters": (
        "Every filter of the list, alone and together; unknown values name the nearest. "
    ),
    "cli:work:show": (
        "One item in full, in JSON and as a BMAD file, under every spelling of its key. "
    ),
    "cli:work:unknown": "An unknown or hostile reference is told with a next step.",
    "cli:work:refuse": "Wrong values are refused with a word on how to write them.",
    "cli:docs:generated": "The generated pages are what the program says today.",
    "cli:docs:run": "Every command that the pages show works as it stands.",
    "cli:docs:complete": "Every command and setting is documented; pages name commands that exist.",
    "cli:up:detach": "`up --detach` returns with one JSON line, or with why it failed.",
    "cli:up:empty": "`up` serves the board before anything is connected.",
    "cli:up:foreground": "`up` serves in the foreground until SIGTERM, without a traceback.",
    "cli:up:port-taken": "A taken port is named before anything is started.",
    "cli:up:stop": "A terminal is told how to stop the board, and that it has stopped.",
    "cli:up:ready": "The port of the settings is used; the link is printed once it answers.",
    "cli:down:stops": "`down` stops the board and says which.",
    "cli:status:says": "`status` says whether the board runs and where.",
    "cli:open:links": "`open` makes a new link to the running board.",
    "cli:completion:refs": "The shell completes references and epics from the store.",
    "cli:sync:failed-document": "A failed sync has error, message and hint beside its report.",
    "cli:sync:cache-refused": "A cache that cannot be written is told, and is no success.",
    "cli:words:empty": "A word without a value, where one is needed, is a usage error.",
    "cli:holder:short": "A long holder is cut in lists and in the report of a sync.",
    "cli:sync:interrupted": "Ctrl-C ends a sync whose server hangs, with exit 130.",
    "cli:sync:json": "`sync --json` has the documented shape.",
    "cli:sync:report": "`sync` draws the seed report: epics, counts, holders, cache, next command.",
    "cli:sync:epic-name": "An epic is named once: its number and title, its key where it has none.",
    "cli:sync:cost": "A sync of files names no requests and no bytes.",
    "cli:sync:quiet": "A later sync shows the epics that changed or are held, and counts the rest.",
    "cli:sync:forgotten": "What other settings dropped is forgotten here, not deleted.",
    "cli:sync:ignore": "A first sync in a repository says that git may ignore the cache.",
    "cli:sync:unknown": "A sync of an iteration that is not there says so.",
    "cli:work:held-by-another": "A write to what somebody else holds warns, and is written.",
    "cli:work:parents": "A parent that cannot be is told with what can.",
    "cli:sync:scope": (
        "`sync` takes the words of the seeds: epic, epics, iteration, project, force. "
    ),
    "cli:work:after-sync": "After a sync the items are listed and shown.",
    "cli:work:write": (
        "Create, update, remark and delete reach the tracker, hostile titles included. "
    ),
    "cli:trackers:test": (
        "`trackers list` and `test` show what is configured and what answers, no key. "
    ),
    "cli:init:flags": "`init` by flags connects without a question; a failure writes nothing.",
    "cli:init:replace": "Without a terminal a connection is replaced only with --yes.",
    "cli:init:questions": "`init` asks on a terminal, shows the choices and never the key.",
    "cli:faults:key": "A wrong key is exit 4 and is never shown.",
    "cli:faults:read-only": "A read-only key syncs; a write is exit 4.",
    "cli:faults:place": "A missing workspace is named.",
    "cli:faults:server": "A failing server is told; what is stored stays.",
    "cli:debug:one-source": "DEBUG=NAME speaks for that source, in whatever order they stand.",
    "cli:debug:queries": "DEBUG=rally logs the queries, never the key.",
    "cli:doctor:well": "`doctor` is content after a good sync.",
    "cli:sandbox:line": "`sandbox` prints one JSON line and ends quietly with SIGTERM.",
    "cli:demo:world": "`demo` runs a world of its own from start to end, beside nothing real.",
    "cli:errors:home": "A home that cannot be used is told in two lines and left as it is.",
    "cli:errors:database": (
        "A foreign or corrupt database is named, with a next step, and left alone. "
    ),
    "cli:faults:partial": (
        "One failing tracker is exit 5; what the others gave is stored and shown. "
    ),
    "cli:progress:terminal": "Progress is drawn on a terminal only, and taken away at the end.",
    "cli:error:difference": "A conflict shows what differs in at most 20 harmless lines; JSON has all that is told.",
}
