"""What changes under TLS: cookies go back over https only, and browsers remember to use it."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panopticon.web.guard import LOOPBACK, Security

# Thirty days, as a session. It holds for all ports of the host: never for this machine's own names.
_REMEMBER = (b"strict-transport-security", b"max-age=2592000")


class Sealed:
    """Marks every cookie Secure, and has browsers come back over https, where they use it."""

    def __init__(self, app: ASGIApp, security: Security) -> None:
        self.app = app
        self.security = security

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, and seal the head of the answer."""
        host = Headers(scope=scope).get("host", "").lower() if scope["type"] == "http" else ""
        if self.security.scheme_of(host) != "https":
            await self.app(scope, receive, send)
            return
        is_here = host.rpartition(":")[0] in LOOPBACK or host in LOOPBACK

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [_secure(name, value) for name, value in message["headers"]]
                message["headers"] = headers if is_here else [*headers, _REMEMBER]
            await send(message)

        await self.app(scope, receive, sealed)


def _secure(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    is_open = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if is_open else value
