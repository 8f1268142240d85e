"""Grants: what a node may accept while the issuer cannot be asked, up to which amounts, and who bears a loss.

The acceptor counts what it accepts in the same commit (`between.granting`); the database holds the cap. The
issuer checks the same caps when it is presented (`between.issuing`): what is beyond is the acceptor's own.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import structs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Invalid
from kit.ids import new_id
from wallet.between.desk import milliseconds
from wallet.between.messages import Grant, Message, Noted, Refused, encode
from wallet.choices import GrantFigures
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement, VillageGrant
from wallet.pairing import pairing_of
from wallet.queries.village_taking import wire_name
from wallet.service import village_rules as rules
from wallet.service.currencies import currency_by_id
from wallet.service.village_noted import (
    GRANTED,
    RECEIVED,
    REVOKED,
    STOPPED,
    neighbour_of,
    note_grant,
)

Bearer = Literal["issuer", "acceptor"]
MOST_KEPT: Final = 1_000
"""Grants of one peer: it fills no disk."""
_FIELDS: Final = (
    "per_tap", "per_card", "per_card_day", "node_max", "since", "until", "hotlist_age", "bearer",
)  # fmt: skip


def issue_grant(
    session: Session,
    by: Principal,
    peer: str,
    currency_id: UUID,
    figures: GrantFigures,
    *,
    bearer: Bearer | None = None,
    key: UUID | None = None,
) -> VillageGrant:
    """Let `peer` accept our currency while it cannot ask us; it replaces the grant before, if any.

    Without `bearer`, the usual one. The same `key` gives one grant. Raises NotInVillage, NoSuchCurrency,
    CurrencyNotOurs, StaysHere, NoSuchAgreement, Invalid.
    """
    known = session.get(VillageGrant, key) if key else None
    if known is not None:
        return known
    currency = currency_by_id(session, currency_id)
    agreed = _agreed(session, peer, currency)
    if wrong := rules.wrong_figures(figures, agreed.node_max):
        raise Invalid(fields=wrong)
    revoke_all(session, by, peer, agreed.asset)
    row = _row(_said(key or new_id(), agreed, figures, bearer or usual_bearer(currency)), is_ours=True)
    row.issuer = agreed.issuer
    session.add(row)
    session.flush()
    note_grant(session, by, GRANTED, row, node_max=row.node_max, bearer=row.bearer)
    return row


def usual_bearer(currency: Currency) -> Bearer:
    """The issuer of a local currency knows its members; whoever accepts the network's knows who is there."""
    return "acceptor" if currency.reach == "network" else "issuer"


def revoke_grant(session: Session, by: Principal, grant_id: UUID) -> VillageGrant:
    """Nothing new is accepted once the peer has heard it; what was accepted is still presented.

    Raises NoSuchGrant.
    """
    row = _grant(session, grant_id, is_ours=True)
    if not row.revoked:
        row.revoked, row.noted = True, False
        session.flush()
        note_grant(session, by, REVOKED, row)
    return row


def revoke_all(session: Session, by: Principal, peer: str, asset: str) -> None:
    """End every grant of one of our currencies to one peer."""
    mine = select(VillageGrant).where(VillageGrant.is_ours, ~VillageGrant.revoked)
    for row in session.scalars(mine.where(VillageGrant.acceptor == peer, VillageGrant.asset == asset)).all():
        revoke_grant(session, by, row.id)


def end_grants(session: Session, peer: str) -> None:
    """The exchange is over: nothing is accepted either way. Should it begin anew, ours are told again."""
    ours = VillageGrant.is_ours & (VillageGrant.acceptor == peer)
    theirs = ~VillageGrant.is_ours & (VillageGrant.issuer == peer)
    for row in session.scalars(select(VillageGrant).where(ours | theirs, ~VillageGrant.revoked)).all():
        row.revoked, row.noted = True, not row.is_ours
    session.flush()


def stop_using(session: Session, by: Principal, grant_id: UUID) -> VillageGrant:
    """Accept nothing more under a grant that we were given, for good. Raises NoSuchGrant."""
    row = _grant(session, grant_id, is_ours=False)
    if not row.revoked:
        row.revoked = True
        session.flush()
        note_grant(session, by, STOPPED, row)
    return row


