"""Cards by the hundred: all or none, one opening transaction, undone by its opposite."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from kit.app import App
from kit.errors import Invalid
from kit.ids import new_id
from tests.people.browsers import OFFICE, add_person
from tests.wallet.cards.holders import Card, add_card, add_currency, held, many, pay, rows
from wallet.card_refusals import BatchUndone, BatchUnreadable, BatchWrong, TotalDiffers
from wallet.cards.table import Row
from wallet.ledger.shapes import OPENING
from wallet.models.card import CardBatch, PassCard
from wallet.models.ledger import LedgerAccount, LedgerTransaction
from wallet.queries.batches import batch_cards, batches, preview_batch
from wallet.refusals import Insufficient
from wallet.service.cards.batches import OpeningBalances, import_batch, undo_opening
from wallet.service.cards.linking import link_card

LIST = rows(("04A21B3C", "001", 1250), ("04A21B3D", "002", 0), ("04A21B3E", "003", 800))


@pytest.fixture
def currency(app: App) -> UUID:
    return add_currency(app)


def bring(app: App, lines: list[Row], currency: UUID, total: int, batch_id: UUID | None = None) -> UUID:
    opening = OpeningBalances(currency, "Old cash box", total)
    return app.db.write(
        lambda session: import_batch(session, OFFICE, "March", lines, opening, batch_id=batch_id).id
    )


def undo(app: App, batch: UUID) -> None:
    app.db.write(lambda session: undo_opening(session, OFFICE, batch).id)


def cards_in(app: App, batch: UUID) -> list[Card]:
    with app.db.read() as session:
        return [Card(one.id, one.wallet_id, one.number, one.code) for one in batch_cards(session, batch)]


def opened(app: App) -> int:
    with app.db.read() as session:
        account = session.scalars(select(LedgerAccount).where(LedgerAccount.kind == OPENING)).one()
        assert account.owner == "Old cash box"
        return account.balance


def test_a_batch_brings_cards_and_balances_in_one_transaction(app: App, currency: UUID) -> None:
    batch = bring(app, LIST, currency, 2050)
    cards = cards_in(app, batch)
    assert [card.number for card in cards] == ["001", "002", "003"]
    assert [held(app, card.wallet) for card in cards] == [1250, 0, 800]
    assert opened(app) == -2050
    with app.db.read() as session:
        transactions = session.scalars(select(LedgerTransaction)).all()
        assert [(one.kind, one.id) for one in transactions] == [
            ("opening", session.get_one(CardBatch, batch).opening_id)
        ]
        assert [(line.batch.name, line.cards) for line in batches(session)] == [("March", 3)]
    assert pay(app, cards[0], 1250).verdict == "posted"


@pytest.mark.parametrize("total", [0, 2049, 2051])
def test_another_total_than_the_list_s_is_refused_and_nothing_is_written(
    app: App, currency: UUID, total: int
) -> None:
    with pytest.raises(TotalDiffers):
        bring(app, LIST, currency, total)
    with app.db.read() as session:
        assert session.scalar(select(func.count()).select_from(PassCard)) == 0


def test_a_list_with_one_known_card_is_refused_whole(app: App, currency: UUID) -> None:
    add_card(app, uid="04A21B3D")
    with pytest.raises(BatchWrong):
        bring(app, LIST, currency, 2050)
    with pytest.raises(BatchWrong):
        bring(app, [], currency, 0)
    with pytest.raises(Invalid):
        app.db.write(lambda session: import_batch(session, OFFICE, " ", rows(("04A21B40", "9", 0))).id)
    with app.db.read() as session:
        assert session.scalar(select(func.count()).select_from(CardBatch)) == 0


def test_confirming_twice_brings_the_batch_once(app: App, currency: UUID) -> None:
    batch_id = new_id()
    assert bring(app, LIST, currency, 2050, batch_id) == bring(app, LIST, currency, 2050, batch_id)
    assert opened(app) == -2050


def test_undoing_takes_the_balances_back_by_the_opposite(app: App, currency: UUID) -> None:
    batch = bring(app, LIST, currency, 2050)
    undo(app, batch)
    assert [held(app, card.wallet) for card in cards_in(app, batch)] == [0, 0, 0]
    assert opened(app) == 0
    with pytest.raises(BatchUndone):
        undo(app, batch)


def test_what_was_spent_already_is_not_undone(app: App, currency: UUID) -> None:
    batch = bring(app, LIST, currency, 2050)
    pay(app, cards_in(app, batch)[2], 1)
    with pytest.raises(Insufficient):
        undo(app, batch)
    assert opened(app) == -2050
    with app.db.read() as session:
        assert session.get_one(CardBatch, batch).undone_at is None


def test_an_undone_batch_comes_again_corrected(app: App, currency: UUID) -> None:
    first = bring(app, LIST, currency, 2050)
    undo(app, first)
    right = rows(("04A21B3C", "001", 1000), ("04A21B3D", "002", 0), ("04A21B3E", "003", 800))
    before = {card.id for card in cards_in(app, first)}
    second = bring(app, right, currency, 1800)
    again = cards_in(app, second)
    assert {card.id for card in again} == before
    assert [held(app, card.wallet) for card in again] == [1000, 0, 800]
    assert cards_in(app, first) == []


def test_a_card_that_found_its_person_does_not_come_again(app: App, currency: UUID) -> None:
    first = bring(app, LIST, currency, 2050)
    undo(app, first)
    person = add_person(app, "lise@example.org")
    linked = cards_in(app, first)[0]
    app.db.write(lambda session: link_card(session, OFFICE, linked.id, person).id)
    with app.db.read() as session:
        preview = preview_batch(session, "uid;number\n04A21B3C;001\n04A21B3D;002\n04A21B3E;9\n")
    assert [row.mistakes for row in preview.rows] == [("known",), (), ("other_card",)]


def test_a_list_is_looked_at_before_anything_is_written(app: App) -> None:
    add_card(app, uid="04A21B3C", number="001")
    with app.db.read() as session:
        preview = preview_batch(session, "UID;Numéro;Solde\n04a21b3c;;5\n04A21B3D;001;5\n04A21B3E;;5,50\n")
        assert [row.mistakes for row in preview.rows] == [("known",), ("other_card",), ()]
        assert preview.total == 550
        with pytest.raises(BatchUnreadable):
            preview_batch(session, "name\nJo\n")


def test_two_thousand_cards_come_in_one_transaction(app: App, currency: UUID) -> None:
    batch = bring(app, many(2000), currency, 1_000_000)
    with app.db.read() as session:
        assert len(batch_cards(session, batch)) == 2000
        assert session.scalar(select(func.count()).select_from(LedgerTransaction)) == 1
    undo(app, batch)
    assert opened(app) == 0
