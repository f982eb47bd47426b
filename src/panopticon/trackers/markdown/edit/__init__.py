"""Edits of one text: a story and a value in, the whole new text out."""
