"""What a node can do, said and read through FEP-844e: `implements` on the `generator` object of an actor.

Ours are addresses under the village namespace, one for each major of the protocol and each scope in it:
`https://hameau.example/ns/village/1#agenda`. NodeInfo says nothing about capabilities.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.namespace import VIL
from federation.reading import address_of, object_of, values_of

RFC9421: Final = "https://datatracker.ietf.org/doc/html/rfc9421"
_MOST: Final = 64
_OURS: Final = re.compile(re.escape(VIL.removesuffix("1#")) + r"([0-9]{1,3})#([a-z_]{1,40})")


@dataclass(frozen=True)
class Capabilities:
    """What an actor says that it understands: scopes by major of the village protocol, and RFC 9421."""

    scopes: Mapping[int, frozenset[str]]
    rfc9421: bool = False

    @property
    def speaks_village(self) -> bool:
        """Whether it is a node such as ours."""
        return bool(self.scopes)

    def common_major(self, majors: tuple[int, ...]) -> int | None:
        """The highest major that both sides speak; None when there is none."""
        return max(set(majors) & set(self.scopes), default=None)


def generator(majors: tuple[int, ...], scopes: tuple[str, ...]) -> dict[str, Any]:
    """The anonymous `generator` object of our actors."""
    base = VIL.removesuffix("1#")
    ours = [
        {"type": "Link", "href": f"{base}{major}#{scope}", "name": f"Village protocol {major}: {scope}"}
        for major in majors
        for scope in scopes
    ]
    signing = {"type": "Link", "href": RFC9421, "name": "RFC-9421: HTTP Message Signatures"}
    return {"type": "Application", "name": "Hameau", "implements": [signing, *ours]}


def read_capabilities(actor: Mapping[str, Any]) -> Capabilities:
    """What an actor document says; nothing when it says nothing. Unknown entries are ignored."""
    told = object_of(actor, "generator") or {}
    entries = [*values_of(told.get("implements")), *values_of(actor.get("implements"))][:_MOST]
    addresses = {address_of(entry) or "" for entry in entries}
    found: dict[int, set[str]] = {}
    for address in addresses:
        if match := _OURS.fullmatch(address):
            found.setdefault(int(match[1]), set()).add(match[2])
    scopes = {major: frozenset(names) for major, names in found.items()}
    return Capabilities(scopes, RFC9421 in addresses)
