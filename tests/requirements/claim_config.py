"""Settings of claims: where they are written, who decides, and what is refused."""

REQUIREMENTS = {
    "claim-config:seed": "Seed 003's rally_lock_hours and rally_auto_sync hold as written in its file.",
    "claim-config:order": "Flag, variable, env file, the repository's files, projects.yaml, config.toml: the stronger decides.",
    "claim-config:forms": "Hours, minutes, yes or no, people and a branch are read from text and from values alike.",
    "claim-config:refused": "A value out of bounds or form is refused with its file and its key.",
    "claim-config:misspelt": "A key of a shared file that was probably meant for us is said, and not refused.",
    "claim-config:own-project": "In projects.yaml the project of this folder is stronger than the top of the file.",
    "claim-config:fixed": "What a file of the team decides is named, so that nobody changes config.toml in vain.",
    "claim-config:words": "Steps set what the file names, upstream's table where it is in use; else the columns decide.",
    "claim-config:repositories": "Each project has its repository and its base, from projects.yaml or config.toml.",
    "claim-config:repositories:doctor": "A repository that is no git repository is a warning of the doctor.",
    "claim-config:arbiter:forms": "Words that name no arbiter are refused with the three forms.",
    "claim-config:arbiter:secret": "An address with credentials is refused, without repeating them.",
    "claim-config:arbiter:same": "Two spellings of one remote are one arbiter; in doubt they differ.",
    "claim-config:arbiter:hidden": "An arbiter that a stronger file overrules is said.",
    "claim-config:init:proposed": "Init proposes origin, names the other remotes, and writes no credentials.",
    "claim-config:init:said": "Init says who decides claims, where that is written, and what else can be set up.",
    "claim-config:init:same": "Naming the arbiter again in another spelling is no other arbiter.",
    "claim-config:doctor": "The doctor says who decides claims, or that nobody does.",
    "claim-config:page": "The settings of claims are shown and changed over HTTP, but not who decides.",
    "claim-config:page:form": "Claims have their part of the settings page; what a file decides is fixed there.",
}
