"""Every point where a node may die, a message be lost, come twice or late (the table of money between nodes).

Nodes live in memory, with one clock. To die before a commit is to keep nothing of what was decided; to die
after it is to keep all and say nothing. Points 2, 6, 7, 8, 11, 12 and 17 are also tried on real processes.
"""

import pytest

from tests.wallet.village.sides import CAFE, CAMILLE, FARM, ISSUES, PRIMARY, Sides, is_paid, is_undone
from wallet.between import messages as m
from wallet.between.events import Begin
from wallet.between.shapes import Handle, Payment
from wallet.ledger.shapes import NODE, NOSTRO, WALLET


@pytest.fixture
def sides() -> Sides:
    return Sides()


def test_01_the_farm_dies_before_it_wrote_down_what_it_asks(sides: Sides) -> None:
    """Nothing is left of it; the customer taps again, under a new id."""
    payment = sides.sale(CAFE)
    sides.die_deciding(FARM, Begin(payment=payment))
    assert sides.nodes[FARM].drawers.kept_payments == {}
    again = sides.begin()
    sides.drive(again)
    is_paid(sides, again)


def test_02_the_farm_dies_after_it_wrote_it_down_and_said_nothing(sides: Sides) -> None:
    """The till waits no longer: the row asks to cancel, and the café forbids the id for ever."""
    payment = sides.begin()
    sides.wait(seconds=2)
    sides.give_up(payment)
    assert m.decode(sides.asked(payment)[0][1]).id == payment.legs[0].id
    sides.drive(payment)
    is_undone(sides, payment)
    assert sides.kept(payment).legs[0].state == "cancelled"


@pytest.mark.parametrize("is_in_time", [True, False])
def test_03_a_charge_is_lost(sides: Sides, is_in_time: bool) -> None:
    """The same bytes are sent again in time, or the till gives up and it is cancelled."""
    payment = sides.begin()
    lost = sides.asked(payment)
    if is_in_time:
        assert sides.asked(payment) == lost
        sides.drive(payment)
        is_paid(sides, payment)
    else:
        sides.give_up(payment)
        sides.drive(payment)
        is_undone(sides, payment)


def test_04_a_charge_arrives_after_its_cancel(sides: Sides) -> None:
    """Its id is forbidden by then."""
    payment = sides.begin()
    (late,) = sides.asked(payment)
    sides.give_up(payment)
    sides.drive(payment)
    (answer,) = sides.say(FARM, CAFE, late[1])
    assert m.decode(answer).outcome == "cancelled"
    sides.say(CAFE, FARM, answer)
    is_undone(sides, payment)


def test_05_a_charge_comes_three_times(sides: Sides) -> None:
    """One posting, three times the same bytes."""
    payment = sides.begin()
    ((_, item),) = sides.asked(payment)
    answers = sides.say(FARM, CAFE, item, item) + sides.say(FARM, CAFE, item)
    assert len(set(answers)) == 1
    for answer in answers:
        sides.say(CAFE, FARM, answer)
    is_paid(sides, payment)


def test_06_the_café_dies_before_its_commit(sides: Sides) -> None:
    """It knows nothing of it; the charge is said again."""
    payment = sides.begin()
    ((_, item),) = sides.asked(payment)
    sides.die_deciding(CAFE, *sides.heard(FARM, item))
    assert sides.balance(CAFE, NODE) == 0
    sides.drive(payment)
    is_paid(sides, payment)


@pytest.mark.parametrize("by", ["resend", "statement"])
def test_07_the_café_dies_after_its_commit_and_before_it_answers(sides: Sides, by: str) -> None:
    """The charge said again gets the receipt of the first time; a statement shows its line, too."""
    payment = sides.begin()
    sides.ask(payment)  # kept there, not heard here
    if by == "statement":
        sides.statement()
        assert sides.balance(FARM, NOSTRO) == -500
        assert sides.kept(payment).state == "open"  # a line is no answer: the till was told nothing
    sides.drive(payment)
    is_paid(sides, payment)


@pytest.mark.parametrize("is_in_time", [True, False])
def test_08_a_receipt_is_lost(sides: Sides, is_in_time: bool) -> None:
    """Posted there, open here: asked again, or given back when the till waits no longer."""
    payment = sides.begin()
    sides.ask(payment)
    assert (sides.balance(CAFE, NODE), sides.kept(payment).state) == (500, "open")
    if is_in_time:
        sides.drive(payment)
        is_paid(sides, payment)
    else:
        sides.give_up(payment)
        sides.drive(payment)
        is_undone(sides, payment)
        assert sides.kept(payment).legs[0].state == "reversed"


def test_09_a_receipt_arrives_after_the_till_said_no(sides: Sides) -> None:
    """The no stands; what was paid is given back."""
    payment = sides.begin()
    ((_, late),) = sides.ask(payment)
    sides.give_up(payment)
    sides.say(CAFE, FARM, late)
    assert sides.kept(payment).state == "undo"
    sides.drive(payment)
    is_undone(sides, payment)


