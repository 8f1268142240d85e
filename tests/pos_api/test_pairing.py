"""Pairing: once, within ten minutes, throttled; a revoked till speaks no more."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from people.proofs import new_token
from pos_api import flows
from pos_api.service import devices
from tests.pos_api.tills import OFFICE, ROOT, TestTill, named, pair


def test_a_code_pairs_one_till_once(app: App, client: TestClient) -> None:
    code = flows.make_code(app, OFFICE, "Bar").code
    spaced = f"{code[:3]} {code[3:]}"
    told = client.post(f"{ROOT}/pairings", json={"code": spaced, "name": "Tablette du bar"})
    assert told.status_code == 201
    assert (told.json()["device"]["name"], told.json()["device"]["series"]) == ("Tablette du bar", "T1")
    again = client.post(f"{ROOT}/pairings", json={"code": code})
    assert (again.status_code, named(again)) == (410, "pairing_over")
    assert pair(app, client).device["series"] == "T2"


def test_a_code_lasts_ten_minutes(app: App, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    code = flows.make_code(app, OFFICE, "Bar").code
    later = clock.now() + timedelta(minutes=10)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post(f"{ROOT}/pairings", json={"code": code}).status_code == 410


def test_wrong_codes_are_counted_and_right_ones_are_not(app: App, client: TestClient) -> None:
    for _ in range(12):
        pair(app, client)
    tries = [client.post(f"{ROOT}/pairings", json={"code": f"{n:06d}"}) for n in range(12)]
    assert {answer.status_code for answer in tries[:9]} <= {410}
    assert tries[-1].status_code == 429
    assert int(tries[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_wrong_key_is_refused_and_the_code_still_works(app: App, client: TestClient) -> None:
    code = flows.make_code(app, OFFICE, "Bar").code
    nowhere = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    for key in (nowhere, {"kty": "RSA"}, "none"):
        answer = client.post(f"{ROOT}/pairings", json={"code": code, "public_key": key})
        assert answer.status_code == 422, answer.text
    assert client.post(f"{ROOT}/pairings", json={"code": code}).status_code == 201


def test_a_revoked_till_speaks_no_more(app: App, till: TestTill) -> None:
    till.hold("1111")
    assert till.call("GET", "/session").status_code == 200
    app.db.write(lambda session: devices.revoke(session, OFFICE, UUID(till.device["id"])).id)
    for method, path in (("GET", "/session"), ("GET", "/catalogue"), ("POST", "/taps")):
        answer = till.call(method, path, {"uid": "04A1"} if method == "POST" else None)
        assert (answer.status_code, named(answer)) == (401, "sign_in_needed")


def test_a_persons_key_is_no_till_and_a_till_no_person(
    app: App, till: TestTill, new_client: Callable[[], TestClient]
) -> None:
    stranger = new_client()
    for secret, status in (("htd_nobody", 401), (new_token(), 401), ("", 401)):
        answer = stranger.get(f"{ROOT}/session", headers={"authorization": f"Bearer {secret}"})
        assert answer.status_code == status
    for path in ("/api/v1/me", "/api/v1/cards", "/my", "/admin/tills"):
        answer = stranger.get(path, headers={"authorization": f"Bearer {till.token}"})
        assert answer.status_code in {303, 401, 404}, path
