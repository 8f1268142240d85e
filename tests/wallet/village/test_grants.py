"""Grants: given, heard, revoked; figures that make sense on both sides; the worst case as a number."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import close_all_sessions

from kit import clock
from kit.db import Database
from kit.errors import Invalid
from kit.ids import new_id
from tests.factories.money import ODILE, at
from tests.wallet.village.agreeing import CAFE, GRANGE, Node, open_node, settle
from wallet.between.messages import Grant, Noted, Present, Refused, Revoke, Revoked, encode
from wallet.between.presenting import covered_by
from wallet.between.shapes import GrantKept
from wallet.choices import GrantFigures, TakingLimits
from wallet.models.village import VillageGrant
from wallet.queries.village_grants import is_in_force, live_grant, worst_case
from wallet.service import village_agreements as agreements
from wallet.service import village_grants as grants
from wallet.service import village_grants_over as over
from wallet.service import village_rules as rules

LOCAL, MILL = "cafe.example/local", "https://mill.example"
FIGURES = GrantFigures()


@pytest.fixture
def cafe(db: Database) -> Node:
    return open_node(db, CAFE, GRANGE, MILL)


@pytest.fixture
def grange(new_database_url: Callable[[], str], cafe: Node) -> Iterator[Node]:
    """An acceptor that takes the café's currency."""
    database = Database(new_database_url(), durable=False)
    node = open_node(database, GRANGE, CAFE)
    agree(cafe, cafe.currency())
    settle_two(cafe, node)
    node.write(lambda session: agreements.take(session, ODILE, CAFE, LOCAL))
    settle_two(cafe, node)
    yield node
    close_all_sessions()
    database.close()


def settle_two(cafe: Node, grange: Node) -> None:
    """The mill hears nothing."""
    kept, cafe.friends.peered = cafe.friends.peered, [GRANGE]
    settle(cafe, grange)
    cafe.friends.peered = kept


def agree(node: Node, currency: UUID, peer: str = GRANGE) -> None:
    node.write(lambda session: agreements.offer_terms(session, ODILE, peer, currency, TakingLimits()))


def issue(node: Node, peer: str = GRANGE, figures: GrantFigures = FIGURES, **more: Any) -> VillageGrant:
    currency = node.known("local")
    assert currency is not None
    return node.write(lambda session: grants.issue_grant(session, ODILE, peer, currency.id, figures, **more))


def revoke(node: Node, grant_id: UUID) -> None:
    node.write(lambda session: grants.revoke_grant(session, ODILE, grant_id))


def said(**changes: Any) -> Grant:
    now = int(clock.now().timestamp() * 1000)
    grant = Grant(
        id=new_id(), made=now, acceptor=GRANGE, asset=LOCAL, per_tap=1_500, per_card=2_000,
        per_card_day=3_000, node_max=30_000, since=now, until=now + 86_400_000,
    )  # fmt: skip
    return structs.replace(grant, **changes)


