"""What the node does by itself with money: ended vouchers, late holds, the signature over the head."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit.app import App
from kit.db import Database
from tests.factories.money import DUSK, ODILE, Till, at, open_till
from wallet import flows, jobs
from wallet.facts import Posted
from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Line
from wallet.models.ledger import SignedHead
from wallet.queries.balances import balances
from wallet.schemas import Gift, Spending, TopUp
from wallet.verify.heads import heads


@pytest.fixture
def till(app: App, client: TestClient) -> Till:
    """A café with its keys, as a node that serves has them."""
    return open_till(app)


def held(app: App, till: Till) -> list[tuple[str, int, int]]:
    """What Lou has: the nature of each balance, how much, how much of it is set aside."""
    with app.db.read() as session:
        return [(one.currency.nature, one.amount, one.held) for one in balances(session, till.lou)]


def test_ended_vouchers_leave_the_wallet_once(app: App, till: Till) -> None:
    with at(DUSK):
        tonight = DUSK + timedelta(hours=5)
        flows.give(app, ODILE, Gift(asset=till.gift, amount=600, wallet=till.lou, expires_at=tonight))
        jobs.sweep_lots(app)
        assert held(app, till) == [("gift", 600, 0)], "they still last"
    with at(tonight):
        jobs.sweep_lots(app)
        jobs.sweep_lots(app)
    assert held(app, till) == []


def test_what_was_set_aside_for_too_long_is_free_again(app: App, till: Till) -> None:
    with at(DUSK):
        flows.top_up(app, ODILE, TopUp(asset=till.local, amount=1000, wallet=till.lou))
        until = DUSK + timedelta(hours=1)
        dinner = Spending(lines=(Line("Soupe", 450),), payers=(Holder(till.lou),), until=until)
        flows.spend(app, ODILE, dinner)
        jobs.free_holds(app)
        assert held(app, till) == [("money", 1000, 450)], "its time is not over"
    with at(until):
        jobs.free_holds(app)
        jobs.free_holds(app)
    assert held(app, till) == [("money", 1000, 0)]


def test_the_head_is_signed_when_it_moved_and_the_signature_is_checked(app: App, till: Till) -> None:
    for _ in range(2):
        flows.top_up(app, ODILE, TopUp(asset=till.local, amount=1000, wallet=till.lou))
        jobs.sign_head(app)
        jobs.sign_head(app)
    with app.db.read() as session:
        assert [where for where, why in heads(session) if not why] == ["ledger_head 1", "ledger_head 2"]


def test_a_head_that_was_signed_by_another_is_found(app: App, till: Till) -> None:
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=1000, wallet=till.lou))
    jobs.sign_head(app)

    def forge(session: Session) -> None:
        head = session.scalars(select(SignedHead)).one()
        copy = {name: getattr(head, name) for name in ("hash", "issuer", "signed_at", "key_id", "signature")}
        session.add(SignedHead(seq=2, public_key=bytes(32), **copy))

    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=1000, wallet=till.lou))
    app.db.write(forge)
    with app.db.read() as session:
        found = [(where, why) for where, why in heads(session) if why]
    assert found == [("ledger_head 2", "the chain says something else than what was signed")]


def test_a_past_that_was_rewritten_after_it_was_signed_is_found(app: App, till: Till) -> None:
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=1000, wallet=till.lou))
    jobs.sign_head(app)

    def rewrite(connection: Connection) -> None:
        is_sqlite = connection.dialect.name == "sqlite"
        away = "DROP TRIGGER ledger_tx_refuses_update"  # on PostgreSQL other tests still need it
        connection.execute(text(away if is_sqlite else "SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE ledger_tx SET hash = :other WHERE seq = 1"), {"other": "0" * 64})

    app.db.define(rewrite)
    with app.db.read() as session:
        found = [(where, why) for where, why in heads(session) if why]
    assert found == [("ledger_head 1", "the chain says something else than what was signed")]


def test_other_rooms_hear_of_every_payment_in_its_own_transaction(db: Database, app: App, till: Till) -> None:
    heard: list[str] = []
    db.listeners = {**db.listeners, Posted: (lambda _session, fact: heard.append(fact.receipt.kind),)}
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=1000, wallet=till.lou), "one")
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=1000, wallet=till.lou), "one")
    assert heard == ["top_up"], "the same request again is not another payment"


def test_a_listener_that_fails_undoes_the_payment(db: Database, app: App, till: Till) -> None:
    def refuse(_session: Session, _fact: Posted) -> None:
        raise RuntimeError("the other room cannot write")

    db.listeners = {**db.listeners, Posted: (refuse,)}
    with pytest.raises(RuntimeError, match="the other room"):
        flows.top_up(app, ODILE, TopUp(asset=till.local, amount=1000, wallet=till.lou))
    assert held(app, till) == []