def test_10_a_receipt_arrives_after_it_was_accepted_offline(sides: Sides) -> None:
    """It is paid, once; the grant has its room again."""
    given = sides.grant()
    payment = sides.begin()
    ((_, late),) = sides.ask(payment)
    sides.give_up(payment, offline=True)
    assert sides.kept(payment).state == "offline"
    assert sides.nodes[FARM].drawers.kept_grants[given.id].used == 500
    sides.say(CAFE, FARM, late)
    is_paid(sides, payment)
    assert sides.nodes[FARM].drawers.kept_grants[given.id].used == 0
    assert sides.asked(payment) == []


def test_11_the_farm_dies_hearing_a_receipt_before_it_kept_it(sides: Sides) -> None:
    """Still open; the till never said yes; asked again."""
    payment = sides.begin()
    ((_, receipt),) = sides.ask(payment)
    sides.die_deciding(FARM, *sides.heard(CAFE, receipt))
    assert sides.kept(payment).state == "open"
    sides.drive(payment)
    is_paid(sides, payment)


def test_12_the_farm_dies_before_it_told_its_till(sides: Sides) -> None:
    """It is a yes; the till asks by its own id, and begins nothing new."""
    payment = sides.begin()
    sides.drive(payment)
    (outcome,) = sides.nodes[FARM].run([Begin(payment=payment)], sides.now)
    assert outcome.rows[0].state == "ok"
    is_paid(sides, payment)


def test_13_the_till_dies(sides: Sides) -> None:
    """It has its payment's id on the device and asks after its restart, with the same content."""
    payment = sides.begin()
    sides.drive(payment)
    sides.wait(hours=3)
    (same,) = sides.nodes[FARM].run([Begin(payment=payment)], sides.now)
    other = sides.sale(CAFE, amount=7)
    altered = Payment(
        id=payment.id, kind="sale", made=sides.ms, deadline=sides.ms, legs=other.legs, content="else"
    )
    (no,) = sides.nodes[FARM].run([Begin(payment=altered)], sides.now)
    assert (same.rows[0].state, no.why) == ("ok", "conflict")
    is_paid(sides, payment)


@pytest.mark.parametrize("times", [0, 3])
def test_14_a_cancel_is_lost_or_comes_often(sides: Sides, times: int) -> None:
    """It is asked until it is answered, each time with the same bytes."""
    payment = sides.begin()
    sides.ask(payment)
    sides.give_up(payment)
    ((_, first),) = sides.asked(payment)
    answers = {answer for _ in range(times) for answer in sides.say(FARM, CAFE, first)}
    assert len(answers) == (1 if times else 0)
    assert sides.asked(payment) == [(CAFE, first)]
    sides.drive(payment)
    is_undone(sides, payment)


def test_15_a_cancel_overtakes_its_charge(sides: Sides) -> None:
    """Both are under way; the later charge is refused, and its answer changes nothing."""
    payment = sides.begin()
    ((_, charge),) = sides.asked(payment)
    sides.give_up(payment)
    ((_, cancel),) = sides.asked(payment)
    for answer in sides.say(FARM, CAFE, cancel, charge):
        sides.say(CAFE, FARM, answer)
    is_undone(sides, payment)


def test_16_set_aside_at_one_and_declined_at_the_other(sides: Sides) -> None:
    """The café's part is free again; the till was told no."""
    payment = sides.begin(CAFE, PRIMARY, mode="hold", amount=500)
    sides.nodes[PRIMARY].add_handle(Handle(handle="h", wallet=CAMILLE, home=PRIMARY, status="lost"))
    sides.drive(payment)
    is_undone(sides, payment)
    assert [one.state for one in sides.kept(payment).legs] == ["cancelled", "declined"]


def test_17_the_farm_dies_between_what_was_set_aside_and_its_decision(sides: Sides) -> None:
    """Nothing was decided: when the till's time is over, both are freed (presumed abort)."""
    payment = sides.begin(CAFE, PRIMARY, mode="hold")
    answers = sides.ask(payment)
    sides.say(CAFE, FARM, answers[0][1])
    sides.die_deciding(FARM, *sides.heard(PRIMARY, answers[1][1]))
    assert (sides.held(CAFE), sides.held(PRIMARY)) == (500, 500)
    sides.give_up(payment)
    sides.drive(payment)
    is_undone(sides, payment)


def test_18_the_farm_dies_after_its_decision(sides: Sides) -> None:
    """The row says yes: both are taken from it, however long that lasts."""
    payment = sides.begin(CAFE, PRIMARY, mode="hold")
    for issuer, answer in sides.ask(payment):
        sides.say(issuer, FARM, answer)
    assert sides.kept(payment).state == "commit"
    sides.wait(hours=5)
    sides.give_up(payment)  # a decision is not taken back
    sides.drive(payment)
    is_paid(sides, payment, issuers=(CAFE, PRIMARY))


