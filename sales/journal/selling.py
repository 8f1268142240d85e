"""Sales and what takes them back: with the ledger in the same decision, all or nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from uuid import UUID, uuid5

from msgspec.structs import replace

from sales.journal import returning, vat
from sales.journal.asking import ChangeMeans, Sell, TakeBack
from sales.journal.book import Book, Declined, Written
from sales.journal.shapes import Line, Link, MeansChange, Payment, Sale
from sales.journal.totals import TURNOVER
from sales.journal.units import BY_HOUSE
from wallet.ledger.decide import Conflict
from wallet.ledger.decide import decide as move
from wallet.ledger.requests import AnyRequest, Refund, Reverse
from wallet.ledger.shapes import Memo, Receipt, content_hash

OUTSIDE = frozenset({"cash", "card_terminal", "cheque", "bank_transfer"})
"""Means that no ledger moves."""
MONEY, VOUCHERS = "money", "vouchers"


def sale(book: Book, ask: Sell, now: datetime, written: Written) -> Sale:
    """The sale as it will be written. Raises Declined: what the ledger says, "wrong_total"."""
    total = sum(line.gross for line in ask.lines)
    by_pass = sum(line.amount for line in ask.spend.lines) if ask.spend else 0
    if total != ask.total or total != sum(payment.amount for payment in ask.payments) + by_pass:
        raise Declined("wrong_total")
    paid = []
    if ask.spend is not None:
        paid = _paid_by_pass(book, ask, _moved(book, [ask.spend], now, written)[0])
    payments = (*ask.payments, *paid)
    lines = _taxed(ask.lines, sum(one.amount for one in payments if one.is_offered))
    number = book.next_number(ask.chain, ask.stamp.series)
    return Sale(number=number, regime=ask.regime, lines=lines, payments=payments, total=total, unit=ask.unit)


def credit_note(book: Book, ask: TakeBack, now: datetime, written: Written) -> tuple[Sale, tuple[int, ...]]:
    """The opposite of a sale, or of a part of it, and which lines that part takes back.

    Raises Declined: "no_such_sale", "taken_back_already", "more_than_sold", "being_taken_back",
    "paid_elsewhere", or what the ledger says.
    """
    link = _sale_of(book, ask.refers, ask.chain)
    sold = link.entry.sale
    if sold is None or link.entry.kind != "sale":
        raise Declined("no_such_sale")
    _refuse_held(book, ask.refers, ask.id)
    notes, paid = book.notes.get(ask.refers, []), _paid(book, link)
    what = returning.taken(sold, notes, ask.parts)
    back = returning.shared_back(returning.payments_left(paid, notes), what)
    if any(host for _, _, host, _, _ in back) and not ask.is_given_back:
        raise Declined("paid_elsewhere")
    is_whole = not (notes or what.parts)
    moves = undoing(ask, sold.lines, paid) if is_whole else _undoing_part(book, ask, what.lines, back)
    _moved(book, moves, now, written)
    payments = tuple(_returned(one) for one in paid) if is_whole else tuple(_given(paid, back))
    note = Sale(
        number=book.next_number(ask.chain, ask.stamp.series),
        regime=sold.regime,
        lines=what.lines,
        payments=payments,
        total=what.total,
        reason=ask.reason,
        unit=sold.unit,
    )
    return note, what.parts


def change(book: Book, ask: ChangeMeans) -> MeansChange:
    """Other means than were written, for the same amount.

    Raises Declined: "no_such_sale", "closed_already", "taken_back_already", "wrong_total",
    "nobody_paid", "only_outside_means".
    """
    link = _sale_of(book, ask.refers, ask.chain)
    stamp = link.entry.stamp
    if link.entry.sale is None or stamp is None:
        raise Declined("no_such_sale")
    _refuse_held(book, ask.refers, ask.id)
    if ask.refers in book.notes:
        raise Declined("taken_back_already")
    period = book.period(ask.chain, "day", stamp.point)
    if period.day is None or link.entry.seq < period.since:
        raise Declined("closed_already")
    before = tuple(one for one in _paid(book, link) if one.means in OUTSIDE)
    if any(one.means == BY_HOUSE for one in link.entry.sale.payments):
        raise Declined("nobody_paid")
    if link.entry.sale.unit is not None or any(one.means not in OUTSIDE for one in ask.payments):
        raise Declined("only_outside_means")
    if sum(one.amount for one in before) != sum(one.amount for one in ask.payments):
        raise Declined("wrong_total")
    return MeansChange(before=before, after=ask.payments, reason=ask.reason)


def undoing(ask: TakeBack, lines: Sequence[Line], payments: Sequence[Payment]) -> list[AnyRequest]:
    """What the ledger must move back: first what was loaded, then what was spent, each once."""
    spends = dict.fromkeys(one.transfer for one in payments if one.transfer and not one.host)
    return [*_unloading(ask, lines), *(_refunding(ask, one) for one in spends)]


def asked_of_ledger(ask: TakeBack, sold: Sale) -> Iterator[AnyRequest]:
    """Everything that taking a sale back, or a part of it, may ask of the ledger."""
    yield from undoing(ask, sold.lines, sold.payments)
    for one in dict.fromkeys(one.transfer for one in sold.payments if one.transfer and not one.host):
        yield _refunding(ask, one, MONEY)
        yield _refunding(ask, one, VOUCHERS)


def _undoing_part(
    book: Book, ask: TakeBack, lines: Sequence[Line], back: Mapping[returning.Means, int]
) -> list[AnyRequest]:
    """Vouchers and money apart: each goes back to the balances of its kind, the last one first."""
    gifts = frozenset(key for key, one in book.money.assets.items() if one.nature == "gift")
    kinds = {MONEY: frozenset(book.money.assets) - gifts, VOUCHERS: gifts}
    amounts: dict[tuple[str, str], int] = {}
    for (_, _, host, transfer, is_offered), amount in back.items():
        if transfer and not host:
            key = (transfer, VOUCHERS if is_offered else MONEY)
            amounts[key] = amounts.get(key, 0) + amount
    moves = (
        replace(_refunding(ask, transfer, kind), amount=amount, accepts=kinds[kind])
        for (transfer, kind), amount in amounts.items()
    )
    return [*_unloading(ask, lines), *moves]


def _unloading(ask: TakeBack, lines: Sequence[Line]) -> list[AnyRequest]:
    loads = [UUID(line.transfer) for line in lines if line.transfer]
    content, memo = content_hash("take back", ask.refers), _memo(ask)
    return [Reverse(id=uuid5(ask.id, one.hex), content=content, refers=one, memo=memo) for one in loads]


def _refunding(ask: TakeBack, transfer: str, kind: str = "") -> Refund:
    spend = UUID(transfer)
    named = f"{spend.hex} {kind}".strip()
    content = content_hash("take back", ask.refers)
    return Refund(id=uuid5(ask.id, named), content=content, refers=spend, memo=_memo(ask))


def _memo(ask: TakeBack) -> Memo:
    return Memo(reason=ask.reason, point=ask.stamp.point_name)


def _given(paid: Iterable[Payment], back: Mapping[returning.Means, int]) -> Iterator[Payment]:
    """What went back, each named like the payment that it came from."""
    seen = set[returning.Means]()
    for one in paid:
        means = returning.means_of(one)
        if means in back and means not in seen:
            seen.add(means)
            yield _returned(one, back[means])


def _refuse_held(book: Book, sale_id: UUID, by: UUID) -> None:
    """While a neighbour is asked to give back, nobody else takes the sale back or changes its means."""
    if book.held.get(sale_id, by) != by:
        raise Declined("being_taken_back")


def _sale_of(book: Book, sale_id: UUID, chain: str) -> Link:
    link = book.past.get(sale_id)
    if link is None or link.entry.sale is None or link.entry.chain != chain:
        raise Declined("no_such_sale")
    return link


def _paid(book: Book, link: Link) -> tuple[Payment, ...]:
    """How a sale was paid, after what was corrected."""
    sold, changed = link.entry.sale, book.changed.get(link.entry.id)
    payments = sold.payments if sold else ()
    if changed is None or changed.entry.means is None:
        return payments
    return (*changed.entry.means.after, *(one for one in payments if one.means not in OUTSIDE))


def _moved(book: Book, moves: Sequence[AnyRequest], now: datetime, written: Written) -> list[Receipt]:
    """Let the ledger do all of it, or nothing. A lone "no" is written down as its answer."""
    if len(moves) > 1:
        _told(move(deepcopy(book.money), moves, now).answers)
    before = len(written.money.answers)
    move(book.money, moves, now, written.money)
    return _told(written.money.answers[before:])


def _told(answers: Iterable[object]) -> list[Receipt]:
    receipts = []
    for answer in answers:
        if isinstance(answer, Conflict):
            raise Declined("conflict")
        receipt: Receipt = answer.receipt  # type: ignore[attr-defined]
        if receipt.verdict == "declined":
            raise Declined(receipt.why, receipt.missing)
        receipts.append(receipt)
    return receipts


def _paid_by_pass(book: Book, ask: Sell, receipt: Receipt) -> list[Payment]:
    """One payment for each currency, in the order in which the ledger took them."""
    taken: dict[str, int] = {}
    for entry in receipt.entries:
        taken[entry.asset] = taken.get(entry.asset, 0) + entry.amount
    names = dict(ask.names)
    payments = []
    for asset, amount in taken.items():
        known = book.money.assets[UUID(hex=asset)]
        payments.append(
            Payment(
                means="pass",
                amount=amount,
                asset=known.code,
                name=names.get(asset, known.code),
                transfer=receipt.id.hex,
                is_offered=known.nature == "gift",
            )
        )
    return payments


def _taxed(lines: tuple[Line, ...], offered: int) -> tuple[Line, ...]:
    """The tax of each line, on what was really paid of it: vouchers of the house are no turnover."""
    sold = [at for at, line in enumerate(lines) if line.sort == TURNOVER and line.gross > 0]
    offered = min(offered, sum(lines[at].gross for at in sold))
    share = dict(zip(sold, vat.shared(offered, [lines[at].gross for at in sold]), strict=True))
    return tuple(_with_tax(line, share.get(at, 0)) for at, line in enumerate(lines))


def _with_tax(line: Line, offered: int) -> Line:
    paid = line.gross - offered
    net = vat.net(paid, line.rate)
    return _but(line, offered=offered, net=net, vat=paid - net)


def _returned(payment: Payment, amount: int | None = None) -> Payment:
    fields = {name: getattr(payment, name) for name in Payment.__struct_fields__}
    return Payment(**{**fields, "amount": -(payment.amount if amount is None else amount), "given": 0})


def _but(line: Line, **other: object) -> Line:
    fields = {name: getattr(line, name) for name in Line.__struct_fields__}
    return Line(**{**fields, **other})
