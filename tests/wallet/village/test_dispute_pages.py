"""A payment between nodes is contested, on screen and by the API: who says it, who answers, how it ends."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from tests.wallet.asking import program
from tests.wallet.village.puppet import at
from tests.wallet.village.scene import Scene
from tests.wallet.village.test_clearing_pages import hidden
from wallet.between.contesting import contest, ending
from wallet.between.events import Suggest
from wallet.queries.village_disputes import Disputed, disputes
from wallet.verify.village import village

ALL = "/admin/money/village/disputes"


def newest(scene: Scene) -> Disputed:
    with scene.app.db.read() as session:
        return disputes(session)[0]


def wrong(scene: Scene) -> list[str]:
    with scene.app.db.read() as session:
        return [f"{where}: {why}" for where, why in village(session) if why]


def forms(scene: Scene) -> tuple[str, str]:
    """Where the lines of the workshop's money are, and where the first payment of them is contested."""
    lines = f"/admin/money/village/{scene.workshop.host}/lines/{scene.workshop.theirs}"
    return lines, f"{lines}/1/1/dispute"


def test_we_contest_a_payment_and_the_neighbour_signs_how_it_ends(
    treasurer: TestClient, scene: Scene
) -> None:
    lines, form = forms(scene)
    assert form in treasurer.get(lines).text
    key = hidden(treasurer.get(form).text, "key")
    assert "I say what is not right." in treasurer.post(form, data={"amount": "3", "reason": " ", **key}).text
    too_much = treasurer.post(form, data={"amount": "99999", "reason": "Tapped twice", **key})
    assert "more than what is left" in too_much.text
    for _ in range(2):  # the second press is the same dispute
        treasurer.post(form, data={"amount": "3", "reason": "Tapped twice", **key})
    one = newest(scene)
    assert (one.state, one.amount) == ("proposed", 300)
    scene.workshop.answer_to(one.row.id)
    scene.workshop.sign()
    assert newest(scene).state == "aside"
    page = treasurer.get(f"{ALL}/{one.row.id}").text
    assert "Tapped twice" in page
    end = page[page.index(f"{ALL}/{one.row.id}/end") :]
    assert end.index("<button") == end.index('<button type="submit" disabled hidden>')  # Enter chooses nobody
    table = treasurer.get(ALL).text
    for said in ("Set aside", "Contested by", "12.50", "3.00", "I offer who gets it, or"):
        assert said in table, said
    side = treasurer.get(f"/admin/money/village/{scene.workshop.host}").text
    assert "Contested, set aside" in side
    assert treasurer.get(form).headers["location"].endswith(f"{ALL}/{one.row.id}")
    treasurer.post(f"{ALL}/{one.row.id}/end", data={"to": "payer", **hidden(page, "key")})
    offer = newest(scene).offer
    assert offer is not None
    scene.workshop.answer_to(offer.id)
    scene.workshop.sign()
    assert newest(scene).state == "ended"
    assert "Contested, back to who paid" in treasurer.get(lines).text
    assert treasurer.get(f"{ALL}/{offer.id}").status_code == 200
    assert wrong(scene) == []


def test_a_dispute_begins_at_the_payment_too(treasurer: TestClient, scene: Scene) -> None:
    """At our till, and at the neighbour's; not once it is contested, nor when it is too old."""
    paid, there = (f"/admin/money/village/payments/{one}" for one in (scene.paid.id, scene.there))
    found = [re.findall(r'href="([^"]+/dispute)"', treasurer.get(page).text) for page in (paid, there)]
    assert [len(one) for one in found] == [1, 1]
    key = hidden(treasurer.get(found[0][0]).text, "key")
    treasurer.post(found[0][0], data={"amount": "1", "reason": "Tapped twice", **key})
    page = treasurer.get(paid).text
    assert "This payment is contested" in page
    assert found[0][0] not in page
    with at(clock.now(), timedelta(days=31)):
        assert found[1][0] not in treasurer.get(there).text


