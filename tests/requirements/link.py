"""Two trackers at once: links, twins, refs."""

REQUIREMENTS = {
    "link:store:once": "A link is kept once; both of its ends hear of it in the log.",
    "link:store:dropped": "A link that is forgotten is told to both ends, once.",
    "link:store:outlives": "A link outlives changes, renames, and the deletion and return of its ends.",
    "link:make:kinds": "Two items are linked once, by any spelling, from either side.",
    "link:make:refused": "Itself, the opposite, a circle, an unknown item or kind are refused, and say why.",
    "link:make:native": "What a tracker keeps by itself is refused with the command that writes it there.",
    "link:take:idempotent": "A link is taken away from either side; one that is not there is no error.",
    "link:asleep": "A link sleeps while an end is gone, counts again when it returns, and can be taken away meanwhile.",
    "link:hidden": "A source out of the settings hides its links meanwhile.",
    "link:counts:item": "A blocker in another tracker is shown by both items, and never written to a tracker.",
    "board:pair:exact": "Links and twins on cards are exact whatever happens to either side.",
    "board:pair:card": "Two sides of one item are marked on both cards; the one that carries the key folds.",
    "board:pair:blocked": "A blocker in another tracker stands on the card and counts for the filter.",
    "board:pair:failed-read": "A read that failed half way loses no link.",
    "cache:pair:folders": "Epics of one number in two trackers have a folder each; the default tracker's is plain.",
    "cache:pair:bonds": "A story's file says of links and its twin what `work show` says.",
    "cache:pair:exact": "A story's file follows whatever changes at the other end of a link or of its twin.",
    "link:store:claims": "The store says which items carry another tracker's key.",
}
