"""Taking back a sale that neighbours paid: the sale is held, they give back, then the credit note is written.

Whoever falls in between, the row that holds the sale is gone on with: by the till's next question, or by the
job. Nobody else takes the sale back or changes it meanwhile.
"""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.errors import Busy, Refusal
from sales.journal.asking import TakeBack
from sales.journal.shapes import Link
from sales.models.journal import SalePayment
from sales.models.waiting import SaleReturning
from sales.refusals import SaleConflict
from sales.schemas import Sold
from sales.service.recording import asubmit, weighed
from sales.village import TILL, refusal_named_by, waits_for
from wallet.flows_clearing import refund


class Returning(Struct, frozen=True):
    """What the row keeps: the request, and how much of which payment goes back (None: the rest)."""

    ask: TakeBack
    payment: UUID
    amount: int | None


async def give_back(app: App, ask: TakeBack) -> Sold:
    """Take back a sale, whoever paid it; `link` is None while a neighbour has not answered.

    Raises what the journal says before anybody is asked, what the neighbour says, Busy.
    """
    held = await app.db.awrite(lambda session: _hold(session, ask))
    return Sold(link=await asubmit(app.db, ask)) if held is None else await _go_on(app, held)


async def is_paid_elsewhere(app: App, sale_id: UUID) -> bool:
    """Whether neighbours paid anything of a sale."""
    paid = select(SalePayment.seq).where(SalePayment.sale_id == sale_id, SalePayment.host != "").limit(1)
    return await app.db.aread(lambda session: session.scalar(paid) is not None)


async def finish_return(app: App, operation: UUID) -> Sold | None:
    """Look again at a sale that is being taken back; None when none is. Raises why it never will be."""
    row = await app.db.aread(lambda session: session.get(SaleReturning, operation))
    if row is None:
        return None
    if row.why:
        raise refusal_named_by(row.why)
    return await _go_on(app, _read(row))


async def finish_returns(app: App) -> None:
    """Go on with every sale that is being taken back."""
    going = select(SaleReturning.id).where(SaleReturning.why == "")
    for operation in await app.db.aread(lambda session: session.scalars(going).all()):
        try:
            await finish_return(app, operation)
        except Refusal:
            continue  # it is written down, or asked again


def _hold(session: Session, ask: TakeBack) -> Returning | None:
    """The row that holds the sale; None when no neighbour has to give anything back."""
    known = session.get(SaleReturning, ask.id)
    if known is not None:
        return _same(known, ask)
    note = weighed(session, replace(ask, is_given_back=True)).entry
    parts = [one for one in note.sale.payments if one.host] if note.sale else []
    if not parts:
        return None
    amount = None if not note.parts else -sum(one.amount for one in parts)
    held = Returning(ask, UUID(hex=parts[0].transfer), amount)
    session.execute(delete(SaleReturning).where(SaleReturning.sale_id == ask.refers, SaleReturning.why != ""))
    row: dict[str, Any] = {"id": ask.id, "sale_id": ask.refers, "made_at": clock.now(), "why": ""}
    session.add(SaleReturning(**row, body=msgspec.json.encode(held)))
    return held


def _same(row: SaleReturning, ask: TakeBack) -> Returning:
    held = _read(row)
    if held.ask.content != ask.content:
        raise SaleConflict
    if row.why:
        raise refusal_named_by(row.why)
    return held


async def _go_on(app: App, held: Returning) -> Sold:
    ask = held.ask
    try:
        told = await refund(app, TILL, held.payment, held.amount, f"refund {ask.id.hex}")
    except Busy:
        raise
    except Refusal as no:
        await _end(app, ask.id, no.name)
        raise
    if told.state == "waiting":
        return Sold(link=None, waits_for=waits_for(told))
    if told.state == "failed":
        await _end(app, ask.id, told.why or "declined")
        raise refusal_named_by(told.why or "declined")
    return Sold(link=await _written(app, ask))


async def _written(app: App, ask: TakeBack) -> Link:
    """The money went back: into the journal with it, and the sale is free."""
    try:
        link = await asubmit(app.db, replace(ask, is_given_back=True))
    except Busy:
        raise
    except Refusal as no:
        await _end(app, ask.id, no.name)
        raise
    await app.db.awrite(
        lambda session: session.execute(delete(SaleReturning).where(SaleReturning.id == ask.id))
    )
    return link


async def _end(app: App, operation: UUID, why: str) -> None:
    """It was refused for good: kept with its reason, so that the till is told the same again."""

    def unit(session: Session) -> None:
        row = session.get(SaleReturning, operation)
        if row is not None:
            row.why = why

    await app.db.awrite(unit)


def _read(row: SaleReturning) -> Returning:
    return msgspec.json.decode(row.body, type=Returning)
