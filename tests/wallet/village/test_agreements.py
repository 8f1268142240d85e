"""Agreements: offered, taken, changed and ended by messages, and nothing believed that cannot be."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import func, select
from sqlalchemy.orm import close_all_sessions

from kit import clock
from kit.choices import save_choice
from kit.db import Database
from kit.errors import Invalid, Refusal
from kit.ids import new_id
from people.queries.journal import Wanted, read_journal
from tests.factories.money import ODILE
from tests.wallet.village.agreeing import CAFE, GRANGE, Node, open_node, settle
from wallet.between.messages import Agreed, Limits, Noted, Refused, Terms, encode
from wallet.choices import TakingLimits, VillageMoneyRules
from wallet.models.currency import Currency
from wallet.models.village import VillageEpoch
from wallet.queries.village_taking import taken_by
from wallet.queries.village_terms import agreed_with, is_live, limits_for
from wallet.service import village_agreements as agreements
from wallet.service import village_rules as rules
from wallet.service.currencies import archive_currency, rename_currency
from wallet.service.currency_rules import CurrencyWords

LIMITS = TakingLimits()
LOCAL = "cafe.example/local"


@pytest.fixture
def cafe(db: Database) -> Node:
    """The issuer."""
    return open_node(db, CAFE, GRANGE)


@pytest.fixture
def grange(new_database_url: Callable[[], str]) -> Iterator[Node]:
    """The acceptor."""
    database = Database(new_database_url(), durable=False)
    yield open_node(database, GRANGE, CAFE)
    close_all_sessions()
    database.close()


def offer(node: Node, peer: str, currency: Any, limits: TakingLimits = LIMITS) -> None:
    node.write(lambda session: agreements.offer_terms(session, ODILE, peer, currency, limits))


def take(node: Node, peer: str, asset: str = LOCAL) -> None:
    node.write(lambda session: agreements.take(session, ODILE, peer, asset))


def limits_of(node: Node, peer: str) -> Limits:
    found = node.read(lambda session: limits_for(session, peer))
    assert found is not None
    return found


def terms(**changes: Any) -> Terms:
    said = Terms(
        asset=LOCAL, currency=new_id(), name="Rondelles", symbol="€", nature="money", reach="local",
        scale=2, at_par=True, per_tap=5_000, per_card_day=15_000, per_minute=200_000, node_max=200_000,
    )  # fmt: skip
    return structs.replace(said, **changes)


def say(*told: Terms, rev: int = 1, epoch: int = 1) -> bytes:
    return encode(Limits(id=new_id(), made=1, rev=rev, epoch=epoch, terms=told))


def why(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.why


def test_what_is_offered_is_taken_by_a_person_and_both_know(cafe: Node, grange: Node) -> None:
    currency = cafe.currency()
    offer(cafe, GRANGE, currency)
    assert settle(cafe, grange) == 1
    heard = grange.agreement(CAFE, LOCAL)
    assert (heard.issuer, heard.acceptor, heard.currency_id) == (CAFE, GRANGE, currency)
    assert (heard.per_tap, heard.node_max, heard.takes) == (5_000, 200_000, False)
    assert not is_live(cafe.agreement(GRANGE, LOCAL))
    take(grange, CAFE)
    assert settle(cafe, grange) == 1
    assert is_live(cafe.agreement(GRANGE, LOCAL))
    assert is_live(grange.agreement(CAFE, LOCAL))
    assert cafe.read(lambda session: taken_by(session, GRANGE)) == {currency}
    assert settle(cafe, grange) == 0


def test_the_currency_of_a_neighbour_has_its_name_and_is_not_ours(cafe: Node, grange: Node) -> None:
    offer(cafe, GRANGE, cafe.currency(name="Rondelles", symbol="r"))
    settle(cafe, grange)
    known = grange.known(LOCAL)
    assert known is not None
    assert (known.issuer, known.name, known.symbol, known.where_spent) == (
        CAFE, "Rondelles", "r", "cafe.example",
    )  # fmt: skip
    mine = grange.currency(name="Rondelles")
    assert grange.known("local") is not None
    offer(grange, CAFE, mine)
    settle(cafe, grange)
    assert cafe.agreement(GRANGE, "grange.example:8443/local").issuer == GRANGE


def test_a_new_name_reaches_the_neighbour(cafe: Node, grange: Node) -> None:
    currency = cafe.currency()
    offer(cafe, GRANGE, currency)
    settle(cafe, grange)
    words = CurrencyWords(name="Écus", symbol="é", where_spent="Here.")

    def rename(session: Any) -> None:
        rename_currency(session, ODILE, currency, words)
        agreements.say_words(session, currency)

    cafe.write(rename)
    settle(cafe, grange)
    known = grange.known(LOCAL)
    assert known is not None
    assert (known.name, known.symbol) == ("Écus", "é")


def test_lower_limits_count_at_once_and_higher_ones_within_what_was_chosen(cafe: Node, grange: Node) -> None:
    currency = cafe.currency()
    offer(cafe, GRANGE, currency)
    settle(cafe, grange)
    take(grange, CAFE)
    settle(cafe, grange)
    offer(cafe, GRANGE, currency, structs.replace(LIMITS, per_tap=1_000))
    assert (cafe.agreement(GRANGE, LOCAL).per_tap, is_live(cafe.agreement(GRANGE, LOCAL))) == (1_000, True)
    assert settle(cafe, grange) == 1
    assert grange.agreement(CAFE, LOCAL).per_tap == 1_000
    offer(cafe, GRANGE, currency, structs.replace(LIMITS, node_max=900_000))
    settle(cafe, grange)
    assert not grange.agreement(CAFE, LOCAL).takes, "nobody here said that it may owe us so much"
    assert not cafe.agreement(GRANGE, LOCAL).takes
    take(grange, CAFE)
    settle(cafe, grange)
    assert is_live(cafe.agreement(GRANGE, LOCAL))


def test_a_pause_of_either_side_stops_what_is_new_on_both(cafe: Node, grange: Node) -> None:
    offer(cafe, GRANGE, cafe.currency())
    settle(cafe, grange)
    take(grange, CAFE)
    settle(cafe, grange)
    for node, peer in ((cafe, GRANGE), (grange, CAFE)):
        node.write(lambda session: agreements.pause(session, ODILE, peer, LOCAL))  # noqa: B023
        settle(cafe, grange)
        assert not is_live(cafe.agreement(GRANGE, LOCAL))
        assert not is_live(grange.agreement(CAFE, LOCAL))
        node.write(lambda session: agreements.resume(session, ODILE, peer, LOCAL))  # noqa: B023
        settle(cafe, grange)
        assert is_live(cafe.agreement(GRANGE, LOCAL))
        assert is_live(grange.agreement(CAFE, LOCAL))
    assert grange.agreement(CAFE, LOCAL).node_max == 200_000


def test_an_offer_that_is_taken_back_can_not_be_accepted_any_more(cafe: Node, grange: Node) -> None:
    currency = cafe.currency()
    offer(cafe, GRANGE, currency)
    settle(cafe, grange)
    cafe.write(lambda session: agreements.withdraw(session, ODILE, GRANGE, LOCAL))
    settle(cafe, grange)
    with pytest.raises(rules.NothingToTake):
        take(grange, CAFE)
    offer(cafe, GRANGE, currency)
    settle(cafe, grange)
    take(grange, CAFE)
    grange.write(lambda session: agreements.decline(session, ODILE, CAFE, LOCAL))
    settle(cafe, grange)
    assert not cafe.agreement(GRANGE, LOCAL).takes


def test_an_older_revision_is_refused_and_the_same_one_answered_the_same(grange: Node) -> None:
    first = terms()
    item = say(first, rev=7)
    assert isinstance(grange.hear(CAFE, item), Agreed)
    assert grange.hear(CAFE, item) == grange.hear(CAFE, item)
    assert why(grange.hear(CAFE, say(first, rev=6))) == "older_revision"
    assert why(grange.hear(CAFE, say(structs.replace(first, per_tap=1), rev=7))) == "conflict"
    assert why(grange.hear(CAFE, say(first, rev=9, epoch=0))) == "malformed"
    assert isinstance(grange.hear(CAFE, say(first, rev=1, epoch=2)), Agreed)
    assert why(grange.hear(CAFE, say(first, rev=99, epoch=1))) == "older_revision"
    assert (grange.agreement(CAFE, LOCAL).epoch, grange.agreement(CAFE, LOCAL).rev) == (2, 1)


def test_what_is_left_out_of_newer_limits_is_over(grange: Node) -> None:
    first = terms()
    grange.hear(CAFE, say(first, rev=1))
    take(grange, CAFE)
    assert isinstance(grange.hear(CAFE, say(rev=2)), Agreed)
    row = grange.agreement(CAFE, LOCAL)
    assert (row.node_max, row.is_paused_there, is_live(row)) == (0, True, False)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"asset": "grange.example:8443/local"}, "not_yours"),
        ({"asset": "cafe.example.evil.example/local"}, "not_yours"),
        ({"asset": "local"}, "not_yours"),
        ({"asset": "cafe.example/Écu"}, "not_yours"),
        ({"asset": f"cafe.example/{'a' * 41}"}, "not_yours"),
        ({"name": "é" * 61}, "name_refused"),
        ({"name": " "}, "name_refused"),
        ({"name": "Rond\u202eelles"}, "name_refused"),
        ({"name": "Rond\u200belles"}, "name_refused"),
        ({"symbol": "€" * 9}, "name_refused"),
        ({"symbol": "100"}, "name_refused"),
        ({"nature": "gift"}, "stays_there"),
        ({"reach": "issuer_only"}, "stays_there"),
        ({"reach": "everywhere"}, "malformed"),
        ({"nature": "gold"}, "malformed"),
        ({"at_par": False}, "malformed"),
        ({"scale": 3}, "malformed"),
        ({"scale": 7, "nature": "free", "at_par": False}, "malformed"),
        ({"reach": "network"}, "not_primary"),
        ({"node_max": 2**53 - 1}, "over_most"),
        ({"per_minute": rules.MOST_LIMIT + 1}, "over_most"),
    ],
)
def test_what_cannot_be_believed_is_refused_by_name(grange: Node, changes: dict[str, Any], name: str) -> None:
    assert why(grange.hear(CAFE, say(terms(), terms(**({"asset": "cafe.example/b"} | changes))))) == name
    count = grange.read(lambda session: session.scalar(select(func.count()).select_from(Currency)))
    assert count == 0, "nothing of a message is kept when anything in it is wrong"


def test_a_neighbour_cannot_touch_our_currencies_nor_those_of_another(grange: Node) -> None:
    ours = grange.currency()
    assert why(grange.hear(CAFE, say(terms(currency=ours)))) == "not_yours"
    theirs = terms(asset="mill.example/local")
    grange.friends.peered.append("https://mill.example")
    assert isinstance(grange.hear("https://mill.example", say(theirs)), Agreed)
    assert why(grange.hear(CAFE, say(terms(currency=theirs.currency)))) == "not_yours"
    first = terms()
    grange.hear(CAFE, say(first))
    for changes in ({"currency": new_id()}, {"nature": "time", "at_par": False}, {"asset": "cafe.example/b"}):
        assert why(grange.hear(CAFE, say(structs.replace(first, **changes), rev=2))) == "currency_changed"


def test_too_many_and_the_same_twice_are_refused(grange: Node) -> None:
    many = [terms(asset=f"cafe.example/c{number}") for number in range(rules.MOST_TERMS + 1)]
    assert why(grange.hear(CAFE, say(*many))) == "malformed"
    assert why(grange.hear(CAFE, say(many[0], many[0]))) == "malformed"
    assert why(grange.hear(CAFE, say(terms(), rev=0))) == "malformed"


def test_an_answer_that_comes_late_changes_nothing(cafe: Node, grange: Node) -> None:
    offer(cafe, GRANGE, cafe.currency())
    settle(cafe, grange)
    take(grange, CAFE)
    yes = grange.read(lambda session: agreed_with(session, CAFE))
    assert yes is not None
    settle(cafe, grange)
    grange.write(lambda session: agreements.decline(session, ODILE, CAFE, LOCAL))
    settle(cafe, grange)
    assert isinstance(cafe.hear(GRANGE, encode(yes)), Noted)
    assert not cafe.agreement(GRANGE, LOCAL).takes
    assert why(cafe.hear(GRANGE, encode(structs.replace(yes, rev=yes.rev + 1)))) == "not_offered"
    assert why(cafe.hear("https://mill.example", encode(yes))) == "not_offered"


def test_an_epoch_that_begins_is_said_and_noted(cafe: Node, grange: Node) -> None:
    offer(cafe, GRANGE, cafe.currency())
    settle(cafe, grange)
    cafe.write(lambda session: session.add(VillageEpoch(number=2, started_at=clock.now())))
    assert settle(cafe, grange) == 1
    assert (cafe.agreement(GRANGE, LOCAL).epoch, grange.agreement(CAFE, LOCAL).epoch) == (2, 2)


def test_a_refusal_stands_and_an_older_copy_catches_up(cafe: Node, grange: Node) -> None:
    offer(cafe, GRANGE, cafe.currency())
    limits = limits_of(cafe, GRANGE)
    grange.hear(CAFE, encode(structs.replace(limits, rev=limits.rev + 5)))
    assert why(cafe.say(grange, limits)) == "older_revision"
    newer = limits_of(cafe, GRANGE)
    assert newer.rev > limits.rev
    cafe.write(
        lambda session: agreements.heard_about_terms(
            session, GRANGE, newer, Refused(id=newer.id, made=1, why="name_refused")
        )
    )
    assert cafe.due() == []
    with cafe.db.read() as session:
        assert read_journal(session, Wanted()).entries[0].verb == "Neighbour refused our limits"


def test_choices_take_and_offer_without_a_person(cafe: Node, grange: Node) -> None:
    cafe.currency()
    cafe.write(lambda session: save_choice(session, VillageMoneyRules(offers_local=True)))
    grange.write(lambda session: save_choice(session, VillageMoneyRules(village_issuer=CAFE)))
    for _twice in range(2):
        cafe.write(lambda session: agreements.offer_usual(session))
    settle(cafe, grange)
    assert is_live(cafe.agreement(GRANGE, LOCAL))
    assert is_live(grange.agreement(CAFE, LOCAL))


def test_the_network_currency_is_offered_to_the_nodes_of_the_network_and_taken(
    db: Database, grange: Node
) -> None:
    primary = open_node(db, CAFE, GRANGE, "https://mill.example", primary=CAFE, network=[GRANGE])
    taker = open_node(grange.db, GRANGE, CAFE, primary=CAFE)
    network = primary.currency("network")
    offered = primary.write(lambda session: agreements.offer_usual(session))
    assert [row.peer for row in offered] == [GRANGE]
    settle(primary, taker)
    assert is_live(primary.agreement(GRANGE, "cafe.example/network"))
    with pytest.raises(rules.NotInNetwork):
        offer(primary, "https://mill.example", network)


def test_the_exchange_pauses_the_money_and_its_end_asks_both_again(cafe: Node, grange: Node) -> None:
    offer(cafe, GRANGE, cafe.currency())
    settle(cafe, grange)
    take(grange, CAFE)
    settle(cafe, grange)
    for node, peer in ((cafe, GRANGE), (grange, CAFE)):
        node.friends.peered.clear()
        node.write(lambda session: agreements.follow_peering(session, peer))  # noqa: B023
        assert not is_live(node.agreement(peer, LOCAL))
        node.friends.peered.append(peer)
        node.write(lambda session: agreements.follow_peering(session, peer))  # noqa: B023
        assert is_live(node.agreement(peer, LOCAL))
        node.write(lambda session: agreements.follow_peering(session, peer, is_over=True))  # noqa: B023
        node.write(lambda session: agreements.follow_peering(session, peer))  # noqa: B023
        assert not is_live(node.agreement(peer, LOCAL))


def test_a_neighbour_that_lost_what_it_knew_is_told_again(cafe: Node, grange: Node) -> None:
    offer(cafe, GRANGE, cafe.currency())
    settle(cafe, grange)
    cafe.write(lambda session: agreements.say_again(session, GRANGE))
    assert settle(cafe, grange) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"per_tap": 0}, "per_tap"),
        ({"node_max": rules.MOST_LIMIT + 1}, "node_max"),
        ({"per_tap": 20_000}, "per_tap"),
        ({"per_minute": 4_000}, "per_tap"),
        ({"node_max": 4_000}, "per_tap"),
    ],
)
def test_limits_that_make_no_sense_have_their_sentence(
    cafe: Node, changes: dict[str, int], field: str
) -> None:
    currency = cafe.currency()
    with pytest.raises(Invalid) as refusal:
        offer(cafe, GRANGE, currency, structs.replace(LIMITS, **changes))
    assert set(refusal.value.fields) == {field}


def test_only_what_is_ours_is_offered_and_only_to_peers(cafe: Node, grange: Node) -> None:
    currency, gift = cafe.currency(), cafe.currency("gift")
    offer(grange, CAFE, grange.currency())
    settle(cafe, grange)
    known = cafe.known("grange.example:8443/local")
    assert known is not None
    wanted: list[tuple[str, Any, type[Refusal]]] = [
        ("https://mill.example", currency, rules.NotInVillage),
        (GRANGE, gift, rules.StaysHere),
        (GRANGE, known.id, rules.CurrencyNotOurs),
    ]
    for peer, what, refusal in wanted:
        with pytest.raises(refusal):
            offer(cafe, peer, what)
    with pytest.raises(rules.NoSuchAgreement):
        take(cafe, GRANGE, LOCAL)
    cafe.write(lambda session: archive_currency(session, ODILE, currency))
