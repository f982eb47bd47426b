"""Who takes what: people, sessions and machines told apart, and what only seems to be free."""

REQUIREMENTS = {
    "claim:taking:resume": "resume takes over one's own claim only; in another's name it is refused.",
    "claim:taking:person": "One person is one holder however the email is spelled, and a holder is a printable name.",
    "claim:taking:session": "Many who sit down in a folder at once are one session, also where its file was damaged.",
    "claim:taking:machine": "A home that was copied to another machine is another session there.",
    "claim:taking:steal": "A steal refuses what a checkout refuses by kind and done, and reasons without end.",
}
