"""Changing what is configured, from the page."""
