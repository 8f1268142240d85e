"""What the team, a program or a command decides about other nodes: found first, written once, noted."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from federation import blocks
from federation.actors.keys import trust_offered
from federation.documents.capabilities import read_capabilities
from federation.exchange import exchange_of
from federation.facts import OfficeActed
from federation.models.actors import RemoteActor
from federation.peering import service
from federation.refusals import NotUnderstood
from federation.standing import Standing, standing_of
from federation.urls import origin
from kit.app import App
from kit.auth import Principal
from kit.facts import emit
from kit.i18n import Lazy, lazy

Act = Callable[[Session, Standing], Any]


class NotANode(NotUnderstood):
    name = "not_a_node"
    default = lazy("This site does not run Hameau. I can follow it, I cannot exchange with it.")


async def meet(app: App, address: str) -> RemoteActor:
    """The node at `address`, which may be its site, its actor or its account.

    Raises NotANode, and what discovery refuses (ActorNotFound, Blocked, RemoteTrouble…).
    """
    found = await exchange_of(app).discovery.find(address)
    if not read_capabilities(found.profile).speaks_village:
        raise NotANode(cause=found.uri)
    return found


async def invite(app: App, by: Principal, address: str, gives: Mapping[str, Any]) -> str:
    """Offer a peering to the node at `address`; the address of its actor."""
    found = await meet(app, address)
    act = written(
        by,
        lazy("Peer invited"),
        found.uri,
        lambda session, own: service.offer(session, own, found.uri, gives),
    )
    await app.db.awrite(act)
    return found.uri


def accept(app: App, by: Principal, actor: str, gives: Mapping[str, Any]) -> None:
    """Say yes to an offer. Raises NothingOffered, Blocked."""
    _decide(
        app,
        by,
        lazy("Peer accepted"),
        actor,
        lambda session, own: service.accept(session, own, actor, gives),
    )


def refuse(app: App, by: Principal, actor: str) -> None:
    """Say no to an offer. Raises NothingOffered."""
    _decide(app, by, lazy("Peer refused"), actor, lambda session, own: service.refuse(session, own, actor))


def withdraw(app: App, by: Principal, actor: str) -> None:
    """Take an offer back. Raises NothingOffered."""
    verb = lazy("Invitation of a peer taken back")
    _decide(app, by, verb, actor, lambda session, own: service.withdraw(session, own, actor))


def share(app: App, by: Principal, actor: str, gives: Mapping[str, Any]) -> None:
    """Share more or less from now on. Raises NotAPeer."""
    verb = lazy("What a peer gets changed")
    _decide(app, by, verb, actor, lambda session, own: service.change(session, own, actor, gives))


def pause(app: App, by: Principal, actor: str, *, on: bool) -> None:
    """Pause, or go on. Raises NotAPeer."""
    verb = lazy("Exchange paused") if on else lazy("Exchange resumed")
    _decide(app, by, verb, actor, lambda session, own: service.pause(session, own, actor, on=on))


def stop(app: App, by: Principal, actor: str) -> None:
    """Exchange no more, until a human begins again. Raises NotAPeer."""
    verb = lazy("Exchange ended")
    _decide(app, by, verb, actor, lambda session, own: service.end(session, own, actor, for_good=True))


def trust_keys(app: App, by: Principal, actor: str) -> None:
    """Somebody compared fingerprints: the new keys count."""
    verb = lazy("New keys of a peer believed")
    _decide(app, by, verb, actor, lambda session, _own: trust_offered(session, actor))


def block(app: App, by: Principal, address: str, reason: str = "") -> None:
    """Cut a whole site off. Raises NotUnderstood, CannotPeerWithMyself."""

    def act(session: Session, own: Standing) -> None:
        if origin(address) == own.url:
            raise service.CannotPeerWithMyself
        blocks.block(session, origin(address), reason=reason, by=by.person_id)

    _decide(app, by, lazy("Site blocked"), address, act)


def unblock(app: App, by: Principal, subject: str) -> None:
    """Read and write to it again."""
    verb = lazy("Site unblocked")
    _decide(app, by, verb, subject, lambda session, _own: blocks.unblock(session, subject))


def written(by: Principal, verb: Lazy, actor: str, act: Act) -> Callable[[Session], Any]:
    """`act` with its line for the log, as one unit."""

    def unit(session: Session) -> Any:
        done = act(session, standing_of(session))
        known = session.get(RemoteActor, actor)
        name = (known.name if known else "") or origin(actor).partition("://")[2]
        emit(session, OfficeActed(by, verb, name, "peer", actor))
        return done

    return unit


def _decide(app: App, by: Principal, verb: Lazy, actor: str, act: Act) -> None:
    app.db.write(written(by, verb, actor, act))
