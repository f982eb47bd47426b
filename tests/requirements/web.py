"""How the dashboard behaves towards browsers, scripts and intruders."""

REQUIREMENTS = {
    "web:api:errors": "Every error is {error, message, hint}; people get a page.",
    "web:demo:hints": "The demo's pages name the demo's commands.",
    "web:vendor:licences": "Everything vendored has its licence and version beside it.",
}
