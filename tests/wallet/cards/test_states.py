"""Lost, found, blocked, of the team, linked, replaced: each counts from the next tap on."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from kit.app import App
from kit.auth import Principal
from people.models.audit import AuditEntry
from tests.people.browsers import OFFICE, add_person
from tests.wallet.cards.holders import CHIP, Card, add_card, add_currency, held, pay, read_card, top_up
from wallet.card_refusals import BadCard, CardKnown, CardTaken
from wallet.ledger.shapes import Receipt
from wallet.models.ledger import LedgerTransaction
from wallet.queries.cards import cards_of, marks_of, wallet_cards
from wallet.refusals import CardBlocked, CardLost, CardReplaced, SameWallet
from wallet.service.cards.linking import link_card, replace_card
from wallet.service.cards.states import block_card, mark_found, mark_lost, set_staff, unblock_card


@pytest.fixture
def card(app: App) -> Card:
    """Twenty euros on a card of nobody."""
    add_currency(app)
    made = add_card(app, uid=CHIP)
    top_up(app, made, 2000)
    return made


def do(app: App, verb: object, card: Card, *more: object) -> str:
    return app.db.write(lambda session: verb(session, OFFICE, card.id, *more).state)  # type: ignore[operator, no-any-return]


def link(app: App, card: Card, person: UUID) -> UUID:
    return app.db.write(lambda session: link_card(session, OFFICE, card.id, person).wallet_id)


def replace(app: App, old: Card, new: Card) -> UUID:
    return app.db.write(lambda session: replace_card(session, OFFICE, old.id, new.id).wallet_id)


def test_an_anonymous_card_works_from_the_first_tap(app: App, card: Card) -> None:
    receipt: Receipt = pay(app, card, 350)
    assert receipt.verdict == "posted"
    assert held(app, card.wallet) == 1650


def test_a_lost_card_stops_at_once_and_a_found_one_pays_again(app: App, card: Card) -> None:
    assert do(app, mark_lost, card) == "lost"
    with pytest.raises(CardLost):
        pay(app, card, 100)
    assert do(app, mark_found, card) == "active"
    assert pay(app, card, 100).verdict == "posted"


def test_a_blocked_card_stays_blocked_until_the_collective_opens_it(app: App, card: Card) -> None:
    assert do(app, block_card, card, "noise") == "blocked"
    assert do(app, mark_lost, card) == "blocked"
    with pytest.raises(CardBlocked):
        do(app, mark_found, card)
    with pytest.raises(CardBlocked):
        pay(app, card, 100)
    assert do(app, unblock_card, card) == "active"
    do(app, mark_lost, card)
    assert do(app, unblock_card, card) == "lost"


def test_a_lost_card_that_was_blocked_is_lost_again_afterwards(app: App, card: Card) -> None:
    do(app, mark_lost, card)
    assert do(app, block_card, card) == "blocked"
    assert do(app, unblock_card, card) == "lost"


def test_everything_that_happened_is_told_once(app: App, card: Card) -> None:
    for verb in (mark_lost, mark_lost, mark_found, block_card):
        do(app, verb, card, "at the bar")
    with app.db.read() as session:
        marks = [line.mark for line in marks_of(session, card.id)]
        assert [mark.state for mark in marks] == ["blocked", "active", "lost", "active"]
        assert {mark.reason for mark in marks} == {"", "at the bar"}
        told = select(func.count()).select_from(AuditEntry).where(AuditEntry.kind == "pass_card")
        assert session.scalar(told) == 4


def test_linking_a_card_moves_what_it_held_once(app: App, card: Card) -> None:
    person = add_person(app, "lise@example.org")
    wallet = link(app, card, person)
    assert (held(app, card.wallet), held(app, wallet)) == (0, 2000)
    assert link(app, card, person) == wallet
    assert pay(app, card, 500).verdict == "posted"
    with app.db.read() as session:
        merges = select(func.count()).select_from(LedgerTransaction).where(LedgerTransaction.kind == "merge")
        assert session.scalar(merges) == 1
        assert [one.id for one in cards_of(session, person)] == [card.id]


def test_several_cards_open_one_person_s_wallet(app: App, card: Card) -> None:
    person, second = add_person(app, "lise@example.org"), add_card(app)
    top_up(app, second, 700)
    wallet = link(app, card, person)
    assert link(app, second, person) == wallet
    assert held(app, wallet) == 2700
    pay(app, second, 2500)
    pay(app, card, 200)
    assert held(app, wallet) == 0


def test_an_empty_card_is_linked_too(app: App, card: Card) -> None:
    empty = add_card(app)
    wallet = link(app, empty, add_person(app, "lise@example.org"))
    assert read_card(app, empty).wallet_id == wallet


def test_a_card_of_someone_else_is_not_taken(app: App, card: Card) -> None:
    link(app, card, add_person(app, "lise@example.org"))
    with pytest.raises(CardTaken):
        link(app, card, add_person(app, "marc@example.org"))


def test_a_lost_card_is_not_linked(app: App, card: Card) -> None:
    do(app, mark_lost, card)
    with pytest.raises(CardLost):
        link(app, card, add_person(app, "lise@example.org"))
    assert held(app, card.wallet) == 2000


def test_a_new_card_takes_the_place_of_a_lost_one_and_keeps_the_balance(app: App, card: Card) -> None:
    wallet = link(app, card, add_person(app, "lise@example.org"))
    new = add_card(app)
    top_up(app, new, 300)
    do(app, mark_lost, card)
    assert replace(app, card, new) == wallet
    assert held(app, wallet) == 2300
    assert pay(app, new, 2300).verdict == "posted"
    with pytest.raises(CardReplaced):
        pay(app, card, 1)
    for verb in (mark_found, mark_lost, block_card, unblock_card):
        with pytest.raises(CardReplaced):
            do(app, verb, card)


def test_an_anonymous_card_is_replaced_as_well(app: App, card: Card) -> None:
    new = add_card(app)
    assert replace(app, card, new) == card.wallet
    with app.db.read() as session:
        assert [one.state for one in wallet_cards(session, card.wallet)] == ["replaced", "active"]
    with pytest.raises(CardReplaced):
        replace(app, card, add_card(app))


def test_a_card_is_not_replaced_by_itself_nor_by_someone_s_card(app: App, card: Card) -> None:
    theirs = add_card(app)
    link(app, theirs, add_person(app, "marc@example.org"))
    with pytest.raises(SameWallet):
        replace(app, card, card)
    with pytest.raises(CardTaken):
        replace(app, card, theirs)
    assert read_card(app, card).state == "active"


def test_a_staff_card_is_given_and_taken_back(app: App, card: Card) -> None:
    def give(is_staff: bool) -> str:
        return app.db.write(lambda s: set_staff(s, OFFICE, card.id, is_staff=is_staff).kind)

    assert (give(True), give(True), give(False)) == ("staff", "staff", "pass")


def test_a_card_is_known_once_by_chip_number_and_code(app: App, card: Card) -> None:
    known = read_card(app, card)
    for said in ({"uid": "04:a2:1b:3c:4d:5e:80"}, {"number": known.number.lower()}, {"code": known.code}):
        with pytest.raises(CardKnown) as refused:
            add_card(app, **said)
        assert set(refused.value.fields) == set(said)


def test_a_card_that_cannot_be_read_is_refused_beside_its_field(app: App) -> None:
    with pytest.raises(BadCard) as refused:
        add_card(app, uid="hello", number="é", code="a b")
    assert set(refused.value.fields) == {"uid", "number", "code"}
    with pytest.raises(BadCard):
        add_card(app, uid="04A21B3C", chip="ntag424")


def test_a_person_may_declare_their_own_card_lost(app: App, card: Card) -> None:
    person = add_person(app, "lise@example.org", name="Lise")
    lise = Principal(person, "Lise", "lise@example.org", session_id=person)
    app.db.write(lambda session: mark_lost(session, lise, card.id).id)
    with app.db.read() as session:
        (line, *_rest) = marks_of(session, card.id)
        assert line.by is not None
        assert (line.by.id, line.mark.state) == (person, "lost")
