"""The same id always gets the same answer, byte for byte, whatever happened in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from kit.db import Database
from kit.ids import new_id
from tests.wallet.ledger.evening import (
    balances,
    drink,
    kept_bodies,
    look_through,
    open_café,
    take_up,
    top_up,
    wallet,
)
from wallet.ledger.requests import AnyRequest
from wallet.refusals import IdConflict, Insufficient
from wallet.service.posting import submit
from wallet.store.decider import KIND

ROOT = Path(__file__).resolve().parents[3]
CAMILLE = str(wallet("Camille"))


def answer(database: Database, request: AnyRequest) -> bytes:
    """The bytes that the caller is told."""
    told: bytes = database.submit(KIND, request).body
    return told


@pytest.fixture
def café(db: Database) -> Database:
    open_café(db, "Camille", "Léo")
    submit(db, top_up("Camille", 1000))
    return db


def test_asked_again_nothing_moves_and_the_bytes_are_the_same(café: Database) -> None:
    request = drink("Camille", 300)
    first = answer(café, request)
    for _ in range(3):
        submit(café, drink("Camille", 10))
        assert answer(café, request) == first == kept_bodies(café)[request.id]
    assert balances(café)[CAMILLE] == 1000 - 300 - 30


def test_other_words_under_the_same_id_are_a_conflict(café: Database) -> None:
    request = drink("Camille", 300)
    first = answer(café, request)
    before = kept_bodies(café)
    for other in (
        drink("Camille", 301, request.id),
        drink("Léo", 300, request.id),
        top_up("Camille", 300, request.id),
    ):
        with pytest.raises(IdConflict):
            submit(café, other)
    assert kept_bodies(café) == before
    assert answer(café, request) == first


def test_no_stays_no_after_a_refill(café: Database) -> None:
    request = drink("Camille", 5000)
    with pytest.raises(Insufficient) as refused:
        submit(café, request)
    assert refused.value.missing == 4000
    first = answer(café, request)
    submit(café, top_up("Camille", 9000))
    assert answer(café, request) == first
    with pytest.raises(Insufficient):
        submit(café, request)
    assert balances(café)[CAMILLE] == 10_000
    assert submit(café, drink("Camille", 5000)).verdict == "posted"


def test_an_answer_outlives_the_process(café: Database, database_url: str) -> None:
    requests = [drink("Camille", 300), drink("Camille", 5000)]
    first = [answer(café, request) for request in requests]
    café.close()
    again = Database(database_url, durable=False)
    take_up(again)
    assert [answer(again, request) for request in requests] == first
    again.close()


PAY = """
import os, signal, sys
from uuid import UUID
from kit.db import Database, batch, units, writer
from tests.wallet.ledger.evening import drink, take_up

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

point, url, number = sys.argv[1:]
if point == "between commit and answer":
    units.Settled.tell = die
else:
    settle = batch.settle
    writer.settle = lambda *given: (settle(*given), die())
database = Database(url, durable=url.startswith("sqlite"))
take_up(database)
database.submit("wallet.ledger", drink("Camille", 300, UUID(number)))
print("answered")
"""


def killed_at(point: str, url: str, number: UUID) -> None:
    """A process takes a payment and is killed at this point of it."""
    command = [sys.executable, "-c", PAY, point, url, str(number)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": "."}
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, ""), done.stderr


@pytest.mark.parametrize(
    ("point", "is_kept"), [("between commit and answer", True), ("before the commit", False)]
)
def test_killed_in_the_middle_the_payment_is_made_once(
    new_database_url: Callable[[], str], point: str, is_kept: bool
) -> None:
    url, number = new_database_url(), new_id()
    before = Database(url, durable=False)
    open_café(before, "Camille")
    submit(before, top_up("Camille", 1000))
    before.close()
    killed_at(point, url, number)
    after = Database(url, durable=False)
    take_up(after)
    kept = kept_bodies(after)
    assert (number in kept) is is_kept
    told = [answer(after, drink("Camille", 300, number)) for _ in range(2)]
    assert told[0] == told[1] == kept_bodies(after)[number] == kept.get(number, told[0])
    assert msgspec.json.decode(told[0])["verdict"] == "posted"
    assert balances(after) == {CAMILLE: 700, "main": 300}
    look_through(after)
    after.close()
