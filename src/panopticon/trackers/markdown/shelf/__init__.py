"""Folders of story files, read into items."""
