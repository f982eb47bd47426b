"""Behaviours proven by clients that this project did not write."""

REQUIREMENTS = {
    "foreign:pyral:connect": "pyral connects, and knows its workspace, projects and types.",
    "foreign:pyral:basic": "pyral signs in with a password and writes with the security token.",
    "foreign:pyral:query": "pyral's nested AND/OR conditions choose exactly what they say.",
    "foreign:pyral:paging": "pyral reads more than three pages, everything once and in order.",
    "foreign:pyral:threads": "pyral's threads read many small pages at once.",
    "foreign:pyral:write": "pyral creates, reads, updates and deletes, and finds the recycle bin.",
    "foreign:pyral:collections": "pyral adds to and drops from a collection.",
    "foreign:pyral:tasks": "pyral reads a story's tasks through the lazy collection.",
    "foreign:pyral:comments": "pyral's comments are numbered in the order they were made.",
    "foreign:pyral:attachments": "pyral uploads a file and reads the same bytes back.",
    "foreign:pyral:ranking": "pyral ranks above, below, to the top and to the bottom.",
    "foreign:pyral:allowed": "pyral reads allowed values from the server.",
    "foreign:pyral:features": "pyral reads a feature's stories and sets its state object.",
    "foreign:pyral:errors": "pyral passes on the real texts of Rally's errors.",
    "foreign:pyral:expired": "pyral is refused with a wrong key.",
    "foreign:node:scenario": "Broadcom's JavaScript client works a full scenario, unmodified.",
    "foreign:page:types": "The TypeScript compiler finds no fault in the page's modules.",
    "foreign:schemathesis:robust": "Whatever is sent to the API, it never fails inside.",
    "foreign:schemathesis:described": "What the API answers is what its description says.",
}
