"""Claims after a sync: what is repaired, told and warned about."""

REQUIREMENTS = {
    "claim:repair:expired": "A claim past its end is told in the log once, and its lock is taken off the tracker.",
    "claim:repair:worked": "The log says of a claim that ran out whether its branch got commits, or that nobody here can tell.",
    "claim:repair:others": "A sync shows everybody's claims, also where the tracker has no place for them.",
    "claim:repair:lag": "A claim or a release that the tracker could not show is shown by its machine's next sync.",
    "claim:repair:others-end": "Another machine's ended claim is taken off the tracker where auto_sync is on, not before clocks may agree.",
    "claim:repair:by-hand": "A lock that somebody set by hand is never taken off nor written over while it counts.",
    "claim:repair:moved-on": "What was taken again meanwhile keeps its new holder.",
    "claim:repair:foreign": "Claims of other projects under the same arbiter change nothing here.",
    "claim:repair:unasked": "An arbiter that cannot be asked fails no sync; the report says so.",
    "claim:repair:cheap": "The board looks at claims once for all its sources.",
    "claim:repair:few": "Where records are read item by item, one sync asks a handful and says how many wait.",
    "claim:warn:near": "A claim of this machine is warned of before it ends, and for a day after.",
    "claim:warn:own": "Nobody is warned of other machines' claims, nor of what was given back.",
    "claim:warn:lost": "Who lost a story to another hears who has it, for a day or until it is taken again.",
    "claim:warn:cli": "Commands that show work warn people once, on stderr, with the command that renews.",
}
