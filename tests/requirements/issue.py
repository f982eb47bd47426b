"""What the verbs on one item promise."""

REQUIREMENTS = {
    "issue:turn:one": "Of many who write to one item at once as they saw it, one does.",
    "issue:turn:patience": "Who waits too long for a write before is told to try again.",
    "store:events:of-item": "The log of one item is read newest first, without the others.",
    "issue:value:same": "Line ends, trailing space, order of labels and the spelling of refs are no difference.",
    "issue:value:undo": "What hangs on a field comes with it: the native word, the reason of a block.",
}
