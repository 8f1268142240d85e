"""Short reads that many ask at once: each gets its own answer, and one that fails spoils no other."""

import asyncio
import threading
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kit.db import Database
from kit.errors import Busy, NotFound
from tests.kit.db.notes import NOTE, add, make


def one(session: Session) -> int:
    return int(session.scalar(text("SELECT 1")) or 0)


def test_each_gets_its_own_answer_and_no_other_one_s_trouble(db: Database) -> None:
    def number(wanted: int, session: Session) -> int:
        if wanted % 7 == 0:
            raise NotFound
        if wanted % 5 == 0:
            session.execute(text("SELECT nothing FROM nowhere"))
        return wanted * one(session)

    async def ask() -> list[object]:
        asked = (db.alook(partial(number, wanted)) for wanted in range(1, 100))
        return await asyncio.gather(*asked, return_exceptions=True)

    for wanted, answer in enumerate(asyncio.run(ask()), start=1):
        if wanted % 7 == 0:
            assert isinstance(answer, NotFound)
        elif wanted % 5 == 0:
            assert "nowhere" in str(answer)
        else:
            assert answer == wanted


def test_who_hangs_up_leaves_the_others_their_answers(db: Database) -> None:
    gate = threading.Event()

    async def ask() -> int:
        first = asyncio.create_task(db.alook(lambda _: gate.wait()))
        await asyncio.sleep(0)
        given_up, kept = (asyncio.create_task(db.alook(one)) for _ in range(2))
        await asyncio.sleep(0)
        given_up.cancel()
        gate.set()
        assert await first
        return await kept

    assert asyncio.run(ask()) == 1


def test_a_closed_database_answers_nobody(db: Database) -> None:
    assert asyncio.run(db.alook(one)) == 1
    db.close()
    with pytest.raises(Busy):
        asyncio.run(db.alook(one))


def test_what_was_written_before_somebody_asks_is_seen(db: Database) -> None:
    make(db)

    async def write_and_ask(text: str) -> list[str]:
        await db.awrite(add(text))
        return await db.alook(lambda session: list(session.scalars(select(NOTE.c.text))))

    async def ask() -> list[list[str]]:
        return await asyncio.gather(*(write_and_ask(f"note {number}") for number in range(40)))

    for number, seen in enumerate(asyncio.run(ask())):
        assert f"note {number}" in seen
