"""A dishonest peer contests what it may not, or wants what is contested by its own word: nothing moves."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from kit.db import Database
from tests.wallet.village import contests as people
from tests.wallet.village import two_nodes as town
from tests.wallet.village.two_nodes import CAFE, EUR, FARM, MILL, Street
from wallet.between import messages as m
from wallet.between.events import Confirm
from wallet.between.shapes import Clearing


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    farms = Database(new_database_url(), durable=False)
    yield town.street(db, farms)
    farms.close()


@pytest.fixture
def line(street: Street) -> m.Line:
    """Of a payment of 500 at the farm's till; 500 more are owed for another one."""
    street.paid(500)
    return people.line_of(street, street.paid(500))


def said(street: Street, about: m.Line, amount: int = 500, **odd: Any) -> m.Dispute:
    """The farm contests that line; `odd` is what is wrong about it."""
    values: dict[str, Any] = {
        "asset": EUR, "epoch": 1, "seq": about.seq, "line": people.kept(about).hash, "made": street.clock.ms,
    }  # fmt: skip
    return m.Dispute(id=uuid4(), amount=amount, reason="?", **(values | odd))


def over(street: Street, one: Clearing, to: Any = "holder") -> m.DisputeOver:
    return m.DisputeOver(id=uuid4(), made=street.clock.ms, dispute=one.id, to=to)


class TestContesting:
    def test_above_the_line(self, street: Street, line: m.Line) -> None:
        before = town.accounts(street)
        assert street.ask(FARM, said(street, line, 501)).why == "over_line"
        assert town.accounts(street) == before

    def test_above_what_is_left_of_it(self, street: Street, line: m.Line) -> None:
        """400 of it went back to the card: the farm has no more than 100 to contest."""
        refund = m.Refund(id=uuid4(), made=street.clock.ms, charge=UUID(line.ref), amount=400)
        assert street.ask(FARM, refund).outcome == "posted"
        assert street.ask(FARM, said(street, line, 101)).why == "over_line"
        assert isinstance(street.ask(FARM, said(street, line, 100)), m.Signed)

    def test_twice(self, street: Street, line: m.Line) -> None:
        first = said(street, line, 200)
        assert isinstance(street.ask(FARM, first), m.Signed)
        before = town.accounts(street)
        assert street.ask(FARM, said(street, line, 100)).why == "already_disputed"
        assert street.ask(FARM, structs.replace(first, amount=300)).why == "conflict"
        assert isinstance(street.ask(FARM, first), m.Signed)
        assert town.accounts(street) == before

    def test_again_after_its_end(self, street: Street, line: m.Line) -> None:
        people.end(street, people.contest(street, line, FARM, 500), FARM, "holder")
        assert street.ask(FARM, said(street, line)).why == "already_disputed"
        assert street.cafe.balance("disputed") == 0

    def test_of_a_line_that_is_not_theirs(self, street: Street, line: m.Line) -> None:
        """The mill names the farm's line, then one of its own that differs, then money nobody agreed on."""
        before = town.accounts(street)
        odds: tuple[dict[str, Any], ...] = ({}, {"seq": 1}, {"line": "0" * 64})
        for odd in odds:
            assert street.ask(MILL, said(street, line, **odd)).why == "line_unknown"
        assert street.ask(FARM, said(street, line, line="0" * 64)).why == "line_unknown"
        assert street.ask(FARM, said(street, line, seq=line.seq + 7)).why == "line_unknown"
        assert street.ask(MILL, said(street, line, asset=town.EGGS)).why == "not_agreed"
        assert street.ask(FARM, said(street, line, asset="nobody/x")).why == "not_agreed"
        assert town.accounts(street) == before
        assert street.cafe.verify() == []

    def test_of_what_both_have_signed(self, street: Street, line: m.Line) -> None:
        """A debt that fell was signed by the farm itself; a refund it asked for."""
        refund = m.Refund(id=uuid4(), made=street.clock.ms, charge=UUID(line.ref), amount=50)
        street.ask(FARM, refund)
        (body,) = street.cafe.keeper.rows("SELECT body FROM village_line WHERE delta < 0")
        back = m.decode_line(bytes(body[0]))
        assert street.ask(FARM, said(street, back, 50)).why == "not_contestable"

    def test_after_thirty_days(self, street: Street, line: m.Line) -> None:
        """Also when it says that it said so before."""
        street.clock.on(days=30, seconds=1)
        assert street.ask(FARM, said(street, line, made=line.at)).why == "dispute_late"
        assert street.cafe.balance("disputed") == 0

    def test_of_what_was_settled(self, street: Street, line: m.Line) -> None:
        settled = town.proposal(street, m.Edge(CAFE, FARM, EUR, 900))
        assert isinstance(street.ask(FARM, settled), m.Waiting)
        street.cafe.does(Confirm(clearing=settled.id, is_right=True))
        assert street.ask(FARM, said(street, line)).why == "more_than_owed"
        assert isinstance(street.ask(FARM, said(street, line, 100)), m.Signed)


class TestEnding:
    def test_by_one_signature_alone(self, street: Street, line: m.Line) -> None:
        """The farm offers, repeats, signs its own offer: it waits for a person of the café for ever."""
        one = people.contest(street, line, CAFE, 500)
        offer, before = over(street, one), town.accounts(street)
        for _ in range(2):
            assert isinstance(street.ask(FARM, offer), m.Waiting)
        own = m.Signed(id=offer.id, made=offer.made, hash=m.digest(m.encode(offer)))
        assert street.say(FARM, CAFE, m.encode(own)) == []
        assert street.ask(FARM, over(street, one)).why == "being_released"
        assert street.ask(FARM, structs.replace(offer, to="payer")).why == "conflict"
        assert town.accounts(street) == before
        assert street.cafe.balance("disputed") == 500

    def test_of_a_dispute_that_is_anothers_or_none(self, street: Street, line: m.Line) -> None:
        one = people.contest(street, line, CAFE, 500)
        before = town.accounts(street)
        assert street.ask(MILL, over(street, one, "payer")).why == "no_such_dispute"
        other = structs.replace(one, id=uuid4())
        assert street.ask(FARM, over(street, other)).why == "no_such_dispute"
        assert town.accounts(street) == before

    def test_twice(self, street: Street, line: m.Line) -> None:
        one = people.contest(street, line, FARM, 500)
        people.end(street, one, CAFE, "holder")
        before = town.accounts(street)
        assert street.ask(FARM, over(street, one, "payer")).why == "already_ended"
        assert town.accounts(street) == before

    def test_lines_of_an_issuer_that_nobody_signed(self, street: Street, line: m.Line) -> None:
        """The café writes that the farm gave up 500, under a dispute that the farm never heard of."""
        kept = [m.decode_line(body) for body in town.lines_of(street)]
        last = max(kept, key=lambda one: one.seq)
        more: dict[str, Any] = {
            "seq": last.seq + 1,
            "prev": people.kept(last).hash,
            "balance": last.balance - 500,
        }
        for kind in ("dispute", "returned"):
            forged = town.line(street, None, kind=kind, delta=-500, **more)
            more = {"seq": more["seq"] + 1, "prev": m.digest(forged), "balance": more["balance"] - 500}
            street.say(CAFE, FARM, m.encode(town.lines(street, forged)))
        assert street.farm.alarms() == ["denied"]
