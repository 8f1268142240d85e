"""Villages: each member joined by its own yes; who comes, who goes, who stays together."""

import pytest

from federation.blocks import block
from federation.models.villages import ASKED, INVITED, LEFT, MEMBER, REFUSED, REMOVED, Village
from federation.peering import service as peering
from federation.villages import service
from kit.errors import Invalid
from tests.factories.neighbours import carry
from tests.federation.three import VAL, Three, ask_in, state


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
    barn.db.write(lambda session: ask_in(session, barn, cafe))
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
    barn.db.write(lambda session: ask_in(session, barn, cafe))
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
