"""draft-cavage-http-signatures-12 Appendix C: signing strings and signatures, bit for bit."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from federation.peer_keys import PeerKey
from federation.refusals import MissingCoverage, OutsideClock
from federation.signatures import cavage
from federation.signatures.algorithms import SigningKey, check
from federation.signatures.message import Message
from federation.signatures.verify import STRANGERS, read_claim, verify
from tests.vectors.folder import load

DRAFT = load("draft-cavage-appendix-c.json")
CASES = {case["section"]: case for case in DRAFT["cases"]}
REQUEST = DRAFT["request"]
DATE = datetime(2014, 1, 5, 21, 31, 40, tzinfo=UTC)
PUBLIC: Any = load_pem_public_key(DRAFT["public_pem"].encode())
PRIVATE: Any = load_pem_private_key(DRAFT["private_pem"].encode(), None)


def message_of(case: dict[str, Any]) -> Message:
    headers = tuple((name, value) for name, value in REQUEST["headers"])
    url = f"http://example.com{REQUEST['target']}"
    unsigned = Message(REQUEST["method"], url, headers, REQUEST["body"].encode())
    return unsigned.with_headers((("Signature", case["signature_header"]),))


@pytest.mark.parametrize("section", CASES)
def test_signing_string(section: str) -> None:
    message = message_of(CASES[section])
    assert cavage.base(message, cavage.read(message)).decode() == CASES[section]["signing_string"]


@pytest.mark.parametrize("section", CASES)
def test_signature_verifies_and_is_reproduced(section: str) -> None:
    case, message = CASES[section], message_of(CASES[section])
    parts = cavage.read(message)
    check("rsa-v1_5-sha256", PUBLIC, parts.signature, cavage.base(message, parts))
    made = SigningKey(DRAFT["keyid"], PRIVATE).sign(case["signing_string"].encode())
    assert base64.b64encode(made).decode() == case["signature"]


def test_all_headers_satisfy_our_policy() -> None:
    key = PeerKey("Test", "https://example.org/actor", PUBLIC)
    claim = read_claim(message_of(CASES["C.3 all headers"]))
    verified = verify(claim, key, window=STRANGERS, now=DATE + timedelta(minutes=5))
    assert (verified.actor, verified.style, verified.created) == (key.owner, "cavage", DATE)
    with pytest.raises(OutsideClock):
        verify(claim, key, window=STRANGERS, now=DATE + timedelta(hours=2))


@pytest.mark.parametrize("section", ["C.1 default", "C.2 basic"])
def test_smaller_coverage_is_refused(section: str) -> None:
    with pytest.raises(MissingCoverage):
        read_claim(message_of(CASES[section]))
