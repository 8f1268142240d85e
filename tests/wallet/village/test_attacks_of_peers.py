"""Dishonest peers at an issuer's door: each wants money that is not theirs, and nothing moves.

Envelopes are sealed and opened, and the café decides with its tables. What the door itself refuses
(strangers, floods, revoked keys, other shapes) is in test_transport.py and test_envelope.py.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import Raw, structs

from kit.db import Database
from tests.wallet.village import two_nodes as town
from tests.wallet.village.two_nodes import CAFE, EGGS, EUR, FARM, MILL, Street, letter
from wallet.between import messages as m
from wallet.between.envelope import BadSignature, UnknownKey
from wallet.between.events import Hear
from wallet.between.shapes import transaction_id
from wallet.ledger import requests as ask


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    farms = Database(new_database_url(), durable=False)
    yield town.street(db, farms)
    farms.close()


def test_forged_a_stranger_seals_in_the_farm_s_name(street: Street) -> None:
    """Somebody wants the café to pay the farm, or to hear that it must not. He has none of its keys."""
    before, item = street.cafe.money(), m.encode(street.charge())
    with pytest.raises(BadSignature):
        street.cafe.opens(letter(FARM, CAFE, street.clock, item, key=town.STRANGER))
    with pytest.raises(UnknownKey):
        street.cafe.opens(letter("https://nobody.example", CAFE, street.clock, item, key=town.STRANGER))
    assert street.cafe.money() == before
    assert street.cafe.proofs() == []


def test_replayed_the_same_envelope_pays_once(street: Street) -> None:
    """The farm, or whoever recorded the line, sends one envelope five times. The id was answered already."""
    body = letter(FARM, CAFE, street.clock, m.encode(street.charge(400)))
    first = street.cafe.opens(body)
    after = street.cafe.money()
    assert [street.cafe.opens(body) for _ in range(4)] == [first] * 4
    assert street.cafe.money() == after
    assert street.cafe.balance("node", FARM) == 400


def test_altered_under_the_same_id(street: Street) -> None:
    """The farm asks for 900 under the id that was answered with 400. The first stands; both are kept."""
    charge = street.charge(400)
    street.ask(FARM, charge)
    after = street.cafe.money()
    altered = structs.replace(charge, amount=900)
    answer = street.ask(FARM, altered)
    assert (answer.outcome, answer.amount) == ("conflict", 0)
    assert street.cafe.money() == after
    assert street.cafe.alarms() == ["conflict"]
    assert {m.encode(charge), m.encode(altered)} <= set(street.cafe.proofs())


@pytest.mark.parametrize("amount", [-500, 0, 2**53, 2**70])
def test_amounts_that_are_none_are_not_heard(street: Street, amount: int) -> None:
    """The farm hopes that a negative amount pays backwards, or that a huge one turns round."""
    before = street.cafe.money()
    for said in (
        street.charge(amount),
        m.Capture(id=uuid4(), made=1, amount=amount),
        m.Refund(id=uuid4(), made=1, charge=uuid4(), amount=amount),
        town.presented(street, town.grant(street.clock).id, amount),
    ):
        assert street.say(FARM, CAFE, _encoded(said)) == []
    assert street.cafe.money() == before


def test_a_poisoned_item_harms_nobody_beside_it(street: Street) -> None:
    """The mill sends lines that are none, deep nests and bad ids, to make the café's whole commit fail."""
    deep = b"[" * 40_000 + b"]" * 40_000
    lies = m.Lines(
        id=uuid4(), made=1, asset=EUR, epoch=1, head=m.Point(1, "", 1),
        lines=(Raw(b"{}"), Raw(b'"x"'), Raw(town.line(street, ref="no id", issuer=MILL, holder=CAFE))),
    )  # fmt: skip
    receipt = m.Receipt(
        id=uuid4(), made=1, verb="charge", req="", outcome="posted", at=1, amount=5, line=Raw(deep)
    )
    answers = street.say(MILL, CAFE, m.encode(lies), m.encode(receipt), m.encode(street.charge(300)))
    assert [m.decode(one).outcome for one in answers] == ["posted"]
    assert street.cafe.balance("node", MILL) == 300


def test_over_the_limit_of_one_tap(street: Street) -> None:
    """The farm takes more at once than was agreed."""
    assert _no(street, street.charge(1_001)) == "over_tap"


def test_over_the_limit_of_a_card_under_other_cards_names(street: Street) -> None:
    """The farm empties a wallet in small parts, naming another card each time: its handle is counted."""
    said = [street.ask(FARM, street.charge(1_000, card=f"card {n}")) for n in range(5)]
    assert [one.outcome for one in said] == ["posted"] * 3 + ["declined"] * 2
    assert said[3].why == "over_card_day"
    assert street.cafe.balance("wallet", str(town.CAMILLE)) == town.LOADED - 3_000


