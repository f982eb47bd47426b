"""A simulator of Rally's WSAPI v2.0, after recorded replies and what unmodified clients need."""

"""A simulator of Rally's WSAPI v2.0, after recorded replies and what unmodified clients need."""
