"""Debts between nodes are set off, paid, confirmed or denied: on screen and by the API, never twice."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from random import Random

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from tests.factories.money import ODILE
from tests.wallet.asking import program
from tests.wallet.village.scene import Scene
from tests.wallet.village.test_office_pages import TOURNEVIS, VILLAGE, plain
from wallet import flows
from wallet.between.completer import Completer
from wallet.between.completing import abort_of
from wallet.between.desk import milliseconds
from wallet.between.shapes import Clearing
from wallet.models.ledger import LedgerTransaction
from wallet.models.village import VillageClearing
from wallet.queries.village_clearings import open_clearings
from wallet.queries.village_money import Between, all_between, between
from wallet.refusals import BetweenNodes
from wallet.schemas import Correction, Refunding
from wallet.village_store.waiting import waiting_clearings


def hidden(html: str, *names: str) -> dict[str, str]:
    """Hidden fields of a form."""
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', html) for name in names}
    return {name: match[1] for name, match in found.items() if match}


def now(scene: Scene) -> Between:
    """What stands between us and the workshop."""
    with scene.app.db.read() as session:
        return between(session, scene.workshop.me, clock.now(), scene.workshop.origin)


def owed(scene: Scene) -> tuple[int, int]:
    """By us, by them."""
    found = now(scene)
    return found.ours[0].owed, found.theirs[0].owed


def clearings(scene: Scene, kind: str) -> list[VillageClearing]:
    with scene.app.db.read() as session:
        wanted = select(VillageClearing).where(VillageClearing.kind == kind, VillageClearing.is_ours)
        return list(session.scalars(wanted))


def test_a_setoff_shows_what_falls_and_falls_when_both_have_signed(
    treasurer: TestClient, scene: Scene
) -> None:
    assert "I wait for its answer" in treasurer.get(f"{TOURNEVIS}/set-off").text
    treasurer.post(f"{VILLAGE}/clearings/{scene.asked.id}/answer", data={"arrived": "no"})
    scene.workshop.asks_again(scene.asked)
    page = treasurer.get(f"{TOURNEVIS}/set-off").text
    for words in ("This falls on both sides: €37.70", "€37.70 then €0.00", "€55.60 then €17.90"):
        assert words in plain(page)
    form = hidden(page, "key", "amount")
    presses = [treasurer.post(f"{TOURNEVIS}/set-off", data=form) for _press in range(2)]
    assert [one.status_code for one in presses] == [303, 303]
    (made,) = clearings(scene, "setoff")
    assert "Set-off under way: €37.70." in plain(treasurer.get(TOURNEVIS).text)
    assert owed(scene) == (3_770, 5_560)
    scene.workshop.answer_to(made.id)
    scene.workshop.sign()
    assert owed(scene) == (0, 1_790)
    assert "Signed by both" in treasurer.get(f"{VILLAGE}/clearings/{made.id}").text
    assert "There is nothing to set off." in treasurer.get(f"{TOURNEVIS}/set-off").text


def test_a_setoff_of_other_amounts_than_were_read_is_asked_again(treasurer: TestClient, scene: Scene) -> None:
    treasurer.post(f"{VILLAGE}/clearings/{scene.asked.id}/answer", data={"arrived": "no"})
    form = hidden(treasurer.get(f"{TOURNEVIS}/set-off").text, "key", "amount")
    scene.workshop.tapped_there(500)
    answer = treasurer.post(f"{TOURNEVIS}/set-off", data=form)
    assert answer.status_code == 422
    assert "The debts have changed meanwhile." in answer.text
    assert "€42.70" in answer.text
    assert clearings(scene, "setoff") == []


def test_a_bank_transfer_is_said_once_and_counts_when_the_neighbour_says_yes(
    treasurer: TestClient, scene: Scene
) -> None:
    path = f"{TOURNEVIS}/settlement"
    form = hidden(treasurer.get(path).text, "asset") | {"amount": "30", "reference": "VIR 2026-11"}
    sure = treasurer.post(path, data=form)
    for words in ("€30.00 We owe now €37.70", "We owe after €7.70", "VIR 2026-11"):
        assert words in plain(sure.text)
    said = hidden(sure.text, "key", "sure", "asset", "amount", "reference")
    assert [treasurer.post(path, data=said).status_code for _press in range(2)] == [303, 303]
    (made,) = clearings(scene, "settlement")
    scene.workshop.answer_to(made.id, is_right=True)
    assert owed(scene)[0] == 770
    assert "VIR 2026-11" in treasurer.get(f"{TOURNEVIS}/clearings").text


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_proposal_is_called_off_unless_the_neighbour_had_signed(
    treasurer: TestClient, scene: Scene, is_signed: bool
) -> None:
    path = f"{TOURNEVIS}/settlement"
    form = hidden(treasurer.get(path).text, "asset") | {"amount": "30", "reference": "VIR"}
    said = hidden(treasurer.post(path, data=form).text, "key", "sure", "asset", "amount", "reference")
    treasurer.post(path, data=said)
    (made,) = clearings(scene, "settlement")
    page = f"{VILLAGE}/clearings/{made.id}"
    assert "Call this proposal off?" in treasurer.get(page).text
    assert treasurer.post(f"{page}/withdrawal").status_code == 303
    assert "wait for the neighbour" in treasurer.get(page).text
    assert owed(scene)[0] == 3_770, "nothing falls, and nothing is free, before it has answered"
    (waiting,) = [one for one in waiting_in(scene) if one.id == made.id]
    assert abort_of(waiting) in [item for _peer, item in due_now(waiting)]
    scene.workshop.answer_to_end(made.id, is_signed=is_signed)
    assert owed(scene)[0] == (770 if is_signed else 3_770)
    assert ("Signed by both" if is_signed else "It was called off.") in treasurer.get(page).text
    treasurer.post(f"{page}/withdrawal")
    assert clearings(scene, "settlement")[0].state == ("signed" if is_signed else "refused")


def waiting_in(scene: Scene) -> Sequence[Clearing]:
    with scene.app.db.read() as session:
        return waiting_clearings(session)


def due_now(clearing: Clearing) -> list[tuple[str, bytes]]:
    """What the completer says of it."""
    return Completer(Random(1)).due([], [clearing], [], milliseconds(clock.now()))  # noqa: S311


def test_money_that_never_arrived_stays_owed(treasurer: TestClient, scene: Scene) -> None:
    path = f"{TOURNEVIS}/settlement"
    form = hidden(treasurer.get(path).text, "asset") | {"amount": "37,70", "reference": "VIR"}
    said = hidden(treasurer.post(path, data=form).text, "key", "sure", "asset", "amount", "reference")
    treasurer.post(path, data=said)
    (made,) = clearings(scene, "settlement")
    scene.workshop.answer_to(made.id, is_right=False)
    assert owed(scene)[0] == 3_770
    assert "The money has not arrived." in treasurer.get(f"{VILLAGE}/clearings/{made.id}").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"amount": "37.71"}, "We owe €37.70 at most."),
        ({"amount": "lots"}, "with digits"),
        ({"reference": " "}, "I write what stands on the bank transfer."),
        ({"asset": "moon.example/cheese"}, "I choose one of the debts."),
    ],
)
def test_a_wrong_transfer_is_said_beside_its_field(
    treasurer: TestClient, scene: Scene, form: dict[str, str], said: str
) -> None:
    path = f"{TOURNEVIS}/settlement"
    right = hidden(treasurer.get(path).text, "asset") | {"amount": "30", "reference": "VIR"}
    answer = treasurer.post(path, data=right | form)
    assert answer.status_code == 422
    assert said in answer.text


def test_did_it_arrive_has_three_answers(treasurer: TestClient, scene: Scene) -> None:
    path = f"{VILLAGE}/clearings/{scene.asked.id}"
    assert "Did €20.00 arrive?" in treasurer.get(path).text
    assert treasurer.post(f"{path}/answer", data={"arrived": "not_yet"}).headers["location"] == VILLAGE
    assert "Did €20.00 arrive?" in treasurer.get(VILLAGE).text
    assert treasurer.post(f"{path}/answer", data={"arrived": "perhaps"}).status_code == 422
    treasurer.post(f"{path}/answer", data={"arrived": "yes"})
    assert "Signed by both" in treasurer.get(path).text
    assert treasurer.post(f"{path}/answer", data={"arrived": "no"}).status_code == 303
    assert "Signed by both" in treasurer.get(path).text


def test_it_did_not_arrive(treasurer: TestClient, scene: Scene) -> None:
    path = f"{VILLAGE}/clearings/{scene.asked.id}"
    treasurer.post(f"{path}/answer", data={"arrived": "no"})
    assert "Refused" in treasurer.get(path).text
    assert owed(scene) == (3_770, 5_560)


def test_what_a_neighbour_asked_for_changes_by_its_word_alone(
    app: App, treasurer: TestClient, scene: Scene
) -> None:
    with app.db.read() as session:
        charges = select(LedgerTransaction.id).where(LedgerTransaction.kind == "charge")
        charge = session.scalar(charges.limit(1))
    assert charge is not None
    with pytest.raises(BetweenNodes):
        flows.refund(app, ODILE, Refunding(transfer=charge))
    with pytest.raises(BetweenNodes):
        flows.correct(app, ODILE, Correction(transfer=charge, reason="Oops"))
    page = treasurer.get(f"/admin/money/transfers/{charge}").text
    assert "Payment at a neighbour’s" in page
    assert "Owed to a neighbour · L’Atelier Tournevis" in plain(page)
    assert "See what was said" in page
    assert "/refund" not in page


def test_movements_and_currencies_tell_neighbours_apart(
    app: App, treasurer: TestClient, scene: Scene
) -> None:
    moves = plain(treasurer.get("/admin/money/movements").text)
    for words in ("Payment by a neighbour’s Pass", "Given back to a neighbour’s", "Payment at a neighbour’s"):
        assert words in moves
    assert "taking" not in moves
    assert "Spent at neighbours’, owed to them €37.70" in plain(treasurer.get("/admin/money").text)
    currencies = plain(treasurer.get("/admin/money/currencies").text)
    assert "Currencies of other nodes" in currencies
    assert "€55.60 owed to us" in currencies


@contextmanager
def counted(app: App) -> Iterator[list[str]]:
    """The questions to the database meanwhile."""
    asked: list[str] = []
    with app.db.read() as session:
        engine = session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_what_is_owed_takes_few_questions_however_much_happened(app: App, scene: Scene) -> None:
    def ask(session: Session) -> None:
        all_between(session, scene.workshop.me, clock.now())
        open_clearings(session, scene.workshop.me)

    counts = []
    for _round in range(2):
        with counted(app) as asked, app.db.read() as session:
            ask(session)
        counts.append(len([one for one in asked if one.startswith("SELECT")]))
        for _tap in range(15):
            scene.workshop.tap(100)
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_the_api_lists_sets_off_settles_and_confirms(app: App, client: TestClient, scene: Scene) -> None:
    money = program(app, client, "treasurer")
    workshop, me = scene.workshop.origin, scene.workshop.me
    listed = money.get("clearing")["items"]
    assert {(one["debtor"], one["creditor"], one["owed"]) for one in listed if one["owed"]} == {
        (workshop, me, 5_560), (me, workshop, 3_770), (scene.barn.origin, me, 7_800),
    }  # fmt: skip
    made = [money.post("clearing/set-offs", once="one", peer=workshop) for _try in range(2)]
    assert made[0] == made[1]
    assert made[0]["state"] == "proposed"
    assert len(clearings(scene, "setoff")) == 1
    too_much = {"peer": workshop, "code": scene.workshop.our_asset, "amount": 99_999, "reference": "x"}
    money.refused("clearing/settlements", "clearing_refused", **too_much)
    money.refused("clearing/set-offs", "nothing_to_set_off", peer="https://moon.example")
    signed = money.post(f"clearing/{scene.asked.id}/confirmation", arrived=True)
    assert signed["state"] == "signed"
    assert money.get(f"clearing/{scene.asked.id}") == signed
    money.get(f"clearing/{scene.workshop.theirs}", status=404)


def test_the_api_shows_mirrors_and_their_lines(app: App, client: TestClient, scene: Scene) -> None:
    money = program(app, client, "treasurer")
    mirrors = money.get("statements/peers")["items"]
    theirs = next(one for one in mirrors if one["issuer"] == scene.workshop.origin)
    assert (theirs["seq"], theirs["agreed"], theirs["signed"]["balance"]) == (6, 6, 5_560)
    path = f"statements/peers/{scene.workshop.host}/{theirs['asset']}"
    lines = money.whole_list(path, limit=4)
    assert [one["seq"] for one in lines] == [1, 2, 3, 4, 5, 6]
    assert lines[3]["hash"] == sha256(lines[3]["body"].encode()).hexdigest()
    money.get(f"statements/peers/moon.example/{theirs['asset']}", status=404)
    money.get(path, status=422, cursor="x")
