"""The office of villages, peers, follows and blocks, through its pages; and the same for programs."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from federation.actors.service import remember_actor
from federation.models.actors import ActorKey
from federation.models.peers import Peer
from federation.models.villages import ASKED, MEMBER, Village, VillageMember
from federation.peering import service as peering
from federation.peering.terms import SHARE_EVERYTHING
from federation.standing import standing_of
from federation.villages.rows import set_member
from kit.app import App
from people.models.audit import AuditEntry
from people.proofs import new_token
from people.service import persons
from people.service.tokens import make_token
from tests.factories.signers import pair
from tests.federation.running import Stranger, stranger
from tests.people.browsers import OFFICE, add_person, sign_in

ALL = {"mode_agenda": "all"}


@pytest.fixture
def office(app: App, client: TestClient) -> TestClient:
    """An administrator's browser."""
    sign_in(app, client, "odile@example.org", "administrator", name="Odile")
    return client


@pytest.fixture
def barn() -> Stranger:
    """Another node, known by its keys only."""
    with stranger("barn") as found:
        found.documents["/actor"] = found.document(name="La Grange")
        return Stranger(found.url, found.keys, documents=found.documents)


@pytest.fixture
def peer(app: App, office: TestClient, barn: Stranger) -> str:
    """The barn as a peer of ours; the address of its page."""
    _offered_by(app, barn)
    app.db.write(
        lambda session: peering.accept(session, standing_of(session), barn.actor, SHARE_EVERYTHING) and None
    )
    return _first_link(office, "/admin/peers", r"/admin/peers/[0-9a-f-]{36}")


def test_only_who_may_manage_the_village_comes_in(app: App, new_client: Callable[[], TestClient]) -> None:
    add_person(app, "first@example.org", "administrator")
    cashier, nobody = new_client(), new_client()
    sign_in(app, cashier, "camille@example.org", "cashier")
    for path in ("/admin/village", "/admin/peers", "/admin/follows", "/admin/blocks"):
        assert cashier.get(path).status_code == 403
        assert nobody.get(path).status_code == 303


def test_empty_pages_say_what_to_do(office: TestClient) -> None:
    assert "I am in no village yet" in office.get("/admin/village").text
    assert "I have no peer yet" in office.get("/admin/peers").text
    assert "We are in no village yet" in office.get("/village").text
    assert "No site is blocked" in office.get("/admin/blocks").text
    assert "Nobody follows me yet" in office.get("/admin/follows").text


def test_found_a_village_and_show_it(app: App, office: TestClient) -> None:
    answer = office.post("/admin/village", data={"name": "Val d’Ouvette", "charter": "We share."})
    page = office.get(answer.headers["location"])
    assert "Val d’Ouvette" in page.text
    assert "I founded it" in page.text
    assert "We share." in office.get("/village").text
    with app.db.read() as session:
        assert session.scalars(select(AuditEntry.verb)).all() == ["Village founded"]
    again = office.post("/admin/village", data={"name": "Val d’Ouvette"})
    assert again.status_code == 422
    assert "of this name already" in again.text
    assert office.post("/admin/village", data={"name": ""}).status_code == 422


def test_the_group_and_its_signed_list_are_public(office: TestClient) -> None:
    office.post("/admin/village", data={"name": "Val", "charter": "We share."})
    as_node = {"accept": "application/activity+json"}
    group = office.get("/villages/val", headers=as_node).json()
    assert (group["type"], group["name"], group["attributedTo"][-6:]) == ("Group", "Val", "/actor")
    listed = office.get("/villages/val/members", headers=as_node).json()
    assert listed["orderedItems"] == [group["attributedTo"]]
    assert listed["proof"]["proofValue"]
    seen = office.get("/villages/val", headers={"accept": "text/html"})
    assert seen.headers["location"] == "/village"
    assert office.get("/villages/other", headers=as_node).status_code == 404
    found = office.get("/.well-known/webfinger?resource=acct:val@127.0.0.1:8199").json()
    assert found["aliases"] == [group["id"]]


def test_a_request_waits_with_a_badge_and_is_answered(app: App, office: TestClient, barn: Stranger) -> None:
    office.post("/admin/village", data={"name": "Val"})
    _known(app, barn)
    app.db.write(lambda session: _asks(session, barn))
    page = office.get("/admin/village")
    assert "La Grange asks to join Val" in page.text
    assert '<span class="count plate">1</span>' in page.text
    accept = _action(page.text, "/accept")
    assert office.post(accept).status_code == 303
    with app.db.read() as session:
        assert session.scalars(select(VillageMember.state)).all() == [MEMBER, MEMBER]
    assert "is in the village" in office.get("/admin/village").text
    office.post(accept)
    with app.db.read() as session:
        assert session.scalars(select(Village.epoch)).one() == 2
    office.post(accept.replace("/accept", "/refuse"))
    assert "answered already" in office.get("/admin/village").text


