"""Git: what a clone knows and does, and the claims kept as refs of its remote."""
