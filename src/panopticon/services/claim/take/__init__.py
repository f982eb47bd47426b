"""Taking a story, and what happens to one that is held."""
