"""The direct download of an attachment: /slm/attachment/{oid}/{name}."""

import base64

from panopticon.sandbox.exchange import Reply
from panopticon.sandbox.rally.objects import Objects
from panopticon.sandbox.rally.trouble import Missing


def download(store: Objects, path: str) -> Reply:
    """Give an attachment's bytes."""
    number = path.split("/")[3]
    thing = store.get(int(number)) if number.isdigit() else None
    content = store.get(thing.number("Content")) if thing else None
    if thing is None or content is None:
        raise Missing
    kind = thing.text("ContentType") or "application/octet-stream"
    return Reply(base64.b64decode(content.text("Content")), content_type=kind)
