"""A line that either side contests: what stands aside, on which account of whom, and who gets it."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from kit.db import Database
from tests.wallet.village import contests as people
from tests.wallet.village import two_nodes as town
from tests.wallet.village.two_nodes import CAFE, FARM, LOADED, Street
from wallet.between import messages as m
from wallet.between.events import Suggest, Withdraw

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


def test_two_offers_that_cross_are_both_refused(street: Street) -> None:
    one = people.contest(street, people.line_of(street, street.paid(500)), CAFE, 500)
    offers = {by: people.release(street, one, by, "payer" if by == CAFE else "holder") for by in SIDES}
    for by, offer in offers.items():
        assert street.node(by).does(Suggest(clearing=offer))[0].why == ""
    said = {by: m.encode(people.proposal_of(offer)) for by, offer in offers.items()}
    answers = {by: street.say(by, people.THERE[by], item) for by, item in said.items()}
    for by, (answer,) in answers.items():
        assert m.decode(answer).why == "being_released"
        street.say(people.THERE[by], by, answer)
    assert books(street)["aside"] == 500
    people.end(street, one, FARM, "payer")
    must_agree(street)
