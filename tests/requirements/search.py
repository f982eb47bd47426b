"""What searching promises."""

REQUIREMENTS = {
    "search:language:terms": "A query is words, phrases, negations and fields; what is no field is text.",
    "search:language:compared": "Times and numbers are compared: younger, older, from, to, between.",
    "search:language:refused": "What cannot be read is told with its place, the near word or what is allowed.",
    "search:language:bounded": "A query without end is refused.",
    "search:language:never-fails": "Any text is read or refused, its places stand inside it, and it is printed so that it is read the same.",
}
