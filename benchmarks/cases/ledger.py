"""Payments per second through the service, on both databases and slower disks, beside bare grouped rows."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from uuid import UUID

import psycopg
from sqlalchemy import Engine, make_url

from benchmarks import postgres
from benchmarks.bench import Bench, Timing
from benchmarks.ledgers import LINES, PLENTY, PRICE, Till, broken, open_till, payment
from benchmarks.reference.bare_ledger import SALES, BareLedger, PostgresRows, SqliteRows
from benchmarks.slow_disk import slow_disk, slow_server
from kit import clock
from kit.db.postgres import writer_engine as postgres_engine
from kit.db.sqlite import writer_engine as sqlite_engine
from wallet.models.ledger import LedgerAccount, LedgerTransaction
from wallet.store.decider import KIND

PAYERS = (1, 8, 32, 128)
ADDED_MS = (0, 2, 10)
LEAST = {"sqlite": 0.70, "postgresql": 0.40}
CROWDS = (32, 128)
LEAST_ALONE = 0.9
"""One payer, beside the same rules without queue and group: within what two runs of one thing differ."""
TO = {"sqlite": "bare grouped sqlite3", "postgresql": "bare grouped statements with arrays"}
ALONE = "each payment its own transaction, no queue"

Pay = Callable[[UUID], object]
Slow = Callable[[float], None]


@dataclass(frozen=True)
class Pair:
    """Our ledger and the bare one, on one database; `alone` pays with our rules, without queue and group."""

    dialect: str
    till: Till
    bare: BareLedger
    alone: Pay
    slow: Slow

    def pay_bare(self, wallet: UUID) -> None:
        self.bare.pay(wallet, LINES[0].label, PRICE)


def run(bench: Bench) -> None:
    """Slices of ours and of the reference take turns; a ratio is the middle one of its rounds."""
    with slow_disk() as disk:

        def slow(seconds: float) -> None:
            disk.seconds = seconds

        with _on_sqlite(bench, slow, disk.pause) as pair:
            _measure(bench, pair)
    if not postgres.is_here():
        bench.check("PostgreSQL is here to be measured", held=False)
        return
    with postgres.server() as address, _on_postgresql(address) as pair:
        _measure(bench, pair)


@contextmanager
def _on_sqlite(bench: Bench, slow: Slow, pause: Callable[[], None]) -> Iterator[Pair]:
    url = f"sqlite:///{bench.folder}/ours.db"
    till = open_till(url, max(PAYERS))
    bare = BareLedger(SqliteRows(bench.folder / "bare.db", till.wallets, PLENTY, pause))
    engine = sqlite_engine(make_url(url), durable=True)
    yield Pair("sqlite", till, bare, _alone(till, engine), slow)
    _close(till, bare, engine)


@contextmanager
def _on_postgresql(address: str) -> Iterator[Pair]:
    with psycopg.connect(address, autocommit=True) as connection:
        for name in ("ours", "bare"):
            connection.execute(f"CREATE DATABASE {name}")
    url = address.replace("/postgres?", "/ours?")
    till = open_till(url, max(PAYERS))
    bare = BareLedger(PostgresRows(address.replace("/postgres?", "/bare?"), till.wallets, PLENTY))
    engine = postgres_engine(till.db.url)
    yield Pair("postgresql", till, bare, _alone(till, engine), lambda seconds: slow_server(address, seconds))
    _close(till, bare, engine)


def _close(till: Till, bare: BareLedger, engine: Engine) -> None:
    engine.dispose()
    till.db.close()
    bare.close()


def _alone(till: Till, engine: Engine) -> Pay:
    decider = till.db.deciders[KIND]

    def pay(wallet: UUID) -> None:
        request = payment(wallet)
        with engine.begin() as connection:
            decision = decider.decide(decider.load(connection, [request]), [request], clock.now())
            for rows in decision.rows:
                rows.statement.write(connection, rows.values)

    return pay


def _measure(bench: Bench, pair: Pair) -> None:
    paid, bare_paid = 0, 0
    for added in ADDED_MS:
        pair.slow(added / 1000)
        for payers in PAYERS:
            ours, bare = _take_turns(bench, pair.till, (pair.till.pay, pair.pay_bare), payers)
            _compare(bench, f"{payers} paying, {added} ms added", pair, (ours, bare), payers)
            paid, bare_paid = paid + _count(ours), bare_paid + _count(bare)
        ours, alone = _take_turns(bench, pair.till, (pair.till.pay, pair.alone), 1)
        _compare_alone(bench, f"1 paying, not grouped, {added} ms added", pair, (ours, alone))
        paid += _count(ours) + _count(alone)
    pair.slow(0)
    _check(bench, pair, paid, bare_paid)


def _compare(
    bench: Bench, case: str, pair: Pair, rounds: tuple[list[Timing], list[Timing]], payers: int
) -> None:
    ratio = _add(bench, case, pair.dialect, rounds, clients=payers, reference=TO[pair.dialect])
    if payers in CROWDS:
        least = LEAST[pair.dialect]
        bench.promise(f"{pair.dialect}: {case}: at least {least} of the reference", ratio >= least)


def _compare_alone(bench: Bench, case: str, pair: Pair, rounds: tuple[list[Timing], list[Timing]]) -> None:
    ratio = _add(bench, case, pair.dialect, rounds, clients=1, reference=ALONE)
    bench.promise(f"{pair.dialect}: {case}: one payer pays no penalty", ratio >= LEAST_ALONE)


def _add(
    bench: Bench,
    case: str,
    dialect: str,
    rounds: tuple[list[Timing], list[Timing]],
    **facts: int | str,
) -> float:
    """Keep a result and return its ratio; rates and the ratio are the middle ones of the rounds."""
    ours, beside = rounds
    rates, theirs = [one.per_second for one in ours], [one.per_second for one in beside]
    ratio = median(mine / other for mine, other in zip(rates, theirs, strict=True))
    figures = _joined(ours).figures() | {"per_second": median(rates)}
    figures |= {
        "reference_per_second": median(theirs),
        "reference_p50_ms": _joined(beside).percentile_ms(0.5),
    }
    bench.add(case, database=dialect, **facts, **figures, ratio=ratio)
    return ratio


def _take_turns(
    bench: Bench, till: Till, pays: tuple[Pay, Pay], payers: int
) -> tuple[list[Timing], list[Timing]]:
    """Rounds of ours and of the reference, one after the other, so that what else runs weighs on both."""
    seconds, rounds = bench.among((0.05, 1), (0.18, 3), (1.5, 5))
    ours: list[Timing] = []
    beside: list[Timing] = []
    for _ in range(rounds):
        for pay, found in zip(pays, (ours, beside), strict=True):
            found.append(crowd(pay, till.wallets[:payers], seconds))
    return ours, beside


def crowd(pay: Pay, wallets: Sequence[UUID], seconds: float) -> Timing:
    """Each wallet's owner pays again as soon as the last payment is on disk."""
    started = time.perf_counter()

    def client(wallet: UUID) -> list[float]:
        each: list[float] = []
        while (before := time.perf_counter()) - started < seconds:
            pay(wallet)
            each.append(time.perf_counter() - before)
        return each

    with ThreadPoolExecutor(len(wallets)) as pool:
        each = [one for found in pool.map(client, wallets) for one in found]
    return Timing(each, time.perf_counter() - started)


def _joined(parts: Sequence[Timing]) -> Timing:
    return Timing([one for part in parts for one in part.each], sum(part.whole for part in parts))


def _count(parts: Sequence[Timing]) -> int:
    return sum(len(part.each) for part in parts)


def _check(bench: Bench, pair: Pair, paid: int, bare_paid: int) -> None:
    """What was acknowledged is there, once, and `hameau verify` has nothing to say."""
    with pair.till.db.read() as session:
        kept = session.query(LedgerTransaction).filter_by(kind="spend").count()
        taken = session.query(LedgerAccount).filter_by(kind="sales").one().balance
    bench.check(f"{pair.dialect}: every payment is there once", kept == paid)
    bench.check(f"{pair.dialect}: balances add up", taken == paid * PRICE)
    started = time.perf_counter()
    bench.check(f"{pair.dialect}: the ledger verifies", broken(pair.till.db) == "")
    bench.add("verified", database=pair.dialect, per_second=kept / (time.perf_counter() - started))
    bench.check(
        f"{pair.dialect}: the reference adds up", pair.bare.rows.balances()[SALES] == bare_paid * PRICE
    )
