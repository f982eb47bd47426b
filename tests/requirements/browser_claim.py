"""Claims on the board, as people do them."""

REQUIREMENTS = {
    "browser:claim:checkout": "The button of a free card checks it out at once; undo gives it back.",
    "browser:claim:race": "Of two who check out one card one has it; the other hears who, and what is free.",
    "browser:claim:instead": "A refusal stays, names who holds it since and until when, and takes one of three others at once.",
    "browser:claim:ring": "A ring drains as time passes; one's own turns amber near its end; one that has ended goes.",
    "browser:claim:keys": "Without a mouse one checks out, renews, gives back, and answers a refusal.",
    "browser:claim:menu": "A card's menu offers what makes sense for its claim.",
    "browser:claim:steal": "Taking over asks for a reason and does nothing without.",
    "browser:claim:elsewhere": "What one holds in another place can be held here instead.",
    "browser:claim:blocked": "What waits for another is checked out only when one insists.",
    "browser:claim:prompt": "Starting a free card offers to check it out and never does so unasked.",
    "browser:claim:move": "Moving what another holds is refused with who holds it; one may insist, and undo.",
    "browser:claim:warn": "Before one's claim ends that is said once, with the way to renew.",
    "browser:claim:queue": "Writes that wait are counted in the header, with what and why.",
    "browser:claim:panel": "The open item says who holds it, since, until, by whose word, on which branch, and what to do.",
    "browser:claim:here-only": "A column that only this board keeps is marked, on cards and in the list.",
    "browser:claim:nobody": "Where nobody decides claims cards are taken as before, and the menu says why.",
    "browser:claim:away": "When the arbiter does not answer that is said, with another try.",
    "browser:claim:filters": "Mine counts claims and assignments; is:held and is:free find cards by their claims.",
    "browser:claim:a11y": "Claims and their messages have no serious fault, in light, dark and on a phone.",
    "browser:claim:phone": "On a phone what is free instead is taken by touch, and nothing is out of the screen.",
}
