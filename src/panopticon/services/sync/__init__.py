"""Reading trackers into the store and the cache."""
