"""What the verbs on one item promise."""

REQUIREMENTS = {
    "store:events:of-item": "The log of one item is read newest first, without the others.",
    "issue:value:same": "Line ends, trailing space, order of labels and the spelling of refs are no difference.",
    "issue:value:undo": "What hangs on a field comes with it: the native word, the reason of a block.",
}
