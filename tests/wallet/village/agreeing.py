"""Two nodes that agree about money without a network: what one is due to say, another hears as bytes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.app import App
from kit.db import Database
from tests.factories.money import ODILE
from wallet.between.messages import (
    Agreed,
    AnyMessage,
    Grant,
    Limits,
    Message,
    Revoke,
    Used,
    decode,
    encode,
)
from wallet.cards.sun import CardKeys
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement, VillageGrant
from wallet.pairing import Pairing, pair_up
from wallet.queries.village_terms import due_terms
from wallet.service import village_agreements as agreements
from wallet.service import village_grants as grants
from wallet.service import village_grants_over as over
from wallet.service.currencies import create_currency
from wallet.service.currency_rules import CurrencyValues, usual

T = TypeVar("T")
CAFE, GRANGE = "https://cafe.example", "https://grange.example:8443"
_HEAR: dict[type, Callable[[Session, str, Any], Message]] = {
    Limits: agreements.hear_limits,
    Agreed: agreements.hear_agreed,
    Grant: grants.hear_grant,
    Revoke: over.hear_revoke,
    Used: over.hear_used,
}


@dataclass
class Friends:
    """The peers that a node exchanges with, as a test says."""

    peered: list[str] = field(default_factory=list)

    def secret(self, _session: Session, peer: str) -> bytes:
        return peer.encode().ljust(32)[:32]

    def secrets(self, session: Session) -> dict[str, bytes]:
        return {peer: self.secret(session, peer) for peer in self.peered}

    def peers(self, _session: Session) -> Sequence[str]:
        return [*self.peered]


@dataclass
class Node:
    """One node over its own database."""

    url: str
    db: Database
    friends: Friends = field(default_factory=Friends)

    def read(self, ask: Callable[[Session], T]) -> T:
        with self.db.read() as session:
            return ask(session)

    def write(self, act: Callable[[Session], T]) -> T:
        return self.db.write(act)

    def currency(self, kind: Any = "local", **changes: Any) -> UUID:
        """A currency of this node."""
        values = usual(kind, "House")
        words = {name: getattr(values, name) for name in CurrencyValues.__struct_fields__} | changes
        made = CurrencyValues(**words)
        is_primary = kind == "network"
        return self.write(
            lambda session: create_currency(session, ODILE, made, self.url, is_primary=is_primary).id
        )

    def hear(self, peer: str, item: bytes) -> AnyMessage:
        """Its answer to one item of `peer`, after a trip through bytes."""
        said = decode(item)
        answer = self.write(lambda session: _HEAR[type(said)](session, peer, said))
        told: AnyMessage = decode(encode(answer))
        return told

    def due(self, *peers: str) -> list[AnyMessage]:
        found = self.read(lambda session: due_terms(session, peers or self.friends.peers(session)))
        return [decode(encode(message)) for _peer, message in found]

    def say(self, other: "Node", message: Message) -> AnyMessage:
        """Say it, and keep the answer as the engine does."""
        answer = other.hear(self.url, encode(message))
        if isinstance(message, Grant | Revoke | Used):
            self.write(lambda session: over.heard_about_grants(session, other.url, message, answer))
        else:
            self.write(lambda session: agreements.heard_about_terms(session, other.url, message, answer))
        return answer

    def agreement(self, peer: str, asset: str) -> VillageAgreement:
        return self.read(lambda session: session.get_one(VillageAgreement, (peer, asset)))

    def grant(self, grant_id: UUID) -> VillageGrant:
        return self.read(lambda session: session.get_one(VillageGrant, grant_id))

    def known(self, code: str) -> Currency | None:
        return self.read(lambda session: session.scalar(select(Currency).where(Currency.code == code)))


def open_node(db: Database, url: str, *peers: str, primary: str = "", network: Sequence[str] = ()) -> Node:
    """A node that exchanges with `peers`."""
    node = Node(url, db, Friends(list(peers)))
    pair_up(
        db,
        Pairing(url, b"o" * 32, CardKeys(b"m" * 16, b"k" * 16), lambda: node.friends, primary,
                frozenset(network)),
    )  # fmt: skip
    return node


def settle(*nodes: Node) -> int:
    """Everybody says what is due until nothing is; how many messages it took."""
    count, by_url = 0, {node.url: node for node in nodes}
    for _round in range(10):
        spoken = 0
        for node in nodes:
            due = node.read(lambda session: due_terms(session, node.friends.peers(session)))  # noqa: B023
            for peer, message in due:
                node.say(by_url[peer], message)
                spoken += 1
        count += spoken
        if not spoken:
            return count
    raise AssertionError("it never ends")


def befriended(app: App, *peers: str) -> Friends:
    """Let a whole node believe that it exchanges with these."""
    friends = Friends(list(peers))
    own = app.settings.node.url
    pair_up(app.db, Pairing(own, b"o" * 32, CardKeys(b"m" * 16, b"k" * 16), lambda: friends))
    return friends
