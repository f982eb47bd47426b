"""The board: cards, filters, deltas."""
