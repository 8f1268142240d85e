"""Products as a CSV table, and a CSV file read as rows to bring in. Pure: no session, no clock."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from kit.errors import BadRequest, Invalid
from kit.i18n import _, lazy
from kit.sheets import as_written, csv_line, harmless
from sales.catalogue_rules import VAT_RATES
from sales.catalogue_values import MOST_CENTS, PriceValues
from sales.journal.shapes import Unit
from wallet.money import parse_amount

COLUMNS: Final = ("name", "category", "prices", "vat", "unit", "sort", "deposit", "purchase_price",
                  "sold_out", "icon", "points")  # fmt: skip
NEEDED: Final = frozenset({"name", "prices"})
MOST_LINES: Final = 2_000
BETWEEN: Final = "|"
FREE: Final = frozenset({"free", "libre", "prix libre", "?"})
YES: Final = frozenset({"1", "true", "yes", "oui", "vrai", "x"})
UNITS: Final[Mapping[str, str]] = {
    "": "piece", "piece": "piece", "pièce": "piece", "unité": "piece",
    "kilogram": "kilogram", "kg": "kilogram", "kilo": "kilogram", "kilogramme": "kilogram",
    "litre": "litre", "liter": "litre", "l": "litre",
}  # fmt: skip
SORTS: Final[Mapping[str, str]] = {
    "": "product", "product": "product", "produit": "product", "article": "product",
    "deposit": "deposit", "consigne": "deposit",
}  # fmt: skip


class TableNotReadable(BadRequest):
    name = "table_not_readable"
    default = lazy("I cannot read this file. I choose a CSV file in UTF-8.")


@dataclass(frozen=True)
class Row:
    """One line of a file, its cells by column; a column that the file has not is not there."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return " ".join(self.cells.get("name", "").split())


def table(rows: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """The CSV file, line by line."""
    yield csv_line(COLUMNS)
    for row in rows:
        yield csv_line(harmless(row[column]) for column in COLUMNS)


def read_table(data: bytes) -> list[Row]:
    """The lines of a file, empty ones left out. Raises TableNotReadable."""
    try:
        text = data.decode("utf-8-sig")
        first = text.partition("\n")[0]
        reader = csv.DictReader(
            io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","
        )
        found = [{_column(key): (value or "").strip() for key, value in line.items() if isinstance(key, str)
                  and not isinstance(value, list)} for line in reader]  # fmt: skip
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableNotReadable(cause=str(error)) from error
    if not reader.fieldnames or not set(map(_column, reader.fieldnames)) >= NEEDED:
        raise TableNotReadable(_("The first line of the file names its columns: name and prices at least."))
    if len(found) > MOST_LINES:
        raise TableNotReadable(_("This file is too long: {limit} lines at most.").format(limit=MOST_LINES))
    rows = [Row(number, _cells(line)) for number, line in enumerate(found, start=2)]
    return [row for row in rows if any(row.cells.values())]


def prices_cell(prices: Iterable[PriceValues], units: Mapping[UUID, Unit]) -> str:
    """`Plein: 9.00 | Bénévoles: 1.00 temps`, `3.00`, `free`, `10 points`."""
    said = ((price.name, _figure(price, units)) for price in prices)
    return f" {BETWEEN} ".join(f"{name}: {words}" if name else words for name, words in said)


def read_prices(text: str, units: Mapping[UUID, Unit]) -> tuple[PriceValues, ...]:
    """What `prices_cell` wrote, or a person. Raises Invalid."""
    return tuple(_price(part.strip(), units) for part in text.split(BETWEEN) if part.strip())


def unit_figure(amount: int, unit: Unit) -> str:
    """An amount of time or points with the code of its currency: "1.50 temps", "10 points"."""
    digits = f"{amount:0{unit.scale + 1}d}"
    whole, rest = digits[: len(digits) - unit.scale], digits[len(digits) - unit.scale :]
    return f"{whole}.{rest} {unit.code}" if rest else f"{whole} {unit.code}"


def figure(hundredths: int) -> str:
    """`1250` as every spreadsheet reads it: "12.50"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def read_rate(text: str) -> int:
    """ "5,5", "5.5 %", "20": in basis points. Raises Invalid."""
    bare = text.replace("%", "").replace(",", ".").strip()
    known = {f"{rate / 100:g}": rate for rate in VAT_RATES}
    found = known.get(bare.rstrip("0").rstrip(".") if "." in bare else bare)
    if found is None:
        raise Invalid(_("This rate of VAT is not in the list: {rates}.").format(rates=", ".join(known)))
    return found


def read_choice(text: str, known: Mapping[str, str]) -> str:
    """One of a few words, in either language. Raises Invalid."""
    found = known.get(text.strip().lower())
    if found is None:
        raise Invalid(_("I do not know this word: {word}.").format(word=text[:40]))
    return found


def read_cents(text: str) -> int:
    """An amount in euros; nothing is worth zero too. Raises Invalid."""
    bare = text.strip(" €\u00a0")
    if bare and not bare.strip("0.,"):
        return 0
    amount = parse_amount(text, 2)
    if amount > MOST_CENTS:
        raise Invalid(_("This amount is too small or too large."))
    return amount


def is_yes(text: str) -> bool:
    """Whether a cell says yes."""
    return text.strip().lower() in YES


def _figure(price: PriceValues, units: Mapping[UUID, Unit]) -> str:
    if price.amount is None:
        return "free"
    return unit_figure(price.amount, units[price.currency_id]) if price.currency_id else figure(price.amount)


def _price(text: str, units: Mapping[UUID, Unit]) -> PriceValues:
    name, colon, words = text.rpartition(":")
    amount = words.strip() if colon else text
    if len(name) > 40:
        raise Invalid(_("This text is too long: {limit} characters at most.").format(limit=40))
    if amount.lower() in FREE:
        return PriceValues(name=name.strip())
    digits, _space, sign = amount.rpartition(" ")
    currency = _currency(sign, units) if digits else None
    if currency is None:
        return PriceValues(name=name.strip(), amount=read_cents(amount))
    count = parse_amount(digits, units[currency].scale)
    if count > MOST_CENTS:
        raise Invalid(_("This amount is too small or too large."))
    return PriceValues(name=name.strip(), amount=count, currency_id=currency)


def _currency(sign: str, units: Mapping[UUID, Unit]) -> UUID | None:
    """The one that has this code or this sign; codes first, since two currencies may share a sign."""
    wanted = sign.lower()
    by_sign = {one.symbol.lower(): key for key, one in units.items() if one.symbol}
    return {one.code.lower(): key for key, one in units.items()}.get(wanted, by_sign.get(wanted))


def _column(title: str) -> str:
    return title.strip().lower().replace(" ", "_")


def _cells(line: Mapping[str, str]) -> dict[str, str]:
    return {key: as_written(value) for key, value in line.items() if key in COLUMNS}
