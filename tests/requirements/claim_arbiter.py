"""What arbiters keep and leave out, and what damage or strangers do to them."""

REQUIREMENTS = {
    "claim:rule:why": "A claim that is given back keeps why, which the next take forgets.",
    "local:run:why": "A program that is missing, one that is none and a folder that is gone are told apart.",
    "claim:store:which": "The name of a store that decides says which store: on two machines there are two.",
    "hook:claims": "A push deletes and rewrites no claim; what replaces the record that it names goes through.",
    "claim:git:litter": "Refs beside the claims that are none are left out and named; a story that such a ref stands for is nobody's until a person looks.",
    "claim:git:damaged": "The folder of claims is a cache: damaged, it is made anew, whatever is asked; damage of the remote is called so.",
    "claim:git:together": "Commands at once in one home wait for each other.",
    "claim:git:words": "Why a push is refused is read from git's own list alone.",
}
