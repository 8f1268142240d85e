"""Units: committed together, undone alone, answered after the commit."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kit.db import Database, after_commit
from kit.errors import Busy, Conflict, Invalid
from tests.kit.db.batches import together, wait_until
from tests.kit.db.notes import NOTE, REPLY, add, count, held, make, texts

word: ContextVar[str] = ContextVar("word", default="")


@pytest.fixture
def noted(db: Database) -> Database:
    return make(db)


def commits(db: Database) -> list[str]:
    """Grows by one at each commit from now on."""
    seen: list[str] = []
    event.listen(db._engine(), "commit", lambda _: seen.append("commit"))
    return seen


def test_an_answer_comes_after_the_commit(noted: Database) -> None:
    assert noted.write(add("one")) == "one"
    assert texts(noted) == ["one"]


def test_waiting_units_share_one_commit_in_order_of_arrival(noted: Database) -> None:
    seen = commits(noted)
    futures = together(noted, *(add(f"note {n}") for n in range(20)))
    assert [future.result() for future in futures] == texts(noted) == [f"note {n}" for n in range(20)]
    assert len(seen) == 2  # the unit that held the writer, then all the others


def test_a_unit_that_raises_is_undone_alone(noted: Database) -> None:
    def fail(session: Session) -> None:
        add("lost")(session)
        raise Conflict("I cannot.")

    first, second, third = together(noted, add("before"), fail, add("after"))
    assert (first.result(), third.result()) == ("before", "after")
    assert isinstance(second.exception(), Conflict)
    assert texts(noted) == ["before", "after"]


def test_a_broken_rule_of_the_database_reaches_its_caller_only(noted: Database) -> None:
    first, second, third = together(noted, add("same"), add("same"), add("other"))
    assert first.result() == "same"
    assert isinstance(second.exception(), IntegrityError)
    assert third.result() == "other"
    assert texts(noted) == ["same", "other"]


def test_a_unit_may_catch_what_its_own_savepoint_refused(noted: Database) -> None:
    def careful(session: Session) -> str:
        add("one")(session)
        try:
            with session.begin_nested():
                add("one")(session)
        except IntegrityError:
            add("two")(session)
        return "done"

    assert noted.write(careful) == "done"
    assert texts(noted) == ["one", "two"]


def test_a_rule_broken_at_commit_makes_the_batch_run_again_one_by_one(noted: Database) -> None:
    def orphan(session: Session) -> None:
        session.execute(REPLY.insert().values(note=404))

    first, second, third = together(noted, add("before"), orphan, add("after"))
    assert (first.result(), third.result()) == ("before", "after")
    assert isinstance(second.exception(), IntegrityError)
    assert texts(noted) == ["before", "after"]


def test_nothing_is_committed_by_a_unit_itself(noted: Database) -> None:
    def impatient(session: Session) -> None:
        add("mine")(session)
        session.commit()

    with pytest.raises(RuntimeError, match=r"only kit\.db commits"):
        noted.write(impatient)
    assert count(noted) == 0


def test_a_unit_may_not_wait_for_another(noted: Database) -> None:
    with pytest.raises(RuntimeError, match="may not wait"):
        noted.write(lambda _: noted.write(add("inner")))


def test_effects_come_after_the_commit_and_only_then(noted: Database) -> None:
    seen: list[int] = []

    def ring(session: Session) -> None:
        add("rung")(session)
        after_commit(session, lambda: seen.append(count(noted)))

    def fail(session: Session) -> None:
        after_commit(session, lambda: seen.append(-1))
        raise Conflict

    noted.write(ring)
    with pytest.raises(Conflict):
        noted.write(fail)
    assert seen == [1]


def test_an_effect_that_fails_spoils_nothing(noted: Database) -> None:
    def fall() -> None:
        noted.write(add("never"))

    def ring(session: Session) -> str:
        after_commit(session, fall)
        return add("rung")(session)

    assert noted.write(ring) == "rung"
    assert noted.write(add("next")) == "next"


def test_an_effect_needs_a_unit(noted: Database) -> None:
    with noted.read() as session, pytest.raises(RuntimeError):
        after_commit(session, lambda: None)


def test_a_full_queue_refuses_by_name_and_writes_nothing(database_url: str) -> None:
    db = make(Database(database_url, durable=False, max_waiting=3))
    with ThreadPoolExecutor(3) as pool, held(db):
        kept = [pool.submit(db.write, add(f"kept {n}")) for n in range(3)]
        wait_until(lambda: db.waiting == 3)
        with pytest.raises(Busy):
            db.write(add("too many"))
    assert sorted(future.result() for future in kept) == sorted(texts(db))
    assert count(db) == 3
    db.close()


def test_closing_finishes_what_waits_and_refuses_the_rest(database_url: str) -> None:
    db = make(Database(database_url, durable=False))
    with ThreadPoolExecutor(5) as pool, held(db):
        futures = [pool.submit(db.write, add(f"note {n}")) for n in range(5)]
        wait_until(lambda: db.waiting == 5)
    db.close()
    assert sorted(future.result() for future in futures) == [f"note {n}" for n in range(5)]
    with pytest.raises(Busy):
        db.write(add("late"))


def test_the_unit_speaks_as_its_caller(noted: Database) -> None:
    word.set("bonjour")
    assert noted.write(lambda _: word.get()) == "bonjour"


def test_rows_stay_readable_after_the_unit(noted: Database) -> None:
    row = noted.write(lambda session: session.execute(select(func.length("four"))).one())
    assert tuple(row) == (4,)


def test_a_value_no_database_holds_is_a_named_refusal(noted: Database) -> None:
    for impossible in ("a\x00b", "\ud800"):
        with pytest.raises(Invalid):
            noted.write(add(impossible))
    with pytest.raises(Invalid):
        noted.write(lambda session: session.execute(NOTE.insert().values(seq=2**63, text="far")))
    assert count(noted) == 0


async def test_the_loop_goes_on_while_a_unit_waits(noted: Database) -> None:
    answers = await asyncio.gather(*(noted.awrite(add(f"note {n}")) for n in range(50)))
    assert answers == [f"note {n}" for n in range(50)]
    assert await noted.aread(lambda session: session.scalar(select(func.count()).select_from(NOTE))) == 50


async def test_a_unit_cancelled_before_its_turn_is_not_run(noted: Database) -> None:
    with held(noted):
        waiting = asyncio.ensure_future(noted.awrite(add("never")))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.sleep(0.01)
    noted.write(add("next"))
    assert texts(noted) == ["next"]


def test_listeners_and_the_database_are_at_hand(noted: Database) -> None:
    noted.listeners = {str: ()}
    found = noted.write(lambda session: (session.info["database"], session.info["listeners"]))
    assert found == (noted, {str: ()})


def test_a_lost_connection_is_replaced(noted: Database) -> None:
    noted.write(add("before"))
    if noted.is_sqlite:
        noted._engine().dispose()
    else:
        noted.write(lambda session: session.execute(text("SELECT 1")))
        with noted.read() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
    noted.write(add("after"))
    assert texts(noted) == ["before", "after"]