@pytest.mark.parametrize("odd", ["lost", "twice", "after a release"])
def test_19_a_capture_is_lost_comes_twice_or_meets_a_release(sides: Sides, odd: str) -> None:
    """The farm never says both; whichever the café hears first is what it did."""
    payment = sides.begin(mode="hold")
    for issuer, answer in sides.ask(payment):
        sides.say(issuer, FARM, answer)
    ((_, capture),) = sides.asked(payment)
    assert isinstance(m.decode(capture), m.Capture)
    if odd == "twice":
        assert len(set(sides.say(FARM, CAFE, capture, capture))) == 1
    if odd == "after a release":  # of somebody who says it in the farm's name, after the capture
        sides.say(FARM, CAFE, capture)
        freed = sides.say(FARM, CAFE, m.encode(m.Release(id=payment.legs[0].id, made=payment.made)))
        assert m.decode(freed[0]).outcome == "posted"
    sides.drive(payment)
    is_paid(sides, payment)


@pytest.mark.parametrize("is_empty", [False, True])
def test_20_what_was_set_aside_ended_before_it_was_taken(sides: Sides, is_empty: bool) -> None:
    """The wallet pays if it still can; else the farm, which came too late, bears it."""
    payment = sides.begin(mode="hold")
    for issuer, answer in sides.ask(payment):
        sides.say(issuer, FARM, answer)
    sides.wait(hours=25)
    sides.release(payment)
    if is_empty:
        for _ in range(2):
            other = sides.begin(amount=1_000)
            sides.drive(other)
    sides.drive(payment)
    assert sides.kept(payment).state == "ok"  # what the till was told
    assert sides.kept(payment).legs[0].got == (0 if is_empty else 500)
    assert sides.balance(FARM, "loss") == (-500 if is_empty else 0)
    assert ("short" in sides.alarms()) is is_empty


@pytest.mark.parametrize("order", [(2, 1, 0), (0, 2), (1,)])
def test_21_lines_come_out_of_order_or_not_at_all(sides: Sides, order: tuple[int, ...]) -> None:
    """What has no gap is booked; a statement brings the rest."""
    payments = [sides.begin(amount=100) for _ in range(3)]
    receipts = [sides.ask(one)[0][1] for one in payments]
    for which in order:
        sides.say(CAFE, FARM, receipts[which])
    sides.statement()
    mirror = sides.nodes[FARM].drawers.kept_mirrors[CAFE, FARM, ISSUES[CAFE]]
    assert (mirror.seq, mirror.balance) == (3, 300)
    assert mirror.point == sides.nodes[CAFE].drawers.kept_mirrors[CAFE, FARM, ISSUES[CAFE]].point
    for one in payments:
        sides.drive(one)
    assert {sides.kept(one).state for one in payments} == {"ok"}
    assert sides.balance(FARM, NOSTRO) == -300


def test_22_a_no_is_lost_and_it_was_accepted_offline(sides: Sides) -> None:
    """What is presented comes before the no that stands; the grant says who bears what is missing."""
    sides.grant()
    for _ in range(2):
        sides.drive(sides.begin(amount=900))
    payment = sides.begin(amount=500)
    ((_, no),) = sides.ask(payment)
    assert m.decode(no).outcome == "declined"
    sides.give_up(payment, offline=True)
    sides.say(CAFE, FARM, no)  # it comes late: the till said yes
    sides.drive(payment)
    assert sides.kept(payment).legs[0].state == "presented"
    assert (sides.balance(CAFE, WALLET), sides.balance(CAFE, "receivable")) == (0, -300)
    assert sides.balance(CAFE, NODE) == 2_300


def test_23_the_farm_s_disk_is_full(sides: Sides) -> None:
    """Nothing is written, so nothing is said: the till refuses, and the next one begins anew."""
    payment = sides.sale(CAFE)
    sides.die_deciding(FARM, Begin(payment=payment))
    assert (sides.balance(CAFE, NODE), sides.nodes[FARM].shown()["payments"]) == (0, [])
    late = sides.begin()
    ((_, receipt),) = sides.ask(late)
    sides.die_deciding(FARM, *sides.heard(CAFE, receipt))  # full again
    sides.drive(late)
    is_paid(sides, late)


@pytest.mark.parametrize("hours", [-1, 1])
@pytest.mark.parametrize("who", ["everybody", "farm"])
def test_24_a_clock_jumps(sides: Sides, who: str, hours: int) -> None:
    """A charge may be declined as too old, or a till give up early: no money depends on it."""
    payment = sides.begin()
    if who == "farm":
        sides.give_up(payment)  # its till believes that the time is over
    sides.wait(hours=hours)
    sides.drive(payment)
    if sides.kept(payment).state == "ok":
        is_paid(sides, payment)
    else:
        is_undone(sides, payment)
    assert sides.kept(payment).is_final


@pytest.mark.parametrize("heals", [True, False])
def test_28_questions_arrive_and_answers_do_not(sides: Sides, heals: bool) -> None:
    """The café posts what the farm never hears of: given back when the till said no, kept when it heals."""
    payment = sides.begin()
    for _ in range(5):
        sides.ask(payment)
    assert sides.balance(CAFE, NODE) == 500
    if not heals:
        sides.give_up(payment)
        for _ in range(5):
            sides.ask(payment)
        assert (sides.balance(CAFE, NODE), sides.kept(payment).state) == (0, "undo")
        sides.drive(payment)
        is_undone(sides, payment)
    else:
        sides.drive(payment)
        is_paid(sides, payment)
