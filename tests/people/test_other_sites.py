"""Requests that other sites make a browser send: refused at every door that changes something."""

import pytest
from starlette.testclient import TestClient

from kit.app import App
from kit.web import Door
from people.feature import PEOPLE
from people.identity import cookie_name
from people.models.person import ADMINISTRATOR
from tests.nodes import URL
from tests.people.browsers import person_of, sign_in

CHANGING = [door for door in PEOPLE.doors if door.method == "POST"]
FOREIGN: tuple[dict[str, str], ...] = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "", "origin": "https://evil.example"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": URL + ".evil.example"},
    {},
)


def knock(app: App, client: TestClient, door: Door, headers: dict[str, str]) -> int:
    path = door.path.replace("{id:uuid}", "01900000-0000-7000-8000-000000000000")
    path = path.replace("{attempt:uuid}", "01900000-0000-7000-8000-000000000000")
    path = path.replace("{link}", "x").replace("{secret}", "x")
    cookie = f"{cookie_name(app.settings)}={client.cookies[cookie_name(app.settings)]}"
    request = client.build_request("POST", path, headers={"cookie": cookie} | headers, data={"name": "Evil"})
    if "sec-fetch-site" not in headers:
        del request.headers["sec-fetch-site"]
    return client.send(request, follow_redirects=False).status_code


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_door_of_this_room_listens_to_another_site(
    app: App, client: TestClient, headers: dict[str, str]
) -> None:
    sign_in(app, client, "odile@example.org", ADMINISTRATOR, name="Odile")
    for door in CHANGING:
        assert knock(app, client, door, headers) == 403, door.name
    found = person_of(app, "odile@example.org")
    assert found is not None
    assert found.name == "Odile"
    assert client.get("/my").status_code == 200


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": URL}]
)
def test_my_own_forms_are_heard(app: App, client: TestClient, headers: dict[str, str]) -> None:
    sign_in(app, client, "odile@example.org", ADMINISTRATOR)
    save = next(door for door in CHANGING if door.name == "people.save_profile")
    assert knock(app, client, save, headers) == 303
