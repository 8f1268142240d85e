"""The end of a grant: what its acceptor says it had accepted is honoured, and nothing that comes later."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import close_all_sessions

from kit.db import Database
from tests.wallet.village.two_nodes import CAFE, EUR, FARM, H_CAMILLE, Street, grant, street
from wallet.between import messages as m
from wallet.models.village import VillageGrant
from wallet.service import village_grants_over as over


@pytest.fixture
def town(new_database_url: Callable[[], str]) -> Iterator[Street]:
    """A farm that may accept the café's euros while the café is silent."""
    databases = [Database(new_database_url(), durable=False) for _ in range(2)]
    town = street(*databases)
    given = grant(town.clock)
    for node in (town.cafe, town.farm):
        node.keeper.add_grant(given)
    yield town
    close_all_sessions()
    for database in databases:
        database.close()


def grant_id(town: Street) -> UUID:
    with town.cafe.keeper.database.read() as session:
        return session.query(VillageGrant).one().id


def accept(town: Street, amount: int = 500) -> UUID:
    """The till of the farm takes it without asking; the charge's id."""
    sale = town.begin(amount)
    town.give_up(sale, offline=True)
    assert town.state(sale) == "offline"
    return town.leg(sale).id


def end(town: Street) -> m.Revoke:
    """A person of the café ends it."""

    def act(session: object) -> None:
        session.query(VillageGrant).one().revoked = True  # type: ignore[attr-defined]

    town.cafe.keeper.database.write(act)
    return m.Revoke(id=grant_id(town), made=town.clock.ms)


def hears_the_end(town: Street, said: m.Revoke) -> m.AnyMessage:
    """The farm hears it, and the café its answer."""
    answer = town.farm.keeper.database.write(lambda session: over.hear_revoke(session, CAFE, said))
    town.cafe.keeper.database.write(lambda session: over.heard_about_grants(session, FARM, said, answer))
    return answer


def present(town: Street, asked: UUID, amount: int = 500, *, ago: int = 500) -> m.Receipt:
    """Straight from the farm, whatever its books say."""
    said = m.Present(
        id=asked, made=town.clock.ms, grant=grant_id(town), asset=EUR, epoch=1, handle=H_CAMILLE, card="card",
        amount=amount, taken=town.clock.ms - ago,
    )  # fmt: skip
    receipt: m.Receipt = town.ask(FARM, said)
    return receipt


def test_what_was_accepted_before_waits_for_the_list_and_is_paid(town: Street) -> None:
    leg = accept(town)
    said = end(town)
    assert present(town, leg).outcome == "recovering", "the list comes first"
    answer = hears_the_end(town, said)
    assert isinstance(answer, m.Revoked)
    assert (answer.due, answer.used) == ((leg,), 500)
    assert hears_the_end(town, said) == answer, "the same list for ever"
    town.drive()
    assert [one.state for one in town.farm.payments().values()] == ["ok"]
    assert town.farm.balance("bank") == -500
    assert town.cafe.verify() == town.farm.verify() == []


def test_what_comes_after_the_list_is_refused_whatever_its_date(town: Street) -> None:
    leg = accept(town)
    hears_the_end(town, end(town))
    for ago in (0, 500):
        refused = present(town, uuid4(), ago=ago)
        assert (refused.outcome, refused.why) == ("declined", "grant_revoked")
    assert present(town, leg).outcome == "posted"
    late = town.begin(500)
    town.give_up(late, offline=True)
    assert town.state(late) == "undo", "the farm's own tills accept nothing more"
    assert town.cafe.balance("node", FARM) == 500


def test_a_charge_that_its_refused_presentation_overtook_takes_nothing(town: Street) -> None:
    """The acceptor has booked its loss by then: the wallet that was filled meanwhile pays nothing for it."""
    charge = town.charge(500, handle=H_CAMILLE)
    refused = present(town, charge.id, 5_000)
    assert refused.outcome == "declined"
    late = town.ask(FARM, charge)
    assert (late.outcome, late.why) == ("declined", "presented")
    assert town.cafe.balance("node", FARM) == 0