def hear_grant(session: Session, peer: str, said: Grant) -> Noted | Refused:
    """Keep what `peer` lets us accept. The same again is the same; another content is a conflict."""
    if why := _wrong(session, peer, said):
        return refusal(said, why)
    known = session.get(VillageGrant, said.id)
    if known is not None:
        return noted(said) if _is_same(known, peer, said) else refusal(said, "conflict")
    if kept_of(session, peer) >= MOST_KEPT:
        return refusal(said, "too_many")
    row = _row(said, is_ours=False)
    row.issuer = peer
    session.add(row)
    session.flush()
    details = {"node_max": row.node_max, "bearer": row.bearer}
    note_grant(session, neighbour_of(peer), RECEIVED, row, **details)
    return noted(said)


def _agreed(session: Session, peer: str, currency: Currency) -> VillageAgreement:
    pairing = pairing_of(session)
    if currency.issuer != pairing.own:
        raise rules.CurrencyNotOurs
    if currency.nature == "gift" or currency.reach == "issuer_only":
        raise rules.StaysHere
    if peer not in pairing.peers(session):
        raise rules.NotInVillage
    row = session.get(VillageAgreement, (peer, wire_name(currency)))
    if row is None or row.node_max == 0:
        raise rules.NoSuchAgreement
    return row


def _said(grant_id: UUID, agreed: VillageAgreement, figures: GrantFigures, bearer: Bearer) -> Grant:
    now = clock.now()
    amounts = structs.asdict(figures)
    days = amounts.pop("days")
    return Grant(
        id=grant_id,
        made=milliseconds(now),
        acceptor=agreed.peer,
        asset=agreed.asset,
        since=milliseconds(now),
        until=milliseconds(now + timedelta(days=days)),
        bearer=bearer,
        **amounts,
    )


def _row(said: Grant, *, is_ours: bool) -> VillageGrant:
    return VillageGrant(
        id=said.id,
        is_ours=is_ours,
        acceptor=said.acceptor,
        asset=said.asset,
        revoked=False,
        noted=False,
        used=0,
        item=encode(said),
        **{name: getattr(said, name) for name in _FIELDS},
    )


def tombstone(session: Session, peer: str, grant_id: UUID) -> VillageGrant:
    """A grant of which only the end was heard: it can never begin."""
    nothing: dict[str, Any] = dict.fromkeys(_FIELDS, 0) | {"bearer": "issuer"}
    return VillageGrant(
        id=grant_id,
        is_ours=False,
        issuer=peer,
        acceptor=pairing_of(session).own,
        asset="",
        revoked=True,
        noted=False,
        used=0,
        item=b"",
        **nothing,
    )


def _wrong(session: Session, peer: str, said: Grant) -> str:
    """Why a grant cannot stand, by name."""
    if said.acceptor != pairing_of(session).own:
        return "not_for_us"
    agreed = session.get(VillageAgreement, (peer, said.asset))
    if agreed is None or agreed.issuer != peer:
        return "not_yours"
    currency = session.get(Currency, agreed.currency_id)
    if currency is None or currency.nature == "gift":
        return "stays_there"
    return "malformed" if rules.wrong_figures(_figures(said)) or said.since >= said.until else ""


def _figures(said: Grant) -> GrantFigures:
    """The same numbers as people write them; a part of a day counts as one."""
    day = milliseconds_of(timedelta(days=1))
    return GrantFigures(
        per_tap=said.per_tap,
        per_card=said.per_card,
        per_card_day=said.per_card_day,
        node_max=said.node_max,
        days=-(-(said.until - said.since) // day),
        hotlist_age=said.hotlist_age,
    )


def milliseconds_of(length: timedelta) -> int:
    """Whole milliseconds."""
    return length // timedelta(milliseconds=1)


def _is_same(row: VillageGrant, peer: str, said: Grant) -> bool:
    """A tombstone is the end of whatever its issuer says under that id."""
    if row.is_ours or row.issuer != peer:
        return False
    return not row.item or (row.asset == said.asset and _values(row) == _values(said))


def _values(one: VillageGrant | Grant) -> Iterable[object]:
    return [getattr(one, name) for name in _FIELDS]


def kept_of(session: Session, peer: str) -> int:
    """How many grants a peer has given us so far."""
    theirs = select(func.count()).select_from(VillageGrant).where(~VillageGrant.is_ours)
    return session.scalar(theirs.where(VillageGrant.issuer == peer)) or 0


def _grant(session: Session, grant_id: UUID, *, is_ours: bool) -> VillageGrant:
    row = session.get(VillageGrant, grant_id)
    if row is None or row.is_ours != is_ours:
        raise rules.NoSuchGrant
    return row


def noted(said: Message) -> Noted:
    """Heard and kept."""
    return Noted(id=said.id, made=milliseconds(clock.now()))


def refusal(said: Message, why: str) -> Refused:
    """Not kept, by name."""
    return Refused(id=said.id, made=milliseconds(clock.now()), why=why)
