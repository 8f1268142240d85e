"""A dishonest acceptor presents what it never sold, or has debts fall that stand: nothing moves."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from kit.db import Database
from tests.wallet.village import two_nodes as town
from tests.wallet.village.two_nodes import CAFE, EGGS, EUR, FARM, MILL, Street
from wallet.between import messages as m


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    farms = Database(new_database_url(), durable=False)
    yield town.street(db, farms)
    farms.close()


class TestUnderAGrant:
    """What is presented afterwards is never more than what the grant let the farm take."""

    def test_without_any_grant(self, street: Street) -> None:
        """The farm "presents" a whole wallet: no limit of a charge is looked at there. There is no grant."""
        said = street.ask(FARM, town.presented(street, uuid4(), 4_000))
        assert (said.outcome, said.why) == ("declined", "not_granted")
        assert street.cafe.balance("node", FARM) == 0

    def test_under_the_grant_of_another(self, street: Street) -> None:
        """The mill presents under the farm's grant, whose id it overheard."""
        grant = self._granted(street)
        assert street.ask(MILL, town.presented(street, grant, 500)).why == "not_granted"
        assert street.cafe.balance("node", MILL) == 0

    @pytest.mark.parametrize("odd", [{"amount": 601}, {"late": 90_000_000}, {"late": -2_000}])
    def test_more_than_one_tap_or_at_another_time(self, street: Street, odd: dict[str, int]) -> None:
        """The farm presents a sale that is too large, or from before or after the grant."""
        said = town.presented(street, self._granted(street), odd.get("amount", 500), odd.get("late", 0))
        assert street.ask(FARM, said).why == "not_granted"
        assert street.cafe.balance("node", FARM) == 0

    def test_many_sales_of_one_day_under_other_cards_names(self, street: Street) -> None:
        """The farm invents taps of one member, each with another card: the handle is counted."""
        grant = self._granted(street)
        said = [street.ask(FARM, town.presented(street, grant, 450, card=str(n))) for n in range(3)]
        assert [one.why for one in said] == ["", "", "over_card_day"]
        assert street.cafe.balance("node", FARM) == 900

    def test_the_same_sale_twice_presented_and_charged(self, street: Street) -> None:
        """The farm presents a sale and then sends its charge, which it says was late."""
        grant, charge = self._granted(street), street.charge(450)
        shown = town.presented(street, grant, 450, id=charge.id)
        assert street.ask(FARM, shown).outcome == "posted"
        assert street.ask(FARM, charge).outcome == "cancelled"
        assert street.ask(FARM, shown).outcome == "posted"
        assert street.cafe.balance("node", FARM) == 450

    def test_what_a_wallet_lacks_is_borne_up_to_the_caps_alone(self, street: Street) -> None:
        """The farm presents for a wallet that was emptied: the café lends no more than it signed."""
        grant = self._granted(street)
        street.ask(MILL, street.charge(1_000))
        for _ in range(4):
            street.ask(MILL, street.charge(1_000))
            street.clock.on(days=1)
        for day in range(4):
            street.ask(FARM, town.presented(street, grant, 600, 0))
            street.clock.on(days=day)
        assert -street.cafe.balance("receivable") <= 900
        assert street.cafe.balance("wallet", str(town.CAMILLE)) >= 0

    def _granted(self, street: Street) -> UUID:
        given = town.grant(street.clock)
        street.cafe.keeper.add_grant(given)
        return given.id


class TestClearing:
    """A debt falls by both signatures, and by what both books say."""

    def test_a_debt_that_does_not_exist_is_not_set_off(self, street: Street) -> None:
        """The farm proposes to set off what the café never owed it against what it does owe."""
        street.ask(FARM, street.charge(400))
        before = town.accounts(street)
        for mine, yours in ((400, 400), (900, 900), (400, 1)):
            edges = (m.Edge(CAFE, FARM, EUR, mine), m.Edge(FARM, CAFE, EGGS, yours))
            assert isinstance(street.ask(FARM, town.proposal(street, *edges, kind="setoff")), m.NotSigned)
        assert town.accounts(street) == before

    def test_paid_outside_is_what_a_person_says(self, street: Street) -> None:
        """The farm says that it sent a bank transfer, twice and under another name: it waits for a person."""
        said = town.proposal(street, m.Edge(FARM, CAFE, EGGS, 1))
        assert isinstance(street.ask(FARM, said), m.NotSigned)  # it owes nothing
        said = town.proposal(street, m.Edge(CAFE, FARM, EUR, 400))
        street.ask(FARM, street.charge(400))
        before = town.accounts(street)
        for _ in range(2):
            assert isinstance(street.ask(FARM, said), m.Waiting)
        other = structs.replace(said, edges=(m.Edge(CAFE, FARM, EUR, 1),))
        assert isinstance(street.ask(FARM, other), m.NotSigned)
        assert isinstance(street.ask(MILL, m.Abort(id=said.id, made=1)), m.NotSigned)
        assert isinstance(street.ask(FARM, said), m.Waiting)
        assert town.accounts(street) == before

    def test_a_yes_to_what_was_never_proposed(self, street: Street) -> None:
        """The farm signs what the café never proposed."""
        before = street.cafe.money()
        assert street.say(FARM, CAFE, m.encode(m.Signed(id=uuid4(), made=1, hash="0" * 64))) == []
        assert street.cafe.money() == before
        assert street.cafe.alarms() == ["unasked"]
