"""A request at one of our doors, as signatures see it."""

from federation.signatures.message import Message, from_raw_headers
from kit.web import Call


def message_of(call: Call) -> Message:
    """The request as it came: our own public origin with the raw path, never the Host header."""
    scope = call.request.scope
    path = scope.get("raw_path", b"").decode("latin-1") or call.request.url.path
    query = scope.get("query_string", b"").decode("latin-1")
    url = call.app.settings.node.url + path + (f"?{query}" if query else "")
    return Message(call.request.method, url, from_raw_headers(scope["headers"]), call.raw_body)
