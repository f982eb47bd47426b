"""Story files as a tracker: what is written, and what survives a fault."""

REQUIREMENTS = {
    "mdwrite:label:read": "Assignee, labels, points, hours, priority, due and the like are read from labels and front matter.",
    "mdwrite:label:write": "Such a field is written where it stands, a new one beside the status; nothing takes it away.",
    "mdwrite:label:refused": "A value that a label cannot hold is refused, and the text stays.",
}
