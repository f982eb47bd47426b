"""A simulator of Rally's WSAPI v2.0, faithful to recorded replies and to what unmodified clients need."""
