"""Items: reading, writing, naming and linking them."""
