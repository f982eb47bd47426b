"""Changes of items, written into the files that say them."""
