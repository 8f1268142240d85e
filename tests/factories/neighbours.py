"""Nodes that talk without a network: real databases, real handlers, real proofs; the test is the postman."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import VillageSettings
from federation import proofs
from federation.actors.service import remember_actor
from federation.inbox.content import content_hash_of
from federation.inbox.handling import handle_row
from federation.keys import KeyRing
from federation.models.inbox import WAITING, InboxMessage
from federation.models.outbox import Delivery, OutboxActivity
from federation.models.peers import Peer
from federation.models.villages import PeeringOffer, Village
from federation.standing import Standing, stand
from federation.urls import origin
from federation.villages import greeting
from federation.villages.activities import ACTIVITIES, LISTENERS
from federation.villages.queries import members_of
from kit import clock
from kit.db import Database
from kit.ids import new_id
from tests.factories.signers import pair


@dataclass
class Neighbour:
    """One node: its database, its keys, and what its rooms heard."""

    name: str
    db: Database
    standing: Standing
    ring: KeyRing
    heard: list[tuple[str, str]] = field(default_factory=list)

    @property
    def actor(self) -> str:
        return self.standing.actor

    @property
    def url(self) -> str:
        return self.standing.url

    def act(self, verb: Any, *args: Any, **more: Any) -> Any:
        """`verb(session, standing, …)` in one transaction."""
        return self.db.write(lambda session: verb(session, self.standing, *args, **more))

    def find(self, shape: type, *key: Any) -> Any:
        """One row, or None."""
        with self.db.read() as session:
            return session.get(shape, key if len(key) > 1 else key[0])

    def village_act(self, verb: Any, uri: str, *args: Any) -> Any:
        """`verb(session, standing, village, …)`."""
        return self.db.write(lambda session: verb(session, self.standing, session.get(Village, uri), *args))

    def knows(self, *others: "Neighbour") -> None:
        """Fetch their actor documents, as discovery would."""
        for other in others:
            self.db.write(lambda session, it=other: remember_actor(session, document_of(it)))  # type: ignore[misc]

    def hears(self, activity: dict[str, Any]) -> str:
        """Handle one activity of a verified actor; the name of its refusal, "" when it was handled."""
        return self.db.write(lambda session: _handle(session, activity, self.actor))

    def greets(self, *others: "Neighbour") -> None:
        """What the greeter does in one round; `others` are up and answer."""
        self.db.write(greeting.found_declared)
        self.db.write(greeting.join_declared)
        with self.db.read() as session:
            wanted = greeting.to_meet(session)
        for other in others:
            if other.actor in wanted:
                self.knows(other)
                self.db.write(lambda session, it=other: greeting.begin_with(session, it.actor))  # type: ignore[misc]
        self.db.write(greeting.join_declared)

    def unanswered(self) -> list[str]:
        """Declared villages whose founder got our request and said nothing."""
        with self.db.read() as session:
            return greeting.unanswered(session)

    def state_with(self, other: "Neighbour") -> str:
        """What they are to each other here."""
        with self.db.read() as session:
            peer = session.get(Peer, other.actor)
            offers = session.scalars(select(PeeringOffer).where(PeeringOffer.actor_uri == other.actor))
            return peer.state if peer else ",".join(sorted(f"{row.direction} {row.state}" for row in offers))

    def members(self, uri: str) -> set[str]:
        """Who is in a village, as this node knows it: the first part of their hosts."""
        with self.db.read() as session:
            village = session.get(Village, uri)
            return {short(actor) for actor in members_of(session, village)} if village else set()


def short(actor: str) -> str:
    return origin(actor).split("//")[1].split(".")[0]


def neighbour(name: str, url: str, peers: tuple[str, ...] = (), village: str = "") -> Neighbour:
    """A node at `https://{name}.example`, whose file lists `peers` and perhaps a village."""
    own = f"https://{name}.example"
    ring = KeyRing(pair(name))
    declared = frozenset(f"https://{peer}.example" for peer in peers)
    villages = (VillageSettings(id=village, peers=sorted(declared), name="Val"),) if village else ()
    standing = Standing(
        f"{own}/actor", name.encode() * 8, declared, villages, (ring.current.ed25519_multibase,)
    )
    here = Neighbour(name, Database(url, durable=False), standing, ring)
    here.db.listeners = _listeners(here)
    stand(here.db, standing)
    return here


def carry(*nodes: Neighbour, most: int = 30) -> list[str]:
    """Deliver everything between these nodes until nothing waits; what was carried, "cafe Offer grange"."""
    carried: list[str] = []
    for _ in range(most):
        waiting = [(node, *owed) for node in nodes for owed in _waiting(node)]
        for sender, seq, to, body in waiting:
            other = next((node for node in nodes if node.actor == to), None)
            if other is not None:
                other.hears(sealed(sender, body))
                carried.append(f"{sender.name} {body['type']} {other.name}")
            sender.db.write(lambda session, at=seq: _sent(session, at))  # type: ignore[misc]
        if not waiting:
            return carried
    raise AssertionError(f"they never stop talking: {carried[-12:]}")


def sealed(sender: Neighbour, body: dict[str, Any]) -> dict[str, Any]:
    """With the sender's proof."""
    return proofs.prove(body, sender.ring.proof_key(sender.actor), clock.now())


def says(sender: Neighbour, kind: str, what: Any, **more: Any) -> dict[str, Any]:
    """An activity that no service wrote: what a node gone wrong would send."""
    identity = f"{sender.url}/activities/{new_id()}"
    body = {"@context": ["https://www.w3.org/ns/activitystreams"], "id": identity, "type": kind}
    return sealed(sender, body | {"actor": sender.actor, "object": what} | more)


def document_of(node: Neighbour) -> dict[str, Any]:
    """Its actor document."""
    return {
        "id": node.actor,
        "type": "Application",
        "name": node.name,
        "inbox": f"{node.url}/inbox",
        "outbox": f"{node.url}/outbox",
        "assertionMethod": [
            {
                "id": f"{node.actor}#ed25519-key",
                "type": "Multikey",
                "controller": node.actor,
                "publicKeyMultibase": node.ring.current.ed25519_multibase,
            }
        ],
    }


def _listeners(node: Neighbour) -> dict[type, tuple[Any, ...]]:
    from federation import facts

    def note(_session: Session, fact: Any) -> None:
        node.heard.append((type(fact).__name__, short(fact.uri)))

    kinds = (facts.PeeringOpened, facts.PeeringChanged, facts.PeeringClosed)
    return {**LISTENERS, **dict.fromkeys(kinds, (note,))}


def _handle(session: Session, activity: dict[str, Any], own_actor: str) -> str:
    now = clock.now()
    row = InboxMessage(
        activity_id=activity["id"],
        content_hash=content_hash_of(activity),
        actor=activity["actor"],
        type=activity["type"],
        verified={},
        body=msgspec.json.encode(activity),
        state=WAITING,
        reason="",
        attempts=0,
        received_at=now,
        next_at=now,
    )
    session.add(row)
    session.flush()
    handle_row(session, seq=row.seq, registry=ACTIVITIES, own_actor=own_actor)
    return row.reason


def _waiting(node: Neighbour) -> list[tuple[int, str, dict[str, Any]]]:
    with node.db.read() as session:
        query = select(Delivery, OutboxActivity.body).join(OutboxActivity).where(Delivery.state == WAITING)
        rows = session.execute(query.order_by(Delivery.seq)).all()
        return [(delivery.seq, delivery.actor, body) for delivery, body in rows]


def _sent(session: Session, seq: int) -> None:
    row = session.get(Delivery, seq)
    if row is not None:
        row.state = "sent"
