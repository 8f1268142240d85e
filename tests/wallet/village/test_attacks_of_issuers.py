"""A dishonest issuer: it wants to keep what it owes, or to have signed two pasts. It is seen, and proven.

The farm's tables decide; what the café says is written by hand, sealed with the café's own key.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from msgspec import Raw, structs

from kit.db import Database
from tests.wallet.village import two_nodes as town
from tests.wallet.village.two_nodes import CAFE, EUR, FARM, MILL, Street
from wallet.between import messages as m
from wallet.between.completing import to_say
from wallet.between.events import Confirm, Suggest
from wallet.between.shapes import Payment


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    farms = Database(new_database_url(), durable=False)
    yield town.street(db, farms)
    farms.close()


@pytest.fixture
def paid(street: Street) -> Payment:
    """500 euro cents of Camille's, paid at the farm's till."""
    return street.paid()


def last_line(street: Street) -> m.Line:
    return m.decode_line(town.lines_of(street)[-1])


def following(street: Street, **odd: Any) -> bytes:
    """The next line that the café might write."""
    body = town.lines_of(street)[-1]
    last = m.decode_line(body)
    delta = odd.get("delta", 500)
    usual = {"seq": last.seq + 1, "prev": m.digest(body), "balance": last.balance + delta, "delta": delta}
    return town.line(street, usual, **odd)


def told(street: Street, said: m.AnyMessage, sender: str = CAFE) -> list[bytes]:
    return street.say(sender, FARM, m.encode(said))


def test_equivocating_two_lines_of_one_number(street: Street, paid: Payment) -> None:
    """The café shows the farm 500 and its auditor 5, both as line 1: the first stays, the second is kept."""
    before = street.farm.money()
    other = town.line(street, ref=str(paid.legs[0].id), delta=5, balance=5)
    said = town.lines(street, other)
    told(street, said)
    assert street.farm.money() == before
    assert "equivocation" in street.farm.alarms()
    proofs = street.farm.proofs()
    assert m.encode(said) in proofs  # with its signature, beside the receipt that shows the first line
    assert any(town.lines_of(street)[0] in one for one in proofs if one != m.encode(said))
    assert street.farm.verify() == []


def test_another_head_under_the_last_number(street: Street, paid: Payment) -> None:
    """The café says that line 1 ends elsewhere, without showing it."""
    before = street.farm.money()
    said = m.Lines(id=uuid4(), made=1, asset=EUR, epoch=1, head=m.Point(1, "f" * 64, 5))
    told(street, said)
    assert street.farm.money() == before
    assert street.farm.alarms() == ["equivocation"]
    assert m.encode(said) in street.farm.proofs()


@pytest.mark.parametrize("kind", ["cancel", "release", "refund", "settlement", "setoff", "gift"])
def test_denying_what_was_paid_under_any_name(street: Street, paid: Payment, kind: str) -> None:
    """The café takes back what its receipt gave: as a cancel, a refund or a transfer never asked."""
    receipt = next(one for one in street.farm.proofs() if b'"posted"' in one)
    said = town.lines(street, following(street, kind=kind, ref=str(paid.legs[0].id), delta=-500))
    told(street, said)
    assert street.state(paid) == "ok"  # what the till was told never changes
    assert street.farm.alarms() == ["denied"]
    assert {receipt, m.encode(said)} <= set(street.farm.proofs())


def test_denying_by_a_settlement_that_was_for_less(street: Street, paid: Payment) -> None:
    """The farm was asked to confirm 100; the café takes 500 off under the same name."""
    said = town.proposal(street, m.Edge(CAFE, FARM, EUR, 100))
    assert isinstance(m.decode(told(street, said)[0]), m.Waiting)
    told(street, town.lines(street, following(street, kind="settlement", ref=str(said.id), delta=-500)))
    assert "denied" in street.farm.alarms()


def test_a_settlement_that_both_signed_is_no_denial(street: Street, paid: Payment) -> None:
    """The honest one beside it: what the café proposes, the farm confirms, and its line is right."""
    proposed = town.clearing(town.proposal(street, m.Edge(CAFE, FARM, EUR, 300)), FARM)
    street.cafe.does(Suggest(clearing=proposed))
    (kept,) = street.cafe.keeper.shown()["clearings"]
    street.say(CAFE, FARM, kept.ask)
    street.farm.does(Confirm(clearing=kept.id, is_right=True))
    street.say(FARM, CAFE, *street.say(CAFE, FARM, kept.ask))
    asked = m.Statement(id=uuid4(), made=1, asset=EUR, epoch=1, after=1)
    street.say(CAFE, FARM, *street.say(FARM, CAFE, m.encode(asked)))
    assert street.farm.alarms() == []
    assert (last_line(street).kind, last_line(street).balance) == ("settlement", 200)
    assert (street.farm.verify(), street.cafe.verify()) == ([], [])


def _receipt(street: Street, payment: Payment, **odd: Any) -> m.Receipt:
    """A yes of the café to a charge of the farm, with something odd about it."""
    leg = payment.legs[0]
    line = odd.pop("line", {})
    raw = {"line": Raw(town.line(street, **({"ref": str(leg.id)} | line)))} if line is not None else {}
    said: dict[str, Any] = {"verb": "charge", "req": m.digest(leg.ask), "outcome": "posted", "amount": 500}
    return m.Receipt(id=leg.id, made=payment.made, at=street.clock.ms, **(said | raw | odd))


@pytest.mark.parametrize(
    "odd",
    [
        {"line": None},
        {"line": {"delta": 5, "balance": 5}},
        {"line": {"delta": -500, "balance": -500}},
        {"line": {"ref": str(uuid4())}},
        {"line": {"kind": "refund"}},
        {"line": {"asset": "cafe.example/hours"}},
        {"amount": 5},
        {"amount": 50_000, "line": {"delta": 50_000, "balance": 50_000}},
        {"amount": 0, "line": {"delta": 0, "balance": 0}},
        {"outcome": "held"},
    ],
)
def test_a_yes_whose_line_says_no(street: Street, odd: dict[str, Any]) -> None:
    """The café says "posted" so that the goods are handed over, and writes down less, or nothing."""
    payment = street.begin()
    said = _receipt(street, payment, **odd)
    told(street, said)
    assert (street.state(payment), street.leg(payment).state) == ("open", "intent")
    assert "other_amount" in street.farm.alarms()
    assert m.encode(said) in street.farm.proofs()
    street.give_up(payment)
    assert street.state(payment) == "undo"


def test_a_no_that_moves_money(street: Street) -> None:
    """The café declines, and its line books the payment all the same: the till's no is not believed yet."""
    payment = street.begin()
    told(street, _receipt(street, payment, outcome="declined", amount=0))
    assert "other_amount" in street.farm.alarms()
    assert street.state(payment) == "open"


