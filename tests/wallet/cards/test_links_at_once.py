"""Two processes at the same card in the same moment: one links it, with all that is on it; one adds it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from kit.app import App
from kit.db import Database
from kit.errors import Refusal
from tests.people.browsers import OFFICE, add_person
from tests.wallet.cards.holders import CHIP, add_card, add_currency, held, read_card, rows, top_up
from wallet.card_refusals import BatchWrong, CardKnown, CardTaken
from wallet.service.cards import batches, enrolling
from wallet.service.cards.linking import link_card
from wallet.service.wallets import wallet_of
from wallet.store.decider import KIND, LedgerDecider

ROUNDS = 8


@pytest.fixture
def other(app: App, dialect: str, database_url: str) -> Iterator[Database]:
    """Another process's way to the same database; SQLite has one process alone."""
    if dialect == "sqlite":
        yield app.db
        return
    database = Database(database_url, durable=False)
    database.register_kind(KIND, LedgerDecider(app.settings.node.url))
    yield database
    database.close()


def test_of_two_links_at_once_one_counts(app: App, other: Database) -> None:
    add_currency(app)
    people = [add_person(app, "lise@example.org"), add_person(app, "marc@example.org")]
    wallets = [app.db.write(lambda session, one=one: wallet_of(session, one).id) for one in people]  # type: ignore[misc]
    loaded = 0
    with ThreadPoolExecutor(2) as threads:
        for _round in range(ROUNDS):
            card = add_card(app)
            top_up(app, card, 1000)
            loaded += 1000
            start = Barrier(2)

            def link(
                database: Database, person: UUID, card_id: UUID = card.id, start: Barrier = start
            ) -> str:
                start.wait(60)
                try:
                    database.write(lambda session: link_card(session, OFFICE, card_id, person).id)
                except Refusal as refusal:
                    return refusal.name
                return "linked"

            said = list(threads.map(link, (app.db, other), people))
            assert sorted(said) == [CardTaken.name, "linked"]
            assert read_card(app, card).wallet_id == wallets[said.index("linked")]
            assert held(app, card.wallet) == 0
    assert sum(held(app, wallet) for wallet in wallets) == loaded


def test_a_card_that_another_process_added_since_we_looked_is_known(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_card(app, uid=CHIP)
    monkeypatch.setattr(enrolling, "_refuse_known", lambda _session, _said: None)
    monkeypatch.setattr(batches, "compared", lambda _session, lines: lines)
    monkeypatch.setattr(batches, "same_cards", lambda _session, _lines: {})
    with pytest.raises(CardKnown):
        add_card(app, uid=CHIP)
    with pytest.raises(BatchWrong):
        app.db.write(lambda session: batches.import_batch(session, OFFICE, "March", rows((CHIP, "1", 0))).id)
    assert add_card(app, uid="04A21B3C").id
