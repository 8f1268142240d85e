"""Neighbours as screens show them: a name and a pennant for an origin, and whether they answer now."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.actors.profile import fact_of
from federation.models.actors import RemoteActor
from federation.models.peers import Peer
from kit.app import App
from kit.ports import PortMissing
from wallet.between.port import Village

DEFAULT_ACCENT = "#1F4BB8"


@dataclass(frozen=True)
class Neighbour:
    """One node by its origin. `is_reachable` None: nobody here speaks with it at all."""

    origin: str
    name: str
    shape: int = 0
    accent: str = DEFAULT_ACCENT
    is_reachable: bool | None = None

    @property
    def host(self) -> str:
        """What stands in addresses."""
        return host_of(self.origin)


class Neighbours:
    """The names of some origins, read in one question; an origin that is no peer is called by its host."""

    def __init__(self, app: App, session: Session, origins: Iterable[str]) -> None:
        self._app = app
        wanted = select(Peer.origin, RemoteActor).join(RemoteActor, RemoteActor.uri == Peer.actor_uri)
        asked = sorted({origin for origin in origins if origin})
        rows = session.execute(wanted.where(Peer.origin.in_(asked))) if asked else ()
        self._known = {row[0]: row[1] for row in rows}

    def at(self, origin: str) -> Neighbour:
        """The node at `origin`."""
        actor = self._known.get(origin)
        reachable = is_reachable(self._app, origin)
        if actor is None:
            return Neighbour(origin, host_of(origin), is_reachable=reachable)
        fact = fact_of(actor.profile)
        name = fact.name or actor.name or host_of(origin)
        return Neighbour(origin, name, fact.pennant % 6, fact.accent or DEFAULT_ACCENT, reachable)

    def called(self, origin: str) -> str:
        """Its name alone; nothing for nobody."""
        return self.at(origin).name if origin else ""


def is_reachable(app: App, origin: str) -> bool | None:
    """Whether `origin` answered lately; None while this process speaks with nobody."""
    try:
        return app.ports.take(Village).reachable(origin)  # type: ignore[type-abstract]
    except PortMissing:
        return None


def host_of(origin: str) -> str:
    """`cafe.example:8101` of `https://cafe.example:8101`."""
    return urlsplit(origin).netloc or origin
