"""What people decide about money between nodes: refunds, debts that fall, money that came."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.errors import Conflict, NotFound
from kit.i18n import lazy
from kit.ids import new_id
from people.audit import record
from wallet.between.desk import milliseconds
from wallet.between.events import Begin, Confirm, Outcome, Suggest, Withdraw, follow_up
from wallet.between.messages import Edge, Refund, encode
from wallet.between.shapes import Clearing, Leg, Payment
from wallet.between.times import TILL
from wallet.flows_village import village_of
from wallet.ledger import requests as ask
from wallet.ledger.shapes import Memo, content_hash
from wallet.models.village import VillageClearing, VillagePayment
from wallet.pairing import pairing_of
from wallet.queries.village_money import between
from wallet.refusals import refusal_named
from wallet.service.posting import asubmit, request_id
from wallet.village_schemas import Told
from wallet.village_store.waiting import payment_by_id
from wallet.village_telling import told

_REFUNDS: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9b05")


class NothingToSetOff(Conflict):
    name = "nothing_to_set_off"
    default = lazy("We do not both owe each other money: nothing can fall.")


class ClearingRefused(Conflict):
    name = "clearing_refused"
    default = lazy("This is more than what is owed, or it was settled already.")


class NoSuchClearing(NotFound):
    name = "no_such_clearing"
    default = lazy("This settlement is not known here.")


async def refund(app: App, by: Principal, payment_id: UUID, amount: int | None, key: str | None) -> Told:
    """Give back a payment or a part of it, the last part first, each to the balances that paid it.

    Raises NoSuchTransfer, NothingLeft, OverCharge, NotRefundable. The issuers may answer later.
    """
    refund_id = uuid5(_REFUNDS, request_id(by, key).hex)
    known, paid, before = await app.db.aread(lambda session: _past(session, refund_id, payment_id))
    if known is not None:
        return told(known)
    if paid is None:
        raise refusal_named("no_such_transaction")
    if not paid.is_final or not paid.is_paid:
        raise refusal_named("not_refundable")
    shares = _shares(paid, before, amount)
    here = sum(part for leg, part in shares if leg is None)
    event = _giving_back(by, paid, refund_id, shares)
    if here and paid.local is not None:
        await _give_back_here(app, by, paid.local, here, refund_id)
    outcome = await village_of(app).begin(event)
    return told(outcome.rows[0])


def propose_setoff(app: App, by: Principal, peer: str) -> Suggest:
    """What both owe each other at par falls by as much as may fall of both. Raises NothingToSetOff."""
    with app.db.read() as session:
        me = pairing_of(session).own
        found = between(session, me, clock.now(), peer).setoff
    if found is None:
        raise NothingToSetOff
    edges = (
        Edge(me, peer, found.ours.asset, found.falls),
        Edge(peer, me, found.theirs.asset, found.falls),
    )
    return Suggest(clearing=_proposal(peer, "setoff", edges, ""))


def propose_settlement(app: App, peer: str, asset: str, amount: int, reference: str) -> Suggest:
    """We paid the peer outside what we owe it; it will say whether the money came."""
    with app.db.read() as session:
        me = pairing_of(session).own
    edge = Edge(me, peer, asset, amount)
    return Suggest(clearing=_proposal(peer, "settlement", (edge,), reference.strip()[:140]))


async def suggest(app: App, by: Principal, event: Suggest) -> Clearing | None:
    """Set our part aside and say it to the peer. Raises ClearingRefused."""
    outcome = await village_of(app).tell(event)
    if outcome.why:
        raise ClearingRefused(cause=outcome.why)
    await app.db.awrite(lambda session: _note(session, by, event.clearing))
    return event.clearing


async def withdraw(app: App, by: Principal, clearing_id: UUID) -> None:
    """Ask for a proposal of ours back. Raises NoSuchClearing, ClearingRefused when it was answered."""
    known = await app.db.aread(lambda session: session.get(VillageClearing, clearing_id))
    if known is None:
        raise NoSuchClearing
    outcome = await village_of(app).tell(Withdraw(clearing=clearing_id))
    if outcome.why:
        raise ClearingRefused(cause=outcome.why)
    verb = lazy("Proposal to a neighbour called off")
    await app.db.awrite(
        lambda session: record(session, by, verb, known.peer, kind="clearing", about_id=clearing_id)
    )


async def confirm_settlement(app: App, by: Principal, clearing_id: UUID, is_right: bool) -> Outcome:
    """The money that a peer says it paid came, or did not. Raises NoSuchClearing, ClearingRefused."""
    known = await app.db.aread(lambda session: session.get(VillageClearing, clearing_id))
    if known is None:
        raise NoSuchClearing
    outcome = await village_of(app).tell(Confirm(clearing=clearing_id, is_right=is_right))
    if outcome.why:
        raise ClearingRefused(cause=outcome.why)
    return outcome


def _note(session: Session, by: Principal, clearing: Clearing) -> None:
    verb = lazy("Set-off proposed") if clearing.kind == "setoff" else lazy("Settlement proposed")
    record(session, by, verb, clearing.peer, kind="clearing", about_id=clearing.id)


def _past(
    session: Session, refund_id: UUID, payment_id: UUID
) -> tuple[Payment | None, Payment | None, Sequence[Payment]]:
    earlier = select(VillagePayment.id).where(VillagePayment.refers == payment_id)
    before = [payment_by_id(session, one) for one in session.scalars(earlier)]
    return (
        payment_by_id(session, refund_id),
        payment_by_id(session, payment_id),
        [one for one in before if one is not None],
    )


def _shares(paid: Payment, before: Iterable[Payment], amount: int | None) -> list[tuple[Leg | None, int]]:
    """Which part of the payment gives how much back, the last one first; None is our own ledger."""
    given = _given(before)
    parts: list[tuple[Leg | None, int]] = [(leg, leg.got or leg.amount) for leg in paid.legs]
    if paid.local_amount:
        parts.insert(0, (None, paid.local_amount))
    rests = [(leg, whole - given.get(leg.asset if leg else "", 0)) for leg, whole in parts]
    rest = sum(one for _, one in rests)
    wanted = rest if amount is None else amount
    if not rest:
        raise refusal_named("nothing_left")
    if wanted <= 0:
        raise refusal_named("bad_amount")
    if wanted > rest:
        raise refusal_named("over_charge", wanted - rest)
    shares = []
    for leg, one in reversed(rests):
        part = min(one, wanted)
        wanted -= part
        if part:
            shares.append((leg, part))
    return shares


def _given(before: Iterable[Payment]) -> dict[str, int]:
    """What refunds gave back or still may, by asset; "" is our own ledger."""
    given: dict[str, int] = {}
    for one in before:
        if one.state != "failed":
            given[""] = given.get("", 0) + one.local_amount
            for leg in one.legs:
                given[leg.asset] = given.get(leg.asset, 0) + leg.amount
    return given


def _giving_back(
    by: Principal, paid: Payment, refund_id: UUID, shares: Sequence[tuple[Leg | None, int]]
) -> Begin:
    made = milliseconds(clock.now())
    return Begin(
        payment=Payment(
            id=refund_id,
            kind="refund",
            made=made,
            deadline=made + TILL,
            legs=tuple(_back(leg, part, refund_id, made) for leg, part in shares if leg is not None),
            local_amount=sum(part for leg, part in shares if leg is None),
            refers=paid.id,
            point=paid.point,
            by=str(by.person_id or ""),
            content=content_hash("refund", paid.id, [part for _, part in shares]),
        )
    )


def _back(leg: Leg, amount: int, refund_id: UUID, made: int) -> Leg:
    back_id = uuid5(_REFUNDS, f"{refund_id.hex} {leg.id.hex}")
    message = Refund(id=back_id, made=made, charge=leg.id, amount=amount)
    return Leg(
        id=back_id,
        issuer=leg.issuer,
        asset=leg.asset,
        currency=leg.currency,
        handle=leg.handle,
        amount=amount,
        ask=encode(message),
        card=leg.card,
        epoch=leg.epoch,
    )


async def _give_back_here(app: App, by: Principal, local: UUID, amount: int, refund_id: UUID) -> None:
    await asubmit(
        app.db,
        ask.Refund(
            id=uuid5(_REFUNDS, f"{refund_id.hex} here"),
            content=content_hash("refund", local, amount),
            refers=follow_up(local, "capture"),
            amount=amount,
            memo=Memo(by=str(by.person_id or "")),
        ),
    )


def _proposal(peer: str, kind: str, edges: tuple[Edge, ...], reference: str) -> Clearing:
    return Clearing(
        id=new_id(), peer=peer, kind="setoff" if kind == "setoff" else "settlement", edges=edges,
        state="proposed", is_ours=True, hash="", ask=b"", made=milliseconds(clock.now()), reference=reference,
    )  # fmt: skip
