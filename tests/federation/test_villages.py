"""Villages: each member joined by its own yes, the founder keeps the list, everyone holds it signed."""

from collections.abc import Callable
from typing import Any

import pytest

from federation.blocks import block
from federation.models.villages import ASKED, INVITED, LEFT, MEMBER, REFUSED, REMOVED, Village
from federation.peering import service as peering
from federation.refusals import SignatureRefused
from federation.villages import freshening, rosters, service, terms
from federation.villages.queries import NoSuchVillage
from federation.villages.terms import Roster
from kit.errors import Invalid
from tests.factories.neighbours import Neighbour, carry, says, sealed

Make = Callable[..., Neighbour]
VAL = "https://cafe.example/villages/val"
Three = tuple[Neighbour, Neighbour, Neighbour]


@pytest.fixture
def three(make: Make) -> Three:
    """A café that founded a village, a barn and a workshop; all know each other's address."""
    nodes = make("cafe"), make("barn"), make("shop")
    for node in nodes:
        node.knows(*(other for other in nodes if other is not node))
    nodes[0].act(service.found, "Val", "We share our agenda.")
    return nodes


@pytest.fixture
def village(three: Three) -> Three:
    """The same, all three in the village."""
    cafe, barn, shop = three
    for guest in (barn, shop):
        cafe.village_act(service.invite, VAL, guest.actor)
        carry(*three)
        guest.village_act(service.join, VAL)
        carry(*three)
    return three


def state(node: Neighbour) -> str:
    found = node.find(Village, VAL)
    return found.state if found else ""


def test_a_village_begins_with_its_founder_alone(three: Three) -> None:
    cafe, _, _ = three
    found = cafe.find(Village, VAL)
    assert (found.name, found.slug, found.epoch, found.state) == ("Val", "val", 1, MEMBER)
    assert cafe.members(VAL) == {"cafe"}
    for name in ("Val", "val", "…"):
        with pytest.raises(Invalid):
            cafe.act(service.found, name)


def test_an_invitation_is_answered_by_a_human(three: Three) -> None:
    cafe, barn, _ = three
    cafe.village_act(service.invite, VAL, barn.actor)
    assert carry(*three) == ["cafe Invite barn"]
    invited = barn.find(Village, VAL)
    assert (invited.state, invited.charter, invited.founder) == (INVITED, "We share our agenda.", cafe.actor)
    assert barn.members(VAL) == set()
    barn.village_act(service.join, VAL)
    carry(*three)
    assert state(barn) == MEMBER
    assert cafe.members(VAL) == barn.members(VAL) == {"cafe", "barn"}
    assert cafe.state_with(barn) == barn.state_with(cafe) == "active"


def test_everyone_meets_everyone_and_holds_the_signed_list(village: Three) -> None:
    for one in village:
        for other in village:
            assert one is other or one.state_with(other) == "active"
        assert one.members(VAL) == {"cafe", "barn", "shop"}
    cafe, barn, _ = village
    kept = barn.find(Village, VAL)
    assert kept.epoch == cafe.find(Village, VAL).epoch == 3
    assert kept.roster["actor"] == cafe.actor
    assert kept.roster["proof"]


def test_asking_in_waits_for_the_founder(three: Three) -> None:
    cafe, barn, _ = three
    barn.db.write(lambda session: _ask(session, barn, cafe))
    carry(*three)
    assert (state(barn), cafe.members(VAL)) == (ASKED, {"cafe"})
    cafe.village_act(service.turn_down, VAL, barn.actor)
    carry(*three)
    assert (state(barn), cafe.members(VAL)) == (REFUSED, {"cafe"})
    barn.village_act(service.join, VAL)
    carry(*three)
    cafe.village_act(service.admit, VAL, barn.actor)
    carry(*three)
    assert (state(barn), cafe.members(VAL)) == (MEMBER, {"cafe", "barn"})


def test_an_invitation_and_a_request_that_cross_make_a_member(three: Three) -> None:
    cafe, barn, _ = three
    barn.db.write(lambda session: _ask(session, barn, cafe))
    cafe.village_act(service.invite, VAL, barn.actor)
    carry(*three)
    assert (state(barn), cafe.members(VAL)) == (MEMBER, {"cafe", "barn"})


def test_an_invitation_can_be_declined_or_taken_back(three: Three) -> None:
    cafe, barn, shop = three
    for guest in (barn, shop):
        cafe.village_act(service.invite, VAL, guest.actor)
    carry(*three)
    barn.village_act(service.decline, VAL)
    cafe.village_act(service.remove, VAL, shop.actor)
    carry(*three)
    assert (state(barn), state(shop), cafe.members(VAL)) == (REFUSED, REMOVED, {"cafe"})
    assert cafe.find(Village, VAL).epoch == 1
    with pytest.raises(service.NothingAsked):
        barn.village_act(service.decline, VAL)


