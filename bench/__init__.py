"""Benches: each prints one JSON document with its figures, raw values, seed and versions."""