def test_removing_a_member_asks_first(app: App, office: TestClient, barn: Stranger) -> None:
    office.post("/admin/village", data={"name": "Val"})
    _known(app, barn)
    app.db.write(lambda session: _asks(session, barn))
    office.post(_action(office.get("/admin/village").text, "/accept"))
    village = _first_link(office, "/admin/village", r"/admin/village/[0-9a-f-]{36}")
    ask = _first_link(office, village, r"/admin/village/[^\"]*/removal")
    page = office.get(ask)
    assert "Remove La Grange from the village?" in page.text
    office.post(ask)
    with app.db.read() as session:
        states = dict(session.execute(select(VillageMember.actor_uri, VillageMember.state)).all())
    assert states[barn.actor] == "removed"


def test_an_offer_waits_with_a_badge_and_is_accepted(app: App, office: TestClient, barn: Stranger) -> None:
    _offered_by(app, barn)
    page = office.get("/admin/peers")
    assert "Waits for my answer" in page.text
    assert '<span class="count plate">1</span>' in page.text
    one = _first_link(office, "/admin/peers", r"/admin/peers/[0-9a-f-]{36}")
    assert "La Grange offers to exchange" in office.get(one).text
    office.post(f"{one}/accept", data={})
    assert "I choose what I share." in office.get(one).text
    office.post(f"{one}/accept", data={"mode_agenda": "tags", "tags_agenda": ["music", "soup"]})
    with app.db.read() as session:
        found = session.get(Peer, barn.actor)
        assert found is not None
        assert found.gives == {"agenda": {"mode": "tags", "tags": ["music", "soup"]}}
    assert "We exchange" in office.get(one).text


def test_what_is_shared_pause_and_end(app: App, office: TestClient, peer: str, barn: Stranger) -> None:
    office.post(f"{peer}/sharing", data={"mode_agenda": "none"})
    assert _peer(app, barn).gives == {"agenda": {"mode": "none"}}
    office.post(f"{peer}/pause")
    assert "Paused by me" in office.get(peer).text
    office.post(f"{peer}/resume")
    assert _peer(app, barn).state == "active"
    assert "End the exchange with La Grange?" in office.get(f"{peer}/stop").text
    office.post(f"{peer}/stop")
    assert "Ended by me" in office.get(peer).text
    with app.db.read() as session:
        verbs = session.scalars(select(AuditEntry.verb).order_by(AuditEntry.seq)).all()
    assert verbs == ["What a peer gets changed", "Exchange paused", "Exchange resumed", "Exchange ended"]


def test_new_keys_count_once_compared(app: App, office: TestClient, peer: str, barn: Stranger) -> None:
    other = Stranger(barn.url, pair("another"))
    app.db.write(lambda session: remember_actor(session, other.document(name="La Grange")) and None)
    page = office.get(peer)
    assert "This peer shows new keys." in page.text
    office.post(f"{peer}/keys", data={"shown": "0000 1111"})
    page = office.get(peer)
    assert "Their signs changed meanwhile." in page.text
    assert "This peer shows new keys." in page.text
    office.post(f"{peer}/keys", data={"shown": _shown(page.text)})
    assert "This peer shows new keys." not in office.get(peer).text
    with app.db.read() as session:
        trusted = session.scalars(select(ActorKey.material).where(ActorKey.state == "trusted")).all()
    assert other.keys.ed25519_multibase in trusted
    assert barn.keys.ed25519_multibase not in trusted


def test_a_key_that_did_not_change_stays_believed(
    app: App, office: TestClient, peer: str, barn: Stranger
) -> None:
    assert office.get(peer).status_code == 200
    half = barn.document(name="La Grange")
    half["assertionMethod"] = Stranger(barn.url, pair("another")).document()["assertionMethod"]
    app.db.write(lambda session: remember_actor(session, half) and None)
    office.post(f"{peer}/keys", data={"shown": _shown(office.get(peer).text)})
    with app.db.read() as session:
        trusted = {
            row.key_id: row.material for row in session.scalars(select(ActorKey)) if row.state == "trusted"
        }
    assert set(trusted) == {f"{barn.actor}#main-key", f"{barn.actor}#ed25519-key"}
    assert trusted[f"{barn.actor}#ed25519-key"] == pair("another").ed25519_multibase


