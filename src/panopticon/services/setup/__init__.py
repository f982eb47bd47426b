"""Connecting a tracker, and the files that says so."""
