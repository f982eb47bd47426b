"""The process that serves the board: its seat, its door, its sandbox."""
