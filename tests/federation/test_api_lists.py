"""The API of other nodes: lists that go on, keys that make a write once only, fields that nobody knows."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from federation.actors.service import remember_actor
from federation.documents.capabilities import generator
from federation.models.follows import ACCEPTED, Follower, Following
from federation.models.villages import Village, VillageMember
from federation.peering import service as peering
from federation.peering.terms import SHARE_EVERYTHING
from federation.standing import standing_of
from federation.villages.rows import set_member
from kit import clock
from kit.app import App
from people.proofs import new_token
from people.service import persons
from people.service.tokens import make_token
from tests.factories.signers import pair
from tests.federation.running import Stranger
from tests.people.browsers import OFFICE, add_person

_KEYS = pair("lists")
V1 = "/api/v1"
PEERS, VILLAGES, FOLLOWS = f"{V1}/peers", f"{V1}/villages", f"{V1}/follows"
KEY = {"idempotency-key": "once"}
SCOPES = ("follows:write", "peers:write", "villages:write")


@pytest.fixture
def script(app: App, client: TestClient) -> TestClient:
    """A program that may do everything about other nodes."""
    person_id, secret = add_person(app, "script@example.org", "administrator"), new_token()
    app.db.write(
        lambda session: make_token(
            session, OFFICE, persons.get(session, person_id), secret,
            name="script", scopes=SCOPES, known_scopes=SCOPES,
        )
    )  # fmt: skip
    client.headers["authorization"] = f"Bearer {secret}"
    return client


def know(session: Session, name: str) -> str:
    """An actor that was met."""
    home = f"https://{name}.example"
    row = remember_actor(session, Stranger(home, _KEYS).document(name=name))
    return row.uri


def walked(client: TestClient, address: str, part: str = "items") -> list[str]:
    found: list[str] = []
    while address:
        answer = client.get(address)
        found += [one["name"] for one in answer.json()[part]]
        assert answer.links.get("next", {}).get("url", "") == answer.json()["next"]
        address = answer.json()["next"]
    return found


def test_peers(app: App, script: TestClient) -> None:
    def meet(session: Session) -> None:
        for name in ("d", "a", "C", "b", "e"):
            peering.offer(session, standing_of(session), know(session, name), SHARE_EVERYTHING)

    app.db.write(meet)
    assert walked(script, f"{PEERS}?limit=2") == walked(script, PEERS) == ["a", "b", "C", "d", "e"]


def test_villages_and_their_members(app: App, script: TestClient) -> None:
    made = [script.post(VILLAGES, json={"name": name}).json() for name in ("b", "C", "a")]
    assert walked(script, f"{VILLAGES}?limit=1") == ["a", "b", "C"]

    def fill(session: Session) -> None:
        village = session.get_one(Village, made[0]["uri"])
        for number, name in enumerate(("z", "y", "x")):
            actor = know(session, name)
            set_member(session, village, actor, "member")
            session.get_one(VillageMember, (village.uri, actor)).since += timedelta(seconds=number)

    app.db.write(fill)
    members = f"{VILLAGES}/{made[0]['id']}/members"
    assert walked(script, f"{members}?limit=1") == walked(script, members)
    assert walked(script, f"{members}?limit=3")[1:] == ["z", "y", "x"]


def test_follows_both_ways(app: App, script: TestClient) -> None:
    def fill(session: Session) -> None:
        now = clock.now()
        for name in ("a", "b", "c", "d", "e"):
            uri = know(session, name)
            session.add(Follower(actor_uri=uri, inbox=f"{uri}/inbox", follow_id=f"{uri}#f", since=now))
        for name in ("x", "y"):
            session.add(
                Following(actor_uri=know(session, name), follow_id=name, state=ACCEPTED, asked_at=now)
            )

    app.db.write(fill)
    for limit in (1, 2, 5, 50):
        assert walked(script, f"{FOLLOWS}?limit={limit}", "followers") == ["a", "b", "c", "d", "e"]
        assert walked(script, f"{FOLLOWS}?limit={limit}", "following") == ["x", "y"]


@pytest.mark.parametrize("path", [PEERS, VILLAGES, FOLLOWS])
@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("limit=-1", "invalid"),
        ("limit=many", "invalid"),
        ("cursor=x", "bad cursor"),
        ("cursor=!!", "bad cursor"),
        (f"cursor={urlsafe_b64encode(b'[1]').decode()}", "bad cursor"),
        (f"cursor={urlsafe_b64encode(b'[7, 7, 7]').decode()}", "bad cursor"),
        (f"cursor={urlsafe_b64encode(b'[[[').decode()}", "bad cursor"),
    ],
)
def test_garbage_is_refused_by_name(script: TestClient, path: str, asked: str, name: str) -> None:
    answer = script.get(f"{path}?{asked}")
    assert (answer.status_code, answer.json()["title"]) == (422, name)


def test_founded_once(script: TestClient) -> None:
    first = script.post(VILLAGES, json={"name": "Val"}, headers=KEY)
    again = script.post(VILLAGES, json={"name": "Val"}, headers=KEY)
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, again.content)
    other = script.post(VILLAGES, json={"name": "Mont"}, headers=KEY)
    assert (other.status_code, other.json()["title"]) == (409, "idempotency conflict")
    assert walked(script, VILLAGES) == ["Val"]
    refused = script.post(VILLAGES, json={"name": "Val"}, headers={"idempotency-key": "two"})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["name"])


def test_followed_and_offered_once(script: TestClient, someone: Stranger) -> None:
    someone.documents["/actor"] = someone.document(name="La Grange", generator=generator((1,), ("agenda",)))
    with script:
        for path, body in ((FOLLOWS, {"actor": someone.actor}), (PEERS, {"address": someone.actor})):
            key = {"idempotency-key": path}
            first = script.post(path, json=body, headers=key)
            again = script.post(path, json=body, headers=key)
            assert (first.status_code, first.content) == (again.status_code, again.content)
            assert script.post(path, json=body | {"x": 1}, headers=key).status_code == 409
        gone = {"idempotency-key": "gone"}
        for _ in range(2):
            assert script.delete(FOLLOWS, params={"actor": someone.actor}, headers=gone).status_code == 204
        assert script.delete(FOLLOWS, params={"actor": "https://x.example"}, headers=gone).status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (PEERS, {"address": "https://x.example", "zork": 1}, "zork"),
        (PEERS, {"address": "x", "gives": {"agenda": {"mode": "all", "zork": 1}}}, "gives.agenda.zork"),
        (PEERS, {}, "address"),
        (VILLAGES, {"name": "Val", "zork": [{}]}, "zork"),
        (VILLAGES, {"name": "Val\x00"}, "name"),
        (FOLLOWS, {"actor": "https://x.example", "zork": None}, "zork"),
    ],
)
def test_unknown_fields_are_refused_by_name(
    script: TestClient, path: str, body: dict[str, Any], field: str
) -> None:
    answer = script.post(path, json=body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
