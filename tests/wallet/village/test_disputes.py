"""A line that either side contests: what stands aside, on which account of whom, and who gets it."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from kit.db import Database
from tests.wallet.village import contests as people
from tests.wallet.village import two_nodes as town
from tests.wallet.village.two_nodes import CAFE, FARM, LOADED, Street
from wallet.between import messages as m
from wallet.between.events import Confirm, Withdraw

SIDES = (CAFE, FARM)


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    farms = Database(new_database_url(), durable=False)
    yield town.street(db, farms)
    farms.close()


def books(street: Street) -> dict[str, int]:
    """What the café owes the farm, what stands aside; what the farm is owed, lacks, and took."""
    cafe, farm = street.cafe, street.farm
    return {
        "owed": cafe.balance("node", FARM),
        "aside": cafe.balance("disputed"),
        "wallet": cafe.balance("wallet", str(town.CAMILLE)),
        "due": -farm.balance("bank", CAFE),
        "lacking": -farm.balance("bank", "disputed"),
        "sales": farm.balance("sales"),
    }


def must_agree(street: Street) -> None:
    """Both verify, both mirrors end at the same line, and nobody accuses anybody."""
    assert (street.cafe.verify(), street.farm.verify()) == ([], [])
    assert street.cafe.alarms() == street.farm.alarms() == []
    ours, theirs = (
        next(one for one in node.keeper.shown()["mirrors"] if one.issuer == CAFE)
        for node in (street.cafe, street.farm)
    )
    assert ours.point == theirs.point
    found = books(street)
    assert (found["due"], found["lacking"]) == (found["owed"], found["aside"])


@pytest.mark.parametrize("by", SIDES)
class TestAgainAndAgain:
    """Whoever contests, and whoever gets it."""

    def test_stands_aside_and_returns_to_the_holder(self, street: Street, by: str) -> None:
        line = people.line_of(street, street.paid(500))
        one = people.contest(street, line, by, 300)
        assert books(street) == {
            "owed": 200, "aside": 300, "wallet": LOADED - 500, "due": 200, "lacking": 300, "sales": 500,
        }  # fmt: skip
        must_agree(street)
        people.end(street, one, by, "holder")
        assert books(street) == {
            "owed": 500, "aside": 0, "wallet": LOADED - 500, "due": 500, "lacking": 0, "sales": 500,
        }  # fmt: skip
        must_agree(street)

    def test_stands_aside_and_goes_back_to_who_paid(self, street: Street, by: str) -> None:
        """What was given back since by hand does not go back twice."""
        line = people.line_of(street, street.paid(500))
        street.paid(200)
        one = people.contest(street, line, by, 500)
        must_agree(street)
        people.end(street, one, people.THERE[by], "payer")
        assert books(street) == {
            "owed": 200, "aside": 0, "wallet": LOADED - 200, "due": 200, "lacking": 0, "sales": 200,
        }  # fmt: skip
        must_agree(street)
        refund = m.Refund(id=one.id, made=street.clock.ms, charge=UUID(line.ref), amount=1)
        assert street.ask(FARM, refund).why == "nothing_left"

    def test_what_was_refunded_meanwhile_returns_to_the_holder(self, street: Street, by: str) -> None:
        line = people.line_of(street, street.paid(500))
        street.paid(400)
        one = people.contest(street, line, by, 500)
        refund = m.Refund(id=one.id, made=street.clock.ms, charge=UUID(line.ref), amount=350)
        assert street.ask(FARM, refund).outcome == "posted"
        people.end(street, one, by, "payer")
        assert street.cafe.balance("wallet", str(town.CAMILLE)) == LOADED - 400
        assert street.cafe.balance("disputed") == 0
        assert (street.cafe.verify(), street.cafe.balance("node", FARM)) == ([], 400)

    def test_a_no_changes_nothing_and_another_offer_may_follow(self, street: Street, by: str) -> None:
        one = people.contest(street, people.line_of(street, street.paid(500)), by, 500)
        refused = people.end(street, one, by, "payer", is_right=False)
        assert people.state(street.node(by), refused.id) == ("refused", "disagreed")
        assert books(street)["aside"] == 500
        people.end(street, one, people.THERE[by], "holder")
        assert books(street)["aside"] == 0
        must_agree(street)

    def test_words_that_are_lost_or_doubled_change_nothing(self, street: Street, by: str) -> None:
        line = people.line_of(street, street.paid(500))
        one = people.dispute(street, line, by, 400)
        assert people.suggest(street, by, one) == ""
        item = m.encode(people.proposal_of(one))
        first = street.say(by, people.THERE[by], item)  # the answer is lost
        assert street.say(by, people.THERE[by], item) == first
        people.say(street, by, one)
        people.say(street, by, one)
        assert (books(street)["aside"], books(street)["lacking"]) == (400, 400)
        people.end(street, one, by, "payer")
        must_agree(street)

    def test_called_off_before_it_was_heard(self, street: Street, by: str) -> None:
        line = people.line_of(street, street.paid(500))
        one = people.dispute(street, line, by, 400)
        assert people.suggest(street, by, one) == ""
        street.node(by).does(Withdraw(clearing=one.id))
        answers = street.say(by, people.THERE[by], m.encode(m.Abort(id=one.id, made=one.made)))
        street.say(people.THERE[by], by, *answers)
        assert people.state(street.node(by), one.id) == ("refused", "aborted")
        again = people.say(street, by, one)
        assert isinstance(again, m.NotSigned)
        assert books(street)["aside"] == 0
        assert street.cafe.verify() == street.farm.verify() == []


def test_of_two_that_cross_on_their_way_one_stands(street: Street) -> None:
    """Both contest one line at once: the holder's counts, the issuer's is refused and frees what it held."""
    line = people.line_of(street, street.paid(500))
    street.paid(500)
    ours, theirs = (people.dispute(street, line, by, 300) for by in SIDES)
    assert (people.suggest(street, CAFE, ours), people.suggest(street, FARM, theirs)) == ("", "")
    assert isinstance(people.say(street, FARM, theirs), m.Signed)
    assert people.say(street, CAFE, ours).why == "already_disputed"
    assert books(street) | {"aside": 300, "lacking": 300, "owed": 700} == books(street)
    must_agree(street)


def test_the_issuers_stands_when_the_holders_is_above_what_is_left(street: Street) -> None:
    """200 of 500 went back, which the farm's books do not say yet: it waits, and then signs the café's."""
    line = people.line_of(street, street.paid(500))
    street.ask(FARM, m.Refund(id=uuid4(), made=street.clock.ms, charge=UUID(line.ref), amount=200))
    ours, theirs = people.dispute(street, line, CAFE, 300), people.dispute(street, line, FARM, 500)
    assert (people.suggest(street, CAFE, ours), people.suggest(street, FARM, theirs)) == ("", "")
    asked = m.encode(people.proposal_of(ours))
    assert [type(m.decode(one)) for one in street.say(CAFE, FARM, asked)] == [m.Waiting]
    assert people.say(street, FARM, theirs).why == "over_line"
    assert isinstance(people.say(street, CAFE, ours), m.Signed)
    assert people.state(street.farm, theirs.id) == ("refused", "over_line")
    assert (books(street)["aside"], street.cafe.verify(), street.cafe.alarms()) == (300, [], [])


def test_of_two_offers_that_cross_the_issuers_stands(street: Street) -> None:
    """Neither is refused for it: the café's waits until the farm has called its own off."""
    one = people.contest(street, people.line_of(street, street.paid(500)), CAFE, 500)
    offers = {by: people.release(street, one, by, "payer" if by == CAFE else "holder") for by in SIDES}
    for by, offer in offers.items():
        assert people.suggest(street, by, offer) == ""
    for by, offer in offers.items():
        assert isinstance(people.say(street, by, offer), m.Waiting)
    assert people.state(street.cafe, offers[CAFE].id) == ("proposed", "")
    assert people.state(street.farm, offers[FARM].id) == ("proposed", "aborted")
    abort = m.Abort(id=offers[FARM].id, made=offers[FARM].made)
    street.say(CAFE, FARM, *street.say(FARM, CAFE, m.encode(abort)))
    assert people.state(street.farm, offers[FARM].id) == ("refused", "aborted")
    people.answer(street, offers[CAFE], CAFE)
    assert books(street)["wallet"] == LOADED
    must_agree(street)


