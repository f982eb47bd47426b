"""What agents find under `.bmad/rally-cache`."""

REQUIREMENTS = {
    "cache:files:as-drawn": "The files are where the seed draws them.",
    "cache:story:detail": "A story file is the detail of `work show --json` plus its markdown.",
    "cache:epics:leaves": "An epic of epics counts their leaves; its folder is null.",
    "cache:write:only-changes": "Only files whose content changed are written again.",
    "cache:write:neighbours": "A story's file follows its steps, its epic and its blockers.",
    "cache:write:vanished": "Files of vanished and moved stories go.",
    "cache:write:follows": "A write through us is in the files at once; a failing cache harms not.",
    "cache:write:gone": "A deleted or moved item's old file goes at once.",
    "cache:write:mended": "Removed files come back, half written ones go, others' stay.",
    "cache:write:atomic": "A reader has the old file or the new one, never half of one.",
    "cache:assignments:held": "assignments.json holds the claims that count now.",
    "cache:names:safe": "Hostile keys and epic names stay inside the folder.",
    "cache:names:clash": "Names that clash get a mark that stays the same.",
    "cache:names:two-trackers": "Equal keys of two trackers have files of their own.",
    "cache:fault:told": "A cache that cannot be written is told; what was read is stored.",
    "cache:link:two-files": "A link made or taken away writes the files of its two ends alone, as a sync would.",
    "cache:lock:one-at-a-time": "One process at a time writes; a lock is freed with its holder.",
}
