"""What a node says of itself is read back by our own readers, and is what the specifications ask for."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from federation.documents.actor import actor_document, group_address, group_document
from federation.documents.capabilities import read_capabilities
from federation.documents.card import GroupCard, NodeCard
from federation.documents.context import AS2, activity_context
from federation.documents.discovery import (
    APPLICATION,
    SERVICE,
    actor_link,
    nodeinfo,
    nodeinfo_index,
    split_account,
    webfinger,
)
from federation.json_guard import read_object
from federation.keys import KeyRing, rotate
from federation.namespace import VIL
from federation.peer_keys import keys_of
from federation.rotation import ROTATIONS, vouches
from kit.errors import BadRequest, NotFound
from tests.factories.signers import NOW, pair

URL = "https://cafe.example"
CARD = NodeCard(
    url=URL,
    name="L’Escargotière",
    summary="Un café & des concerts",
    rsa_pem=pair("cafe").rsa_pem,
    ed25519_multibase=pair("cafe").ed25519_multibase,
    since=datetime(2026, 1, 2, tzinfo=UTC),
    icon=f"{URL}/files/logo.png",
    icon_type="image/png",
    kind="cafe",
    accent="#1F4BB8",
    place={"type": "Place", "latitude": 48.85, "longitude": 2.35},
    version="0.1.0",
    events=12,
)
GROUP = GroupCard(
    slug="les-collines", name="Les Collines", since=CARD.since, charter=f"{URL}/charter", epoch=3
)


def guarded(document: dict[str, Any]) -> dict[str, Any]:
    """As a peer would receive it."""
    return read_object(json.dumps(document).encode())


def test_actor() -> None:
    actor = guarded(actor_document(CARD))
    assert (actor["id"], actor["type"], actor["preferredUsername"]) == (
        f"{URL}/actor",
        "Application",
        "agenda",
    )
    assert actor["summary"] == "<p>Un café &amp; des concerts</p>"
    assert actor["endpoints"] == {"sharedInbox": f"{URL}/inbox"}
    assert (actor["inbox"], actor["outbox"]) == (f"{URL}/inbox", f"{URL}/outbox")
    assert actor["published"] == "2026-01-02T00:00:00Z"
    assert ROTATIONS not in actor
    assert {key.id: key.kind for key in keys_of(actor).values()} == {
        f"{URL}/actor#main-key": "rsa",
        f"{URL}/actor#ed25519-key": "ed25519",
    }


def test_contexts_are_known_addresses_and_inline_terms() -> None:
    for context in (actor_document(CARD)["@context"], activity_context(timezone="vil:timezone")):
        addresses = [part for part in context if isinstance(part, str)]
        assert addresses[0] == AS2
        assert all(address.startswith(("https://www.w3.org/", "https://w3id.org/")) for address in addresses)
        assert context[-1]["vil"] == VIL


def test_every_term_is_defined() -> None:
    actor = actor_document(replace(CARD, scopes=("agenda", "wallet"), pennant=3))
    terms = actor["@context"][-1]
    assert "vil" in terms
    assert [name for name in actor if ":" in name and name.partition(":")[0] not in terms] == []
    assert actor["endpoints"]["vil:ledger"] == f"{URL}/federation/ledger"


def test_rotations_travel_with_the_actor() -> None:
    old = KeyRing(pair("cafe"))
    new = rotate(old, CARD.actor, NOW)
    card = replace(
        CARD,
        rsa_pem=new.current.rsa_pem,
        ed25519_multibase=new.current.ed25519_multibase,
        rotations=new.rotations,
    )
    assert vouches(old.current.public, guarded(actor_document(card)), NOW)


def test_group() -> None:
    group = guarded(group_document(CARD, GROUP))
    address = group_address(URL, "les-collines")
    assert (group["id"], group["type"], group["members"]) == (address, "Group", f"{address}/members")
    assert (group["vil:epoch"], group["attributedTo"]) == (3, CARD.actor)
    assert {key.owner for key in keys_of(group).values()} == {address}
    assert group["vil:charter"]["url"] == f"{URL}/charter"


def test_capabilities() -> None:
    card = replace(CARD, scopes=("agenda", "wallet"), majors=(1, 2))
    told = read_capabilities(actor_document(card))
    assert told.rfc9421
    assert told.speaks_village
    assert told.scopes == {1: {"agenda", "wallet"}, 2: {"agenda", "wallet"}}
    assert (told.common_major((1,)), told.common_major((1, 2, 3)), told.common_major((9,))) == (1, 2, None)


@pytest.mark.parametrize(
    "generator",
    [
        None,
        "https://a.example/app",
        {},
        {"implements": "x"},
        [{"implements": [3, {}]}],
        {"implements": [{"href": f"{VIL}AGENDA"}, {"href": "https://a.example/1#agenda"}]},
    ],
)
def test_no_capabilities(generator: Any) -> None:
    told = read_capabilities({"generator": generator})
    assert not told.speaks_village
    assert not told.rfc9421


@pytest.mark.parametrize("resource", ["acct:agenda@cafe.example", f"{URL}/actor"])
def test_webfinger_of_the_actor(resource: str) -> None:
    jrd = webfinger(CARD, resource)
    assert jrd["subject"] == "acct:agenda@cafe.example"
    assert actor_link(jrd) == CARD.actor


@pytest.mark.parametrize("resource", [URL, f"{URL}/"])
def test_webfinger_of_the_origin(resource: str) -> None:
    jrd = webfinger(CARD, resource)
    assert (jrd["subject"], actor_link(jrd)) == (resource, CARD.actor)
    assert [link["rel"] for link in webfinger(CARD, resource, [SERVICE])["links"]] == [SERVICE]


def test_webfinger_of_a_village() -> None:
    groups = {"les-collines": group_address(URL, "les-collines")}
    for resource in ("acct:les-collines@cafe.example", groups["les-collines"]):
        jrd = webfinger(CARD, resource, groups=groups)
        assert (jrd["subject"], actor_link(jrd)) == ("acct:les-collines@cafe.example", groups["les-collines"])


@pytest.mark.parametrize(
    "resource",
    [
        "acct:other@cafe.example",
        "acct:agenda@other.example",
        f"{URL}/other",
        "https://other.example/",
        "http://cafe.example/actor",
    ],
)
def test_webfinger_of_what_is_not_here(resource: str) -> None:
    with pytest.raises(NotFound):
        webfinger(CARD, resource)


@pytest.mark.parametrize(
    "resource",
    [
        "",
        "agenda@cafe.example",
        "acct:",
        "acct:@cafe.example",
        "acct:a@b@cafe.example",
        "acct:agenda@cafe.example:8443",
        "acct:agenda@cafe.example/x",
        "mailto:a@b",
    ],
)
def test_webfinger_of_nonsense(resource: str) -> None:
    with pytest.raises(BadRequest):
        webfinger(CARD, resource)


def test_ports_on_this_machine_only() -> None:
    card = replace(CARD, url="http://127.0.0.1:8101")
    assert card.account == "acct:agenda@127.0.0.1:8101"
    assert actor_link(webfinger(card, card.account)) == "http://127.0.0.1:8101/actor"
    assert split_account("@agenda@localhost:8102") == ("agenda", "localhost:8102")
    assert split_account("agenda@[::1]:8102") == ("agenda", "[::1]:8102")
    assert split_account("agenda@Cafe.Example") == ("agenda", "cafe.example")


def test_nodeinfo() -> None:
    index = nodeinfo_index(CARD)
    assert {"rel": APPLICATION, "href": CARD.actor} in index["links"]
    assert actor_link(index) == CARD.actor
    old, new = nodeinfo(CARD, "2.0"), nodeinfo(CARD, "2.1", "https://code.example/hameau")
    assert (old["version"], new["version"], new["usage"]["localPosts"]) == ("2.0", "2.1", 12)
    assert "repository" not in old["software"]
    assert new["software"]["repository"] == "https://code.example/hameau"
    assert "implements" not in json.dumps(new)
    with pytest.raises(NotFound):
        nodeinfo(CARD, "1.0")


@pytest.mark.parametrize(
    "jrd",
    [
        {},
        {"links": "x"},
        {"links": [3, {"rel": "self"}]},
        {"links": [{"rel": "self", "type": "text/html", "href": URL}]},
        {"links": [{"rel": "self", "href": "javascript:x"}]},
    ],
)
def test_no_actor_in_a_jrd(jrd: dict[str, Any]) -> None:
    assert actor_link(jrd) is None