def test_leaving_ends_the_peerings_that_the_village_brought(village: Three) -> None:
    cafe, barn, shop = village
    shop.village_act(service.leave, VAL)
    carry(*village)
    assert cafe.members(VAL) == barn.members(VAL) == {"cafe", "barn"}
    assert state(shop) == LEFT
    assert "active" not in {
        shop.state_with(cafe),
        shop.state_with(barn),
        cafe.state_with(shop),
        barn.state_with(shop),
    }
    assert cafe.state_with(barn) == "active"
    for node in village:
        node.greets(*village)
    carry(*village)
    assert shop.state_with(cafe) != "active"
    assert barn.state_with(shop) != "active"


def test_who_left_can_come_back(village: Three) -> None:
    cafe, barn, shop = village
    shop.village_act(service.leave, VAL)
    carry(*village)
    shop.village_act(service.join, VAL)
    carry(*village)
    cafe.village_act(service.admit, VAL, shop.actor)
    carry(*village)
    for node in village:
        node.greets(*village)
    carry(*village)
    assert shop.state_with(cafe) == shop.state_with(barn) == barn.state_with(shop) == "active"


def test_the_founder_removes_and_everyone_parts(village: Three) -> None:
    cafe, barn, shop = village
    cafe.village_act(service.remove, VAL, shop.actor)
    carry(*village)
    assert state(shop) == REMOVED
    assert cafe.members(VAL) == barn.members(VAL) == {"cafe", "barn"}
    assert barn.state_with(shop) != "active"
    assert shop.state_with(barn) != "active"


def test_the_founder_stays_and_only_it_keeps_the_list(village: Three) -> None:
    cafe, barn, shop = village
    with pytest.raises(service.FounderStays):
        cafe.village_act(service.leave, VAL)
    with pytest.raises(service.FounderStays):
        cafe.village_act(service.remove, VAL, cafe.actor)
    for verb in (service.invite, service.admit, service.turn_down, service.remove):
        with pytest.raises(service.NotTheFounder):
            barn.village_act(verb, VAL, shop.actor)


def test_a_new_charter_reaches_everyone(village: Three) -> None:
    cafe, barn, shop = village
    cafe.village_act(service.change_charter, VAL, "Val d’Ouvette", "We also share the soup.")
    carry(*village)
    for node in (barn, shop):
        kept = node.find(Village, VAL)
        assert (kept.name, kept.charter, kept.epoch) == ("Val d’Ouvette", "We also share the soup.", 4)


def test_the_others_go_on_without_the_founder(village: Three) -> None:
    _, barn, shop = village
    barn.act(peering.pause, shop.actor, on=True)
    barn.act(peering.pause, shop.actor, on=False)
    carry(barn, shop)
    assert barn.state_with(shop) == shop.state_with(barn) == "active"


def test_a_list_by_anyone_but_the_founder_changes_nothing(village: Three) -> None:
    cafe, barn, shop = village
    forged = terms.roster_document(Roster(VAL, "Val", cafe.actor, "", 9, (cafe.actor, shop.actor)))
    theirs = terms.roster_document(Roster(VAL, "Val", shop.actor, "", 9, (barn.actor, shop.actor)))
    for kind, body, more in (
        ("Update", forged, {}),
        ("Remove", barn.actor, {"target": forged}),
        ("Update", theirs, {}),
        ("Add", shop.actor, {}),
    ):
        assert barn.hears(says(shop, kind, body, **more)) == "other_actor"
    unsigned = says(cafe, "Update", forged)
    del unsigned["proof"]
    assert barn.hears(unsigned) == "other_actor"
    assert barn.members(VAL) == {"cafe", "barn", "shop"}
    assert state(barn) == MEMBER


def test_an_older_list_changes_nothing(village: Three) -> None:
    cafe, barn, _ = village
    old = terms.roster_document(Roster(VAL, "Val", cafe.actor, "", 2, (cafe.actor, barn.actor)))
    assert barn.hears(says(cafe, "Update", old)) == ""
    assert barn.members(VAL) == {"cafe", "barn", "shop"}


def test_a_list_that_the_founder_shows_is_read_and_no_other(village: Three) -> None:
    cafe, barn, shop = village
    assert barn.db.write(freshening.lists_of_others) == [f"{VAL}/members"]
    newer = Roster(VAL, "Val", cafe.actor, "Soup.", 9, (cafe.actor, barn.actor))
    shown = terms.roster_document(newer)
    for document in (shown, sealed(shop, shown), {}, sealed(cafe, {"type": "OrderedCollection"})):
        with pytest.raises(SignatureRefused):
            barn.db.write(lambda session, it=document: freshening.keep_shown(session, it))  # type: ignore[misc]
    assert barn.members(VAL) == {"cafe", "barn", "shop"}
    barn.db.write(lambda session: freshening.keep_shown(session, sealed(cafe, shown)))
    assert barn.members(VAL) == {"cafe", "barn"}
    shop.db.write(lambda session: freshening.keep_shown(session, sealed(cafe, shown)))
    assert state(shop) == REMOVED


