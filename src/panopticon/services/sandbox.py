"""Simulated trackers, for people without one: served alone, or inside another run."""
