"""How the dashboard behaves towards browsers, scripts and intruders."""

REQUIREMENTS = {
    "web:api:errors": "Every error is {error, message, hint}; people get a page.",
    "web:demo:hints": "The demo's pages name the demo's commands.",
    "web:vendor:licences": "Everything vendored has its licence and version beside it.",
    "web:browser:board": "The browser shows five columns of cards with what each must answer.",
    "web:browser:filter": "Filtering narrows the cards and stands in the address.",
    "web:browser:detail": "A card opens its detail at an address that can be shared.",
    "web:browser:live": "A change made elsewhere shows within two seconds, scroll and focus kept.",
    "web:browser:tabs": "Many tabs of one browser share one stream, and a closing tab hands it over.",
    "web:browser:hostile": "Script in titles, texts and comments never runs.",
    "web:browser:many": "Thousands of cards are shown without drawing all of them.",
    "web:browser:empty": "An empty board says why and offers the next step.",
    "web:browser:phone": "On a phone one column is shown, with a switch.",
    "web:browser:restart": "A page survives a restart of its server and catches up.",
    "web:browser:signed-out": "Without a session the page says how to open it.",
}
