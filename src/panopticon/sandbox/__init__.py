"""Simulators of the trackers' APIs, with their data and faults."""
