"""BMAD story files as a tracker: texts, their edits, the shelves they lie on, and the writer."""