def test_withholding_every_answer(street: Street) -> None:
    """The café takes Camille's money and never answers: the till says no, and what it took is taken back."""
    payment = street.begin()
    street.say(FARM, CAFE, payment.legs[0].ask)  # the answer is withheld
    street.clock.on(seconds=2)
    street.give_up(payment)
    for _ in range(5):
        street.clock.on(minutes=15)
        (asked,) = [item for one in street.farm.payments().values() for _, item in to_say(one)]
        assert isinstance(m.decode(asked), m.Cancel)  # said for ever, each time the same
    assert (street.state(payment), street.farm.balance("sales")) == ("undo", 0)
    street.drive()
    assert (street.state(payment), street.leg(payment).state) == ("failed", "reversed")
    assert street.cafe.balance("wallet", str(town.CAMILLE)) == town.LOADED
    assert (street.farm.verify(), street.cafe.verify()) == ([], [])


def test_answering_another_question(street: Street) -> None:
    """The café answers what the farm never asked: a charge of 500 becomes one of other bytes."""
    payment = street.begin()
    before = street.farm.money()
    told(street, _receipt(street, payment, req="0" * 64))
    told(street, structs.replace(_receipt(street, payment), verb="present", req="1" * 64))
    assert street.farm.money() == before
    assert street.farm.alarms() == ["other_question"]


