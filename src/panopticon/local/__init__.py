"""This machine: processes, git, files."""
