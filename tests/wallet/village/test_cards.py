"""A card of one node at the tills of others: found, lost, paid for by strangers, and never named."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from federation.facts import PeeringRenewed
from kit.facts import emit
from kit.ids import new_id
from tests.factories.money import ODILE
from tests.people.browsers import add_person
from tests.wallet.pockets import held
from tests.wallet.village.neighbours import PRIMARY, House, Village, befriend, close, open_village
from wallet.between.messages import Bind, Card, Hotlist, Listed, LookUp, Noted, Refused, decode
from wallet.card_refusals import CardAmbiguous
from wallet.cards.reading import Tap
from wallet.jobs import list_cards
from wallet.models.village_cards import VillageCard, VillageHandle, VillageListed
from wallet.queries.village_cards import due_cards, primary_question
from wallet.refusals import CardLost, CardUnknown
from wallet.service.cards.states import mark_found, mark_lost
from wallet.service.leaving import forget_wallet
from wallet.service.village_cards import forget_directory
from wallet.service.village_wallets import wallet_here

UID = "04A1B2C3D4E5F6"
HOME, BAR, FAR = (f"http://127.0.0.1:{port}" for port in (8201, 8202, 8204))


@pytest.fixture
def village(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Village]:
    """Home and Bar are one village, Far is of another; all three have the same primary node."""
    network = (HOME, BAR, FAR)
    friends = ((HOME, BAR), *((one, PRIMARY) for one in network))
    opened = open_village(tmp_path, new_database_url, network, friends)
    yield opened
    close(opened.houses.values())


@pytest.fixture
def home(village: Village) -> House:
    return village.houses[HOME]


@pytest.fixture
def bar(village: Village) -> House:
    return village.houses[BAR]


@pytest.fixture
def primary(village: Village) -> House:
    return village.houses[PRIMARY]


@pytest.fixture
def far(village: Village) -> House:
    return village.houses[FAR]


def test_a_card_is_known_at_a_peer_by_its_chip_its_number_and_its_code(
    village: Village, home: House, bar: House
) -> None:
    card = home.new_pass(UID)
    with pytest.raises(CardUnknown):
        bar.whose(uid=UID)
    village.settle(home)
    for tap in ({"uid": UID}, {"number": card.number}, {"code": card.code}, {"text": UID.lower()}):
        found = bar.whose(**tap)
        assert (found.home, found.state, found.card, found.wallet_here) == (HOME, "active", None, None)
        assert set(found.handles) == {HOME, BAR, PRIMARY}


def test_a_card_is_ours_first(village: Village, home: House, bar: House) -> None:
    home.new_pass(UID)
    village.settle(home)
    mine = bar.new_pass(UID)
    found = bar.whose(uid=UID)
    assert (found.home, found.card, found.wallet_here) == (BAR, mine.id, mine.wallet)
    assert BAR not in found.keys


def test_a_lost_card_is_lost_at_every_peer_after_one_message(
    village: Village, home: House, bar: House, primary: House
) -> None:
    card = home.new_pass(UID)
    village.settle()
    village.said.clear()
    home.write(lambda session: mark_lost(session, ODILE, card.id))
    village.settle(home)
    assert len([one for one in village.said if one[0] == HOME]) == 2, "one for each peer"
    assert bar.whose(uid=UID).state == primary.whose(uid=UID).state == "lost"
    with pytest.raises(CardLost):
        bar.write(lambda session: wallet_here(session, bar.whose(uid=UID)))
    home.write(lambda session: mark_found(session, ODILE, card.id))
    village.settle(home)
    assert bar.whose(uid=UID).state == "active"


def test_what_a_peer_did_not_note_stays_due_and_is_the_same_message(village: Village, home: House) -> None:
    home.new_pass(UID)
    first = home.read(lambda session: due_cards(session, [BAR]))
    assert home.read(lambda session: due_cards(session, [BAR])) == first != []
    village.settle(home)
    assert home.read(lambda session: due_cards(session, [BAR])) == []


def test_an_older_word_about_a_card_is_refused_by_rule_and_by_database(
    village: Village, home: House, bar: House
) -> None:
    card = home.new_pass(UID)
    village.settle(home)
    (old,) = [decode(item) for _by, to, item in village.said if to == BAR and b'"t":"hotlist"' in item]
    assert isinstance(old, Hotlist)
    home.write(lambda session: mark_lost(session, ODILE, card.id))
    village.settle(home)
    answer = village.ask(home, BAR, structs.replace(old, id=new_id()))
    assert isinstance(answer, Refused)
    assert answer.why == "older_revision"
    assert bar.whose(uid=UID).state == "lost"
    with pytest.raises(DBAPIError, match="rev never falls"):
        bar.write(lambda session: session.execute(text("UPDATE village_card SET rev = rev - 1")))


def test_an_older_binding_is_refused_by_rule_and_by_database(
    village: Village, home: House, bar: House
) -> None:
    person = add_person(home.app, "lou@example.org")
    card = home.new_pass(UID)
    home.link(card, person)
    village.settle(home)
    (bind,) = [decode(item) for _by, to, item in village.said if to == BAR and b'"t":"bind"' in item]
    assert isinstance(bind, Bind)
    newer = Bind(id=new_id(), made=1, handle=bind.handle, rev=bind.rev + 5, status="lost")
    assert isinstance(village.ask(home, BAR, newer), Noted)
    older = village.ask(home, BAR, bind)
    assert isinstance(older, Refused)
    assert older.why == "older_revision"
    assert bar.read(lambda session: session.get_one(VillageHandle, bind.handle)).status == "lost"
    with pytest.raises(DBAPIError, match="rev never falls"):
        bar.write(lambda session: session.execute(text("UPDATE village_handle SET rev = 1")))


def test_nobody_takes_another_homes_handle(village: Village, home: House, bar: House, primary: House) -> None:
    befriend(bar, village.houses[FAR])
    home.new_pass(UID)
    village.settle(home)
    bar.top_up(bar.whose(uid=UID))
    handle = bar.whose(uid=UID).handles[BAR]
    answer = village.ask(
        village.houses[FAR], BAR, Bind(id=new_id(), made=0, handle=handle, rev=999, status="active")
    )
    assert isinstance(answer, Refused)
    assert answer.why == "handle_taken"


def test_two_peers_of_a_home_cannot_join_what_they_know(
    village: Village, home: House, bar: House, primary: House
) -> None:
    card = home.new_pass(UID)
    home.link(card, add_person(home.app, "lou@example.org"))
    village.settle(home)

    def known(house: House) -> tuple[set[str], set[str]]:
        def ask(session: Session) -> tuple[set[str], set[str]]:
            bound = select(VillageHandle.handle).where(VillageHandle.home == HOME)
            return set(session.scalars(select(VillageCard.card_key))), set(session.scalars(bound))

        return house.read(ask)

    (keys, handles), (other_keys, other_handles) = known(bar), known(primary)
    assert keys
    assert handles
    assert not keys & other_keys
    assert not handles & other_handles


def test_nothing_personal_is_in_any_message(
    village: Village, home: House, bar: House, primary: House, far: House
) -> None:
    person = add_person(home.app, "lou@example.org")
    card = home.new_pass(UID)
    village.settle()
    bar.top_up(bar.whose(uid=UID))
    home.link(card, person)
    village.settle()
    primary.top_up(primary.whose(uid=UID))
    ask_primary(village, far, uid=UID)
    home.write(lambda session: mark_lost(session, ODILE, card.id))
    village.settle()
    secret = [b"lou", b"Lou", b"example.org", UID.encode(), UID.lower().encode(), card.code.encode()]
    secret += [card.number.encode(), str(person).encode(), str(card.id).encode(), str(card.wallet).encode()]
    secret += [person.hex.encode(), card.id.hex.encode(), card.wallet.hex.encode(), b"ODILE", b"Odile"]
    kinds = {decode(item).__class__.__name__ for _by, _to, item in village.said}
    assert kinds >= {"Hotlist", "Bind", "LookUp", "Card", "Noted"}
    for by, to, item in village.said:
        assert not [one for one in secret if one in item], (by, to, item)
        assert getattr(decode(item), "first_name", "") == ""


def test_an_unknown_chip_is_sought_here_then_in_the_village_then_at_the_primary(
    village: Village, home: House, primary: House, far: House
) -> None:
    card = home.new_pass(UID)
    home.link(card, add_person(home.app, "lou@example.org"))
    village.settle()
    primary.top_up(primary.whose(uid=UID), 700)
    with pytest.raises(CardUnknown):
        far.whose(uid=UID)
    answer = ask_primary(village, far, uid=UID)
    assert isinstance(answer, Card)
    assert set(answer.handles) == {PRIMARY}, "where it is at home is not said"
    assert sum(answer.balances.values()) == 700
    found = far.whose(uid=UID)
    assert (found.home, found.handles, found.state) == (PRIMARY, answer.handles, "active")
    assert HOME not in str(found)
    befriend(home, far)
    village.settle()
    assert far.whose(uid=UID).home == HOME, "the village comes before the primary"
    mine = far.new_pass(UID)
    assert far.whose(uid=UID).card == mine.id, "our own comes before all"


def test_the_primary_answers_its_network_alone_and_knows_no_strange_chip(
    village: Village, home: House, primary: House, far: House
) -> None:
    home.new_pass(UID)
    village.settle()
    assert refused(ask_primary(village, far, uid="0499999999FFFF")) == "card_unknown"
    with pytest.raises(CardUnknown):
        far.whose(uid="0499999999FFFF")
    question = far.read(lambda session: primary_question(session, Tap(uid=UID)))
    assert question is not None
    assert refused(village.ask(home, PRIMARY, question[1])) == "malformed", "sealed for Far alone"
    befriend(home, far)
    assert refused(village.ask(home, FAR, question[1])) == "not_primary"


@pytest.mark.parametrize("words", ["Lou Dupont", "K7M29QXD", "lou@example.org"])
def test_words_that_a_hand_typed_never_leave_the_node(village: Village, far: House, words: str) -> None:
    assert far.read(lambda session: primary_question(session, Tap(text=words))) is None
    assert far.read(lambda session: primary_question(session, Tap(text=UID))) is not None


def test_the_same_chip_at_two_homes_is_nobodys_word(village: Village, home: House, bar: House) -> None:
    befriend(bar, village.houses[FAR])
    home.new_pass(UID)
    village.houses[FAR].new_pass(UID)
    village.settle()
    with pytest.raises(CardAmbiguous):
        bar.whose(uid=UID)


def test_a_strangers_wallet_is_born_and_becomes_the_members(
    village: Village, home: House, bar: House
) -> None:
    card = home.new_pass(UID)
    village.settle()
    born = bar.top_up(bar.whose(uid=UID), 1_200)
    assert bar.whose(uid=UID).wallet_here == born
    assert bar.top_up(bar.whose(uid=UID), 300) == born
    home.link(card, add_person(home.app, "lou@example.org"))
    village.settle()
    found = bar.whose(uid=UID)
    assert found.wallet_here is not None
    assert held(bar.app, found.wallet_here) == {"money": 1_500}
    assert bar.read(lambda session: session.get_one(VillageHandle, found.handles[BAR])).rev > 0


def test_both_wallets_of_a_member_become_one(village: Village, home: House, bar: House) -> None:
    """Lou has a wallet at Bar already; a card that was nobody's has another one there, then is linked."""
    person = add_person(home.app, "lou@example.org")
    first, second = home.new_pass(UID), home.new_pass("04FFFFFFFFFFF1")
    home.link(first, person)
    village.settle()
    bar.top_up(bar.whose(uid=UID), 500)
    bar.top_up(bar.whose(number=second.number), 250)
    home.link(second, person)
    village.settle()
    one, two = bar.whose(uid=UID), bar.whose(number=second.number)
    assert one.wallet_here == two.wallet_here
    assert one.handles == two.handles
    assert held(bar.app, one.wallet_here or new_id()) == {"money": 750}


