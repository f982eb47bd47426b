"""Claims over HTTP."""

REQUIREMENTS = {
    "web:claim:verbs": "Over HTTP a story is checked out, renewed, given back, and taken over with a reason, and the answer holds its card.",
    "web:claim:no-branch": "The board makes no git branch; its name is told.",
    "web:claim:locked": "Who comes second gets 409 `locked` with who holds it, since, until, and what is free instead.",
    "web:claim:in-the-way": "What waits for another is refused, and taken when told.",
    "web:claim:elsewhere": "What one holds in another folder is taken over with resume only.",
    "web:claim:nobody": "Where nobody decides claims that is said with the next step.",
    "web:claim:locks": "The locks over HTTP are those of `pan locks --json`.",
    "web:claim:slow": "An arbiter that answers slowly keeps nobody from reading the board.",
    "web:claim:asked": "A request about a claim is bounded and has no unknown words.",
    "web:claim:head": "The board tells which sort of arbiter decides, never its address, and what waits to be written.",
    "web:claim:described": "The description of the API shows claims as they are answered.",
    "web:claim:here-only": "A card says when only this machine keeps its column.",
    "web:claim:fence": "An item tells the fence of its claim also where its tracker has no place for it.",
    "web:claim:guarded": "A move of what another holds is refused with 409 `locked`; `claim: ignore` moves it all the same.",
}
