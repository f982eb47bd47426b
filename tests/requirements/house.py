"""How the code itself is kept."""

REQUIREMENTS = {
    "house:requirements:both-ways": "Every declared behaviour has a test, every test names one.",
    "house:requirements:contracts-run": "Every contract is inherited by the tests of at least two subjects.",
    "house:http:one-door": "No source file reaches the network by the standard library's clients.",
    "house:faces:no-store": "The faces reach what is stored by the services only.",
    "house:size:files": "No source file is longer than 300 lines.",
    "house:size:functions": "No function is longer than 40 lines.",
    "house:names:no-drawers": "No file is called utils, helpers, common or manager.",
    "house:names:no-machine": "Nothing committed names a path or a host of the machine it was made on.",
}
