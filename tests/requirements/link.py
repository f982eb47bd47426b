"""Two trackers at once: links, twins, refs."""

REQUIREMENTS = {
    "link:store:once": "A link is kept once; both of its ends hear of it in the log.",
    "link:store:dropped": "A link that is forgotten is told to both ends, once.",
    "link:store:outlives": "A link outlives changes, renames, and the deletion and return of its ends.",
    "link:store:claims": "The store says which items carry another tracker's key.",
}
