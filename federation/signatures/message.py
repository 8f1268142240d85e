"""One HTTP message as signatures see it: nothing decoded, nothing repaired."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from federation.refusals import DuplicateHeader, UnparsableSignature
from federation.urls import authority

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Message:
    """A request (or, with `status`, a response).

    `url` is the absolute target: for what comes in, our own public origin joined to the raw path and
    query, never the Host header, so that a request signed for another node cannot be replayed here.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    status: int | None = None

    @cached_property
    def fields(self) -> dict[str, list[str]]:
        """Header values by lower-case name, outer spaces removed, in order of arrival."""
        found: dict[str, list[str]] = {}
        for name, value in self.headers:
            found.setdefault(name.lower(), []).append(value.strip(" \t"))
        return found

    @cached_property
    def parts(self) -> SplitResult:
        """The target, split. Raises UnparsableSignature on an address that cannot be."""
        try:
            return urlsplit(self.url)
        except ValueError as error:
            raise UnparsableSignature(cause="unreadable target address") from error

    @property
    def authority(self) -> str:
        """`host[:port]`, normalised."""
        return authority(self.url)

    @property
    def target(self) -> str:
        """Path and query as on the request line."""
        query = f"?{self.parts.query}" if "?" in self.url else ""
        return (self.parts.path or "/") + query

    def only(self, name: str) -> str:
        """The single value of a header. Raises DuplicateHeader, or UnparsableSignature when absent."""
        values = self.fields.get(name, [])
        if len(values) > 1:
            raise DuplicateHeader(cause=f"{name} appears {len(values)} times")
        if not values:
            raise UnparsableSignature(cause=f"signed header {name} is absent")
        return values[0]

    def with_headers(self, more: Iterable[tuple[str, str]]) -> "Message":
        """The same message with `more` headers added."""
        return Message(self.method, self.url, (*self.headers, *more), self.body, self.status)


def from_raw_headers(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers of an ASGI scope; bytes are kept one to one (Latin-1)."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
