"""Payments, balance reads and verification when the ledger has a long past; ratio: beside a short one."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.bench import Bench, Timing, repeat
from benchmarks.cases.ledger import crowd
from benchmarks.ledgers import HERE, Till, broken, open_till, payment
from kit import clock
from wallet.ledger.book import open_book
from wallet.ledger.decide import decide
from wallet.queries.balances import balances
from wallet.store.rows import rows_of
from wallet.store.shelf import SqlShelf

PAYERS = 32
LEAST = 0.87
LEAST_VERIFIED = 50_000
TOGETHER = 4096
"""Past payments decided and written in one transaction."""


@dataclass(frozen=True)
class Past:
    """A ledger with so many transactions behind it."""

    size: int
    till: Till
    file: Path


def run(bench: Bench) -> None:
    """The past is made by the rules themselves, in large batches; each size is a ledger of its own."""
    sizes = bench.among((100, 1_000), (1_000, 100_000), (1_000, 100_000, 1_000_000))
    pasts = [_past(bench, size) for size in sizes]
    paid = _in_turns(bench, pasts)
    first = paid[0]
    for past, rounds in zip(pasts, paid, strict=True):
        _add_payments(bench, past, rounds, first, is_last=past is pasts[-1])
    _reads(bench, pasts)
    _verify(bench, pasts[-1])
    for past in pasts:
        past.till.db.close()


def _past(bench: Bench, size: int) -> Past:
    """A ledger whose wallets have paid `size` times, a payment a minute, up to now."""
    bench.say(f"making {size:,} transactions")
    file = bench.folder / f"past-{size}.db"
    till = open_till(f"sqlite:///{file}", PAYERS)
    moments = _minutes(size)
    while batch := list(islice(moments, TOGETHER)):
        till.db.write(partial(_live_again, wallets=till.wallets, count=len(batch), at=batch[-1]))
    return Past(size, till, file)


def _minutes(size: int) -> Iterator[datetime]:
    """One moment a minute, up to now."""
    now = clock.now()
    return (now - timedelta(minutes=size - number) for number in range(size))


def _live_again(session: Session, wallets: Sequence[UUID], count: int, at: datetime) -> None:
    """Payments as they were decided then: the real rules, rows, chain and triggers."""
    requests = [payment(wallets[number % len(wallets)]) for number in range(count)]
    connection = session.connection()
    written = decide(open_book(SqlShelf(connection, HERE), requests), requests, at)
    for rows in rows_of(written):
        rows.statement.write(connection, rows.values)


def _in_turns(bench: Bench, pasts: Sequence[Past]) -> list[list[Timing]]:
    """Rounds over all sizes, so that what else runs weighs on each of them."""
    seconds, rounds = bench.among((0.05, 1), (1.0, 5), (2.0, 7))
    found: list[list[Timing]] = [[] for _ in pasts]
    for _ in range(rounds):
        for past, each in zip(pasts, found, strict=True):
            each.append(crowd(past.till.pay, past.till.wallets, seconds))
    return found


def _add_payments(
    bench: Bench, past: Past, rounds: Sequence[Timing], first: Sequence[Timing], *, is_last: bool
) -> None:
    rates, short = [one.per_second for one in rounds], [one.per_second for one in first]
    ratio = median(mine / other for mine, other in zip(rates, short, strict=True))
    joined = Timing([one for part in rounds for one in part.each], sum(part.whole for part in rounds))
    figures = joined.figures() | {"per_second": median(rates), "reference_per_second": median(short)}
    case = f"payments after {past.size:,}"
    bench.add(case, database="sqlite", clients=PAYERS, reference="the shortest past", **figures, ratio=ratio)
    if is_last:
        bench.promise(f"{case}: at least {LEAST} of the rate with a short past", ratio >= LEAST)


def _reads(bench: Bench, pasts: Sequence[Past]) -> None:
    """Every balance of one wallet, as its owner sees them."""
    timings = [_read(bench, past) for past in pasts]
    for past, timing in zip(pasts, timings, strict=True):
        case = f"balances after {past.size:,}"
        bench.compare(case, timing, timings[0], to="the shortest past", database="sqlite", clients=1)
    ratio = timings[-1].per_second / timings[0].per_second
    bench.promise(f"balances are read at least {LEAST} as quickly", ratio >= LEAST)


def _read(bench: Bench, past: Past) -> Timing:
    wallet = past.till.wallets[0]

    def look() -> None:
        with past.till.db.read() as session:
            balances(session, wallet)

    return repeat(look, bench.among(0.05, 1.5, 3.0))


def _verify(bench: Bench, past: Past) -> None:
    """Every link, entry and balance again; and the room they take: one's bytes are a million's megabytes."""
    size = past.file.stat().st_size
    started = time.perf_counter()
    held = broken(past.till.db) == ""
    count = past.till.count()
    rate = count / (time.perf_counter() - started)
    bench.check("the ledger verifies", held)
    bench.add("verified transactions", database="sqlite", per_second=rate)
    bench.promise(f"more than {LEAST_VERIFIED:,} transactions verified a second", rate > LEAST_VERIFIED)
    bench.add("the file of a million payments", database="sqlite", megabytes=size / count)
