"""From what a till sends to what `sales.flows` is asked, and from its answer to what the till is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Invalid
from kit.i18n import _
from kit.seal import Seal
from kit.web import Call, json_answer
from pos_api.api.bodies import Operation
from pos_api.api.operations import Begun, LineFields, PaymentFields, point_of
from pos_api.api.shown import SoldJson, sale_json, unwritten
from pos_api.queries.sold import is_begun, just_written
from pos_api.refusals import CardShort, CardUnusable, NoOfflinePass
from pos_api.taps import open_tap
from sales import flows
from sales.journal.shapes import MOST_CENTS
from sales.looking import Seen, look
from sales.pricing import priced
from sales.queries.counter import counter
from sales.refusals import WrongTotal
from sales.schemas import (
    AnyLine,
    ByPass,
    LoadLine,
    Outside,
    ProductLine,
    Selling,
    TipLine,
)
from wallet.cards.reading import Tap
from wallet.refusals import Insufficient

PASS = "pass"  # noqa: S105 - a means of payment


@dataclass(frozen=True)
class Taps:
    """Opens the references of one operation. A Pass does nothing without a line to the node."""

    seal: Seal
    device: UUID
    at_any_time: bool
    is_offline: bool

    def __call__(self, ref: str) -> Tap:
        """Raises TapOver, TapElsewhere, NoOfflinePass; CardUnusable for the empty `ref` of a lost card."""
        if self.is_offline:
            raise NoOfflinePass
        if not ref:
            raise CardUnusable
        return open_tap(self.seal, self.device, ref, at_any_time=self.at_any_time)


@dataclass(frozen=True)
class Basket:
    """What is sold and how it is paid, as the till said it."""

    point: UUID
    lines: tuple[AnyLine, ...]
    payments: Sequence[PaymentFields]
    total: int


@dataclass(frozen=True)
class Ready:
    """A sale as it is about to be decided, and what the node knew of it when it was asked."""

    begun: Begun
    basket: Basket
    selling: Selling
    seen: Seen


def taps_of(call: Call, session: Session, by: Begun, said: Operation, *refs: str | None) -> Taps:
    """An operation that was written already, or waits, is told again, however old its taps are."""
    known = any(refs) and is_begun(session, said.id)
    return Taps(call.app.seal, by.device.id, known, said.is_offline)


def lines_of(said: Sequence[LineFields], taps: Taps) -> tuple[AnyLine, ...]:
    """Raises Invalid with each line that is none of the three sorts; TapOver, NoOfflinePass."""
    lines = [_line(one, taps) for one in said]
    if None in lines:
        words = _("A line is a product with its price, something for a Pass, or a tip.")
        raise Invalid(fields={f"lines.{at}": words for at, line in enumerate(lines) if line is None})
    return tuple(line for line in lines if line is not None)


def _line(said: LineFields, taps: Taps) -> AnyLine | None:
    if said.tip is not None and said == LineFields(tip=said.tip):
        return TipLine(amount=said.tip)
    is_tip = said.tip is not None
    if (
        said.product
        and said.price
        and not (is_tip or said.sellable or said.asset or said.amount or said.tap is not None)
    ):
        return ProductLine(
            product=said.product, price=said.price, quantity=said.quantity, unit_price=said.unit_price
        )
    if (
        said.sellable
        and said.asset
        and said.amount
        and said.tap is not None
        and not (is_tip or said.product or said.price)
    ):
        return LoadLine(kind=said.sellable, asset=said.asset, amount=said.amount, tap=taps(said.tap))
    return None


def ready(call: Call, session: Session, by: Begun, basket: Basket, taps: Taps) -> Ready:
    """Look at everything that the sale is about, in one snapshot. Raises Invalid, TapOver, SaleConflict, …"""
    selling = _selling(by, basket, taps)
    return Ready(by, basket, selling, look(call.app, selling, session))


async def sold(call: Call, asked: Ready) -> Response:
    """Sell, and tell the till: 201 when it is written, 202 while a neighbour has not answered.

    Raises what `sales.flows.sell` raises; CardShort with what is missing, WrongTotal with the right one.
    """
    selling, basket, by = asked.selling, asked.basket, asked.begun
    try:
        if basket.total != sum(one.amount for one in basket.payments):
            raise WrongTotal
        done = await flows.sell(call.app, by.till, selling, asked.seen)
    except WrongTotal as refusal:
        right = await call.app.db.aread(lambda session: _right_total(session, selling))
        raise WrongTotal(fields={"total": str(right)}) from refusal
    except Insufficient as refusal:
        raise card_short(refusal, _passes(basket.payments)) from refusal
    if done.link is None:
        waiting = unwritten(selling, by.device, by.operator.code, "waiting")
        return json_answer(SoldJson(sale=waiting, waits_for=done.waits_for), 202)
    return json_answer(SoldJson(sale=sale_json(just_written(done.link.entry), done.left)), 201)


def card_short(refusal: Insufficient, asked: int) -> CardShort:
    """With what is missing on the Pass and what it can pay, both in cents."""
    payable = max(0, asked - refusal.missing)
    return CardShort(fields={"missing": str(refusal.missing), "payable": str(payable)})


def outside(payments: Sequence[PaymentFields]) -> tuple[Outside, ...]:
    """The means that no ledger moves. Raises Invalid for a sum of nothing, or less held out than is due."""
    odd = [at for at, one in enumerate(payments) if _is_odd(one)]
    if odd:
        raise Invalid(fields={f"payments.{at}": _("I check this amount.") for at in odd})
    if len({one.amount > 0 for one in payments}) > 1:
        raise Invalid(fields={"payments": _("Money comes or goes: not both in one sale.")})
    return tuple(
        Outside(means=one.means, amount=one.amount, given=one.given)
        for one in payments
        if one.means != "pass"
    )


def _is_odd(one: PaymentFields) -> bool:
    return one.amount == 0 or bool(one.given and not one.amount <= one.given <= MOST_CENTS)


def _selling(begun: Begun, basket: Basket, taps: Taps) -> Selling:
    paid = outside(basket.payments)
    passes = [one for one in basket.payments if one.means == PASS]
    return Selling(
        **begun.carried,
        point=point_of(begun.device, basket.point),
        lines=basket.lines,
        paid=paid,
        by_pass=_by_pass(passes, taps) if passes else None,
        total=basket.total,
    )


def _by_pass(passes: Sequence[PaymentFields], taps: Taps) -> ByPass:
    """Raises Invalid without a tap or for money that goes back: that is a card refund."""
    if taps.is_offline:
        raise NoOfflinePass
    if any(one.tap is None or one.amount <= 0 for one in passes):
        raise Invalid(fields={"payments": _("A Pass pays with its tap, and an amount above zero.")})
    shares: dict[str, int] = {}
    for one in passes:
        shares[one.tap or ""] = shares.get(one.tap or "", 0) + one.amount
    return ByPass(
        amount=_passes(passes),
        taps=tuple(taps(ref) for ref in shares),
        amounts=tuple(shares.values()) if len(shares) > 1 else (),
    )


def _passes(payments: Sequence[PaymentFields]) -> int:
    return sum(one.amount for one in payments if one.means == PASS)


def _right_total(session: Session, selling: Selling) -> int:
    now = counter(session)
    listed = now.listed(selling.point)
    lines = priced(selling.lines, now.products, now.regime, listed=listed, is_offline=selling.is_offline)
    return sum(line.gross for line in lines)
