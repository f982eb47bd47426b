"""Good answers of the routes of searches, as the description of the API shows them."""

WORDS = {
    "fields": [
        {
            "name": "is",
            "means": "What it is just now.",
            "values": ["open", "done", "mine", "blocked", "held", "free", "joined", "cancelled"],
            "examples": ["is:blocked", "-is:done"],
        },
        {
            "name": "epic",
            "means": "What lies below an epic or feature.",
            "values": ["none", "F17"],
            "examples": ["epic:17", "epic:none"],
            "titles": {"F17": "User accounts"},
        },
    ]
}
