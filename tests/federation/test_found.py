"""How a node is found, and what its doors say."""

import json
from functools import partial
from typing import Any

import pytest

from federation.discovery.finding import ActorNotFound
from federation.exchange import exchange_of
from federation.follows import flows
from federation.outbox import send
from tests.federation.running import Running, Stranger, running, stranger, wait_for

ACTIVITY = ("Accept", "application/activity+json")
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def get(here: Running, path: str, *headers: tuple[str, str]) -> Any:
    status, _, body = here.ask("GET", path, headers or [ACTIVITY])
    assert status == 200
    return json.loads(body)


def test_the_actor(here: Running) -> None:
    document = get(here, "/actor")
    assert document["id"] == here.actor
    assert document["type"] == "Application"
    assert document["inbox"] == f"{here.url}/inbox"
    assert all(isinstance(one, str) and "hameau" not in one for one in document["@context"][:-1])


def test_a_browser_is_sent_to_the_home_page(here: Running) -> None:
    status, headers, _ = here.ask("GET", "/actor", [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")])
    assert (status, headers["location"]) == (303, "/")


def test_an_unchanged_actor_is_304(here: Running) -> None:
    _, headers, _ = here.ask("GET", "/actor", [ACTIVITY])
    status, _, body = here.ask("GET", "/actor", [ACTIVITY, ("If-None-Match", headers["etag"])])
    assert (status, body) == (304, b"")


def test_webfinger_of_account_actor_and_origin(here: Running) -> None:
    host = here.url.removeprefix("http://")
    for resource in (f"acct:agenda@{host}", here.actor, here.url):
        jrd = get(here, f"/.well-known/webfinger?resource={resource}")
        assert here.actor in {link["href"] for link in jrd["links"]}
    for resource, status in (("acct:nobody@" + host, 404), ("", 400), ("mailto:x", 400)):
        assert here.ask("GET", f"/.well-known/webfinger?resource={resource}")[0] == status


def test_nodeinfo_leads_to_the_actor(here: Running) -> None:
    index = get(here, "/.well-known/nodeinfo")
    assert here.actor in {link["href"] for link in index["links"]}
    for version in ("2.0", "2.1"):
        assert get(here, f"/nodeinfo/{version}")["software"]["name"] == "hameau"
    assert here.ask("GET", "/nodeinfo/9.9")[0] == 404


def test_the_outbox_page_by_page(here: Running) -> None:
    for number in range(25):
        thing = {"type": "Event", "id": f"{here.url}/e/{number}"}
        body = {"type": "Create", "actor": here.actor, "object": thing}
        here.app.db.write(partial(send, activity=body, object_id=thing["id"]))
    head = get(here, "/outbox")
    assert head["totalItems"] == 25
    page = get(here, head["first"].removeprefix(here.url))
    rest = get(here, page["next"].removeprefix(here.url))
    found = [item["object"]["id"] for item in page["orderedItems"] + rest["orderedItems"]]
    assert len(set(found)) == 25
    assert "next" not in rest
    assert get(here, page["orderedItems"][0]["id"].removeprefix(here.url)) == page["orderedItems"][0]


@pytest.mark.parametrize("way", ["actor", "account", "site"])
def test_following_by_any_address(here: Running, someone: Stranger, way: str) -> None:
    host = someone.url.removeprefix("http://")
    links = [{"rel": "self", "type": "application/activity+json", "href": someone.actor}]
    someone.documents["/.well-known/webfinger"] = {"links": links}
    if way != "actor":
        someone.content_type = "application/jrd+json"
    named = {"actor": someone.actor, "account": f"@elsewhere@{host}", "site": host}[way]
    if way == "actor":
        assert here.app.http.from_thread(flows.follow(here.app, named)).actor_uri == someone.actor
        wait_for(lambda: someone.inbox)
        assert someone.inbox[0]["type"] == "Follow"
    else:
        found = here.app.http.from_thread(_found(here, named))
        assert found == someone.actor


@pytest.mark.parametrize("named", ["127.0.0.1:1", "http://127.0.0.1:1/actor", "@a@127.0.0.1:1", "10.0.0.1"])
def test_an_address_that_leads_nowhere(here: Running, named: str) -> None:
    for _ in range(2):
        with pytest.raises(ActorNotFound) as refused:
            here.app.http.from_thread(flows.follow(here.app, named))
        assert refused.value.status == 422


async def _found(here: Running, named: str) -> str:
    """Where the look-up leads; the document itself is of the wrong type in these cases."""
    from kit.errors import Refusal

    discovery = exchange_of(here.app).discovery
    asked: list[str] = []

    async def actor(uri: str) -> Any:
        asked.append(uri)

    discovery.actor = actor  # type: ignore[method-assign, assignment]
    try:
        await discovery.find(named)
    except Refusal:
        return ""
    return asked[0]


def test_two_nodes_follow_each_other(here: Running, new_database_url: Any, tmp_path: Any) -> None:
    from kit.db import Database

    folder = tmp_path / "there"
    folder.mkdir()
    with running(Database(new_database_url(), durable=False), folder, "there") as there:
        here.app.http.from_thread(flows.follow(here.app, there.url))
        wait_for(lambda: any(row[1] == "accepted" or "accepted" in row for row in here.tables()["following"]))
        thing = {"type": "Event", "id": f"{there.url}/events/1", "attributedTo": there.actor}
        activity = {"type": "Create", "actor": there.actor, "object": thing}
        there.app.db.write(lambda session: send(session, activity, object_id="1"))
        wait_for(lambda: here.book.seen)
        assert here.book.seen[0].relation == "followed"
        verified = here.book.seen[0].verified
        assert verified is not None
        assert verified.proof == "valid"


def test_a_villager_that_was_away_pulls(here: Running) -> None:
    with stranger("villager") as villager:
        from tests.federation.conftest import make_villager

        make_villager(here, villager)
        missed = [villager.activity(), villager.activity("Update")]
        events = [{"type": "Event", "id": f"{villager.url}/events/9", "attributedTo": villager.actor}]
        others = [{"type": "Event", "id": "https://elsewhere.example/e", "attributedTo": villager.actor}]
        page = {"type": "OrderedCollectionPage", "orderedItems": missed[::-1]}
        villager.documents["/outbox"] = {"type": "OrderedCollection", "first": page}
        villager.documents["/upcoming"] = {"type": "OrderedCollection", "orderedItems": events + others}
        villager.documents["/actor"] = villager.document(upcomingEvents=f"{villager.url}/upcoming")
        from federation.actors.service import remember_actor
        from federation.catch_up.service import pull_soon

        here.app.db.write(
            lambda session: (
                remember_actor(session, villager.document(upcomingEvents=f"{villager.url}/upcoming")) and None
            )
        )
        here.app.db.write(lambda session: pull_soon(session, villager.actor))
        wait_for(lambda: len(here.book.seen) == 3)
        assert [one.id for one in here.book.seen[:2]] == [one["id"] for one in missed]
        assert here.book.seen[2].object == events[0]
        assert {one.verified for one in here.book.seen} == {None}
        here.app.db.write(lambda session: pull_soon(session, villager.actor))
        wait_for(lambda: sum(path == "/outbox" for _, path in villager.asked) == 2)
        here.settled()
        assert len(here.book.seen) == 3
