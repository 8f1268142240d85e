"""A till's process, to be killed: `python -m tests.sales.selling_process URL POINT SERIES`.

It sells without end and writes down the id of each sale, on a line of its own, once it was told that it is
kept.
"""

import asyncio
import sys
from uuid import UUID

from kit import clock
from kit.db import Database
from kit.ids import new_id
from migrations.models import load_models
from sales.journal.asking import Sell
from sales.journal.shapes import Key, Line, Payment, Stamp
from sales.service.recording import asubmit
from sales.store.decider import KIND, JournalDecider

KEY = Key(b"only for tests of power cuts, so")
AT_ONCE = 4
BEER = Line(sort="product", label="Demi", quantity="1", unit_price=300, rate=2000, gross=300, net=250, vat=50)


def asked(point: UUID, series: str) -> Sell:
    """One beer, in cash."""
    stamp = Stamp(
        device=point, series=series, point=point, point_name="Bar", operator="E1", at=clock.now()
    )  # fmt: skip
    cash = Payment(means="cash", amount=300)
    return Sell(
        id=new_id(), content="", stamp=stamp, regime="liable", lines=(BEER,), payments=(cash,), total=300
    )


def opened(url: str) -> Database:
    """The database with the rules of the journal."""
    load_models()
    database = Database(url, durable=url.startswith("sqlite"))
    database.register_kind(KIND, JournalDecider(KEY, "https://bar.example"))
    return database


async def main(url: str, point: str, series: str) -> None:
    """Several customers at one till's process."""
    database = opened(url)

    async def customers(name: str) -> None:
        while True:
            link = await asubmit(database, asked(UUID(point), name))
            sys.stdout.write(f"{link.entry.id}\n")
            sys.stdout.flush()

    await asyncio.gather(*(customers(f"{series}{number}") for number in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
