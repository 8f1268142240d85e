"""What is taken back of a sale: all that is left of it, or so much of some lines; never more than was sold.

Whoever decides and whoever checks work it out here. A part is rounded as a line is; what is taken last is
exactly what is left, so that all credit notes of a sale add up to its opposite.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from msgspec.structs import replace

from sales.journal import vat
from sales.journal.asking import Part
from sales.journal.book import Declined
from sales.journal.shapes import Entry, Line, Payment, Sale

Means = tuple[str, str, str, str, bool]
"""What tells one payment from another: means, currency, who keeps it, the ledger's movement, vouchers."""
AMOUNTS = ("gross", "offered", "net", "vat")


@dataclass(frozen=True, slots=True)
class Taken:
    """Lines of a credit note, and which lines of the sale they take back; () of a whole one."""

    lines: tuple[Line, ...]
    parts: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """Cents, below zero when money goes back."""
        return sum(line.gross for line in self.lines)

    @property
    def offered(self) -> int:
        """What vouchers of the house had paid of it, in cents."""
        return -sum(line.offered for line in self.lines)


def lines_left(sold: Sale, notes: Iterable[Entry]) -> tuple[Line, ...]:
    """Each line of a sale as far as no credit note took it back; a quantity of 0: nothing is left."""
    left = list(sold.lines)
    for note in notes:
        if note.sale is None:
            continue
        where = note.parts or range(len(note.sale.lines))
        for at, line in zip(where, note.sale.lines, strict=True):
            left[at] = _sum(left[at], line)
    return tuple(left)


def is_gone(left: Iterable[Line]) -> bool:
    """Whether nothing is left of any line."""
    return all(not Decimal(line.quantity) for line in left)


def taken(sold: Sale, notes: Sequence[Entry], parts: Sequence[Part]) -> Taken:
    """What a credit note says: `parts`, or without them all that is left.

    Raises Declined: "taken_back_already", "more_than_sold", "bad_quantity".
    """
    left = lines_left(sold, notes)
    if is_gone(left) and left:
        raise Declined("taken_back_already")
    if not parts and not notes:
        return Taken(tuple(_opposite(line) for line in sold.lines))
    wanted = parts or [Part(at, line.quantity.lstrip("-")) for at, line in enumerate(left) if _is_left(line)]
    places = tuple(part.line for part in wanted)
    if any(not 0 <= at < len(left) for at in places) or any(one >= two for one, two in pairwise(places)):
        raise Declined("more_than_sold")
    lines = tuple(_part(sold.lines[part.line], left[part.line], part.quantity) for part in wanted)
    return Taken(lines, places)


def payments_left(paid: Iterable[Payment], notes: Iterable[Entry]) -> dict[Means, int]:
    """What each payment of a sale still may give back, in cents, in the order in which they paid."""
    left: dict[Means, int] = {}
    given = [one for note in notes if note.sale is not None for one in note.sale.payments]
    for one in (*paid, *given):
        left[means_of(one)] = left.get(means_of(one), 0) + one.amount
    return left


def means_of(payment: Payment) -> Means:
    """What tells it from another."""
    return (payment.means, payment.asset, payment.host, payment.transfer, payment.is_offered)


def shared_back(left: dict[Means, int], what: Taken) -> dict[Means, int]:
    """How much goes back to each payment, in cents: vouchers what they paid of these lines, then money.

    The payment that came last gives first. Raises Declined("more_than_sold").
    """
    whole, wanted = sum(left.values()), -what.total
    sign = -1 if whole < 0 else 1
    if not 0 <= wanted * sign <= whole * sign:
        raise Declined("more_than_sold")
    vouchers = sum(amount for means, amount in left.items() if means[-1])
    offered = max(min(what.offered, vouchers), wanted - (whole - vouchers), 0) if sign > 0 else 0
    return {
        **_last_first(left, wanted - offered, is_offered=False, sign=sign),
        **_last_first(left, offered, is_offered=True, sign=1),
    }


def broken_note(sale: Entry | None, paid: Sequence[Payment], notes: Sequence[Entry], note: Entry) -> str:
    """Why a credit note cannot be, by the sale that it names and the notes before it; "" when it can."""
    if sale is None or sale.sale is None or sale.kind != "sale" or note.sale is None:
        return "it is not the opposite of the sale that it names"
    if note.sale.unit != sale.sale.unit:
        return "it is not in the currency of the sale that it names"
    if len(note.parts) != len(note.sale.lines) and (note.parts or notes):
        return "it does not say which lines it takes back"
    asked = [
        Part(at, line.quantity.lstrip("-")) for at, line in zip(note.parts, note.sale.lines, strict=False)
    ]
    try:
        said = taken(sale.sale, notes, asked)
    except (Declined, vat.BadQuantity) as no:
        return _why(no)
    if said.lines != note.sale.lines:
        return "its lines are not the opposite of what is left of the sale that it names"
    before, after = payments_left(paid, notes), payments_left(paid, (*notes, note))
    if before.keys() != after.keys() or any(not _is_between(after[key], before[key]) for key in after):
        return "it gives back more than was paid, or otherwise"
    return ""


def _why(no: Exception) -> str:
    if isinstance(no, Declined) and no.why == "taken_back_already":
        return "its sale was taken back before"
    return "it takes back more than was sold"


def _is_between(after: int, before: int) -> bool:
    return 0 <= after <= before or before <= after <= 0


def _last_first(left: dict[Means, int], wanted: int, *, is_offered: bool, sign: int) -> dict[Means, int]:
    given: dict[Means, int] = {}
    for means, amount in reversed(left.items()):
        part = sign * min(sign * amount, sign * wanted)
        if means[-1] == is_offered and part:
            given[means] = part
            wanted -= part
    return given


def _part(sold: Line, left: Line, text: str) -> Line:
    """So much of a line, as its opposite; all that is left of it is exactly that."""
    wanted, there = vat.quantity(text), Decimal(left.quantity)
    whole = Decimal(sold.quantity)
    if wanted < 0 or (whole == whole.to_integral_value() and wanted != wanted.to_integral_value()):
        raise Declined("bad_quantity")
    if wanted > abs(there):
        raise Declined("more_than_sold")
    if wanted == abs(there):
        return _opposite(left)
    sign = -1 if left.gross < 0 else 1
    rest = {name: sign * getattr(left, name) for name in AMOUNTS}
    gross = min(abs(vat.gross(sold.unit_price, wanted)), rest["gross"])
    offered = rest["offered"] * gross // rest["gross"] if rest["gross"] else 0
    paid = gross - offered
    net = min(max(vat.net(paid, sold.rate), paid - rest["vat"], 0), rest["net"])
    amounts = {"gross": gross, "offered": offered, "net": net, "vat": paid - net}
    quantity = vat.plain(-wanted if there > 0 else wanted)
    return replace(left, quantity=quantity, **{name: -sign * amount for name, amount in amounts.items()})


def _is_left(line: Line) -> bool:
    return Decimal(line.quantity) != 0


def _sum(one: Line, other: Line) -> Line:
    amounts = {name: getattr(one, name) + getattr(other, name) for name in AMOUNTS}
    return replace(one, quantity=vat.plain(Decimal(one.quantity) + Decimal(other.quantity)), **amounts)


def _opposite(line: Line) -> Line:
    amounts = {name: -getattr(line, name) for name in AMOUNTS}
    return replace(line, quantity=vat.plain(-Decimal(line.quantity)), **amounts)
