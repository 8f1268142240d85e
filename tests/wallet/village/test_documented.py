"""The envelope of FEDERATION.md is what the code seals, opens and proves; so are the times of the actor."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from starlette.testclient import TestClient

from federation.documents.capabilities import read_capabilities
from federation.exchange import exchange_of
from federation.identity import identity_of
from federation.key_watch import sign_with
from federation.keys import rotate
from federation.multikey import decode_key
from kit import clock
from kit.app import App
from tests.nodes import URL
from wallet.between.envelope import Said, check, evidence_of, open_envelope, read_evidence, seal
from wallet.between.messages import Beat, decode
from wallet.between.times import PUBLISHED
from wallet.feature import WALLET

TEXT = (Path(__file__).parents[3] / "FEDERATION.md").read_text(encoding="utf-8")
BODY = re.findall(r"<!-- shape: envelope -->\n```json\n(.*?)```", TEXT, re.DOTALL)[0]
KEY = decode_key(re.findall(r"The key of this example is `(\w+)`", TEXT)[0])


def verify(_kid: str, signed: bytes, sig: bytes) -> bool:
    assert isinstance(KEY, Ed25519PublicKey)
    try:
        KEY.verify(sig, signed)
    except InvalidSignature:
        return False
    return True


def opened() -> Said:
    return open_envelope(BODY.encode(), "http://127.0.0.1:8102", json.loads(BODY)["at"], verify)


def test_the_example_is_a_true_envelope() -> None:
    (item,) = opened().items
    assert isinstance(decode(item), Beat)


def test_the_same_items_are_sealed_so() -> None:
    said, key = opened(), Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    again = seal(said.items, said.peer, said.to, kid=said.kid, at=said.at, sign=key.sign)
    assert json.loads(again) == json.loads(BODY)


def test_its_evidence_has_the_fields_that_the_page_says() -> None:
    shown = evidence_of(opened(), 0).to_json()
    fields = json.loads(BODY).keys() - {"items"} | {"p", "hashes"}
    assert json.loads(shown).keys() == fields
    check(read_evidence(shown), verify)


def test_the_times_are_those_of_the_actor() -> None:
    assert WALLET.actor_terms == {"vil:ledgerTimes": dict(PUBLISHED)}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_actor_says_where_envelopes_go_also_after_new_keys(client: TestClient, app: App) -> None:
    ring = exchange_of(app).identity.keys
    for keys in (ring, rotate(ring, f"{URL}/actor", clock.now())):
        sign_with(app, keys)
        actor = client.get("/actor", headers={"accept": "application/activity+json"}).json()
        assert actor["endpoints"]["vil:ledger"] == f"{URL}/federation/ledger"
        assert actor["vil:ledgerTimes"]["heartbeat"] == 10_000
        assert {"agenda", "wallet", "clearing"} == read_capabilities(actor).scopes[1]
        with app.db.read() as session:
            told = identity_of(session)
        assert told is not None
        assert told.terms == actor_terms(actor)


def actor_terms(actor: dict[str, Any]) -> dict[str, Any]:
    return {name: actor[name] for name in WALLET.actor_terms}
