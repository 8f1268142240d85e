"""The office's tills and operators: paired by a code on screen, changed, taken out of service."""

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kit.app import App
from pos_api.commands import COMMANDS
from pos_api.seen import DevicesSeen
from pos_api.service.devices import note_seen
from sales.journal.shapes import Event, read_entry
from sales.models.journal import JournalEntry
from tests.people.browsers import sign_in
from tests.pos_api.tills import OFFICE, ROOT, TestTill, named
from wallet.models.card import STAFF
from wallet.service.cards.enrolling import enrol_card


@pytest.fixture
def office(app: App, client: TestClient) -> TestClient:
    sign_in(app, client, "nora@example.org", "till_manager")
    return client


def test_a_code_on_screen_pairs_a_till(app: App, office: TestClient) -> None:
    assert "No till yet" in office.get("/admin/tills").text
    assert office.post("/admin/tills/new", data={"name": ""}).status_code == 422
    shown = office.post("/admin/tills/new", data={"name": "Bar tablet"})
    assert shown.headers["cache-control"] == "no-store"
    found = re.search(r"#pair=(\d{6})", shown.text)
    assert found
    told = office.post(f"{ROOT}/pairings", json={"code": found.group(1)}).json()
    assert told["device"]["name"] == "Bar tablet"
    listed = office.get("/admin/tills").text
    assert "Bar tablet" in listed
    where = f"/admin/tills/{told['device']['id']}"
    office.post(where, data={"name": "Big tablet"})
    office.post(f"{where}/training", data={"training": "on"})
    page = office.get(where).text
    assert "Big tablet" in page
    office.post(f"{where}/revoke")
    assert "out of service" in office.get(where).text
    assert office.post(f"{where}/training", data={"training": "on"}).status_code == 409
    said = [one.about + " " + one.after for one in _events(app) if one.what == "device"]
    assert said == [f"T1 {words}" for words in (
        "Till paired", "Till changed", "Training begun on a till", "Till taken out of service"
    )]  # fmt: skip


def test_an_operator_is_added_gets_a_card_and_is_archived(
    app: App, office: TestClient, till: TestTill
) -> None:
    form = {"code": "E7", "label": "Équipe 7", "pin": "7777", "rights": ["sell", "void"]}
    assert office.post("/admin/tills/operators/new", data={**form, "pin": "77"}).status_code == 422
    assert office.post("/admin/tills/operators/new", data={**form, "pin": "1111"}).status_code == 409
    assert office.post("/admin/tills/operators/new", data={**form, "rights": ["fly"]}).status_code == 422
    made = office.post("/admin/tills/operators/new", data=form)
    assert made.status_code == 303, made.text
    assert till.hold("7777").json()["operator"]["rights"] == ["sell", "void"]
    number = app.db.write(
        lambda session: enrol_card(session, OFFICE, uid="04A1B2C3D4E5F6", kind=STAFF).number
    )
    uid, where = "04A1B2C3D4E5F6", made.headers["location"]
    assert office.post(f"{where}/card", data={"card": "nothing at all"}).status_code == 404
    assert office.post(f"{where}/card", data={"card": number}).status_code == 303
    by_card = till.post("/operators/identify", {"tap": {"uid": uid}})
    assert by_card.json()["operator"]["code"] == "E7"
    office.post(where, data={**form, "pin": "", "label": "Équipe sept"})
    assert "Équipe sept" in office.get("/admin/tills/operators").text
    office.post(f"{where}/archive")
    assert named(till.hold("7777")) == "wrong_pin"
    office.post(f"{where}/restore")
    assert "Empty: the PIN stays" in office.get(where).text
    assert not any("quipe" in one.before + one.after for one in _events(app)), "the journal names nobody"


def test_the_command_line_pairs_lists_and_revokes(app: App, client: TestClient) -> None:
    code = COMMANDS["till.pair"](app, {"name": "Bar"})["code"]
    client.post(f"{ROOT}/pairings", json={"code": code})
    assert [one["state"] for one in COMMANDS["till.list"](app, {})["tills"]] == ["in service"]
    assert COMMANDS["till.revoke"](app, {"till": "T1"})["state"] == "out of service"


def _events(app: App) -> list[Event]:
    with app.db.read() as session:
        bodies = session.scalars(select(JournalEntry.body).order_by(JournalEntry.seq)).all()
        return [entry.event for entry in map(read_entry, bodies) if entry.event]


def test_who_takes_a_till_out_of_service_reads_what_waits_in_it(
    app: App, office: TestClient, till: TestTill
) -> None:
    page = f"/admin/tills/{till.device['id']}/revoke"

    def tells(waiting: str) -> None:
        assert till.call("GET", "/session", hameau_waiting=waiting).status_code == 200
        app.db.write(lambda session: note_seen(session, app.ports.take(DevicesSeen).drain()))

    tells("many")
    assert "It has not told what waits in it." in office.get(page).text
    for told in ("0", "3", "-1", "1e9", "9" * 40):
        tells(told)
    asked = office.get(page).text
    assert "3 operations wait in this till." in asked
    assert re.search(r"Told on \d+ \w+, \d\d:\d\d", asked)
    assert 'name="waiting" value="3"' in asked
    assert (
        "opérations attendent dans cette caisse" in office.get(page, headers={"accept-language": "fr"}).text
    )
    tells("5")
    again = office.post(page, data={"waiting": "3"})
    assert (again.status_code, "5 operations wait" in again.text) == (409, True)
    assert till.call("GET", "/session").status_code == 200
    assert office.post(page, data={"waiting": "5"}).status_code == 303
    assert till.call("GET", "/session").status_code == 401
    assert office.get(page).status_code == 409
