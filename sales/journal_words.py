"""The journal in words: kinds of entries, means, what is no turnover, fingerprints an eye can compare."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol

from babel.dates import format_date

from kit.i18n import Lazy, _, gettext, language, lazy
from sales.journal.shapes import Closing, Entry, Event, Sale, Stamp, Sum
from sales.journal.totals import TURNOVER
from sales.unit_words import amount_in, unit_text
from wallet.money import MINUS, amount_text

__all__ = ["amount_in", "unit_text"]
"""How templates write amounts of a sale, whatever it is in."""

KIND_NAMES: Final[Mapping[str, Lazy]] = {
    "sale": lazy("Sale"),
    "credit_note": lazy("Credit note"),
    "means": lazy("Means corrected"),
    "cash": lazy("Cash moved"),
    "closing": lazy("Closing"),
    "event": lazy("Sensitive act"),
}
KIND_ICONS: Final[Mapping[str, str]] = {
    "sale": "receipt",
    "credit_note": "arrow-counter-clockwise",
    "means": "pencil-simple",
    "cash": "coins",
    "closing": "lock-key",
    "event": "shield-check",
}
MEANS_NAMES: Final[Mapping[str, Lazy]] = {
    "cash": lazy("Cash"),
    "card_terminal": lazy("Bank card"),
    "cheque": lazy("Cheque"),
    "bank_transfer": lazy("Bank transfer"),
    "pass": lazy("Pass"),
    "house": lazy("Given by the house"),
}
OUTSIDE_NAMES: Final[Mapping[str, Lazy]] = {
    "top_up": lazy("Passes topped up"),
    "gift": lazy("Vouchers loaded"),
    "card_refund": lazy("Passes paid back"),
    "deposit": lazy("Deposits, without VAT"),
    "tip": lazy("Tips for the team"),
}
APART_NAMES: Final[Mapping[str, Lazy]] = {
    "unit": lazy("Paid in time or points, no turnover"),
    "give": lazy("Given to a Pass, no turnover"),
}
LEVEL_NAMES: Final[Mapping[str, Lazy]] = {
    "day": lazy("Day"),
    "month": lazy("Month"),
    "year": lazy("Year"),
}
CASH_NAMES: Final[Mapping[str, Lazy]] = {
    "in": lazy("Cash put in"),
    "out": lazy("Cash taken out"),
    "float": lazy("Cash float"),
}
EVENT_NAMES: Final[Mapping[str, Lazy]] = {
    "price": lazy("A price changed"),
    "product": lazy("A product changed"),
    "category": lazy("A category changed"),
    "point": lazy("A point of sale changed"),
    "device": lazy("A till changed"),
    "operator": lazy("An operator changed"),
    "rules": lazy("The rules changed"),
    "reprint": lazy("A receipt was printed again"),
    "receipt": lazy("A duplicate was given"),
}
REGIME_NAMES: Final[Mapping[str, Lazy]] = {
    "franchise": lazy("VAT not applicable, article 293 B of the French tax code"),
    "exempt": lazy("Exempt from VAT"),
}


class Counted(Protocol):
    """Anything that says how its amounts are written."""

    @property
    def scale(self) -> int: ...
    @property
    def symbol(self) -> str: ...


FOUR: Final = 4
SHORT: Final = 16


def fingerprint(mac: str, length: int = SHORT) -> str:
    """A signature, or its beginning, in groups of four: "7F3A 90C1 55DE 2B04"."""
    shown = mac[:length].upper()
    return " ".join(shown[at : at + FOUR] for at in range(0, len(shown), FOUR))


def entry_name(entry: Entry) -> str:
    """What an entry is, with its number: "Sale A-12", "Z report no. 214"."""
    if entry.closing is not None:
        return closing_name(entry.closing)
    if entry.event is not None:
        return event_name(entry.event.what)
    if entry.cash is not None:
        return str(CASH_NAMES[entry.cash.way])
    name = str(KIND_NAMES[entry.kind])
    return f"{name} {sale_number(entry)}" if entry.sale is not None else name


def event_name(what: str) -> str:
    """A sensitive act; one that has no words yet is called by its own."""
    return str(EVENT_NAMES.get(what, what))


RIGHT_NAMES: Final[dict[str, Lazy]] = {
    "sell": lazy("Sell"),
    "top_up": lazy("Top a Pass up"),
    "void": lazy("Take a sale back"),
    "refund": lazy("Give money back from a Pass"),
    "gift": lazy("Give vouchers"),
    "float": lazy("Move cash"),
    "close": lazy("Close the day"),
    "training": lazy("Begin a training"),
}
"""What an operator may do at a till, by the codes that the journal holds."""


def event_text(event: Event) -> str:
    """What an act came to, in the reader's words where it has any."""
    if event.what == "receipt":
        copy = _("copy {number}").format(number=event.after.removeprefix("copy "))
        return f"{event.about}, {copy}"
    said, colon, more = event.after.partition(": ")
    if event.what == "operator" and more:
        more = ", ".join(str(RIGHT_NAMES.get(code, code)) for code in more.split())
    return f"{gettext(said)}{colon}{more}" if said else ""


def sale_number(entry: Entry) -> str:
    """The number of a sale in its series: "A-12"; "" when the entry is none."""
    if entry.sale is None or entry.stamp is None:
        return ""
    return f"{entry.stamp.series}-{entry.sale.number}"


def closing_name(closing: Closing) -> str:
    """The closing of a day is called Z; longer ones by their level."""
    if closing.level == "day":
        return _("Z report no. {number}").format(number=closing.number)
    if closing.level == "month":
        return _("Month no. {number}").format(number=closing.number)
    return _("Year no. {number}").format(number=closing.number)


def means_name(means: str, name: str = "") -> str:
    """A means, with its currency when a Pass paid: "Pass, Coquilles"."""
    called = str(MEANS_NAMES.get(means, means))
    if means == "house":
        return called
    return f"{called}, {name}" if name and name != means and name != called else called


def means_of_sum(row: Sum) -> str:
    """The row of a closing that adds up one means."""
    return means_name(row.key.partition(" ")[0], row.label)


def quantity_text(quantity: str) -> str:
    """ "-0.35" as the reader writes it: "−0,35"."""
    shown = quantity.replace("-", MINUS)
    return shown.replace(".", ",") if language() == "fr" else shown


def till_name(stamp: Stamp) -> str:
    """Where it was, on which till: "Bar, till A"."""
    return _("{point}, till {series}").format(point=stamp.point_name, series=stamp.series)


def day_text(day: date) -> str:
    """ "samedi 21 novembre 2026"."""
    return format_date(day, "EEEE d MMMM y", locale=language())


def rates_of(sale: Sale) -> list[tuple[int, int, int]]:
    """Each VAT rate of a sale with what was paid at it and the tax in it, in cents."""
    found: dict[int, list[int]] = {}
    for line in sale.lines:
        if line.sort == TURNOVER:
            row = found.setdefault(line.rate, [0, 0])
            row[0] += line.net + line.vat
            row[1] += line.vat
    return [(rate, paid, vat) for rate, (paid, vat) in sorted(found.items(), reverse=True)]


def period_text(closing: Closing) -> str:
    """The day, month or year that a closing ends: "novembre 2026"."""
    patterns = {"day": "EEEE d MMMM y", "month": "MMMM y", "year": "y"}
    return format_date(closing.day, patterns[closing.level], locale=language())


def currency_text(amount: int, counted: Counted) -> str:
    """Minor units of a currency with its sign: "18,50 €", "3 h"."""
    return amount_text(amount, counted.scale, counted.symbol, language())