@pytest.mark.parametrize("answered", [INVITED, LEFT, REFUSED, ""])
def test_no_list_makes_a_member_of_who_did_not_say_yes(three: Three, answered: str) -> None:
    cafe, barn, _ = three
    if answered:
        cafe.village_act(service.invite, VAL, barn.actor)
        carry(*three)
    if answered == REFUSED:
        barn.village_act(service.decline, VAL)
    if answered == LEFT:
        barn.village_act(service.leave, VAL)
    listed = terms.roster_document(Roster(VAL, "Val", cafe.actor, "", 5, (cafe.actor, barn.actor)))
    request = barn.find(Village, VAL).request_id if answered else "none"
    barn.hears(says(cafe, "Update", listed))
    barn.hears(says(cafe, "Add", barn.actor, target=listed))
    joined = {"type": "Join", "id": request, "actor": barn.actor, "object": VAL}
    barn.hears(says(cafe, "Accept", joined, result=listed))
    assert state(barn) == answered
    assert barn.members(VAL) == set()


def test_an_invitation_to_a_village_of_somebody_else(three: Three) -> None:
    cafe, barn, shop = three
    for body, target in (
        (terms.group(VAL, "Val", cafe.actor), barn.actor),
        (terms.group(VAL, "Val", shop.actor), barn.actor),
        (terms.group("https://shop.example/villages/x", "X", cafe.actor), barn.actor),
    ):
        assert barn.hears(says(shop, "Invite", body, target=target)) == "other_actor"
    mine = terms.group("https://shop.example/villages/x", "X", shop.actor)
    assert barn.hears(says(shop, "Invite", mine, target=cafe.actor)) == "not_understood"
    assert barn.find(Village, VAL) is None


def test_an_answer_to_a_request_that_was_never_made(three: Three) -> None:
    cafe, barn, shop = three
    barn.db.write(lambda session: _ask(session, barn, cafe))
    listed = terms.roster_document(Roster(VAL, "Val", cafe.actor, "", 5, (cafe.actor, barn.actor)))
    request = barn.find(Village, VAL).request_id
    for sender, named in ((shop, request), (cafe, f"{barn.url}/joins/never")):
        joined = {"type": "Join", "id": named, "actor": barn.actor, "object": VAL}
        assert barn.hears(says(sender, "Accept", joined, result=listed)) == "not_understood"
        assert barn.hears(says(sender, "Reject", joined)) == "not_understood"
    assert state(barn) == ASKED


def test_a_request_for_a_village_that_is_not_kept_here(three: Three) -> None:
    cafe, barn, shop = three
    cafe.village_act(service.invite, VAL, barn.actor)
    carry(*three)
    assert barn.hears(says(shop, "Join", terms.group(VAL, "Val", cafe.actor))) == NoSuchVillage.name
    assert barn.hears(says(shop, "Leave", VAL)) == NoSuchVillage.name
    assert cafe.hears(says(shop, "Leave", VAL)) == ""
    assert cafe.members(VAL) == {"cafe"}


def test_declared_by_everyone_stands_without_a_click(make: Make) -> None:
    names = ("cafe", "barn", "shop")
    nodes = [make(name, *(other for other in names if other != name), village=VAL) for name in names]
    for _ in range(2):
        for node in nodes:
            node.greets(*nodes)
        carry(*nodes)
    for one in nodes:
        assert one.members(VAL) == set(names)
        assert all(one.state_with(other) == "active" for other in nodes if other is not one)
    for node in nodes:
        node.greets(*nodes)
    assert carry(*nodes) == []


def test_declared_by_the_newcomer_alone_waits_for_the_founder(make: Make) -> None:
    cafe, barn = make("cafe"), make("barn", village=VAL)
    cafe.act(service.found, "Val")
    barn.greets(cafe)
    cafe.knows(barn)
    carry(cafe, barn)
    assert (state(barn), cafe.members(VAL)) == (ASKED, {"cafe"})


def test_the_file_lets_a_node_into_the_village_that_it_names_and_no_other(make: Make) -> None:
    cafe, barn = make("cafe", "barn", village=VAL), make("barn", "cafe", village=VAL)
    cafe.greets(barn)
    barn.greets(cafe)
    carry(cafe, barn)
    assert cafe.members(VAL) == {"cafe", "barn"}
    other = cafe.act(service.found, "Ball").uri
    barn.db.write(lambda session: _ask(session, barn, cafe, other))
    carry(cafe, barn)
    assert cafe.members(other) == {"cafe"}