def test_over_the_limit_of_a_minute_and_of_all(street: Street) -> None:
    """The farm taps for everybody at once, then goes on the next days: both sums are the issuer's."""
    agreed = {"per_minute": 1_500, "per_card_day": 50_000, "node_max": 2_400}
    town.agree_anew(street, **agreed)
    assert [street.ask(FARM, street.charge(800)).why for _ in range(2)] == ["", "over_minute"]
    street.clock.on(days=1)
    street.ask(FARM, street.charge(800, handle=town.H_LEO))
    street.clock.on(days=1)
    assert _no(street, street.charge(801)) == "over_node"
    assert street.cafe.balance("node", FARM) == 1_600


def test_other_beneficiary_the_mill_sends_the_farm_s_charge(street: Street) -> None:
    """The mill recorded what the farm asks, and wants to be paid for it: the payee is whoever sealed it."""
    charge = street.charge(400)
    item = m.encode(charge)
    street.say(FARM, CAFE, item)
    street.say(MILL, CAFE, item)  # a charge of its own, within its own limits, with its own signature
    assert (street.cafe.balance("node", FARM), street.cafe.balance("node", MILL)) == (400, 400)
    with pytest.raises(BadSignature):
        street.cafe.opens(letter(MILL, CAFE, street.clock, item, key=town.KEYS[FARM]))
    street.ask(MILL, m.Cancel(id=charge.id, made=1))
    assert (street.cafe.balance("node", FARM), street.cafe.balance("node", MILL)) == (400, 0)


def test_other_beneficiary_a_peer_without_an_agreement(street: Street) -> None:
    """The mill asks for eggs, which it may not take, and for a currency that nobody issues here."""
    before = town.accounts(street)
    for asset in (EGGS, "cafe.example/gold", "mill.example/eur"):
        said = street.ask(MILL, street.charge(100, asset=asset))
        assert (said.outcome, said.why) == ("declined", "not_agreed")
    assert town.accounts(street) == before


@pytest.mark.parametrize("verb", ["cancel", "release", "capture", "refund"])
def test_the_charge_of_another_acceptor(street: Street, verb: str) -> None:
    """The mill undoes, takes or refunds what the farm was paid: its ids are its own alone."""
    posted, held = street.charge(400), street.charge(300, mode="hold")
    street.say(FARM, CAFE, m.encode(posted), m.encode(held))
    before = town.accounts(street)
    verbs: dict[str, Callable[[UUID], Any]] = {
        "cancel": lambda key: m.Cancel(id=key, made=1),
        "release": lambda key: m.Release(id=key, made=1),
        "capture": lambda key: m.Capture(id=key, made=1, amount=300),
        "refund": lambda key: m.Refund(id=uuid4(), made=1, charge=key, amount=1),
    }
    for charge in (posted, held):
        assert street.ask(MILL, verbs[verb](charge.id)).outcome in {"declined", "cancelled"}
    assert town.accounts(street) == before
    assert street.ask(FARM, m.Capture(id=held.id, made=1, amount=300)).outcome == "posted"


def test_capture_above_the_hold(street: Street) -> None:
    """The farm had 300 set aside and takes 900."""
    held = street.charge(300, mode="hold")
    street.ask(FARM, held)
    before = town.accounts(street)
    said = street.ask(FARM, m.Capture(id=held.id, made=1, amount=900))
    assert (said.outcome, said.why) == ("declined", "over_hold")
    assert town.accounts(street) == before


def test_a_late_capture_above_the_hold(street: Street) -> None:
    """The farm waits until 100 set aside were freed, then takes 4 000: a late capture is no new charge."""
    held = street.charge(100, mode="hold")
    street.ask(FARM, held)
    _hold_ends(street, held)
    before = town.accounts(street)
    said = street.ask(FARM, m.Capture(id=held.id, made=1, amount=4_000))
    assert (said.outcome, said.why) == ("declined", "over_hold")
    assert town.accounts(street) == before


def test_capture_of_what_it_gave_back_itself(street: Street) -> None:
    """The farm releases a hold, keeps the receipt, and takes the money all the same. Then it charges anew."""
    held = street.charge(100, mode="hold")
    street.say(FARM, CAFE, m.encode(held), m.encode(m.Release(id=held.id, made=1)))
    before = town.accounts(street)
    assert street.ask(FARM, m.Capture(id=held.id, made=1, amount=100)).outcome == "declined"
    again = structs.replace(held, mode="post")
    assert street.ask(FARM, again).outcome == "conflict"
    assert town.accounts(street) == before


def test_a_charge_after_its_cancel_stays_cancelled(street: Street) -> None:
    """The farm shows "cancelled" to its customer, then sends the charge."""
    charge = street.charge(100)
    assert street.ask(FARM, m.Cancel(id=charge.id, made=1)).outcome == "cancelled"
    before = town.accounts(street)
    assert street.ask(FARM, charge).outcome == "cancelled"
    assert town.accounts(street) == before


