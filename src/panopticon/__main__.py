"""`python -m panopticon` is `pan`; here the terminal face meets the dashboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from panopticon import cli
from panopticon.cli.command import Ready

if TYPE_CHECKING:  # `pan --help` must not pay for the services
    from panopticon.services.context import Context
    from panopticon.services.server.reach import Reach


def _serve(ctx: "Context", reach: "Reach", on_ready: Callable[[Ready], None]) -> None:
    # Imported when a server starts: every other command must not pay for one.
    from panopticon.web import serve  # noqa: PLC0415

    serve.run(ctx, reach=reach, on_ready=on_ready)


def main() -> None:
    """Be the program."""
    cli.main(_serve)


if __name__ == "__main__":
    main()
