"""Steps that are lines, the language of the query bar, and two unlike trackers on one page."""

REQUIREMENTS = {
    "web:task:line": "A step that is a line is ticked by its place and title, and ticked back.",
    "web:task:line:moved": "Where another step stands by now nothing is ticked: 409 with the card.",
    "web:step:add": "A step is added as its tracker keeps them: as a line or as an item.",
    "web:step:none": "Where a tracker keeps no steps, adding one is refused in words.",
}