def why(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.why


def test_a_grant_is_heard_and_stands_on_both_sides(cafe: Node, grange: Node) -> None:
    given = issue(cafe)
    settle_two(cafe, grange)
    kept = grange.grant(given.id)
    assert (kept.issuer, kept.acceptor, kept.asset, kept.bearer) == (CAFE, GRANGE, LOCAL, "issuer")
    assert (kept.per_tap, kept.per_card, kept.per_card_day, kept.node_max) == (1_500, 2_000, 3_000, 30_000)
    assert is_in_force(kept)
    assert cafe.grant(given.id).noted
    assert cafe.due(GRANGE) == []


def test_two_presses_give_one_grant_and_a_new_one_replaces_it(cafe: Node, grange: Node) -> None:
    key = new_id()
    first = issue(cafe, key=key)
    assert issue(cafe, key=key).id == first.id
    settle_two(cafe, grange)
    second = issue(cafe, figures=structs.replace(FIGURES, node_max=20_000))
    settle_two(cafe, grange)
    assert grange.grant(first.id).revoked
    assert is_in_force(grange.grant(second.id))
    live = cafe.read(lambda session: live_grant(session, GRANGE, LOCAL))
    assert live is not None
    assert live.id == second.id


def test_what_was_accepted_before_the_end_is_still_covered(cafe: Node, grange: Node) -> None:
    given = issue(cafe)
    settle_two(cafe, grange)
    revoke(cafe, given.id)
    assert isinstance(cafe.due(GRANGE)[0], Revoke)
    settle_two(cafe, grange)
    assert grange.grant(given.id).revoked
    row = cafe.grant(given.id)
    kept = GrantKept(**{name: getattr(row, name) for name in GrantKept.__struct_fields__})
    late = Present(
        id=new_id(), made=1, grant=given.id, asset=LOCAL, epoch=1, handle="h", card="", amount=1_800,
        taken=row.since + 1_000,
    )  # fmt: skip
    assert covered_by(kept, 0, late) == 1_500
    assert covered_by(kept, 900, late) == 1_100


def test_an_end_that_comes_before_its_beginning_stands(cafe: Node, grange: Node) -> None:
    grant = said()
    assert isinstance(grange.hear(CAFE, encode(Revoke(id=grant.id, made=1))), Revoked)
    assert isinstance(grange.hear(CAFE, encode(grant)), Noted)
    assert not is_in_force(grange.grant(grant.id))


def test_an_answer_to_the_grant_is_no_answer_to_its_end(cafe: Node, grange: Node) -> None:
    given = issue(cafe)
    (grant,) = (one for one in cafe.due(GRANGE) if isinstance(one, Grant))
    revoke(cafe, given.id)
    answer = grange.hear(CAFE, encode(grant))
    cafe.write(lambda session: over.heard_about_grants(session, GRANGE, grant, answer))
    assert not cafe.grant(given.id).noted
    settle_two(cafe, grange)
    assert grange.grant(given.id).revoked


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"acceptor": MILL}, "not_for_us"),
        ({"asset": "mill.example/local"}, "not_yours"),
        ({"asset": "grange.example:8443/local"}, "not_yours"),
        ({"asset": "cafe.example/other"}, "not_yours"),
        ({"per_tap": 2_001}, "malformed"),
        ({"per_card": 40_000}, "malformed"),
        ({"node_max": rules.MOST_LIMIT + 1}, "malformed"),
        ({"hotlist_age": 30 * 86_400}, "malformed"),
        ({"until": 0}, "malformed"),
        ({"until": 2**45}, "malformed"),
    ],
)
def test_a_grant_that_cannot_stand_is_refused_by_name(
    cafe: Node, grange: Node, changes: dict[str, Any], name: str
) -> None:
    grange.write(lambda session: None)
    assert why(grange.hear(CAFE, encode(said(**changes)))) == name


def test_a_grant_of_what_another_node_issues_is_refused(cafe: Node, grange: Node) -> None:
    grange.friends.peered.append(MILL)
    assert why(grange.hear(MILL, encode(said()))) == "not_yours"
    grant = said()
    assert isinstance(grange.hear(CAFE, encode(grant)), Noted)
    assert why(grange.hear(CAFE, encode(structs.replace(grant, per_tap=1_000)))) == "conflict"
    assert why(grange.hear(MILL, encode(Revoke(id=grant.id, made=1)))) == "grant_unknown"
    assert is_in_force(grange.grant(grant.id))


