"""Claims: checking a story out, holding it, giving it back."""
