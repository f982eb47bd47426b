"""What arbiters keep and leave out, and what damage or strangers do to them."""

REQUIREMENTS = {
    "claim:rule:why": "A claim that is given back keeps why, which the next take forgets.",
}