@pytest.mark.parametrize("lost", ["cafe", "shop"])
def test_a_member_or_founder_that_lost_its_database_finds_the_village_again(make: Make, lost: str) -> None:
    names = ("cafe", "barn", "shop")
    nodes = {name: make(name, *(other for other in names if other != name), village=VAL) for name in names}
    for _ in range(2):
        for node in nodes.values():
            node.greets(*nodes.values())
        carry(*nodes.values())
    nodes["cafe"].village_act(service.change_charter, VAL, "Val d’Ouvette", "Soup.")
    carry(*nodes.values())
    before = nodes["barn"].find(Village, VAL).epoch
    nodes[lost] = make(lost, *(other for other in names if other != lost), village=VAL)
    for _ in range(2):
        for node in nodes.values():
            node.greets(*nodes.values())
        carry(*nodes.values())
    for node in nodes.values():
        kept = node.find(Village, VAL)
        assert (kept.state, kept.name, kept.charter, kept.epoch) == (MEMBER, "Val d’Ouvette", "Soup.", before)
        assert node.members(VAL) == set(names)
        assert all(node.state_with(other) == "active" for other in nodes.values() if other is not node)


def test_a_founder_believes_only_its_own_signature_about_its_list(make: Make) -> None:
    cafe, barn = make("cafe", "barn", village=VAL), make("barn", "cafe", village=VAL)
    cafe.greets()
    listed = terms.roster_document(
        Roster(VAL, "Val", cafe.actor, "", 7, (cafe.actor, "https://fox.example/actor"))
    )
    forged = says(barn, "Update", listed)
    cafe.knows(barn)
    cafe.hears(says(barn, "Join", terms.group(VAL, "Val", cafe.actor), **{"vil:roster": forged}))
    assert cafe.members(VAL) == {"cafe", "barn"}
    assert cafe.find(Village, VAL).epoch == 2


def test_blocking_a_member_removes_it_and_blocking_the_founder_leaves(village: Three) -> None:
    cafe, barn, shop = village
    cafe.db.write(lambda session: block(session, shop.url) and None)
    barn.db.write(lambda session: block(session, cafe.url) and None)
    carry(*village)
    assert cafe.members(VAL) == {"cafe", "barn"}
    assert state(barn) == LEFT


def test_two_villages_and_leaving_one_keeps_the_peering_of_the_other(village: Three) -> None:
    cafe, barn, shop = village
    other = "https://barn.example/villages/ball"
    barn.act(service.found, "Ball")
    barn.village_act(service.invite, other, shop.actor)
    carry(*village)
    shop.village_act(service.join, other)
    carry(*village)
    shop.village_act(service.leave, VAL)
    carry(*village)
    assert shop.state_with(barn) == barn.state_with(shop) == "active"
    assert shop.state_with(cafe) != "active"


def _ask(session: object, guest: Neighbour, founder: Neighbour, uri: str = VAL) -> None:
    roster = Roster(uri, "Val", founder.actor, "", 0, ())
    found = rosters.know(session, roster, "known")  # type: ignore[arg-type]
    service.join(session, guest.standing, found)  # type: ignore[arg-type]


ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**40,
    "",
    " ",
    "x" * 5000,
    "https://",
    "https://cafe.example/actor",
    [],
    ["x"],
    {},
    {"id": 3},
)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "kind", ["Invite", "Join", "Add", "Remove", "Update", "Leave", "Accept", "Reject", "Offer"]
)
def test_odd_words_are_refused_by_name(three: Three, kind: str) -> None:
    cafe, barn, _ = three
    cafe.village_act(service.invite, VAL, barn.actor)
    carry(*three)
    roster = terms.roster_document(Roster(VAL, "Val", cafe.actor, "", 5, (cafe.actor, barn.actor)))
    group = terms.group(VAL, "Val", cafe.actor)
    joined = {"type": "Join", "id": "x", "object": VAL}
    offer = {
        "type": "Relationship",
        "relationship": "vil:Peering",
        "subject": cafe.actor,
        "object": barn.actor,
    }
    bodies = {"Invite": group, "Join": group, "Accept": joined, "Reject": joined, "Offer": offer}
    whole = bodies.get(kind, roster)
    for number, field in enumerate((*whole, "vil:gives", "vil:pairKey", "vil:village")):
        for odd in ODD[number % 2 :: 2]:
            broken = {**whole, field: odd}
            barn.hears(says(cafe, kind, broken, target=broken, result=broken, **{"vil:roster": broken}))
    for odd in ODD:
        barn.hears(says(cafe, kind, odd, target=odd, result=odd))
    assert barn.members(VAL) == set()
