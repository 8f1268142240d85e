"""Products brought from a file: first what would be done, line by line; then, at the yes, done at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.errors import Invalid, Refusal
from kit.i18n import _, ngettext
from kit.ids import new_id
from people.words import folded
from sales import product_table as sheet
from sales.catalogue_rules import check_product
from sales.catalogue_values import CategoryValues, PriceValues, ProductValues
from sales.models.catalogue import Price, Product
from sales.queries import shelves
from sales.queries.units import Units, units
from sales.service.categories import create_category
from sales.service.products import create_product, edit_product

COMMAND: Final = Principal(name="hameau")
What = Literal["added", "changed", "same", "refused"]


@dataclass(frozen=True)
class Planned:
    """One line of the file: what becomes of it, and why not. `changes` name what is no longer the same."""

    number: int
    name: str
    what: What
    wrong: str = ""
    changes: tuple[str, ...] = ()
    values: ProductValues | None = None
    product_id: UUID | None = None


@dataclass
class Plan:
    """What a file would do. `shelves` are the categories that it brings along, by id.

    `units` are the currencies of time and points that its prices may be in.
    """

    lines: list[Planned] = field(default_factory=list)
    shelves: dict[UUID, str] = field(default_factory=dict)
    units: Units = field(default_factory=dict)

    def count(self, what: What) -> int:
        return sum(line.what == what for line in self.lines)


@dataclass
class Known:
    """What the catalogue holds now, by folded name; what earlier lines add comes along."""

    products: dict[str, tuple[UUID, ProductValues | None]]
    categories: dict[str, UUID]
    points: dict[str, UUID]
    deposits: dict[str, UUID]
    units: Units
    seen: set[str] = field(default_factory=set)


def plan_import(session: Session, rows: Sequence[sheet.Row]) -> Plan:
    """Look at every line, deposits first since others name them; nothing is written."""
    known = _known(session)
    plan = Plan(units=known.units)
    for row in sorted(rows, key=lambda row: folded(row.cells.get("sort", "")) not in {"deposit", "consigne"}):
        plan.lines.append(_plan_line(row, known, plan))
    plan.lines.sort(key=lambda line: line.number)
    used = {line.values.category_id for line in plan.lines if line.values is not None}
    plan.shelves = {shelf: name for shelf, name in plan.shelves.items() if shelf in used}
    return plan


def apply_import(session: Session, by: Principal, rows: Sequence[sheet.Row]) -> Plan:
    """Do what `plan_import` says, in this transaction. Raises what the verbs raise: then nothing is done."""
    plan = plan_import(session, rows)
    for shelf_id, name in plan.shelves.items():
        create_category(session, by, CategoryValues(name=name), category_id=shelf_id)
    for line in sorted(plan.lines, key=lambda line: line.values is None or line.values.sort != "deposit"):
        if line.values is None or line.product_id is None:
            continue
        if line.what == "added":
            create_product(session, by, line.values, product_id=line.product_id)
        elif line.what == "changed":
            edit_product(session, by, line.product_id, line.values)
    return plan


def export_products(session: Session) -> Iterator[bytes]:
    """The products in use, as a table that `plan_import` reads back."""
    found = shelves.all_products(session)
    names = {one.id: one.name for one in found}
    shelf_names = {one.id: one.name for one in shelves.all_categories(session)}
    prices = shelves.prices_by_product(session)
    points = [point for point in shelves.all_points(session) if point.archived_at is None]
    lists, known = shelves.lists_of_points(session), units(session)
    yield from sheet.table(
        {
            "name": one.name,
            "category": shelf_names[one.category_id],
            "prices": sheet.prices_cell(map(_offer, prices.get(one.id, [])), known),
            "vat": f"{one.vat_rate / 100:g}",
            "unit": one.unit,
            "sort": one.sort,
            "deposit": names[one.deposit_id] if one.deposit_id else "",
            "purchase_price": "" if one.purchase_price is None else sheet.figure(one.purchase_price),
            "sold_out": "1" if one.is_sold_out else "",
            "icon": one.icon,
            "points": f" {sheet.BETWEEN} ".join(p.name for p in points if one.id in lists.get(p.id, ())),
        }
        for one in found
        if one.archived_at is None
    )


def import_products(session: Session, data: bytes) -> str:
    """A CSV file; what cannot be read is counted. Raises TableNotReadable, and what the verbs raise."""
    plan = apply_import(session, COMMAND, sheet.read_table(data))
    return import_words(plan)


def import_words(plan: Plan) -> str:
    """What was done, in a sentence or three."""
    added, changed, left = (plan.count(what) for what in ("added", "changed", "refused"))
    said = [
        ngettext("{count} product added.", "{count} products added.", added).format(count=added),
        ngettext("{count} product changed.", "{count} products changed.", changed).format(count=changed),
    ]
    if left:
        said.append(ngettext("{count} line left out.", "{count} lines left out.", left).format(count=left))
    return " ".join(said)


def _known(session: Session) -> Known:
    prices, lists = shelves.prices_by_product(session), shelves.lists_of_points(session)
    used = [one for one in shelves.all_products(session) if one.archived_at is None]
    points = [one for one in shelves.all_points(session) if one.archived_at is None]
    categories = [one for one in shelves.all_categories(session) if one.archived_at is None]
    return Known(
        products={folded(one.name): (one.id, _values_now(one, prices, lists)) for one in used},
        categories={folded(one.name): one.id for one in categories},
        points={folded(one.name): one.id for one in points},
        deposits={folded(one.name): one.id for one in used if one.sort == "deposit"},
        units=units(session),
    )


def _values_now(
    product: Product, prices: Mapping[UUID, Any], lists: Mapping[UUID, list[UUID]]
) -> ProductValues:
    same = {
        name: getattr(product, name) for name in ProductValues.__struct_fields__ if hasattr(product, name)
    }
    offers = tuple(map(_offer, prices.get(product.id, ())))
    shown = tuple(point for point, listed in lists.items() if product.id in listed)
    return ProductValues(**(same | {"prices": offers, "points": shown}))


def _offer(price: Price) -> PriceValues:
    return PriceValues(id=price.id, name=price.name, amount=price.amount, currency_id=price.currency_id)


def _plan_line(row: sheet.Row, known: Known, plan: Plan) -> Planned:
    key = folded(row.name)
    try:
        if key and key in known.seen:
            raise Invalid(_("This name is twice in the file."))
        known.seen.add(key)
        product_id, now = known.products.get(key, (None, None))
        values = _values(row, now, known, plan)
        check_product(values)
    except Refusal as refusal:
        wrong = next(iter(refusal.fields.values()), refusal.sentence)
        return Planned(row.number, row.name[:60], "refused", wrong=wrong)
    if product_id is None or now is None:
        product_id = new_id()
        if values.sort == "deposit":
            known.deposits[key] = product_id
        return Planned(row.number, row.name, "added", values=values, product_id=product_id)
    changes = _changes(now, values)
    what: What = "changed" if changes else "same"
    return Planned(row.number, row.name, what, changes=changes, values=values, product_id=product_id)


def _values(row: sheet.Row, now: ProductValues | None, known: Known, plan: Plan) -> ProductValues:
    """What the line says; of a product already there, what it does not say stays. Raises Invalid."""
    cells, said = row.cells, {"name": row.name}  # type: tuple[Mapping[str, str], dict[str, Any]]
    sort = sheet.read_choice(cells.get("sort", now.sort if now else ""), sheet.SORTS)
    if now is not None and sort != now.sort:
        raise Invalid(_("A product stays a product, and a deposit a deposit."))
    said["sort"] = sort
    if now is None or cells.get("category"):
        said["category_id"] = _category(cells.get("category", ""), known, plan)
    said["prices"] = _with_ids(sheet.read_prices(cells.get("prices", ""), known.units), now)
    said |= _plain_cells(cells, sort, now)
    if "deposit" in cells:
        said["deposit_id"] = _named(cells["deposit"], known.deposits)
    if "points" in cells:
        parts = [part.strip() for part in cells["points"].split(sheet.BETWEEN) if part.strip()]
        said["points"] = tuple(_named(part, known.points) for part in parts)
    kept = structs.asdict(now) if now else {}
    try:
        return msgspec.convert(kept | said, ProductValues)
    except msgspec.ValidationError as error:
        raise Invalid(_("This text is too long."), cause=str(error)) from error


def _plain_cells(cells: Mapping[str, str], sort: str, now: ProductValues | None) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if cells.get("vat"):
        said["vat_rate"] = sheet.read_rate(cells["vat"])
    elif now is None:
        if sort != "deposit":
            raise Invalid(_("I write the rate of VAT of a new product."))
        said["vat_rate"] = 0
    if "unit" in cells:
        said["unit"] = sheet.read_choice(cells["unit"], sheet.UNITS)
    if "purchase_price" in cells:
        said["purchase_price"] = (
            sheet.read_cents(cells["purchase_price"]) if cells["purchase_price"] else None
        )
    if "sold_out" in cells:
        said["is_sold_out"] = sheet.is_yes(cells["sold_out"])
    if "icon" in cells:
        said["icon"] = cells["icon"]
    return said


def _category(name: str, known: Known, plan: Plan) -> UUID:
    """The one of this name; a new one is made, at the yes. Raises Invalid."""
    words = " ".join(name.split())
    if not words or len(words) > 40 or not words.isprintable():
        raise Invalid(_("I write the category of a new product, in 40 characters at most."))
    found = known.categories.get(folded(words))
    if found is None:
        found = known.categories[folded(words)] = new_id()
        plan.shelves[found] = words
    return found


def _named(name: str, known: Mapping[str, UUID]) -> UUID | None:
    """Raises Invalid when nothing has this name."""
    if not name.strip():
        return None
    found = known.get(folded(name.strip()))
    if found is None:
        raise Invalid(_("I do not know {name}.").format(name=name.strip()[:60]))
    return found


def _with_ids(prices: tuple[PriceValues, ...], now: ProductValues | None) -> tuple[PriceValues, ...]:
    """A price of the same name is the same price, whatever its amount becomes."""
    ids = {folded(price.name): price.id for price in now.prices} if now else {}
    return tuple(structs.replace(price, id=ids.get(folded(price.name))) for price in prices)


def _changes(now: ProductValues, values: ProductValues) -> tuple[str, ...]:
    """The columns that would change."""
    columns = {"prices": "prices", "vat_rate": "vat", "category_id": "category", "name": "name",
               "unit": "unit", "deposit_id": "deposit", "purchase_price": "purchase_price",
               "is_sold_out": "sold_out", "icon": "icon", "points": "points"}  # fmt: skip
    before, after = structs.asdict(now), structs.asdict(values)
    before["points"], after["points"] = set(before["points"] or ()), set(after["points"] or ())
    return tuple(column for name, column in columns.items() if before[name] != after[name])
