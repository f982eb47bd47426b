"""What the verbs on one item promise."""

REQUIREMENTS = {
    "store:events:of-item": "The log of one item is read newest first, without the others.",
}
