"""Sales and closings as files (RFC 4180, UTF-8 with a mark), oldest first; training is in neither."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from kit.features import Export
from kit.i18n import lazy
from kit.sheets import csv_line, harmless
from sales.journal.shapes import Closing, Drawer, Link, Payment, Sum, UnitSum
from sales.journal_words import sale_number
from sales.queries.closings import WantedClosings, closings_in_order
from sales.queries.journal import Wanted, oldest_first

MARK = b"\xef\xbb\xbf"
SALE_COLUMNS = (
    *("seq", "id", "number", "kind", "at", "till_at", "day", "point", "operator", "refers", "reason", "late"),
    *("sort", "label", "quantity", "unit_price", "vat_rate", "gross", "offered", "net", "vat"),
    *("total", "payments", "fingerprint", "off_list", "currency"),
)
CLOSING_COLUMNS = (
    *("level", "number", "id", "day", "point", "opened", "closed", "operator", "automatic", "first", "last"),
    *("sales", "credit_notes", "turnover", "net", "vat", "offered", "by_means", "by_rate", "outside"),
    *("cash_expected", "cash_counted", "cash_difference", "cash_left", "year_to_date", "perpetual"),
    *("follows", "fingerprint", "time_and_points"),
)


def sales(session: Session) -> Iterator[bytes]:
    """One line for each line of each sale and credit note. Amounts in euros, with a decimal point.

    What was sold for time or points names its `currency`: its amounts are in that one.
    """
    yield MARK + csv_line(SALE_COLUMNS)
    for kind in ("sale", "credit_note"):
        for link in oldest_first(session, Wanted(kind=kind)):
            yield b"".join(csv_line(row) for row in _lines(link))


def closings(session: Session) -> Iterator[bytes]:
    """One line for each closing, with its sums."""
    yield MARK + csv_line(CLOSING_COLUMNS)
    for link in closings_in_order(session, WantedClosings()):
        if link.entry.closing is not None:
            yield csv_line(_closing(link, link.entry.closing))


def euros(cents: int | None) -> str:
    """`-1250` as "-12.50"; nothing as nothing."""
    if cents is None:
        return ""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _lines(link: Link) -> Iterator[tuple[object, ...]]:
    entry, sale, stamp = link.entry, link.entry.sale, link.entry.stamp
    if sale is None or stamp is None:
        return
    named = (entry.seq, entry.id, sale_number(entry), entry.kind, _instant(entry.at), _instant(stamp.at))
    where = (entry.day, harmless(stamp.point_name), harmless(stamp.operator), entry.refers or "")
    why = (harmless(sale.reason), "yes" if entry.is_late else "")
    said = partial(_figure, sale.unit.scale) if sale.unit else euros
    paid = " + ".join(_paid(one, said) for one in sale.payments)
    for line in sale.lines:
        amounts = (line.gross, line.offered, line.net, line.vat)
        yield (
            *(*named, *where, *why, line.sort, harmless(line.label), line.quantity),
            *(said(line.unit_price), line.rate / 100, *(said(one) for one in amounts)),
            *(said(sale.total), harmless(paid), link.mac, "yes" if entry.is_off_list else ""),
            harmless(sale.unit.code) if sale.unit else "",
        )


def _closing(link: Link, said: Closing) -> tuple[object, ...]:
    totals, entry = said.totals, link.entry
    named = (said.level, said.number, entry.id, said.day, harmless(said.point_name))
    when = (_instant(said.opened), _instant(entry.at), harmless(said.operator))
    amounts = (totals.turnover, totals.net, totals.vat, totals.offered)
    return (
        *(*named, *when, "yes" if said.is_automatic else "", said.first, said.last),
        *(totals.sales, totals.credit_notes, *(euros(one) for one in amounts)),
        *(_sums(totals.by_means), _sums(totals.by_rate), _sums(totals.outside)),
        *(*_drawer(said.drawer), euros(said.year_to_date), euros(said.perpetual), said.follows, link.mac),
        harmless(" + ".join(_apart(one) for one in totals.units)),
    )


def _drawer(drawer: Drawer | None) -> tuple[str, ...]:
    if drawer is None:
        return ("", "", "", "")
    return tuple(euros(one) for one in (drawer.expected, drawer.counted, drawer.difference, drawer.left))


def _sums(rows: tuple[Sum, ...]) -> str:
    return harmless(" + ".join(f"{row.key} {euros(row.amount)}" for row in rows))


def _apart(one: UnitSum) -> str:
    """What was received for sales, then what was given: "temps 2.00 given 1.00"."""
    given = f" given {_figure(one.unit.scale, one.given)}" if one.given else ""
    return f"{one.unit.code} {_figure(one.unit.scale, one.amount)}{given}"


def _figure(scale: int, amount: int) -> str:
    """`-150` at scale 2 as "-1.50"."""
    whole, rest = divmod(abs(amount), 10**scale)
    return f"{'-' if amount < 0 else ''}{whole}" + (f".{rest:0{scale}d}" if scale else "")


def _paid(payment: Payment, said: Callable[[int], str]) -> str:
    return " ".join(filter(None, (payment.means, payment.asset, said(payment.amount))))


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


EXPORTS = (
    Export("sales", lazy("My sales, line by line, as CSV"), sales),
    Export("closings", lazy("My closings, as CSV"), closings),
)
