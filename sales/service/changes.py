"""What every change of the catalogue leaves behind: a moved revision, a line in the audit log, an order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.i18n import lazy
from people.audit import record
from sales.catalogue_refusals import CatalogueFull
from sales.models.catalogue import CatalogueRevision
from sales.queries.shelves import Row, count
from sales.service.noting import note

VERBS = {
    "product.created": lazy("Product created"),
    "product.edited": lazy("Product changed"),
    "product.sold_out": lazy("Product sold out"),
    "product.available": lazy("Product available again"),
    "product.archived": lazy("Product archived"),
    "product.restored": lazy("Product brought back"),
    "category.created": lazy("Category created"),
    "category.edited": lazy("Category changed"),
    "category.merged": lazy("Category merged into another"),
    "category.archived": lazy("Category archived"),
    "category.restored": lazy("Category brought back"),
    "point.created": lazy("Point of sale created"),
    "point.edited": lazy("Point of sale changed"),
    "point.archived": lazy("Point of sale archived"),
    "point.restored": lazy("Point of sale brought back"),
}
SEALED = {"product.edited": "price"}
"""What the sealed journal calls an act; any other is about the product."""


def changed(session: Session, by: Principal, act: str, row: Row) -> None:
    """Write one line of the audit log (`act` is a key of VERBS) and move the revision."""
    record(session, by, VERBS[act], row.name, kind=act.partition(".")[0], about_id=row.id)
    touch(session)


def sealed(session: Session, by: Principal, act: str, row: Row, *, before: str = "", after: str = "") -> None:
    """The same, written in the sealed journal too: figures `before` and `after`, nothing personal."""
    details = {"before": before, "after": after}
    record(session, by, VERBS[act], row.name, kind=act.partition(".")[0], about_id=row.id, details=details)
    touch(session)
    note(session, by, SEALED.get(act, "product"), row.name, before=before, after=after)


def touch(session: Session) -> None:
    """Move the catalogue's revision: tills ask for it again."""
    session.flush()
    grown = update(CatalogueRevision).where(CatalogueRevision.id == 1)
    moved = session.execute(grown.values(number=CatalogueRevision.number + 1))
    if moved.rowcount == 0:  # type: ignore[attr-defined]
        session.add(CatalogueRevision(id=1, number=1))
        session.flush()


def place_at_end(session: Session, model: type[Row], most: int) -> int:
    """The position after the last one. Raises CatalogueFull with `most` of them."""
    if count(session, model) >= most:
        raise CatalogueFull
    return (session.scalar(select(func.max(model.position))) or 0) + 1


def shift(rows: Sequence[Any], row: Any, steps: int) -> None:
    """Move `row` up (negative) or down among `rows`, which are in their order, and number them again."""
    others = [one for one in rows if one is not row]
    at = min(max(list(rows).index(row) + steps, 0), len(others))
    for position, one in enumerate([*others[:at], row, *others[at:]], start=1):
        one.position = position
