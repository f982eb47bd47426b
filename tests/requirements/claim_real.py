"""Claims on real git remotes, a real SQLite file and a real WSAPI."""

REQUIREMENTS = {
    "claim:real:git": "What the exploration promises holds on a real git remote: a folder, git daemon, git http-backend; 200 schedules each.",
    "claim:real:store": "What the exploration promises holds on one SQLite file with several users; 200 schedules.",
    "claim:real:rally": "What the exploration promises holds over the WSAPI with conflicts and a lagging replica; 200 schedules.",
    "claim:real:mutation": "The exploration of each real thing catches who looks first and then takes.",
    "claim:git:time": "Where the remote speaks HTTP its Date tells when a claim ends, whatever this machine's clock says; elsewhere clocks may differ by the skew.",
    "claim:git:faults": "A remote that is unreachable, read-only or closed to the namespace is told apart and named, with what to do and without secrets.",
    "claim:git:records": "A ref that holds no claim, or one of a newer Panopticon, is named and decides nothing.",
    "claim:git:address": "An arbiter's address never runs a program.",
    "claim:git:settings": "What somebody's own git settings say (colours, signatures, hooks, encodings) changes no claim.",
    "claim:git:killed": "A git that was killed leaves no lock in the way of the next.",
    "claim:git:two": "Each remote decides for itself, and all its claims are read at once.",
}
