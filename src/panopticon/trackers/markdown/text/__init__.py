"""BMAD story files as concrete syntax: values with their places, and nothing of folders."""
