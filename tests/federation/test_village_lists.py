"""Villages: the founder keeps the list, everyone holds it signed, nobody else changes it."""

from typing import Any

import pytest

from federation.models.villages import ASKED, INVITED, LEFT, MEMBER, REFUSED, REMOVED, Village
from federation.refusals import SignatureRefused
from federation.villages import freshening, service, terms
from federation.villages.queries import NoSuchVillage
from federation.villages.terms import Roster
from tests.factories.neighbours import carry, says, sealed
from tests.federation.three import VAL, Make, Three, ask_in, state


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
    barn.db.write(lambda session: ask_in(session, barn, cafe))
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