def test_whoever_takes_up_a_card_gets_nothing_of_its_former_holder(
    village: Village, home: House, bar: House
) -> None:
    lou, sam = (add_person(home.app, f"{name}@example.org") for name in ("lou", "sam"))
    card = home.new_pass(UID)
    home.link(card, lou)
    village.settle()
    kept = bar.top_up(bar.whose(uid=UID), 800)
    home.write(lambda session: forget_wallet(session, lou))
    list_cards(home.app)
    village.settle()
    home.link(card, sam)
    village.settle()
    assert bar.whose(uid=UID).wallet_here not in {kept, None}
    assert held(bar.app, kept) == {"money": 800}
    assert held(bar.app, bar.whose(uid=UID).wallet_here or new_id()) == {}


def test_a_wallet_born_without_a_handle_joins_when_the_home_names_the_card(
    village: Village, home: House, bar: House
) -> None:
    card = home.new_pass(UID)
    village.settle()
    found = bar.whose(uid=UID)
    born = bar.top_up(replace(found, handles={}), 900)
    home.link(card, add_person(home.app, "lou@example.org"))
    (bind,) = [
        message
        for peer, message in home.read(lambda session: due_cards(session, [BAR]))
        if peer == BAR and isinstance(message, Bind)
    ]
    assert isinstance(
        village.ask(home, BAR, structs.replace(bind, id=new_id(), card=found.keys[HOME])), Noted
    )
    row = bar.read(lambda session: session.get_one(VillageHandle, bind.handle))
    assert held(bar.app, row.wallet_id) == {"money": 900}
    assert row.wallet_id == born


