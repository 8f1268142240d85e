"""A door is one method at one address: the route, its guard and its API record in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from msgspec import Struct

from kit.errors import Refusal

Answer = Any
Kind = Literal["page", "api", "protocol", "file"]
Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)
MIB = 1 << 20
FEEDS = (".json", ".ics", ".rss")


class Marked(Protocol):
    """A handler that says how it meets the database: "read", "write" or "flow"."""

    hameau_mode: str


def _marker(mode: str) -> Callable[[H], H]:
    def mark(run: H) -> H:
        run.hameau_mode = mode  # type: ignore[attr-defined]
        return run

    return mark


read = _marker("read")
"""The handler gets `(call, session)` on a snapshot; it may render pages."""
write = _marker("write")
"""The handler gets `(call, session)` inside the writer, in one transaction: no page, no network."""
flow = _marker("flow")
"""The handler gets `(call)` and opens its own short transactions; it may be `async`."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """One route. `needs` is "public", "signed_in", "machine" (one that a room knows) or a permission.

    `scope` opens API doors to tokens.
    """

    method: str
    path: str
    name: str
    run: Handler
    needs: str = "public"
    kind: Kind = "page"
    scope: str = ""
    scope_inside: str = ""
    """Of a public door: the scope that opens more of its answer to tokens; the handler asks for it."""
    summary: str = ""
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    answer: Any = None
    status: int = 200
    refusals: tuple[type[Refusal], ...] = ()
    max_body: int = MIB
    first: Handler | None = None
    """Of an asynchronous flow of the API: what it must know before it begins, `(call, session)`, read in the
    snapshot that says who asks. The handler finds it in `call.found`."""
    repeatable: bool = False
    """Its flow carries `Idempotency-Key` itself (to the ledger); for any other, `kit.web.repeat` keeps it."""

    @property
    def is_for_machines(self) -> bool:
        """Whether a refusal is told as problem details (RFC 9457) instead of a page."""
        return self.kind in {"api", "protocol"} or self.path.endswith(FEEDS)

    @property
    def mode(self) -> str:
        """How the handler meets the database: "read", "write" or "flow"."""
        return str(getattr(self.run, "hameau_mode", "flow"))


def _door(kind: Kind) -> Callable[..., Door]:
    def make(method: str, path: str, name: str, run: Handler, **more: Any) -> Door:
        return Door(method=method, path=path, name=name, run=run, kind=kind, **more)

    return make


page = _door("page")
api = _door("api")
protocol = _door("protocol")
file = _door("file")
