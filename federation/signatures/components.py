"""Values of covered components (RFC 9421 §2): fields and what is derived from the request line."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from federation.refusals import UnparsableSignature
from federation.signatures.message import Message

Parameters = Mapping[str, Any]


def value_of(message: Message, name: str, parameters: Parameters) -> str:
    """The text signed for one component. Raises UnparsableSignature for one that I do not know.

    Several lines of a field are joined as §2.1 says; whether that is allowed is for the verifier to say.
    """
    if name == "@query-param":
        return _query_parameter(message, parameters)
    if name.startswith("@"):
        derive = _DERIVED.get(name)
        if derive is None or parameters:
            raise UnparsableSignature(cause=f"component {name!r} {dict(parameters)!r}")
        return derive(message)
    return _field(message, name, parameters)


def _field(message: Message, name: str, parameters: Parameters) -> str:
    values = message.fields.get(name)
    if values is None:
        raise UnparsableSignature(cause=f"covered field {name!r} is absent")
    if not parameters:
        return ", ".join(values)
    if dict(parameters) == {"bs": True}:
        return ", ".join(f":{base64.b64encode(value.encode('latin-1')).decode()}:" for value in values)
    raise UnparsableSignature(cause=f"parameters of {name!r}: {dict(parameters)!r}")


def _query_parameter(message: Message, parameters: Parameters) -> str:
    """§2.2.8: decoded as a form, then percent-encoded again; a name given twice is refused."""
    wanted = parameters.get("name")
    if set(parameters) != {"name"} or not isinstance(wanted, str):
        raise UnparsableSignature(cause="@query-param without its one parameter")
    found = [
        quote(value, safe="*-._")
        for name, value in parse_qsl(message.parts.query, keep_blank_values=True)
        if quote(name, safe="*-._") == wanted
    ]
    if len(found) != 1:
        raise UnparsableSignature(cause=f"query parameter {wanted!r} found {len(found)} times")
    return found[0]


def _status(message: Message) -> str:
    if message.status is None:
        raise UnparsableSignature(cause="@status of a request")
    return str(message.status)


_DERIVED: Final[dict[str, Callable[[Message], str]]] = {
    "@method": lambda message: message.method,
    "@target-uri": lambda message: message.url,
    "@authority": lambda message: message.authority,
    "@scheme": lambda message: message.parts.scheme.lower(),
    "@request-target": lambda message: message.target,
    "@path": lambda message: message.parts.path or "/",
    "@query": lambda message: f"?{message.parts.query}",
    "@status": _status,
}
