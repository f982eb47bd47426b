"""Hints name commands; beside the demo they are spelled so that they work on the demo."""

import re

_COMMAND = re.compile(r"`pan (?!--|demo\b|init\b|completion\b)([^`]*)`")


def for_demo(text: str) -> str:
    """Spell the commands in a hint for the demo: `pan --demo …`; what starts it is `pan demo`."""
    return _COMMAND.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    words = match[1]
    if words == "up":
        return "`pan demo`"
    return f"`pan --demo {words}`"
