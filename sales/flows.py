"""What a till does: sell, take back, correct, move cash, close. Each is safe to repeat by its own id.

A Pass of this node pays in the commit that writes the sale. One of another node is asked first, under a row
that says so: whoever falls in between, the sale is written when the money came, and only then.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID, uuid5

from msgspec.structs import replace
from sqlalchemy.orm import Session

from kit.app import App
from sales.giving_back import give_back, is_paid_elsewhere
from sales.in_units import by_pass_alone, paid_in, paid_in_euro, short
from sales.journal.asking import Calendar, ChangeMeans, Close, MoveCash, Sell, TakeBack
from sales.journal.book import Book
from sales.journal.closing import report
from sales.journal.remaining import Paid
from sales.journal.shapes import MOST_CENTS, Chain, Drawer, Line, Link, Payment, Stamp, Totals
from sales.looking import Seen, begun, look
from sales.pricing import is_off_list, priced
from sales.queries.counter import Counter
from sales.refusals import SoldApart, TopUpByPass, UnknownPoint
from sales.schemas import (
    AnyLine,
    ByPass,
    ChangingMeans,
    Closing,
    Left,
    LoadLine,
    MovingCash,
    Operation,
    Outside,
    RefundLine,
    Selling,
    Sold,
    TakingBack,
    Till,
)
from sales.service.recording import asubmit, record
from sales.service.selling_for_rooms import fulfilled
from sales.store.decider import KIND
from sales.store.shelf import open_journal
from sales.village import pay_elsewhere
from wallet.flows_village import find
from wallet.ledger.requests import Holder, Spend
from wallet.ledger.requests import Line as SpendLine
from wallet.ledger.shapes import Memo, content_hash
from wallet.queries.village_sources import Purse
from wallet.refusals import BadAmount, Insufficient


async def sell(app: App, till: Till, said: Selling, seen: Seen | None = None) -> Sold:
    """Write a sale, paid by any mix of means; `link` is None while a neighbour has not answered yet.

    `seen`: what `look` said of it, for whoever reads something else in the same snapshot.

    Raises what pricing, the ledger and the journal say: UnknownProduct, NotSoldHere, SoldOut, WrongTotal,
    Insufficient with what is missing, CardLost, TopUpByPass, SoldApart, SaleConflict, Busy, … ; of a sale in
    time or points MixedUnits, OnlyByPass, UnitsShort.
    """
    seen = seen if seen is not None else await app.db.alook(partial(look, app, said))
    if seen.link is not None:
        return Sold(link=seen.link, left=seen.left)
    ask = _asked(seen, till, said)
    if said.by_pass is None:
        return _sold(await _write(app, ask, said))
    if till.is_training:
        return _sold(await _write(app, _played(ask, said.by_pass), said))
    _refuse_loads_by_pass(ask, said.by_pass)
    pairs = zip(said.by_pass.taps, seen.purses, strict=True)
    purses = [known or await find(app, tap) for tap, known in pairs]
    if ask.unit is not None:
        return await _paid_in_units(app, ask, said, _with_spend(ask, said.by_pass, purses, seen.currency))
    if len(purses) == 1 and purses[0].here.amount < said.by_pass.amount and purses[0].sources:
        if any(isinstance(line, LoadLine | RefundLine) for line in said.lines):
            raise SoldApart
        return await pay_elsewhere(app, ask, said.by_pass.taps[0], _lines_of(ask.lines, said.by_pass))
    return _sold(await _write(app, _with_spend(ask, said.by_pass, purses), said))


async def _paid_in_units(app: App, ask: Sell, said: Selling, with_spend: Sell) -> Sold:
    """By that currency of a Pass alone, all or nothing. Raises UnitsShort with what is missing."""
    try:
        return _sold(await _write(app, with_spend, said))
    except Insufficient as no:
        asked = said.by_pass.amount if said.by_pass else 0
        raise (short(no, asked, ask.unit) if ask.unit else no) from no


async def take_back(app: App, till: Till, said: TakingBack) -> Sold:
    """The opposite of a sale, or of parts of it; what Passes paid goes back to them.

    `link` is None while a neighbour has not answered. Raises NoSuchSale, TakenBackAlready, MoreThanSold,
    BeingTakenBack, Insufficient (what was loaded is spent), NeighbourRefused, SaleConflict, Busy, … .
    """
    stamp, calendar, link = await _begun(app, till, said)
    if link is not None:
        return Sold(link=link)
    ask = TakeBack(
        id=said.id, content=said.content, chain=_chain(till), calendar=calendar, stamp=stamp,
        refers=said.sale, reason=said.reason, parts=said.parts,
    )  # fmt: skip
    if await is_paid_elsewhere(app, said.sale):
        return await give_back(app, ask)
    return Sold(link=await asubmit(app.db, ask))


async def change_means(app: App, till: Till, said: ChangingMeans) -> Link:
    """Raises NoSuchSale, ClosedAlready, TakenBackAlready, WrongTotal, OnlyOutsideMeans, NobodyPaid,
    SaleConflict.
    """
    stamp, calendar, link = await _begun(app, till, said)
    if link is not None:
        return link
    return await asubmit(
        app.db,
        ChangeMeans(
            id=said.id, content=said.content, chain=_chain(till), calendar=calendar, stamp=stamp,
            refers=said.sale, payments=_outside(said.paid), reason=said.reason,
        ),
    )  # fmt: skip


async def move_cash(app: App, till: Till, said: MovingCash) -> Link:
    """Raises BadAmount, SaleConflict."""
    if not 0 < said.amount <= MOST_CENTS:
        raise BadAmount
    stamp, calendar, link = await _begun(app, till, said)
    if link is not None:
        return link
    return await asubmit(
        app.db,
        MoveCash(
            id=said.id, content=said.content, chain=_chain(till), calendar=calendar, stamp=stamp,
            way=said.way, amount=said.amount, reason=said.reason,
        ),
    )  # fmt: skip


async def close(app: App, till: Till, said: Closing) -> Link:
    """The Z report of a point of sale. Raises NothingToClose, BadAmount, SaleConflict."""
    if not all(0 <= (amount or 0) <= MOST_CENTS for amount in (said.counted, said.left)):
        raise BadAmount
    stamp, calendar, link = await _begun(app, till, said)
    if link is not None:
        return link
    return await asubmit(
        app.db,
        Close(
            id=said.id, content=said.content, chain=_chain(till), calendar=calendar, stamp=stamp,
            counted=said.counted, left=said.left,
        ),
    )  # fmt: skip


def x_report(session: Session, point: UUID, *, is_training: bool = False) -> tuple[str, Totals, Drawer]:
    """What a closing would say now: since which day ("" when nothing is open), the sums, the drawer."""
    decider = session.info["database"].deciders[KIND]
    book: Book = open_journal(session.connection(), decider.key, decider.here, ())
    period, totals, drawer = report(book, "training" if is_training else "real", point)
    return period.day.isoformat() if period.day else "", totals, drawer


def _refuse_loads_by_pass(ask: Sell, paid: ByPass) -> None:
    """Money on a Pass is bought with money from outside. Raises TopUpByPass."""
    loads = sum(line.gross for line in ask.lines if line.sort in {"top_up", "gift"})
    if loads and paid.amount > sum(line.gross for line in ask.lines) - loads:
        raise TopUpByPass


def _sold(link: Link) -> Sold:
    left = link.left if isinstance(link, Paid) else ()
    return Sold(link=link, left=[Left(code, amount) for code, amount in left])


async def _begun(app: App, till: Till, said: Operation) -> tuple[Stamp, Calendar, Link | None]:
    seen = await app.db.alook(partial(begun, app, said))
    return _stamp(seen.now, till, said), seen.now.calendar, seen.link


def _chain(till: Till) -> Chain:
    return "training" if till.is_training else "real"


def _stamp(now: Counter, till: Till, said: Operation) -> Stamp:
    if said.point not in now.points:
        raise UnknownPoint
    return Stamp(
        device=till.device, series=till.series, point=said.point, point_name=now.points[said.point],
        operator=till.operator, at=said.at, count=said.count, is_offline=said.is_offline,
        signature=said.signature,
    )  # fmt: skip


def _asked(seen: Seen, till: Till, said: Selling) -> Sell:
    now = seen.now
    stamp, listed = _stamp(now, till, said), now.listed(said.point)
    lines = priced(said.lines, now.products, now.regime, listed=listed, is_offline=said.is_offline)
    if till.is_training:
        lines = list(_named(lines, said.lines, now))
    unit = now.units[seen.currency] if seen.currency else None
    return Sell(
        id=said.id,
        content=said.content,
        chain=_chain(till),
        calendar=now.calendar,
        stamp=stamp,
        regime=now.regime,
        lines=tuple(lines),
        payments=paid_in_euro(said) if unit is None else paid_in(unit, said, lines),
        total=said.total,
        unit=unit,
        names=tuple(now.currencies.items()),
        is_off_list=is_off_list(said.lines, listed),
    )


def _outside(paid: Sequence[Outside]) -> tuple[Payment, ...]:
    return tuple(Payment(means=one.means, amount=one.amount, given=one.given) for one in paid)


def _named(lines: Sequence[Line], said: Sequence[AnyLine], now: Counter) -> Iterator[Line]:
    """In training no other room fulfils a line and words it: it has its currency's name all the same."""
    for line, told in zip(lines, said, strict=True):
        if isinstance(told, LoadLine | RefundLine):
            yield replace(line, label=now.currencies.get(told.asset.hex, ""))
        else:
            yield line


