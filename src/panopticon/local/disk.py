"""Folders of files and their git history: trackers/disk.py on this machine."""


class LocalDisk:
    """Opens folders of this machine."""
