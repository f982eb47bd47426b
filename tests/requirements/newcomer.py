"""What somebody new to two trackers and story files takes for granted."""

REQUIREMENTS = {
    "newcomer:ready": "What is planned and nobody holds counts as ready, in report and cache.",
    "newcomer:create:tracker": (
        "A new item goes to the tracker of its project, else of the item above, else the default."
    ),
    "newcomer:default:written": "A first connection becomes the default, and every face says so.",
    "newcomer:files:problems": "A sync tells how many problems story files have, and fails not.",
    "newcomer:twin:apart": "Of two long texts only what differs is shown.",
    "newcomer:markdown:file": "A story of files keeps its number, words, sections, and subtasks.",
    "newcomer:cache:projects": "Epics of one number in two projects have a folder each.",
    "newcomer:list:blocked": "The list marks as blocked what the board does.",
    "newcomer:me:own": "`me` is whom the tracker knows; the configured email where it knows none.",
    "newcomer:people:part": "A part of a name is enough; what is not clear is asked back.",
    "newcomer:words": "Changes are told in words; a cut list says that it is cut.",
    "newcomer:errors:once": "A tracker's name stands once before what went wrong with it.",
}
