"""Who this node is to others: its card, from what the collective says of itself and from its keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from config.collective import Collective
from federation.documents.card import OWN_SCOPES, NodeCard
from federation.keys import KeyRing
from kit.db import Database

if TYPE_CHECKING:
    from kit.app import App


@dataclass(frozen=True)
class Identity:
    """The origin that is the node's name for ever, and its keys.

    `scopes` and `terms` are what the rooms of its house say of it in its actor document.
    """

    url: str
    keys: KeyRing
    version: str = ""
    scopes: tuple[str, ...] = OWN_SCOPES
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """Address of the node's actor."""
        return f"{self.url}/actor"

    def picture(self, collective: Collective) -> str:
        """Absolute address of the logo; "" while there is none."""
        return f"{self.url}/files/{collective.logo}" if collective.logo else ""

    def card(self, collective: Collective, picture: str = "", events: int = 0) -> NodeCard:
        """What the node shows now; `picture` is the absolute address of the logo."""
        return NodeCard(
            url=self.url,
            name=collective.name,
            rsa_pem=self.keys.current.rsa_pem,
            ed25519_multibase=self.keys.current.ed25519_multibase,
            since=self.keys.current.since,
            summary=collective.tagline or collective.summary,
            language=collective.language,
            icon=picture,
            kind=collective.kind,
            accent=collective.accent,
            pennant=collective.pennant,
            place=place_of(collective),
            rotations=self.keys.rotations,
            scopes=self.scopes,
            terms=self.terms,
            version=self.version,
            events=events,
        )


def identity_from(app: "App", keys: KeyRing) -> Identity:
    """Who a node is that signs with `keys`."""
    house = app.house.features
    return Identity(
        app.settings.node.url,
        keys,
        app.version,
        scopes=(*OWN_SCOPES, *(scope for room in house for scope in room.capabilities)),
        terms={name: value for room in house for name, value in room.actor_terms.items()},
    )


_identities: Final[WeakKeyDictionary[Database, Identity]] = WeakKeyDictionary()


def introduce(database: Database, identity: Identity) -> None:
    """Let what runs in a transaction of this node know its keys."""
    _identities[database] = identity


def identity_of(session: Session) -> Identity | None:
    """Who the node of this session is; None before `introduce`: then it tells nobody of itself."""
    return _identities.get(session.info["database"])


def place_of(collective: Collective) -> dict[str, Any] | None:
    """The collective's address as an AS2 Place; None while it has none."""
    address = {
        "streetAddress": collective.street,
        "postalCode": collective.postal_code,
        "addressLocality": collective.city,
        "addressCountry": collective.country,
    }
    if not collective.city and collective.latitude is None:
        return None
    place: dict[str, Any] = {
        "type": "Place",
        "name": collective.name,
        "address": {"type": "PostalAddress", **{name: text for name, text in address.items() if text}},
    }
    if collective.latitude is not None and collective.longitude is not None:
        place |= {"latitude": collective.latitude, "longitude": collective.longitude}
    return place
