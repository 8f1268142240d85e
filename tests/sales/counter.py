"""A till of a café, for tests of sales: products, a point of sale, and what it asks."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from kit.app import App
from kit.ids import new_id
from sales import flows
from sales.journal.asking import Part
from sales.journal.shapes import Link, Totals
from sales.models.catalogue import CatalogueRevision, Category, Price, Product
from sales.models.points import PointOfSale, PointProduct
from sales.queries.payments import in_ledger, received
from sales.schemas import (
    AnyLine,
    ByPass,
    ChangingMeans,
    Closing,
    LoadLine,
    MovingCash,
    Outside,
    ProductLine,
    Selling,
    Sold,
    TakingBack,
    Till,
)
from tests.factories.money import at
from wallet.cards.reading import Tap

T = TypeVar("T")
EVENING = datetime(2026, 11, 21, 20, 12, tzinfo=UTC)


@dataclass
class Bar:
    """One point of sale with one till; `at` is the till's clock, `node_at` the node's when it differs."""

    app: App
    point: UUID = field(default_factory=new_id)
    device: UUID = field(default_factory=new_id)
    series: str = "A"
    is_training: bool = False
    at: datetime = EVENING
    node_at: datetime | None = None
    prices: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)

    @property
    def till(self) -> Till:
        return Till(device=self.device, series=self.series, operator="E3", is_training=self.is_training)

    def sells(
        self,
        name: str,
        amount: int | None,
        rate: int = 2000,
        *,
        is_listed: bool = True,
        currency: UUID | None = None,
        **more: Any,
    ) -> None:
        """One more product, with one price; `is_listed`: on the list of this point of sale."""
        product, price = new_id(), new_id()

        def unit(session: Any) -> None:
            category = session.scalar(select(Category)) or Category(
                id=new_id(), name="Bières", tone="beer", icon="beer", position=1, archived_at=None
            )
            session.add(category)
            session.flush()
            given = {
                "sort": "product",
                "unit": "piece",
                "icon": "",
                "picture": "",
                "deposit_id": None,
                **more,
            }
            session.add(
                Product(
                    id=product,
                    name=name,
                    category_id=category.id,
                    vat_rate=rate,
                    purchase_price=None,
                    is_sold_out=False,
                    position=1,
                    archived_at=None,
                    **given,
                )
            )
            session.flush()
            offered = Price(
                id=price, product_id=product, name="", amount=amount, position=1, archived_at=None
            )
            offered.currency_id = currency
            session.add(offered)
            if is_listed:
                session.add(PointProduct(point_id=self.point, product_id=product, position=1))
            known = session.get(CatalogueRevision, 1) or CatalogueRevision(id=1, number=0)
            known.number += 1
            session.add(known)

        self.app.db.write(unit)
        self.prices[name] = (product, price)

    def line(self, name: str, quantity: str = "1", unit_price: int | None = None) -> ProductLine:
        product, price = self.prices[name]
        return ProductLine(product=product, price=price, quantity=quantity, unit_price=unit_price)

    def sell(self, *lines: AnyLine, total: int, **how: Any) -> Link:
        """A sale, paid in cash unless `how` says otherwise."""
        sold = self.try_to_sell(*lines, total=total, **how)
        assert sold.link is not None
        return sold.link

    def try_to_sell(
        self,
        *lines: AnyLine,
        total: int,
        passes: tuple[str, ...] = (),
        by_pass: int | None = None,
        **more: Any,
    ) -> Sold:
        """`passes` are the printed numbers of cards that pay `by_pass` cents, or everything."""
        amount = (total if by_pass is None else by_pass) if passes else 0
        rest = (Outside(means="cash", amount=total - amount),) if total - amount else ()
        named: dict[str, Any] = {"id": new_id(), "content": "", "paid": rest, **more}
        taps = tuple(Tap(number=number) for number in passes)
        named["content"] = named["content"] or hashlib.sha256(repr((lines, total)).encode()).hexdigest()
        said = Selling(
            at=self.at, point=self.point, lines=lines, total=total,
            by_pass=ByPass(amount=amount, taps=taps) if taps else None,
            **named,
        )  # fmt: skip
        return self._do(flows.sell(self.app, self.till, said))

    def take_back(self, sale: UUID, *parts: tuple[int, str], reason: str = "Verre renversé") -> Link:
        """A sale, or so much of some of its lines."""
        wanted = tuple(Part(*one) for one in parts)
        said = TakingBack(**self._op(), sale=sale, reason=reason, parts=wanted)
        done = self._do(flows.take_back(self.app, self.till, said))
        assert done.link is not None
        return done.link

    def change_means(self, sale: UUID, *paid: Outside) -> Link:
        said = ChangingMeans(**self._op(), sale=sale, paid=paid, reason="Erreur de touche")
        return self._do(flows.change_means(self.app, self.till, said))

    def move_cash(self, way: Any, amount: int) -> Link:
        said = MovingCash(**self._op(), way=way, amount=amount, reason="Monnaie")
        return self._do(flows.move_cash(self.app, self.till, said))

    def close(self, counted: int | None = None, left: int | None = None) -> Link:
        return self._do(flows.close(self.app, self.till, Closing(**self._op(), counted=counted, left=left)))

    def x_report(self) -> Totals:
        with self.app.db.read() as session:
            return flows.x_report(session, self.point, is_training=self.is_training)[1]

    def top_up(self, asset: UUID, amount: int, number: str) -> LoadLine:
        return LoadLine(kind="top_up", asset=asset, amount=amount, tap=Tap(number=number))

    def _op(self) -> dict[str, Any]:
        operation = new_id()
        return {"id": operation, "at": self.at, "point": self.point, "content": operation.hex}

    def _do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """On the evening that the till's clock shows."""
        with at(self.node_at or self.at):
            return asyncio.run(coroutine)


def open_bar(app: App, name: str = "Bar", **more: Any) -> Bar:
    """A bar with beer at 3.00 and 2.50, soup at 2.80, and a cup's deposit of 1.00."""
    bar = Bar(app, **more)
    app.db.write(
        lambda session: session.add(
            PointOfSale(id=bar.point, name=name, icon="beer", position=1, archived_at=None)
        )
    )
    bar.sells("Demi blonde", 300)
    bar.sells("Panaché", 250)
    bar.sells("Soupe", 280, rate=1000)
    bar.sells("Gobelet", 100, rate=0, sort="deposit")
    return bar


Opener = Callable[..., Bar]


def unexplained(app: App, around: datetime = EVENING) -> list[tuple[int, int]]:
    """By currency that Passes paid with: what the ledger has more than the journal, and what is no till's."""
    days = timedelta(days=2)
    with app.db.read() as session:
        rows = received(session, (around - days).date(), (around + days).date())
        found = in_ledger(session, (around - days, around + days), rows)
    return [(one.difference, one.beside) for one in found]
