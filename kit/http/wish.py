"""What a caller asks of a remote address, kept together from hop to hop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kit.http.bodies import ACCEPT_ENCODING
from kit.http.urls import Target

Headers = Mapping[str, str]
Sign = Callable[[str, str, Headers, bytes], Headers]
"""Given method, exact address, headers and body of one hop: the headers to add (signature, date, digest)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One request before it has an address; sizes in bytes, deadline in seconds."""

    method: str
    headers: Headers
    sign: Sign | None
    max_bytes: int
    deadline: float
    body: bytes = b""

    def headers_for(self, target: Target, agent: str) -> dict[str, str]:
        """Every header of the hop to `target`, names in lower case, signed last."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        headers |= {"host": target.authority, "user-agent": agent, "accept-encoding": ACCEPT_ENCODING}
        if self.method != "GET":
            headers["content-length"] = str(len(self.body))
        if self.sign is not None:
            added = self.sign(self.method, target.url, headers, self.body)
            headers |= {name.lower(): value for name, value in added.items() if name.lower() != "host"}
        return headers

    def for_strangers(self) -> "Wish":
        """The same wish without what only the first origin may see."""
        kept = {name: value for name, value in self.headers.items() if name.lower() != "authorization"}
        return replace(self, headers=kept)
