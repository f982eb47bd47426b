"""BMAD story files as concrete syntax: text in, values with their places, text out."""