def _played(ask: Sell, paid: ByPass) -> Sell:
    """In training no Pass pays: it is only said so."""
    if ask.unit is not None:
        return replace(ask, payments=(by_pass_alone(paid.amount, ask.unit),))
    return replace(ask, payments=(*ask.payments, Payment(means="pass", amount=paid.amount, name="Pass")))


def _with_spend(ask: Sell, paid: ByPass, purses: Sequence[Purse], currency: UUID | None = None) -> Sell:
    spend = Spend(
        id=uuid5(ask.id, "spend"),
        content=content_hash("sale", ask.content),
        payers=tuple(_holder(purse) for purse in purses),
        lines=_lines_of(ask.lines, paid),
        unit=currency,
        amounts=paid.amounts,
        memo=Memo(point=ask.stamp.point_name, card=str(purses[0].card.card or "")),
    )
    return replace(ask, spend=spend)


def _holder(purse: Purse) -> Holder:
    found = purse.card
    if found.card is not None:
        return Holder(card=found.card, counter=found.counter)
    return Holder(found.wallet_here)


def _lines_of(lines: Sequence[Line], paid: ByPass) -> tuple[SpendLine, ...]:
    """What a Pass pays for, in its holder's history; of a part of a sale only how much."""
    if sum(line.gross for line in lines) == paid.amount and all(line.gross >= 0 for line in lines):
        return tuple(SpendLine(line.label, line.gross) for line in lines)
    return (SpendLine("", paid.amount),)


async def _write(app: App, ask: Sell, said: Selling) -> Link:
    """What other rooms sell is fulfilled in the same unit; without it, sales wait together."""
    if ask.chain == "real" and any(isinstance(line, LoadLine | RefundLine) for line in said.lines):
        return await app.db.awrite(lambda session: record(session, fulfilled(app, session, ask, said)))
    return await asubmit(app.db, ask)
