"""A receipt in words, for a screen of 32 signs, a small printer or a mail; who asked is kept nowhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from config.collective import Collective
from kit import limits
from kit.auth import Principal
from kit.choices import read_choice
from kit.i18n import Lazy, _, language, lazy
from kit.web import Call
from pos_api.principal import Device
from pos_api.service import receipts
from sales.choices import SalesRules
from sales.journal.shapes import Entry, Line, Payment, Sale, Unit
from sales.unit_words import amount_in

WIDTH = 40
TO_ONE: Final = (5, timedelta(minutes=15))
BY_ONE: Final = (60, timedelta(minutes=15))
"""Mails to one address, and by one till."""
MEANS: dict[str, Lazy] = {
    "cash": lazy("Cash"),
    "card_terminal": lazy("Bank card"),
    "cheque": lazy("Cheque"),
    "bank_transfer": lazy("Bank transfer"),
    "pass": lazy("Pass"),
    "house": lazy("Given by the house"),
}
SORTS: dict[str, Lazy] = {"tip": lazy("For the team"), "card_refund": lazy("Given back from a Pass")}
FRANCHISE = "franchise"


@dataclass(frozen=True)
class Given:
    """A receipt as it is shown, which copy of it this is, counted from 1, and when it was given first."""

    text: str
    copy: int
    at: datetime


async def give(call: Call, entry: Entry, asked: tuple[UUID, Device, str], operator: str) -> Given:
    """Count it, write it, and send it where a mail is given. The same id gives the same copy again.

    Raises SaleConflict when the id was another receipt's, TooManyRequests for more mails than people ask for.
    """
    receipt_id, device, mail = asked
    if mail:
        await call.app.db.awrite(lambda session: _take(session, device, mail))
    way = "mail" if mail else "screen"

    def unit(session: Session) -> Given:
        given = receipts.count_one(session, receipt_id, entry.id, device, way)
        text = receipt_text(entry, call.collective, read_choice(session, SalesRules), given.copy)
        if given.is_news and given.copy > 1:
            receipts.note_duplicate(session, Principal(name=operator), _number(entry), given.copy)
        if given.is_news and mail:
            subject = _("My receipt of {name}").format(name=call.collective.name)
            receipts.post(session, mail, subject, text)
        return Given(text, given.copy, given.at)

    return await call.app.db.awrite(unit)


def _take(session: Session, device: Device, mail: str) -> None:
    """A till sends no letters to somebody who did not ask. Raises TooManyRequests."""
    limits.take(session, f"receipt to {mail}", *TO_ONE)
    limits.take(session, f"receipts by {device.id}", *BY_ONE)


def receipt_text(entry: Entry, collective: Collective, rules: SalesRules, copy: int) -> str:
    """Everything that a receipt says, in lines of forty signs. Raises ValueError for no sale."""
    sale, stamp = entry.sale, entry.stamp
    if sale is None or stamp is None:
        raise ValueError(f"entry {entry.seq} is no sale")
    parts = [
        *_heading(collective, rules),
        "",
        *_marks(entry, copy),
        _pair(_number(entry), _moment(stamp.at, collective.timezone)),
        _pair(stamp.point_name, stamp.operator),
        "-" * WIDTH,
        *(_line(line, sale.unit) for line in sale.lines),
        "-" * WIDTH,
        _pair(_("Total"), amount_in(sale.total, sale.unit)),
        *(_payment(one, sale.unit) for one in sale.payments),
        *_change(sale.payments),
        "",
        *_taxes(sale),
        rules.footer,
    ]
    return "\n".join(parts).strip() + "\n"


def _heading(collective: Collective, rules: SalesRules) -> list[str]:
    place = f"{collective.postal_code} {collective.city}".strip()
    lines = [collective.name, rules.legal_name, collective.street, place]
    lines += [f"SIRET {rules.siret}" if rules.siret else "", rules.vat_number]
    return [line.center(WIDTH).rstrip() for line in lines if line]


def _marks(entry: Entry, copy: int) -> list[str]:
    marks = []
    if entry.chain == "training":
        marks.append("*** SIMULATION ***")
    if entry.kind == "credit_note":
        marks.append(_("Credit note"))
    if copy > 1:
        marks.append(_("Duplicate"))
    return [mark.center(WIDTH).rstrip() for mark in marks]


def _line(line: Line, unit: Unit | None) -> str:
    label = str(SORTS.get(line.sort, "")) or line.label
    many = f"{line.quantity} × " if line.quantity != "1" else ""
    return _pair(f"{many}{label}", amount_in(line.gross, unit))


def _payment(one: Payment, unit: Unit | None) -> str:
    words = str(MEANS.get(one.means, one.means))
    return _pair(f"{words} {one.name}".strip() if one.means == "pass" else words, amount_in(one.amount, unit))


def _change(payments: tuple[Payment, ...]) -> list[str]:
    change = sum(one.given - one.amount for one in payments if one.given > one.amount > 0)
    return [_pair(_("Change given"), amount_in(change, None))] if change else []


def _taxes(sale: Sale) -> list[str]:
    """The tax by rate; a collective that takes none says why. Time and points bear none."""
    if sale.unit is not None:
        return [_("Without VAT: no money was paid.")]
    if sale.regime == FRANCHISE:
        return [_("VAT not applicable, article 293 B of the CGI")]
    rates = sorted({line.rate for line in sale.lines if line.rate}, reverse=True)
    return [_tax(sale, rate) for rate in rates]


def _tax(sale: Sale, rate: int) -> str:
    vat = sum(line.vat for line in sale.lines if line.rate == rate)
    percent = f"{rate / 100:g}".replace(".", "," if language() == "fr" else ".")
    return _pair(_("VAT {rate} %").format(rate=percent), amount_in(vat, None))


def _number(entry: Entry) -> str:
    series = entry.stamp.series if entry.stamp else ""
    return f"{series}-{entry.sale.number if entry.sale else 0}"


def _moment(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%d/%m/%Y %H:%M:%S")


def _pair(left: str, right: str) -> str:
    room = WIDTH - len(right) - 1
    return f"{left[:room]:<{room}} {right}"
