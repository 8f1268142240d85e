"""One descriptor per room: data, not side effects. `fold` joins them and refuses two claims on one name."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.orm import Session

from kit.facts import Listener
from kit.i18n import Lazy, lazy
from kit.jobs import Job
from kit.web.doors import Door

if TYPE_CHECKING:
    from kit.app import App

Handle = Callable[..., None]
ActivityKey = tuple[str, str]
Command = Callable[["App", dict[str, Any]], dict[str, Any]]


class FeatureClash(Exception):
    """Two features claim the same route, activity, job or permission; the node refuses to start."""


@dataclass(frozen=True)
class MenuEntry:
    """A word in a menu: `place` is "site", "admin" or "my"; `badge` counts what waits for a human."""

    title: Lazy
    door: str
    icon: str
    needs: str = "public"
    place: str = "admin"
    order: int = 50
    badge: Callable[[Session], int] | None = None


@dataclass(frozen=True)
class PeerScope:
    """Something a node may share with a peer: "agenda", later "memberships", "wallet", "clearing".

    `labels` lists what "tags" may choose among: (label, words) pairs.
    """

    name: str
    title: Lazy
    choices: tuple[tuple[str, Lazy], ...]
    labels: Callable[[Session], Sequence[tuple[str, str]]] | None = None


class Sellable(Protocol):
    """What the till and the site can sell for a room, without knowing it."""

    kind: str

    def quote(self, session: Session, request: Any) -> Any: ...
    def hold(self, session: Session, request: Any) -> Any: ...
    def fulfil(self, session: Session, held: Any) -> None: ...
    def release(self, session: Session, held: Any) -> None: ...


@dataclass(frozen=True)
class PersonalData:
    """What a room knows of a person: how to export it, what forbids erasing it, how to erase it."""

    export: Callable[[Session, Any], Mapping[str, Any]]
    blocks_erasure: Callable[[Session, Any], Sequence[str]]
    erase: Callable[[Session, Any], None]


@dataclass(frozen=True)
class Check:
    """One thing `hameau verify` looks at: for each row its name, and why it is broken ("" when it is not)."""

    name: str
    run: Callable[[Session], Iterator[tuple[str, str]]]


VERIFIED = "verified node"
"""Where `hameau verify` leaves the node's Settings, in the session's `info`, for keys and files that lie
beside the database. Absent when it knows the database alone."""
EXPORT_PEER = "export peer"
"""Where `hameau export KIND --peer ORIGIN` leaves the origin, in the session's `info`; "" for all."""


@dataclass(frozen=True)
class Export:
    """`hameau export KIND`: pieces of one file, read from a snapshot."""

    kind: str
    title: Lazy
    run: Callable[[Session], Iterator[bytes]]


@dataclass(frozen=True)
class Import:
    """`hameau import KIND FILE`: one transaction; returns what was added, in a sentence."""

    kind: str
    title: Lazy
    run: Callable[[Session, bytes], str]


@dataclass(frozen=True)
class Feature:
    """Everything a room offers to the house. Every field but the name may stay empty.

    `cli` names its Typer applications ("people.cli:cli", several with a space between): only the command
    loads them, never a server. `capabilities` are scopes of the village protocol that the room understands,
    `actor_terms` further properties of the node's actor: both are shown to other nodes.
    """

    name: str
    title: Lazy = lazy("")
    charter: Lazy = lazy("")
    doors: tuple[Door, ...] = ()
    listeners: Mapping[type, tuple[Listener, ...]] = field(default_factory=dict)
    activities: Mapping[ActivityKey, Handle] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    menu: tuple[MenuEntry, ...] = ()
    demo: Callable[..., None] | None = None
    cli: str = ""
    commands: Mapping[str, Command] = field(default_factory=dict)
    sellables: tuple[Sellable, ...] = ()
    personal_data: PersonalData | None = None
    my_sections: tuple[MenuEntry, ...] = ()
    peer_scopes: tuple[PeerScope, ...] = ()
    capabilities: tuple[str, ...] = ()
    actor_terms: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    exports: tuple[Export, ...] = ()
    imports: tuple[Import, ...] = ()
    story: tuple[Any, ...] = ()
    can_turn_off: bool = False
    prepare: "Callable[[App], None] | None" = None
    start: "Callable[[App], Awaitable[None]] | None" = None
    stop: "Callable[[App], Awaitable[None]] | None" = None


@dataclass(frozen=True)
class House:
    """All features folded into one: what `create_app` builds from."""

    features: tuple[Feature, ...]
    doors: Mapping[str, Door]
    feature_of_door: Mapping[str, str]
    listeners: Mapping[type, tuple[Listener, ...]]
    activities: Mapping[ActivityKey, Handle]
    jobs: tuple[Job, ...]
    permissions: Mapping[str, tuple[str, ...]]
    menu: tuple[MenuEntry, ...]
    commands: Mapping[str, Command]

    @cached_property
    def scopes(self) -> frozenset[str]:
        """Everything that the doors may ask of a token; asked at every request of a program."""
        doors = self.doors.values()
        return frozenset(scope for door in doors for scope in (door.scope, door.scope_inside) if scope)

    def feature(self, name: str) -> Feature | None:
        """The feature called `name`, if it is part of this house."""
        return next((feature for feature in self.features if feature.name == name), None)


def fold(features: Sequence[Feature]) -> House:
    """Join the descriptors. Raises FeatureClash when two claim the same name or address."""
    _refuse_twins(features)
    listeners: dict[type, tuple[Listener, ...]] = {}
    for feature in features:
        for fact, functions in feature.listeners.items():
            listeners[fact] = (*listeners.get(fact, ()), *functions)
    menu = sorted((entry for feature in features for entry in feature.menu), key=lambda entry: entry.order)
    return House(
        features=tuple(features),
        doors={door.name: door for feature in features for door in feature.doors},
        feature_of_door={door.name: feature.name for feature in features for door in feature.doors},
        listeners=listeners,
        activities={key: handle for feature in features for key, handle in feature.activities.items()},
        jobs=tuple(job for feature in features for job in feature.jobs),
        permissions={name: roles for feature in features for name, roles in feature.permissions.items()},
        menu=tuple(menu),
        commands={name: run for feature in features for name, run in feature.commands.items()},
    )


def _refuse_twins(features: Sequence[Feature]) -> None:
    claims = [
        *(("feature", feature.name) for feature in features),
        *(("door", door.name) for feature in features for door in feature.doors),
        *(("address", f"{door.method} {door.path}") for feature in features for door in feature.doors),
        *(("activity", " ".join(key)) for feature in features for key in feature.activities),
        *(("command", name) for feature in features for name in feature.commands),
        *(("job", job.name) for feature in features for job in feature.jobs),
        *(("permission", name) for feature in features for name in feature.permissions),
    ]
    seen: set[tuple[str, str]] = set()
    for claim in claims:
        if claim in seen:
            raise FeatureClash(f"two features claim the {claim[0]} {claim[1]!r}")
        seen.add(claim)
