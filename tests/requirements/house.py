"""How the code itself is kept."""

REQUIREMENTS = {
    "house:requirements:both-ways": "Every declared behaviour has a test, every test names one.",
}
