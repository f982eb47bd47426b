"""Claims around a sync: what waits goes first, what items show is put right after."""
