"""Folders of story files as a tracker: what is read."""

REQUIREMENTS = {
    "model:ref:story-spellings": "1-2, 01.2, 1-2-slug, story-1-2 and app#1-2-slug mean the story 1.2; other keys are what they were.",
    "model:ref:story-number": "A bare number never means the stories whose key ends in it.",
}
