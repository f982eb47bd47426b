"""Opening a page, only where there is somebody to see it."""

import sys
import webbrowser

from panopticon.config import environment


def show(url: str) -> None:
    """Open the page where a screen is; over SSH and in CI the printed link is enough."""
    environ = environment()
    screen = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"
    if screen and not environ.get("SSH_CONNECTION") and not environ.get("CI"):
        webbrowser.open(url)
