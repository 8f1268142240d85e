"""A neighbour that answers late, as a till sees it over HTTP: 202 while it waits, then the sale or a no."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from kit import clock
from kit.ids import new_id
from node.app import create_app
from node.features import FEATURES
from pos_api import flows
from sales.models.waiting import SaleWaiting
from sales.waits import waits
from tests.pos_api.tills import OFFICE, ROOT, make_operators, named
from tests.sales.counter import Bar
from tests.sales.test_neighbours import bar, village  # noqa: F401
from tests.wallet.village.neighbours import Village
from tests.wallet.village.test_taps import BAR, HOME, UID, left
from tests.wallet.village.wire import Wire, drive, wired


@dataclass
class Asker:
    """A till that speaks HTTP with its node."""

    client: httpx2.AsyncClient
    bar: Bar

    async def sale(self) -> dict[str, Any]:
        """Two glasses for 5.00, to be paid by the neighbour's Pass."""
        tapped = (await self.client.post("/taps", json={"uid": UID})).json()
        product, price = self.bar.prices["Panaché"]
        return {
            "id": str(new_id()), "at": clock.now().isoformat(), "count": 1, "point": str(self.bar.point),
            "lines": [{"product": str(product), "price": str(price), "quantity": "2"}], "total": 500,
            "payments": [{"means": "pass", "amount": 500, "tap": tapped["ref"]}],
        }  # fmt: skip

    async def sell(self, body: dict[str, Any]) -> httpx2.Response:
        return await self.client.post("/sales", json=body)

    async def stands(self, body: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = (await self.client.get(f"/sales/{body['id']}")).json()
        return told


@asynccontextmanager
async def opened(village: Village, bar: Bar) -> AsyncIterator[tuple[Asker, Wire]]:  # noqa: F811
    """A paired till of the bar's node, held by a manager, and the wire between the nodes."""
    app = bar.app
    make_operators(app)
    paired = flows.pair(app, "here", flows.make_code(app, OFFICE, "Tablette").code, "", None)
    held = await flows.hold_by_pin(app, paired.device, "3333")
    headers = {"authorization": f"Bearer {paired.token}", "hameau-operator": held.token}
    app.db.deciders.clear()  # the whole house registers its own
    transport = httpx2.ASGITransport(app=create_app(app.settings, FEATURES, app=app))
    client = httpx2.AsyncClient(transport=transport, base_url=BAR + ROOT, headers=headers)
    async with wired(village.houses.values()) as wire, client:
        yield Asker(client, bar), wire


async def test_what_waits_is_told_and_ends_with_the_sale(
    village: Village,  # noqa: F811
    bar: Bar,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wallet.flows_village.TILL", 60_000)
    async with opened(village, bar) as (till, wire):
        body = await till.sale()
        wire.cut.add((BAR, HOME))
        first = asyncio.create_task(till.sell(body))
        while not (await till.stands(body)).get("waits_for"):
            assert not first.done(), first.result().text
            await asyncio.sleep(0.02)
        again = await till.sell(body)
        told = again.json()
        assert (again.status_code, told["sale"]["state"], told["waits_for"]) == (
            202,
            "waiting",
            "127.0.0.1:8201",
        )
        assert (told["sale"]["number"], told["sale"]["total"]) == (None, 500)
        assert (await till.stands(body))["sale"]["state"] == "waiting"
        with bar.app.db.read() as session:
            assert session.scalars(select(SaleWaiting.host)).all() == ["127.0.0.1:8201"]
        assert (bar.x_report().sales, left(village.houses[HOME])) == (0, 1_000)
        wire.cut.clear()
        while not first.done():
            await drive(wire, village.houses[BAR], rounds=1)
        late = await first
        assert (late.status_code, late.json()["sale"]["number"]) == (201, 1)
        assert (await till.stands(body))["sale"]["state"] == "paid"
        assert (await till.sell(body)).json()["sale"] == late.json()["sale"]
    assert (bar.x_report().sales, left(village.houses[HOME])) == (1, 500)


async def test_what_waits_too_long_ends_with_a_clear_no(
    village: Village,  # noqa: F811
    bar: Bar,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wallet.flows_village.TILL", 300)
    async with opened(village, bar) as (till, wire):
        body = await till.sale()
        wire.cut.add((BAR, HOME))
        refused = await till.sell(body)
        assert (refused.status_code, named(refused)) == (409, "neighbour_refused")
        assert refused.json()["errors"] == {"why": "no_answer"}
        told = await till.stands(body)
        assert (told["sale"]["state"], told["why"]) == ("failed", "neighbour_refused")
        assert told["words"] == refused.json()["detail"] != ""
        with bar.app.db.read() as session:
            assert not waits(session), "the till was told at once"
        wire.cut.clear()
        await drive(wire, village.houses[BAR])
        assert (await till.sell(body)).status_code == 409, "what was refused stays refused"
    assert (bar.x_report().sales, left(village.houses[HOME])) == (0, 1_000)
