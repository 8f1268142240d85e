"""What the cards of this node must know of it and its peers, and cannot read in the tables of money."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from kit.app import App
from kit.db import Database
from kit.ports import NoPair, Pairs, PortMissing
from wallet.cards.sun import CardKeys
from wallet.keyring import card_keys

OWN: Final = "cards: handles of our own wallets"


@dataclass(frozen=True)
class Pairing:
    """`own` is this node's origin, `own_secret` makes the handles of its wallets at itself.

    `primary` holds the network's currency ("": none); `network`: the nodes that it, when it is this one, lets
    ask for cards of each other.
    """

    own: str
    own_secret: bytes = field(repr=False)
    keys: CardKeys = field(repr=False)
    pairs: Callable[[], Pairs]
    primary: str = ""
    network: frozenset[str] = frozenset()

    def secret(self, session: Session, peer: str) -> bytes:
        """What is shared with `peer`; with ourselves, our own. Raises NoPair."""
        return self.own_secret if peer == self.own else self.pairs().secret(session, peer)

    def secrets(self, session: Session, peers: Sequence[str]) -> dict[str, bytes]:
        """Those of the peers that share one."""
        found = {}
        for peer in peers:
            try:
                found[peer] = self.secret(session, peer)
            except NoPair:
                continue
        return found

    def shared(self, session: Session) -> dict[str, bytes]:
        """Those of every node that we exchange with now, in one question."""
        return self.pairs().secrets(session)

    def peers(self, session: Session) -> Sequence[str]:
        """The nodes that we exchange with now; none in a house without the room that exchanges."""
        try:
            return self.pairs().peers(session)
        except PortMissing:
            return ()

    @property
    def is_primary(self) -> bool:
        return self.primary == self.own


_pairings: Final[WeakKeyDictionary[Database, Pairing]] = WeakKeyDictionary()


def pairing_from(app: App) -> Pairing:
    """What the settings say, and the secrets by the port that federation gives."""
    network = app.settings.network
    return Pairing(
        own=app.settings.node.url,
        own_secret=app.seal.key(OWN),
        keys=card_keys(app),
        pairs=lambda: app.ports.take(Pairs),  # type: ignore[type-abstract]
        primary=network.primary.rstrip("/"),
        network=frozenset(node.rstrip("/") for node in network.nodes),
    )


def pair_up(database: Database, pairing: Pairing) -> None:
    """Let the queries and services of this node know."""
    _pairings[database] = pairing


def pairing_of(session: Session) -> Pairing:
    """That of the node of this session. Raises KeyError before `pair_up`, a mistake of composition."""
    return _pairings[session.info["database"]]
