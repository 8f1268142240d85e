"""What the team, a program or a command decides about villages: found first, written once, noted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from federation.exchange import exchange_of
from federation.facts import OfficeActed
from federation.models.villages import KNOWN, Village
from federation.peering.flows import meet
from federation.reading import id_of, text_of, type_of
from federation.refusals import NotUnderstood
from federation.standing import Standing, standing_of
from federation.urls import same_origin, web_url
from federation.villages import rosters, service
from federation.villages.queries import village_by_id
from federation.villages.terms import LONGEST_NAME, Roster, read_roster
from kit.app import App
from kit.auth import Principal
from kit.errors import BadRequest, Conflict
from kit.facts import emit
from kit.i18n import Lazy, lazy

Act = Callable[[Session, Standing, Village], Any]


class NotAVillage(NotUnderstood):
    name = "not_a_village"
    default = lazy("I find no village at this address.")


class KeptHere(Conflict):
    name = "kept_here"
    default = lazy("I founded this village: I am in it already.")


@dataclass(frozen=True)
class Preview:
    """A village of another node, before asking in."""

    roster: Roster
    members: int


def found(app: App, by: Principal, name: str, charter: str) -> Village:
    """Start a village with this node alone in it. Raises Invalid."""

    def unit(session: Session) -> Village:
        village = service.found(session, standing_of(session), name, charter)
        emit(session, OfficeActed(by, lazy("Village founded"), village.name, "village", str(village.id)))
        return village

    return app.db.write(unit)


async def look(app: App, address: str) -> Preview:
    """Read the village at `address`: name, charter, members. Raises NotAVillage, KeptHere, RemoteTrouble…"""
    address = address.strip()
    if web_url(address) is None:
        raise BadRequest(cause=f"{address!r} is no address")
    if same_origin(address, app.settings.node.url):
        raise KeptHere
    exchange = exchange_of(app)
    document = await exchange.fetcher.document(address)
    founder = id_of(document.get("attributedTo"))
    if type_of(document) != "Group" or founder is None or not same_origin(founder, address):
        raise NotAVillage(cause=address)
    await meet(app, founder)
    uri, name = str(document["id"]), text_of(document, "name")[:LONGEST_NAME]
    listed, _ = await exchange.fetcher.collection(f"{uri}/members")
    roster = read_roster(listed or {})
    if roster is None or roster.village != uri or roster.founder != founder:
        raise NotAVillage(cause=f"{uri} shows no list of its members")
    return Preview(Roster(uri, name or roster.name, founder, roster.charter, 0, ()), len(roster.members))


async def ask_in(app: App, by: Principal, address: str) -> Village:
    """Ask to join the village at `address`. Raises as `look`."""
    preview = await look(app, address)

    def unit(session: Session) -> Village:
        known = session.get(Village, preview.roster.village)
        village = known or rosters.know(session, preview.roster, KNOWN)
        service.join(session, standing_of(session), village)
        _note(session, by, lazy("Asked to join a village"), village)
        return village

    return await app.db.awrite(unit)


async def invite(app: App, by: Principal, village_id: UUID, address: str) -> str:
    """Ask the node at `address` into a village of ours. Raises NotTheFounder, NotANode, …"""
    guest = await meet(app, address)
    act = _unit(
        by,
        lazy("Node invited to a village"),
        village_id,
        lambda session, own, village: service.invite(session, own, village, guest.uri),
    )
    await app.db.awrite(act)
    return guest.uri


def accept(app: App, by: Principal, village_id: UUID) -> None:
    """Say yes to an invitation, or ask again. Raises NoSuchVillage."""
    _decide(app, by, lazy("Village joined"), village_id, service.join)


def decline(app: App, by: Principal, village_id: UUID) -> None:
    """Say no to an invitation. Raises NothingAsked."""
    _decide(app, by, lazy("Invitation to a village declined"), village_id, service.decline)


def admit(app: App, by: Principal, village_id: UUID, guest: str) -> None:
    """Let a node in. Raises NotTheFounder, NothingAsked."""
    verb = lazy("Node let into a village")
    _decide(app, by, verb, village_id, lambda s, own, village: service.admit(s, own, village, guest))


def turn_down(app: App, by: Principal, village_id: UUID, guest: str) -> None:
    """Say no to a request. Raises NotTheFounder, NothingAsked."""
    verb = lazy("Request to join a village refused")
    _decide(app, by, verb, village_id, lambda s, own, village: service.turn_down(s, own, village, guest))


def remove(app: App, by: Principal, village_id: UUID, member: str) -> None:
    """Remove a member, or take its invitation back. Raises NotTheFounder, FounderStays, NothingAsked."""
    verb = lazy("Node removed from a village")
    _decide(app, by, verb, village_id, lambda s, own, village: service.remove(s, own, village, member))


def leave(app: App, by: Principal, village_id: UUID) -> None:
    """Go. Raises FounderStays."""
    _decide(app, by, lazy("Village left"), village_id, service.leave)


def change_charter(app: App, by: Principal, village_id: UUID, name: str, charter: str) -> None:
    """Rename or rewrite. Raises NotTheFounder, Invalid."""
    verb = lazy("Charter of a village changed")
    _decide(app, by, verb, village_id, lambda s, own, it: service.change_charter(s, own, it, name, charter))


def _decide(app: App, by: Principal, verb: Lazy, village_id: UUID, act: Act) -> None:
    app.db.write(_unit(by, verb, village_id, act))


def _unit(by: Principal, verb: Lazy, village_id: UUID, act: Act) -> Callable[[Session], None]:
    def unit(session: Session) -> None:
        village = village_by_id(session, village_id)
        act(session, standing_of(session), village)
        _note(session, by, verb, village)

    return unit


def _note(session: Session, by: Principal, verb: Lazy, village: Village) -> None:
    emit(session, OfficeActed(by, verb, village.name, "village", str(village.id)))