def test_refunds_above_the_charge_or_of_nothing(street: Street) -> None:
    """The farm, together with a member, refunds more than it was paid: the café would bear the rest."""
    charge = street.charge(400)
    street.ask(FARM, charge)
    given = [
        street.ask(FARM, m.Refund(id=uuid4(), made=1, charge=charge.id, amount=300)).why for _ in range(2)
    ]
    assert given == ["", "over_charge"]
    assert street.ask(FARM, m.Refund(id=uuid4(), made=1, charge=uuid4(), amount=1)).outcome == "declined"
    assert street.cafe.balance("node", FARM) == 100


def test_wrong_epoch(street: Street) -> None:
    """The farm says a charge of the time before the café's ledger began anew, or of a time to come."""
    for epoch in (0, 2, 9):
        assert _no(street, street.charge(100, epoch=epoch)) == "wrong_epoch"


def test_a_charge_that_waited_too_long(street: Street) -> None:
    """The farm keeps a charge of the evening and sends it at night, when its member is asleep."""
    late = street.charge(100)
    street.clock.on(minutes=11)
    assert _no(street, late) == "expired"


@pytest.mark.parametrize(
    ("handle", "why"), [("h_guessed", "handle_unknown"), (town.H_LOST, "card_lost"), ("", "handle_unknown")]
)
def test_a_wallet_that_may_not_be_charged(street: Street, handle: str, why: str) -> None:
    """The farm guesses handles, or goes on with the card that it stole."""
    assert _no(street, street.charge(100, handle=handle)) == why


def test_another_wallet_than_the_card_opens(street: Street) -> None:
    """The farm taps its own card and names Camille's handle: `holder` is what the tap proved."""
    charge, before = street.charge(100), town.accounts(street)
    heard = Hear(peer=FARM, body=m.encode(charge), message=charge, holder=ask.Holder(card=uuid4(), counter=7))
    (outcome,) = street.cafe.does(heard)
    assert m.decode(outcome.answers[0]).why == "card_unknown"
    assert town.accounts(street) == before


@pytest.mark.parametrize(
    "point", [m.Point(1, "f" * 64, 400), m.Point(1, "", 9_000), m.Point(7, "f" * 64, 400)]
)
def test_an_agreement_about_another_past(street: Street, point: m.Point) -> None:
    """The farm says "agreed" about a line that is not the café's, to have it signed."""
    street.ask(FARM, street.charge(400))
    before = street.cafe.money()
    said = street.ask(FARM, m.Ack(id=uuid4(), made=1, asset=EUR, epoch=1, point=point))
    assert isinstance(said, m.Disagree)
    assert street.cafe.money() == before
    assert street.cafe.alarms() == ["disagreement"]


def test_an_agreement_in_the_issuer_s_place(street: Street) -> None:
    """The farm says as if it were the issuer how far the café's lines go."""
    street.ask(FARM, street.charge(400))
    before = street.cafe.money()
    last = m.decode_line(before["lines"][0][-1])
    right = m.Point(last.seq, before["lines"][0][-2], last.balance)
    said = street.ask(FARM, m.Ack(id=uuid4(), made=1, asset=EUR, epoch=1, point=right, by="issuer"))
    assert isinstance(said, m.Refused)
    assert street.cafe.money() == before


def test_lines_about_money_that_the_café_issues(street: Street) -> None:
    """The farm writes lines of the café's own currency, so that the café books what it never owed."""
    before = street.cafe.money()
    odds: list[dict[str, Any]] = [{"issuer": FARM, "holder": CAFE}, {"holder": FARM, "issuer": CAFE}]
    for odd in odds:
        street.say(FARM, CAFE, m.encode(town.lines(street, town.line(street, **odd))))
    assert street.cafe.money() == before
    assert set(street.cafe.alarms()) == {"foreign_line"}


def _no(street: Street, charge: m.Charge) -> str:
    """Why the café declines; the no is kept for ever and moves nothing."""
    before = town.accounts(street)
    said = street.ask(FARM, charge)
    assert (said.outcome, said.amount, town.accounts(street)) == ("declined", 0, before)
    assert street.ask(FARM, charge) == said
    assert m.encode(charge) in street.cafe.proofs()
    return str(said.why)


def _encoded(said: Any) -> bytes:
    """Also what no honest node can write: numbers beyond 64 bits."""
    if said.amount < 2**63:
        return m.encode(said)
    return m.encode(structs.replace(said, amount=77_777)).replace(b"77777", str(said.amount).encode())


def _hold_ends(street: Street, held: m.Charge) -> None:
    """The issuer frees what nobody took in time."""
    street.clock.on(hours=25)
    refers = transaction_id(FARM, "charge", held.id)
    street.cafe.keeper.ledger(ask.Release(id=uuid4(), content="end", refers=refers), street.clock.now)
