"""Jobs: one process at a time, no more often than they say, and their crashes stay theirs."""

import asyncio
import functools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit import clock
from kit.db import Database
from kit.jobs import LEASE, Job, keep_lease, run_job, take_lease

HOUR = timedelta(hours=1)


class Hands:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hands() -> Iterator[Hands]:
    moved = Hands()
    clock.use_clock(moved)
    yield moved
    clock.use_clock(None)


def hourly(done: list[Any]) -> Job:
    return Job("tidy", HOUR, done.append)


async def test_a_job_runs_when_it_is_due(db: Database, hands: Hands) -> None:
    done: list[Any] = []
    app = object()
    assert await run_job(db, hourly(done), app)
    assert not await run_job(db, hourly(done), app)
    hands.now += HOUR
    assert await run_job(db, hourly(done), app)
    assert await run_job(db, hourly(done), app, now=True)
    assert done == [app] * 3


@pytest.mark.usefixtures("hands")
async def test_a_coroutine_is_a_job_too(db: Database) -> None:
    done: list[Any] = []

    async def tidy(app: Any) -> None:
        await asyncio.sleep(0)
        done.append(app)

    assert await run_job(db, Job("one", HOUR, tidy), 1)
    assert await run_job(db, Job("two", HOUR, functools.partial(tidy)), 2)
    assert await run_job(db, Job("three", HOUR, lambda app: tidy(app)), 3)
    assert done == [1, 2, 3]


@pytest.mark.usefixtures("hands")
async def test_a_crash_is_logged_and_the_lease_given_back(db: Database) -> None:
    def fall(_: Any) -> None:
        raise LookupError("not there")

    assert not await run_job(db, Job("tidy", HOUR, fall), None)
    assert db.write(lambda session: take_lease(session, hourly([]), owner="other", even_early=True))


@pytest.mark.usefixtures("hands")
async def test_the_job_of_another_process_is_left_alone(db: Database) -> None:
    done: list[Any] = []
    db.write(lambda session: take_lease(session, hourly(done), owner="other"))
    assert not await run_job(db, hourly(done), None, now=True)
    assert done == []


async def test_the_job_of_a_dead_process_is_taken_over(db: Database, hands: Hands) -> None:
    done: list[Any] = []
    db.write(lambda session: take_lease(session, hourly(done), owner="dead"))
    hands.now += LEASE
    assert await run_job(db, hourly(done), None, now=True)
    assert done == [None]


def test_a_lease_can_be_kept_by_its_owner_only(db: Database, hands: Hands) -> None:
    job = hourly([])
    db.write(lambda session: take_lease(session, job, owner="me"))
    db.write(lambda session: keep_lease(session, job.name, hands.now + HOUR, owner="other"))
    hands.now += LEASE
    assert db.write(lambda session: take_lease(session, job, owner="third", even_early=True))


@pytest.mark.usefixtures("hands")
async def test_processes_that_tick_together_run_a_job_once(new_database_url: Any, dialect: str) -> None:
    url, done = new_database_url(), []  # type: ignore[var-annotated]
    count = 1 if dialect == "sqlite" else 3  # one process owns a SQLite node
    processes = [Database(url, durable=False) for _ in range(count)]
    ran = await asyncio.gather(*(run_job(db, hourly(done), None) for db in processes for _ in range(3)))
    for db in processes:
        db.close()
    assert (len(done), sum(ran)) == (1, 1)


async def test_a_job_without_lease_runs_at_each_tick(db: Database) -> None:
    done: list[Any] = []
    for _ in range(2):
        assert await run_job(db, Job("tick", HOUR, done.append, lease=False), None)
    assert len(done) == 2
