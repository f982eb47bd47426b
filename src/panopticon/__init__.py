"""Every issue tracker, developer and coding agent of a team on one live board."""

__version__ = "0.1.0"
