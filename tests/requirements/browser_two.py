"""Steps that are lines, the language of the query bar, and two unlike trackers on one page."""

REQUIREMENTS = {
    "web:task:line": "A step that is a line is ticked by its place and title, and ticked back.",
    "web:task:line:moved": "Where another step stands by now nothing is ticked: 409 with the card.",
    "web:step:add": "A step is added as its tracker keeps them: as a line or as an item.",
    "web:step:none": "Where a tracker keeps no steps, adding one is refused in words.",
    "web:query:error": "What cannot be read is said under the bar with its place, and the board stays.",
    "web:query:error:begun": "While somebody types, what is only begun is no error.",
    "web:query:complete": "Fields and values are offered while one types; arrows and Enter take one.",
    "web:query:kept": "Terms without a filter of their own stay in the text and in the address.",
    "web:query:help": "The overlay of keys tells what can be asked.",
    "web:query:a11y": "axe finds nothing serious in the bar with its list and its error.",
}
