"""What a request can be refused with; Rally says it inside a reply of status 200."""


class Trouble(Exception):
    """One or more sentences for the reply's Errors."""

    def __init__(self, *errors: str) -> None:
        """Keep the sentences."""
        super().__init__("; ".join(errors))
        self.errors = list(errors)


class Unauthorised(Exception):
    """No such key, user or password: answered with status 401 and a Jetty page."""


class Missing(Exception):
    """No such address: answered with status 404."""