def test_an_acceptor_may_stop_using_a_grant_and_only_a_new_one_changes_that(cafe: Node, grange: Node) -> None:
    given = issue(cafe)
    settle_two(cafe, grange)
    grange.write(lambda session: grants.stop_using(session, ODILE, given.id))
    assert why(grange.hear(CAFE, encode(said(id=given.id)))) == "conflict"
    assert not is_in_force(grange.grant(given.id))
    with pytest.raises(rules.NoSuchGrant):
        grange.write(lambda session: grants.revoke_grant(session, ODILE, given.id))
    with pytest.raises(rules.NoSuchGrant):
        cafe.write(lambda session: grants.stop_using(session, ODILE, given.id))
    again = issue(cafe)
    settle_two(cafe, grange)
    assert is_in_force(grange.grant(again.id))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"per_tap": 0}, "per_tap"),
        ({"per_tap": 2_500}, "per_tap"),
        ({"per_card": 50_000}, "per_card"),
        ({"per_card_day": 1_000}, "per_tap"),
        ({"node_max": 300_000}, "node_max"),
        ({"days": 0}, "days"),
        ({"days": 400}, "days"),
        ({"hotlist_age": 1}, "hotlist_age"),
    ],
)
def test_figures_that_make_no_sense_have_their_sentence(
    cafe: Node, grange: Node, changes: dict[str, int], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        issue(cafe, figures=structs.replace(FIGURES, **changes))
    assert set(refusal.value.fields) == {field}


def test_vouchers_are_never_granted_and_nothing_without_an_agreement(cafe: Node, grange: Node) -> None:
    gift = cafe.currency("gift")
    with pytest.raises(rules.StaysHere):
        cafe.write(lambda session: grants.issue_grant(session, ODILE, GRANGE, gift, FIGURES))
    with pytest.raises(rules.NoSuchAgreement):
        issue(cafe, MILL)
    with pytest.raises(rules.NotInVillage):
        issue(cafe, "https://stranger.example")


def test_the_worst_case_is_a_number_on_both_sides(cafe: Node, grange: Node) -> None:
    currency = cafe.known("local")
    assert currency is not None
    agree(cafe, currency.id, MILL)
    first, _second = issue(cafe), issue(cafe, MILL, structs.replace(FIGURES, node_max=50_000))
    (worst,) = cafe.read(worst_case).as_issuer
    assert (worst.most, worst.per_card, worst.peers) == (80_000, 4_000, (GRANGE, MILL))
    assert cafe.read(worst_case).as_acceptor == []
    settle_two(cafe, grange)
    assert grange.read(worst_case).as_acceptor == [], "the café bears it"
    revoke(cafe, first.id)
    assert cafe.read(worst_case).as_issuer[0].most == 80_000, "what was accepted may still be presented"
    settle_two(cafe, grange)
    assert cafe.read(worst_case).as_issuer[0].most == 50_000, "it said that it had accepted nothing"
    with at(clock.now() + timedelta(days=31)):
        assert cafe.read(worst_case).as_issuer == []
    issue(cafe, bearer="acceptor")
    settle_two(cafe, grange)
    (risk,) = grange.read(worst_case).as_acceptor
    assert (risk.most, risk.peers, risk.currency.code) == (30_000, (CAFE,), LOCAL)


def test_the_issuer_hears_how_much_of_a_grant_is_in_use(cafe: Node, grange: Node) -> None:
    given = issue(cafe)
    settle_two(cafe, grange)

    def use(amount: int) -> None:
        def unit(session: Any) -> None:
            session.get_one(VillageGrant, given.id).used = amount

        grange.write(unit)

    for amount in (4_500, 0):
        use(amount)
        settle_two(cafe, grange)
        assert (cafe.grant(given.id).told, cafe.grant(given.id).used) == (amount, 0)
        assert cafe.grant(given.id).told_at is not None
    use(700)
    revoke(cafe, given.id)
    settle_two(cafe, grange)
    assert (cafe.grant(given.id).told, cafe.grant(given.id).closed) == (700, [])
    assert cafe.due(GRANGE) == grange.due(CAFE) == []


def test_the_database_holds_the_cap_of_what_is_accepted(cafe: Node, grange: Node) -> None:
    given = issue(cafe)
    settle_two(cafe, grange)

    def use(node: Node, amount: int) -> None:
        def unit(session: Any) -> None:
            session.get_one(VillageGrant, given.id).used = amount

        node.write(unit)

    use(grange, 30_000)
    for amount in (30_001, -1):
        with pytest.raises(DBAPIError):
            use(grange, amount)


def test_the_end_of_an_offer_or_of_the_exchange_ends_its_grants(cafe: Node, grange: Node) -> None:
    given = issue(cafe)
    settle_two(cafe, grange)
    cafe.write(lambda session: agreements.withdraw(session, ODILE, GRANGE, LOCAL))
    settle_two(cafe, grange)
    assert grange.grant(given.id).revoked
    currency = cafe.known("local")
    assert currency is not None
    agree(cafe, currency.id)
    other = issue(cafe)
    settle_two(cafe, grange)
    for node, peer in ((cafe, GRANGE), (grange, CAFE)):
        node.write(lambda session: agreements.follow_peering(session, peer, is_over=True))  # noqa: B023
        assert node.grant(other.id).revoked