@pytest.mark.parametrize("by", SIDES)
def test_an_offer_that_crosses_a_no_waits_for_it(street: Street, by: str) -> None:
    """The no is lost on its way: what its sender offers next is not refused, and counts a moment later."""
    one, there = people.contest(street, people.line_of(street, street.paid(500)), CAFE, 500), people.THERE[by]
    first, second = (people.release(street, one, who, "payer") for who in (by, there))
    assert people.suggest(street, by, first) == ""
    assert isinstance(people.say(street, by, first), m.Waiting)
    (no,) = street.node(there).does(Confirm(clearing=first.id, is_right=False))
    assert people.suggest(street, there, second) == ""
    assert isinstance(people.say(street, there, second), m.Waiting)
    assert people.state(street.node(by), first.id)[0] == "proposed"
    street.say(there, no.to, *no.answers)
    assert people.state(street.node(by), first.id) == ("refused", "disagreed")
    people.answer(street, second, there)
    assert books(street)["wallet"] == LOADED
    must_agree(street)


def test_what_stands_contested_is_owed_still(street: Street) -> None:
    """An acceptor does not get more by contesting: 500 of 1 000 stand aside, and 1 000 was the most."""
    line = people.line_of(street, street.paid(500))
    town.agree_anew(street, node_max=1_000)
    one = people.contest(street, line, FARM, 500)
    assert street.ask(FARM, street.charge(501)).why == "over_node"
    assert street.ask(FARM, street.charge(400)).outcome == "posted"
    people.end(street, one, FARM, "payer")
    assert street.ask(FARM, street.charge(600)).outcome == "posted"
    assert street.ask(FARM, street.charge(1)).why == "over_node"


def test_each_no_to_a_person_says_why(street: Street) -> None:
    """Whose it is, whether it is answered, whether there is anything to answer."""
    one = people.contest(street, people.line_of(street, street.paid(500)), FARM, 500)
    offer = people.release(street, one, FARM, "holder")
    assert people.suggest(street, FARM, offer) == ""
    people.say(street, FARM, offer)
    for node, named, why in (
        (street.farm, offer.id, "not_ours_to_sign"),
        (street.cafe, one.id, "not_for_people"),
        (street.cafe, uuid4(), "not_known"),
    ):
        assert node.does(Confirm(clearing=named, is_right=True))[0].why == why
    assert street.cafe.does(Withdraw(clearing=offer.id))[0].why == "not_ours_to_call_off"
    people.answer(street, offer, FARM)
    assert street.cafe.does(Confirm(clearing=offer.id, is_right=True))[0].why == "not_waiting"
    assert street.farm.does(Withdraw(clearing=offer.id))[0].why == "not_waiting"
    for by in SIDES:
        assert people.suggest(street, by, people.release(street, one, by, "payer")) == "already_ended"
