"""What the layers below have to say, on stderr: waits always, everything with DEBUG=name."""

import logging

from panopticon.cli.terminal import Terminal, stderr
from panopticon.config import Config


class _Handler(logging.Handler):
    """Write records as dim lines, made harmless."""

    def __init__(self, err: Terminal) -> None:
        super().__init__()
        self.err = err

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        text = self.err.clean(record.getMessage())
        paint = self.err.amber if record.levelno >= logging.WARNING else self.err.dim
        self.err.line(paint(text))


def hush() -> None:
    """Take back what `listen` set up: the stream it writes to may be gone after the command."""
    root = logging.getLogger("panopticon")
    for old in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(old)
    root.propagate = True
    root.setLevel(logging.NOTSET)


def listen(config: Config) -> None:
    """Show warnings, and all that `DEBUG=rally,pan` asks for."""
    hush()
    root = logging.getLogger("panopticon")
    root.addHandler(_Handler(stderr()))
    root.propagate = False
    root.setLevel(logging.DEBUG if config.debug & {"*", "pan"} else logging.WARNING)
    # A type's logger speaks for all of its sources, so that its level is the union's.
    for name in {word for one in config.sources for word in (one.name, one.type)}:
        speaking = [one for one in config.sources if name in {one.name, one.type}]
        wanted = {word for one in speaking for word in (one.name, one.type, one.known_as)}
        level = logging.DEBUG if config.debug & wanted else logging.NOTSET
        logging.getLogger(f"panopticon.{name}").setLevel(level)
