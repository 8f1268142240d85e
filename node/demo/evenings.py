"""Past evenings at the tills of a demonstration node: sold, topped up, taken back, counted and closed."""

import asyncio
import hashlib
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.ids import new_id
from pos_api.flows import make_code, pair
from pos_api.models.device import TillDevice
from sales import flows
from sales.queries.catalogue import Catalogue, CatalogueProduct, catalogue
from sales.schemas import (
    AnyLine,
    ByPass,
    Closing,
    LoadLine,
    MovingCash,
    Operation,
    Outside,
    OutsideMeans,
    ProductLine,
    Selling,
    TakingBack,
    Till,
)
from wallet.cards.reading import Tap
from wallet.models.card import ACTIVE, PASS, STATIC, PassCard
from wallet.models.currency import Currency
from wallet.queries.balances import balances

T = TypeVar("T", bound=Operation)
BY: Final = Principal(name="hameau demo")
CASHIER, MANAGER = "E1", "E3"
FLOAT: Final = 10_000
TOP_UP: Final = 2_000
MEANS: Final[tuple[OutsideMeans, ...]] = ("card_terminal", "card_terminal", "cash", "cash", "cash", "cheque")
SALES_AN_EVENING: Final = (9, 16)
MINUTES_BETWEEN: Final = (3, 14)


@contextmanager
def ago(days: int, hour: int = 18) -> Iterator[None]:
    """It is so many days ago, at `hour` (UTC)."""
    moment = (datetime.now(UTC) - timedelta(days=days)).replace(hour=hour, minute=2, second=0, microsecond=0)
    clock.use_clock(lambda: moment)
    try:
        yield
    finally:
        clock.use_clock(None)


def live(app: App, name: str, days: int) -> None:
    """The evenings of the last `days` days but today, at the first point of sale; each is closed."""
    with ago(days):
        device = pair(app, "demo", make_code(app, BY, "Tablette du comptoir").code, "", None).device
    with app.db.read() as session:
        shop = catalogue(session)
    counter = Counter(app, shop, device.id, device.series, random.Random(name))  # noqa: S311 - believable
    for day in range(days, 0, -1):
        asyncio.run(counter.evening(day))
    app.db.write(lambda session: _was_seen(session, device.id, counter))


