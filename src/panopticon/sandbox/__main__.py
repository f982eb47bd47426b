"""`python -m panopticon.sandbox`: the sandbox alone, as `pan sandbox` runs it."""

import argparse
from pathlib import Path

from panopticon.sandbox.serve import STORIES, Options, run


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m panopticon.sandbox")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--no-lock-fields", action="store_true")
    parser.add_argument("--tls-cert", type=Path, help="serve HTTPS with this PEM certificate")
    parser.add_argument("--tls-key", type=Path, help="the certificate's key")
    given = parser.parse_args()
    run(
        Options(
            port=given.port,
            host=given.host,
            stories=given.stories,
            seed=given.seed,
            state=given.state,
            tls_cert=given.tls_cert,
            tls_key=given.tls_key,
            lock_fields=not given.no_lock_fields,
        )
    )


if __name__ == "__main__":
    main()
