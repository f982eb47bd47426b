"""Story files as a tracker: what is written, and what survives a fault."""

REQUIREMENTS = {
    "mdwrite:label:read": "Assignee, labels, points, hours, priority, due and the like are read from labels and front matter.",
    "mdwrite:label:write": "Such a field is written where it stands, a new one beside the status; nothing takes it away.",
    "mdwrite:label:refused": "A value that a label cannot hold is refused, and the text stays.",
    "mdwrite:body:composed": "The body is the user story and the other sections of content, without the fields of their own.",
    "mdwrite:body:part": "In an epics file a story's body reads and is written as in a file of its own.",
    "mdwrite:body:kept": "A body written back as it was read changes no byte.",
    "mdwrite:body:read-again": "A body that was written is read back; plain text is never refused.",
    "mdwrite:body:bytes": "Of a body only the paragraphs that changed are written.",
    "mdwrite:body:section": "A new heading becomes a section before the record; one that is gone goes with its text.",
    "mdwrite:body:refused": "A body that would be read as another field, and bytes that are no text, are refused with the reason.",
    "mdwrite:needs:written": "What a story waits for is written and taken away; what names a story that is not there stays.",
    "mdwrite:needs:form": "Needs keep the form in which the file says them: label, list, section, front matter.",
    "mdwrite:needs:refused": "A story without a number cannot be named as one that is waited for.",
}
