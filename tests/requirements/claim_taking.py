"""Who takes what: people, sessions and machines told apart, and what only seems to be free."""

REQUIREMENTS = {
    "claim:taking:resume": "resume takes over one's own claim only; in another's name it is refused.",
    "claim:taking:person": "One person is one holder however the email is spelled, and a holder is a printable name.",
    "claim:taking:session": "Many who sit down in a folder at once are one session, also where its file was damaged.",
    "claim:taking:machine": "A home that was copied to another machine is another session there.",
    "claim:taking:steal": "A steal refuses what a checkout refuses by kind and done, and reasons without end.",
    "claim:taking:finished": "Finished work is nobody's next story until it is opened again; by name it is taken with a word of it.",
    "claim:taking:branch-name": "A branch that an item names is used where git takes it and stories are not merged there.",
    "claim:taking:far-branch": "Who goes on with a story goes on with its branch, pushed since the last fetch too.",
    "claim:taking:ended": "A claim that ended and is not free for others yet says when it is, and is listed as ended.",
    "claim:release:no-branch": "Where a story never had a branch here a release puts its status back.",
    "claim:release:of-branch": "A release or renewal without a story is of the branch one stands on.",
    "claim:cli:lock-first": "Whatever is done first, the lock is told first.",
}