@pytest.mark.parametrize(("agrees", "state"), [("yes", "ended"), ("no", "aside")])
def test_the_neighbour_contests_and_we_answer_how_it_ends(
    treasurer: TestClient, scene: Scene, agrees: str, state: str
) -> None:
    shop = scene.workshop
    kept = next(one for one in shop.books.kept_lines.values() if one.line.issuer == shop.me)
    one = contest(kept, shop.origin, uuid4(), 200, shop.ms(), reason="Not our card")
    shop.books.submit([Suggest(clearing=one)], clock.now())
    shop.exchange([shop.books.kept_clearings[one.id].ask])
    shop.sign()
    assert newest(scene).state == "aside"
    offer = ending(shop.books.kept_clearings[one.id], uuid4(), "holder", shop.ms())
    shop.books.submit([Suggest(clearing=offer)], clock.now())
    shop.exchange([shop.books.kept_clearings[offer.id].ask])
    assert "1 contested payment waits for us" in treasurer.get("/admin/money/village").text
    page = treasurer.get(f"{ALL}/{one.id}").text
    assert "Yes, we sign it" in page
    treasurer.post(f"{ALL}/{offer.id}/answer", data={"agrees": agrees})
    assert newest(scene).state == state
    shop.exchange([shop.books.kept_clearings[offer.id].ask])
    shop.sign()
    assert not shop.books.alarms
    assert wrong(scene) == []


def test_of_two_that_cross_the_refused_one_names_the_other(treasurer: TestClient, scene: Scene) -> None:
    """The neighbour contests the line that we contest, and both are on their way: ours counts."""
    shop, (_, form) = scene.workshop, forms(scene)
    lines = [one for one in shop.books.kept_lines.values() if one.line.issuer == shop.origin]
    kept = next(one for one in lines if one.line.seq == 1)
    theirs = contest(kept, shop.origin, uuid4(), 200, shop.ms(), reason="Not our card")
    shop.books.submit([Suggest(clearing=theirs)], clock.now())
    key = hidden(treasurer.get(form).text, "key")
    treasurer.post(form, data={"amount": "3", "reason": "Tapped twice", **key})
    ours = newest(scene).row.id
    shop.answer_to(ours)
    waits = treasurer.get(f"{ALL}/{ours}").text
    assert "is on its way from" in waits
    assert f"{ALL}/{ours}/end" not in waits
    shop.exchange([shop.books.kept_clearings[theirs.id].ask])
    shop.sign()
    assert shop.books.kept_clearings[theirs.id].why == "already_disputed"
    page = treasurer.get(f"{ALL}/{theirs.id}").text
    for said in (page, treasurer.get(ALL).text):
        assert "another dispute of this payment counts" in said
        assert f'<a href="{ALL}/{ours}">The other dispute</a>' in said
        assert "may be contested anew" not in said
    assert f"{ALL}/{theirs.id}/end" not in page
    assert f"{ALL}/{ours}/end" in treasurer.get(f"{ALL}/{ours}").text


def test_the_same_by_a_program(scene: Scene, app: App, client: TestClient) -> None:
    asked = program(app, client, "treasurer", "money:read", "money:write")
    shop = scene.workshop
    said: dict[str, Any] = {
        "peer": shop.origin, "code": shop.their_asset, "seq": 1, "amount": 250, "reason": "Tapped twice",
    }  # fmt: skip
    asked.refused("disputes", "no_such_line", **said | {"seq": 900})
    asked.refused("disputes", "dispute_refused", **said | {"amount": 10**9})
    asked.refused("disputes", "invalid", **said | {"reason": " \n\u202e"})
    made = asked.post("disputes", once="one", **said | {"evidence": "ab" * 32})
    assert asked.post("disputes", once="one", **said | {"evidence": "ab" * 32}) == made
    named = made["id"]
    asked.refused(f"disputes/{named}/end", "dispute_refused", to="payer")
    shop.answer_to(newest(scene).row.id)
    assert asked.get(f"disputes/{named}")["to_do"] == "wait"  # signed, and its line has not come
    asked.refused(f"disputes/{named}/end", "dispute_refused", to="holder")
    shop.sign()
    assert asked.get(f"disputes/{named}")["to_do"] == "offer"
    ended = asked.post(f"disputes/{named}/end", to="holder")
    assert [one["state"] for one in ended["offers"]] == ["proposed"]
    asked.post(f"disputes/{ended['offers'][0]['id']}/withdrawal")
    assert asked.get("disputes")["items"][0]["evidence"] == "ab" * 32
    known = asked.get(f"disputes/{named}")
    assert (known["state"], known["to_do"], known["whole"]) == ("aside", "", 1_250)
    asked.get(f"disputes/{uuid4()}", status=404)
    asked.refused(f"disputes/{uuid4()}/agreement", "no_such_dispute", agrees=True)
