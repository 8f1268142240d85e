"""The running node: settings, database, folded features and what flows take from outside."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import anyio
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.settings import Settings
from kit.auth import ANONYMOUS, Principal
from kit.db import Database
from kit.features import House
from kit.ports import Ports
from kit.seal import Seal

if TYPE_CHECKING:
    from kit.errors import Refusal
    from kit.http.client import GuardedClient
    from kit.templates import Templates
    from kit.web.call import Call

PLACEHOLDER = re.compile(r"{(\w+)(?::\w+)?}")
Identify = Callable[["Call", Session], Principal]


def _nobody(_call: "Call", _session: Session) -> Principal:
    return ANONYMOUS


@dataclass
class App:
    """One node, running. Made once by `create_app`; doors, jobs and commands receive it."""

    settings: Settings
    db: Database
    house: House
    seal: Seal
    templates: "Templates"
    error_page: Callable[["Call", "Refusal"], Response]
    http: "GuardedClient"
    identify: Identify = _nobody
    ports: Ports = field(default_factory=Ports)
    threads: anyio.CapacityLimiter | None = None
    is_ticking: bool = False
    version: str = "0.1.0"

    @property
    def data(self) -> Path:
        """The folder of keys, uploads, lock and socket."""
        return self.settings.data

    @property
    def files(self) -> Path:
        """The folder of uploaded and resized pictures."""
        return self.settings.data / "files"

    def url(self, door: str, **params: Any) -> str:
        """The address of a door; parameters without a place in the path become a query string."""
        path = self.house.doors[door].path
        named = set(PLACEHOLDER.findall(path))
        filled = PLACEHOLDER.sub(lambda match: quote(str(params[match.group(1)]), safe="/@:"), path)
        rest = {
            name: value for name, value in params.items() if name not in named and value not in (None, "")
        }
        return filled + (f"?{urlencode(rest, doseq=True)}" if rest else "")

    def count_badges(self, call: "Call", session: Session) -> dict[str, int]:
        """What waits for a human behind each menu entry that this principal may open."""
        entries = (entry for entry in self.house.menu if entry.badge and call.principal.may(entry.needs))
        return {entry.door: entry.badge(session) for entry in entries if entry.badge}