def test_a_peer_that_left_is_forgotten_and_its_members_keep_their_wallets(
    village: Village, home: House, bar: House
) -> None:
    home.new_pass(UID)
    village.settle()
    born = bar.top_up(bar.whose(uid=UID))
    bar.write(lambda session: forget_directory(session, HOME))
    with pytest.raises(CardUnknown):
        bar.whose(uid=UID)
    assert held(bar.app, born) == {"money": 1_000}
    assert bar.read(lambda session: session.query(VillageHandle).filter_by(wallet_id=born).count()) == 1


def test_a_peer_that_lost_what_it_knew_is_told_everything_again(
    village: Village, home: House, bar: House
) -> None:
    card = home.new_pass(UID)
    home.link(card, add_person(home.app, "lou@example.org"))
    village.settle()
    first = bar.whose(uid=UID)
    bar.write(lambda session: forget_directory(session, HOME))
    home.write(lambda session: emit(session, PeeringRenewed(f"{BAR}/actor")))
    village.said.clear()
    village.settle(home)
    assert {decode(item).__class__ for by, _to, item in village.said if by == HOME} == {Hotlist, Bind}
    again = bar.whose(uid=UID)
    assert (again.handles, again.wallet_here) == (first.handles, first.wallet_here)


def test_what_is_not_understood_is_refused_by_name(village: Village, home: House) -> None:
    for card, state, handles in (
        ("A" * 64, "active", {}),
        ("a" * 63, "active", {}),
        ("a" * 64, "stolen", {}),
        ("a" * 64, "active", {BAR: "x" * 65}),
        ("a" * 64, "active", {BAR: "short"}),
        ("a" * 64, "active", {f"http://{number}": "h_12345678" for number in range(65)}),
    ):
        said = Hotlist(id=new_id(), made=0, rev=1, cards=(Listed(card, 1, state, handles),))
        assert refused(village.ask(home, BAR, said)) == "malformed"
    zero = Hotlist(id=new_id(), made=0, rev=1, cards=(Listed("a" * 64, 0, "active"),))
    assert refused(village.ask(home, BAR, zero)) == "malformed"


def test_a_card_looked_up_at_home_says_what_it_may_pay_there(
    village: Village, home: House, bar: House
) -> None:
    card = home.new_pass(UID)
    home.top_up(home.whose(uid=UID), 2_345)
    village.settle()
    key = bar.whose(uid=UID).keys[HOME]
    answer = village.ask(bar, HOME, LookUp(id=new_id(), made=0, card=key))
    assert isinstance(answer, Card)
    assert (answer.state, set(answer.handles)) == ("active", {HOME, BAR, PRIMARY})
    assert sum(answer.balances.values()) == 2_345
    by_handle = village.ask(bar, HOME, LookUp(id=new_id(), made=0, handle=answer.handles[HOME]))
    assert isinstance(by_handle, Card)
    assert by_handle.balances == answer.balances
    assert home.read(lambda session: session.query(VillageListed).filter_by(card_id=card.id).count()) == 6


def ask_primary(village: Village, asker: House, **tap: str) -> object:
    question = asker.read(lambda session: primary_question(session, Tap(**tap)))
    assert question is not None
    return village.ask(asker, *question)


def refused(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.why
