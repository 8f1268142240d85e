"""RFC 9421 Appendix B: signature bases, signatures, and the transformations that must and must not matter."""

import base64
import hashlib
import hmac
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from federation.refusals import BadSignature, MissingCoverage, SignatureRefused
from federation.signatures import rfc9421
from federation.signatures.algorithms import SigningKey, check
from federation.signatures.digest import check_content_digest, content_digest
from federation.signatures.message import Message
from federation.signatures.verify import read_claim
from tests.vectors.folder import load

RFC = load("rfc9421-appendix-b.json")
CASES = {case["section"]: case for case in RFC["cases"]}
B4 = RFC["b4_transformations"]
SIGNED_DIGEST = (
    "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:"
)


def message_of(part: dict[str, Any]) -> Message:
    """The printed message; a request's target is made absolute with its Host, as a server would."""
    headers = tuple((name, value) for name, value in part["headers"])
    first, second, *_ = part["start_line"].split(" ")
    if first.startswith("HTTP/"):
        # The printed digest is not the one that was signed: see the note in the file.
        headers = tuple((n, SIGNED_DIGEST if n == "Content-Digest" else v) for n, v in headers)
        return Message("", "https://example.com/", headers, part["body"].encode(), status=int(second))
    host = dict(headers)["Host"]
    return Message(first, f"https://{host}{second}", headers, part["body"].encode())


def signed_message(case: dict[str, Any]) -> Message:
    if "message_inline" in case:
        return message_of(case["message_inline"])
    message = message_of(RFC[f"test_{case['message']}"])
    added = (("Signature-Input", case["signature_input"]), ("Signature", case["signature"]))
    return message.with_headers(added)


def public(keyid: str) -> Any:
    return load_pem_public_key(RFC["keys"][keyid]["public_pem"].encode())


@pytest.mark.parametrize("section", CASES)
def test_signature_base(section: str) -> None:
    inputs, _ = rfc9421.read(signed_message(CASES[section]))
    assert rfc9421.base(signed_message(CASES[section]), inputs).decode() == CASES[section]["signature_base"]


@pytest.mark.parametrize("section", [name for name, case in CASES.items() if case["alg"] != "hmac-sha256"])
def test_signature(section: str) -> None:
    case = CASES[section]
    inputs, signature = rfc9421.read(signed_message(case))
    base = rfc9421.base(signed_message(case), inputs)
    check(case["alg"], public(case["keyid"]), signature, base)
    with pytest.raises(BadSignature):
        check(case["alg"], public(case["keyid"]), signature, base + b" ")


def test_shared_secret_signs_our_base() -> None:
    """HMAC is no way of signing between nodes; the base it signs must still be ours."""
    case = CASES["B.2.5"]
    inputs, signature = rfc9421.read(signed_message(case))
    secret = base64.b64decode(RFC["keys"]["test-shared-secret"]["secret_b64"])
    base = rfc9421.base(signed_message(case), inputs)
    assert hmac.digest(secret, base, hashlib.sha256) == signature


def test_ed25519_is_reproduced() -> None:
    case = CASES["B.2.6"]
    private: Any = load_pem_private_key(RFC["keys"]["test-key-ed25519"]["private_pem"].encode(), None)
    _, signature = rfc9421.read(signed_message(case))
    assert SigningKey("test-key-ed25519", private).sign(case["signature_base"].encode()) == signature


@pytest.mark.parametrize("variant", B4["variants"], ids=lambda variant: variant["note"])
def test_transformations(variant: dict[str, Any]) -> None:
    message = message_of(variant["message"])
    inputs, signature = rfc9421.read(message)
    base = rfc9421.base(message, inputs)
    assert (base.decode() == B4["signature_base"]) is variant["valid"]
    if variant["valid"]:
        check("ed25519", public(B4["keyid"]), signature, base)
    else:
        with pytest.raises(BadSignature):
            check("ed25519", public(B4["keyid"]), signature, base)


@pytest.mark.parametrize(
    "section", [name for name, case in CASES.items() if case.get("message") == "request"]
)
def test_our_policy_wants_more_than_the_examples_cover(section: str) -> None:
    """None of the examples covers the target: between nodes each is refused, before any key is asked for."""
    with pytest.raises(MissingCoverage):
        read_claim(signed_message(CASES[section]))


@pytest.mark.parametrize("variant", B4["variants"], ids=lambda variant: variant["note"])
def test_our_policy_on_transformations(variant: dict[str, Any]) -> None:
    with pytest.raises(SignatureRefused):
        read_claim(message_of(variant["message"]))


def test_content_digest() -> None:
    examples = RFC["content_digest_examples"]
    body = examples["body"].encode()
    assert content_digest(body) == examples["sha-256"]
    check_content_digest(examples["sha-256"], body)
    check_content_digest(f"{examples['sha-256']}, {examples['sha-512']}", body)
