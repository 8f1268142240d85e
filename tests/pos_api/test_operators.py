"""Who holds a till: by PIN or staff card, for sixteen hours, with rights that hold at once."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from kit import clock
from kit.app import App
from kit.ids import new_id
from pos_api import flows
from pos_api.models.operator import CASHIER, TillOperator
from pos_api.personal import PERSONAL_DATA
from pos_api.refusals import PinTaken
from pos_api.service import operators
from pos_api.service.operators import OperatorValues
from tests.pos_api.tills import OFFICE, TestTill, named, pair
from wallet.models.card import STAFF
from wallet.service.cards.enrolling import enrol_card
from wallet.service.cards.states import mark_lost


def operator_id(app: App, code: str) -> UUID:
    with app.db.read() as session:
        found = session.scalar(select(TillOperator.id).where(TillOperator.code == code))
        assert found
        return found


def held_by(till: TestTill) -> str:
    operator = till.call("GET", "/session").json()["operator"]
    return operator["code"] if operator else ""


def test_a_pin_names_its_operator(till: TestTill) -> None:
    told = till.hold("3333").json()
    assert (told["operator"]["code"], told["operator"]["label"]) == ("E3", "Équipe 3")
    assert {"void", "close"} <= set(told["operator"]["rights"])
    assert held_by(till) == "E3"
    till.hold("1111")
    assert held_by(till) == "E1"
    assert till.post("/operators/leave", None).status_code == 204
    assert held_by(till) == ""


def test_wrong_pins_wait_longer_and_longer(app: App, till: TestTill, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [named(till.hold("0000")) for _ in range(4)] == ["wrong_pin"] * 3 + ["too_many_pins"]
    assert named(till.hold("1111")) == "too_many_pins"
    assert pair(app, till.client).hold("1111").status_code == 200, "another till does not wait"
    pauses: list[int] = []
    now = clock.now()
    for _ in range(3):
        now += timedelta(seconds=int(till.hold("0000").headers["retry-after"]))
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        assert named(till.hold("0000")) == "wrong_pin"
        pauses.append(int(till.hold("0000").headers["retry-after"]))
    assert pauses == [11, 21, 41]
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=1))
    assert till.hold("1111").status_code == 200


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_nobody_guesses_a_colleagues_pin_between_two_of_their_own(till: TestTill) -> None:
    tries = ("0000", "0001", "1111", "0002", "0003")
    assert [named(till.hold(pin)) for pin in tries[:2]] == ["wrong_pin"] * 2
    assert till.hold(tries[2]).status_code == 200
    assert [named(till.hold(pin)) for pin in tries[3:]] == ["wrong_pin", "too_many_pins"]


def test_what_is_no_pin_is_refused_by_name(till: TestTill) -> None:
    for pin in ("", "12", "123456789", "12a4", "١١١١"):
        assert till.hold(pin).status_code == 422, pin


def test_an_operator_is_held_by_one_till_for_sixteen_hours(
    app: App, till: TestTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.hold("1111")
    other = pair(app, till.client)
    other.operator = till.operator
    assert held_by(other) == ""
    later = clock.now() + timedelta(hours=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert held_by(till) == ""


def test_archiving_ends_it_at_once_and_frees_the_pin(app: App, till: TestTill) -> None:
    till.hold("1111")
    app.db.write(lambda session: operators.archive(session, OFFICE, operator_id(app, "E1")).id)
    assert held_by(till) == ""
    assert named(till.hold("1111")) == "wrong_pin"
    said = OperatorValues("E9", "Équipe 9", frozenset(CASHIER), pin=flows.ready_pin(app, "1111"))
    app.db.write(lambda session: operators.create(session, OFFICE, said).id)
    assert till.hold("1111").json()["operator"]["code"] == "E9"
    twice = OperatorValues("E8", "Équipe 8", frozenset(CASHIER), pin=flows.ready_pin(app, "1111"))
    with pytest.raises(PinTaken):
        app.db.write(lambda session: operators.create(session, OFFICE, twice).id)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_person_who_is_erased_holds_no_till_and_leaves_no_name(app: App, till: TestTill) -> None:
    person = new_id()
    said = OperatorValues("E9", "Lucas", frozenset(CASHIER), person, flows.ready_pin(app, "9999"))
    app.db.write(lambda session: operators.create(session, OFFICE, said).id)
    till.hold("9999")
    with app.db.read() as session:
        assert PERSONAL_DATA.export(session, person)["operators"][0]["label"] == "Lucas"
    app.db.write(lambda session: PERSONAL_DATA.erase(session, person))
    assert held_by(till) == ""
    with app.db.read() as session:
        assert session.scalar(select(TillOperator.label).where(TillOperator.code == "E9")) == "E9"


def test_a_staff_card_opens_the_till_until_it_is_lost(app: App, till: TestTill) -> None:
    def enrol(uid: str, kind: str) -> UUID:
        return app.db.write(lambda session: enrol_card(session, OFFICE, uid=uid, kind=kind).id)

    card = enrol("04A1B2C3D4E5F6", STAFF)
    enrol("04A1B2C3D4E5F7", "pass")
    app.db.write(lambda session: operators.link_card(session, OFFICE, operator_id(app, "E3"), card).id)
    by_card = till.post("/operators/identify", {"tap": {"uid": "04A1B2C3D4E5F6"}})
    assert by_card.json()["operator"]["code"] == "E3"
    other = till.post("/operators/identify", {"tap": {"uid": "04A1B2C3D4E5F7"}})
    assert named(other) == "not_staff_card"
    app.db.write(lambda session: mark_lost(session, OFFICE, card, "Perdue").id)
    lost = till.post("/operators/identify", {"tap": {"uid": "04A1B2C3D4E5F6"}})
    assert named(lost) == "card_lost"