def test_answering_for_another_issuer(street: Street) -> None:
    """The mill says yes in the café's place, so that the farm hands over the goods."""
    payment = street.begin()
    before = street.farm.money()
    said = _receipt(street, payment)
    told(street, said, sender=MILL)
    assert street.farm.money() == before
    assert street.farm.alarms() == ["unasked"]
    assert m.encode(said) in street.farm.proofs()


@pytest.mark.parametrize(
    "odd",
    [
        {"holder": MILL},
        {"issuer": MILL},
        {"asset": "farm.example/eggs"},
        {"asset": "mill.example/eur"},
        {"issuer": FARM, "holder": CAFE},
    ],
)
def test_lines_that_are_not_between_us(street: Street, paid: Payment, odd: dict[str, str]) -> None:
    """The café sends lines of other nodes or other money, hoping that they are booked as ours."""
    before = street.farm.money()
    told(street, town.lines(street, following(street, **odd)))
    money = street.farm.money()
    assert (money["accounts"], money["lines"]) == (before["accounts"], before["lines"])
    assert "foreign_line" in street.farm.alarms()


@pytest.mark.parametrize("odd", [{"prev": "0" * 64}, {"balance": 7}, {"balance": 1_001}])
def test_a_chain_that_does_not_hold(street: Street, paid: Payment, odd: dict[str, Any]) -> None:
    """The café drops a line between two others, or lets the balance jump: nothing more is booked."""
    before = street.farm.money()["accounts"]
    told(street, town.lines(street, following(street, **odd)))
    assert street.farm.money()["accounts"] == before
    assert "broken_chain" in street.farm.alarms()


def test_a_payment_that_nobody_made(street: Street) -> None:
    """The café charges a member for a sale that never was: the farm gives it back by itself."""
    charge = street.charge(700)
    street.say(FARM, CAFE, m.encode(charge))  # said by nobody whom the farm remembers
    asked = m.Statement(id=uuid4(), made=1, asset=EUR, epoch=1, after=0)
    street.say(CAFE, FARM, *street.say(FARM, CAFE, m.encode(asked)))
    assert street.farm.alarms() == ["found"]
    street.drive()
    assert street.cafe.balance("wallet", str(town.CAMILLE)) == town.LOADED
    assert street.farm.balance("sales") == 0
    assert (street.farm.verify(), street.cafe.verify()) == ([], [])


def test_cancelled_and_yet_booked(street: Street) -> None:
    """The café signs "cancelled" and then books the charge: both are kept."""
    payment = street.begin()
    street.give_up(payment)
    street.drive()
    assert street.leg(payment).state == "cancelled"
    said = town.lines(street, town.line(street, ref=str(payment.legs[0].id)))
    told(street, said)
    assert street.farm.alarms() == ["contradiction"]
    assert any(b'"cancelled"' in one for one in street.farm.proofs())
    assert m.encode(said) in street.farm.proofs()


def test_a_beat_about_lines_that_are_not_there(street: Street, paid: Payment) -> None:
    """The café boasts of 2^53 lines: the farm asks for them, and books nothing."""
    before = street.farm.money()["accounts"]
    told(street, m.Beat(id=uuid4(), made=1, version=1, epoch=1, heads={EUR: 2**53 - 1}))
    told(street, m.Beat(id=uuid4(), made=1, version=1, epoch=1, heads={"no/such": 5}))
    assert street.farm.money()["accounts"] == before
    street.paid(100)
    assert street.farm.balance("sales") == 600


def test_lines_from_far_ahead(street: Street, paid: Payment) -> None:
    """The café floods the farm with early lines: they are kept as said, and not booked before their turn."""
    before = street.farm.money()["accounts"]
    early = [town.line(street, seq=1_000 + n, balance=500 * n) for n in range(100)]
    told(street, town.lines(street, *early))
    assert street.farm.money()["accounts"] == before
    street.paid(100)
    assert street.farm.balance("sales") == 600
