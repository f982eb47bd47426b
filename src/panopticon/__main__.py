"""`python -m panopticon` is `pan`."""

from panopticon.cli import main

if __name__ == "__main__":
    main()