@dataclass
class Counter:
    """One till of the past. The same collective always sells the same."""

    app: App
    shop: Catalogue
    device: UUID
    series: str
    chance: random.Random
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    done: int = 0
    cards: Sequence[tuple[str, UUID]] = field(default_factory=list)

    async def evening(self, days_ago: int) -> None:
        """Money to give change, sales of all kinds, one taken back, a count that lacks half a euro once."""
        with ago(days_ago):
            self.now = clock.now()
        try:
            clock.use_clock(lambda: self.now)
            self.cards = self._cards()
            await flows.move_cash(
                self.app, self._till(MANAGER), self._said(MovingCash, way="float", amount=FLOAT)
            )
            sold = [await self._sell() for _ in range(self.chance.randint(*SALES_AN_EVENING))]
            await self._top_up_and_pay()
            await self._eat_for_hours()
            wrong = self._said(TakingBack, sale=sold[-1], reason="Servi deux fois")
            await flows.take_back(self.app, self._till(MANAGER), wrong)
            await self._close(lacks=50 if days_ago == 2 else 0)
        finally:
            clock.use_clock(None)

    async def _sell(self) -> UUID:
        lines, total = self._basket()
        means = self.chance.choice(MEANS)
        given = -(-total // 500) * 500 if means == "cash" else 0
        paid = (Outside(means=means, amount=total, given=given),)
        return await self._sold(self._said(Selling, lines=lines, paid=paid, total=total))

    async def _top_up_and_pay(self) -> None:
        """Somebody loads a Pass in cash, then pays with it."""
        if not self.cards:
            return
        uid, local = self.chance.choice(self.cards)
        load = LoadLine(kind="top_up", asset=local, amount=TOP_UP, tap=Tap(uid=uid))
        cash = (Outside(means="cash", amount=TOP_UP, given=TOP_UP),)
        await self._sold(self._said(Selling, lines=(load,), paid=cash, total=TOP_UP))
        lines, total = self._basket()
        by_pass = ByPass(amount=total, taps=(Tap(uid=uid),))
        await self._sold(self._said(Selling, lines=lines, by_pass=by_pass, total=total))

    async def _eat_for_hours(self) -> None:
        """Who helped pays with time, where the house sells for it."""
        listed = self.shop.points[0].products
        goods = [one for one in self.shop.products if one.id in listed and one.prices[0].currency_id]
        for product in goods[:1]:
            price = product.prices[0]
            total = price.amount or 0
            uids = [uid for uid, one, free in self._held() if one.id == price.currency_id and free >= total]
            if uids:
                lines = (ProductLine(product=product.id, price=price.id),)
                by_pass = ByPass(amount=total, taps=(Tap(uid=uids[0]),))
                await self._sold(self._said(Selling, lines=lines, by_pass=by_pass, total=total))

    async def _sold(self, said: Selling) -> UUID:
        await flows.sell(self.app, self._till(CASHIER), said)
        return said.id

    async def _close(self, *, lacks: int) -> None:
        with self.app.db.read() as session:
            _, _, drawer = flows.x_report(session, self._point)
        closing = self._said(Closing, counted=drawer.expected - lacks, left=0)
        await flows.close(self.app, self._till(MANAGER), closing)

    def _basket(self) -> tuple[tuple[AnyLine, ...], int]:
        """One to three products, each with its deposit; cents."""
        listed = self.shop.points[0].products
        goods = [one for one in self.shop.products if one.id in listed and _is_plain(one)]
        known = {one.id: one for one in self.shop.products}
        lines: list[AnyLine] = []
        total = 0
        for product in self.chance.sample(goods, self.chance.randint(1, 3)):
            count = self.chance.choice((1, 1, 1, 2))
            for one in (product, known.get(product.deposit) if product.deposit else None):
                if one is not None:
                    price = one.prices[0]
                    lines.append(ProductLine(product=one.id, price=price.id, quantity=str(count)))
                    total += count * (price.amount or 0)
        return tuple(lines), total

    def _cards(self) -> list[tuple[str, UUID]]:
        """Plain cards that work and hold local money already, with that currency."""
        return [(uid, one.id) for uid, one, _free in self._held() if _is_local(one)]

    def _held(self) -> list[tuple[str, Currency, int]]:
        """What plain cards that work hold, each currency in minor units."""
        with self.app.db.read() as session:
            query = select(PassCard).where(PassCard.chip == STATIC, PassCard.uid.is_not(None))
            query = query.where(PassCard.state == ACTIVE, PassCard.kind == PASS)
            found = session.scalars(query.order_by(PassCard.number)).all()
            return [
                (card.uid, one.currency, one.free)
                for card in found
                for one in balances(session, card.wallet_id)
                if card.uid
            ]

    @property
    def _point(self) -> UUID:
        return self.shop.points[0].id

    def _till(self, operator: str) -> Till:
        return Till(device=self.device, series=self.series, operator=operator)

    def _said(self, shape: type[T], **what: Any) -> T:
        self.now += timedelta(minutes=self.chance.randint(*MINUTES_BETWEEN))
        self.done += 1
        content = hashlib.sha256(f"{self.series} {self.done}".encode()).hexdigest()
        return shape(id=new_id(), at=self.now, point=self._point, content=content, count=self.done, **what)


def _was_seen(session: Session, device: UUID, counter: Counter) -> None:
    row = session.get_one(TillDevice, device)
    row.last_seen_at, row.last_count = counter.now, counter.done


def _is_plain(one: CatalogueProduct) -> bool:
    """Sold by the piece for one price in euro."""
    price = one.prices[0]
    is_priced = bool(price.amount) and price.currency_id is None
    return is_priced and (one.sort, one.unit, one.is_sold_out) == ("product", "piece", False)


def _is_local(one: Currency) -> bool:
    return (one.nature, one.reach) == ("money", "local")