def test_blocking_asks_first_and_can_be_lifted(
    app: App, office: TestClient, peer: str, barn: Stranger
) -> None:
    assert "Block La Grange?" in office.get(f"{peer}/block").text
    office.post(f"{peer}/block")
    page = office.get("/admin/blocks")
    assert barn.url in page.text
    with app.db.read() as session:
        assert session.get(Peer, barn.actor) is None
    office.post("/admin/blocks/end", data={"address": barn.url})
    assert "No site is blocked" in office.get("/admin/blocks").text
    assert office.post("/admin/blocks", data={"address": "not a site"}).status_code == 422
    assert (
        "This is my own node." in office.post("/admin/blocks", data={"address": "http://127.0.0.1:8199"}).text
    )


def test_programs_see_and_change_the_same(app: App, office: TestClient, peer: str, barn: Stranger) -> None:
    headers = _token(app, "peers:write", "villages:write")
    answer = office.get("/api/v1/peers", headers=headers).json()
    (shown,) = answer["items"]
    assert (shown["state"], shown["name"], shown["url"]) == ("active", "La Grange", barn.actor)
    assert {"gives", "takes", "since", "last_exchange_in", "last_exchange_out", "queue", "failures"} <= set(
        shown
    )
    one = f"/api/v1/peers/{shown['id']}"
    changed = office.patch(
        one, headers=headers, json={"gives": {"agenda": {"mode": "none"}}, "paused": True}
    ).json()
    assert (changed["state"], changed["gives"], changed["paused_here"]) == (
        "paused",
        {"agenda": {"mode": "none"}},
        True,
    )
    assert office.patch(one, headers=headers, json={"gives": {"agenda": {"mode": "some"}}}).status_code == 422
    assert office.patch(one, headers=headers, json={"gives": {"cellar": {"mode": "all"}}}).status_code == 422
    assert (
        office.post(f"{one}/acceptance", headers=headers, json={}).json()["type"].endswith("nothing_offered")
    )
    assert office.delete(one, headers=headers).status_code == 204
    assert office.get(one, headers=headers).json()["state"] == "stopped"
    made = office.post("/api/v1/villages", headers=headers, json={"name": "Val"})
    assert (made.status_code, made.json()["members"], made.json()["state"]) == (201, 1, "member")
    members = office.get(f"/api/v1/villages/{made.json()['id']}/members", headers=headers).json()
    assert [one["is_founder"] for one in members["items"]] == [True]
    assert (
        office.delete(f"/api/v1/villages/{made.json()['id']}/membership", headers=headers).status_code == 409
    )


def test_lists_go_on_with_a_link(app: App, office: TestClient) -> None:
    headers = _token(app, "villages:write")
    for name in ("A", "B", "C"):
        office.post("/api/v1/villages", headers=headers, json={"name": name})
    first = office.get("/api/v1/villages?limit=2", headers=headers)
    assert [one["name"] for one in first.json()["items"]] == ["A", "B"]
    assert first.headers["link"] == f'<{first.json()["next"]}>; rel="next"'
    second = office.get(first.json()["next"], headers=headers).json()
    assert ([one["name"] for one in second["items"]], second["next"]) == (["C"], "")


def test_a_token_without_the_scope_is_refused(app: App, office: TestClient) -> None:
    headers = _token(app, "events:read")
    assert office.get("/api/v1/peers", headers=headers).status_code == 403
    assert office.get("/api/v1/villages").status_code == 401


def _known(app: App, other: Stranger) -> None:
    app.db.write(lambda session: remember_actor(session, other.document(name="La Grange")) and None)


def _offered_by(app: App, other: Stranger) -> None:
    _known(app, other)
    body = {"vil:gives": SHARE_EVERYTHING}
    app.db.write(
        lambda session: peering.receive_offer(session, other.actor, f"{other.url}/offers/1", body) and None
    )


def _asks(session: object, other: Stranger) -> None:
    village = session.scalars(select(Village)).one()  # type: ignore[attr-defined]
    set_member(session, village, other.actor, ASKED, f"{other.url}/joins/1")  # type: ignore[arg-type]


def _peer(app: App, other: Stranger) -> Peer:
    with app.db.read() as session:
        found = session.get(Peer, other.actor)
    assert found is not None
    return found


def _first_link(browser: TestClient, page: str, pattern: str) -> str:
    found = re.search(pattern, browser.get(page).text)
    assert found, f"no {pattern} on {page}"
    return found.group()


def _shown(text: str) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', text)
    assert found, "no fingerprint to compare"
    return found.group(1)


def _action(text: str, ending: str) -> str:
    found = re.search(rf'action="([^"]*{ending})"', text)
    assert found, f"no form to {ending}"
    return found.group(1)


def _token(app: App, *scopes: str) -> dict[str, str]:
    person_id, secret = add_person(app, "script@example.org", "administrator"), new_token()
    app.db.write(
        lambda session: make_token(
            session, OFFICE, persons.get(session, person_id), secret,
            name="script", scopes=scopes, known_scopes=scopes,
        )
    )  # fmt: skip
    return {"authorization": f"Bearer {secret}"}
