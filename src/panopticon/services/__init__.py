"""The verbs: the only place where layers meet."""
