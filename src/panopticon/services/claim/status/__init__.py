"""The status that the work on a story gives it, from start to merge."""
