"""What a node demands of a signed request, in both styles: each fault has its name."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from federation import refusals
from federation.peer_keys import PeerKey, among
from federation.signatures import cavage, rfc9421
from federation.signatures.algorithms import ED25519, RSA_V15
from federation.signatures.digest import content_digest, digest
from federation.signatures.message import Message, from_raw_headers
from federation.signatures.verify import (
    MONEY,
    STRANGERS,
    VILLAGERS,
    Window,
    bind,
    check_clock,
    read_claim,
    verify,
    verify_request,
)
from federation.verified import Verified, restore
from tests.factories.signers import HOME, NOW, post, signed, signer

BODY = b'{"type":"Follow"}'
STYLES = ["rfc9421", "cavage"]


def receive(message: Message, *, window: Window = VILLAGERS, now: Any = NOW) -> Verified:
    return verify_request(message, among(signer().keys), window=window, now=now)


def edit(message: Message, name: str, change: Callable[[str], str]) -> Message:
    headers = tuple((n, change(v) if n.lower() == name.lower() else v) for n, v in message.headers)
    return replace(message, headers=headers)


def without(message: Message, name: str) -> Message:
    return replace(message, headers=tuple(h for h in message.headers if h[0].lower() != name.lower()))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_our_own_requests_are_verified(style: str, kind: str) -> None:
    key = getattr(signer(), kind)
    verified = receive(signed(post(BODY), key, style))
    assert (verified.actor, verified.key_id, verified.style) == (signer().actor, key.id, style)
    assert (verified.created, verified.proof) == (NOW, "none")
    assert len(verified.signature_hash) == 64


@pytest.mark.parametrize("style", STYLES)
def test_a_get_needs_no_digest(style: str) -> None:
    message = signed(Message("GET", f"{HOME}/federation/upcoming?page=2"), signer().rsa, style)
    assert "digest" not in " ".join(name for name, _ in message.headers).lower()
    assert receive(message).actor == signer().actor


def test_unsigned() -> None:
    with pytest.raises(refusals.Unsigned) as refused:
        receive(post(BODY))
    assert (refused.value.status, refused.value.name) == (401, "unsigned")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("body", [b"", b'{"type":"Follow"} ', b"x" * 100_000])
def test_changed_body(style: str, body: bytes) -> None:
    with pytest.raises(refusals.WrongDigest):
        receive(replace(signed(post(BODY), signer().rsa, style), body=body))


@pytest.mark.parametrize("style", STYLES)
def test_changed_digest_of_a_changed_body(style: str) -> None:
    message = replace(signed(post(BODY), signer().rsa, style), body=b"{}")
    fixed = edit(
        edit(message, "digest", lambda _: digest(b"{}")), "content-digest", lambda _: content_digest(b"{}")
    )
    with pytest.raises(refusals.BadSignature):
        receive(fixed)


@pytest.mark.parametrize(
    "covered",
    [
        ("@method", "content-digest"),
        ("@target-uri", "content-digest"),
        ("@method", "@target-uri"),
        ("@method", "@authority", "@path", "content-digest"),
    ],
)
def test_rfc9421_missing_coverage(covered: tuple[str, ...]) -> None:
    message = post(BODY)
    with pytest.raises(refusals.MissingCoverage):
        receive(message.with_headers(rfc9421.sign(message, signer().rsa, NOW, covered)))


@pytest.mark.parametrize(
    "covered",
    [
        ("host", "date", "digest"),
        ("(request-target)", "date", "digest"),
        ("(request-target)", "host", "digest"),
        ("(request-target)", "host", "date"),
    ],
)
def test_cavage_missing_coverage(covered: tuple[str, ...]) -> None:
    message = post(BODY)
    with pytest.raises(refusals.MissingCoverage):
        receive(message.with_headers(cavage.sign(message, signer().rsa, NOW, covered)))


@pytest.mark.parametrize("parameter", ["created", "keyid"])
def test_rfc9421_without_time_or_key(parameter: str) -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    cut = [part for part in message.only("signature-input").split(";") if not part.startswith(parameter)]
    with pytest.raises(refusals.MissingCoverage):
        receive(edit(message, "signature-input", lambda _: ";".join(cut)))


@pytest.mark.parametrize("style", STYLES)
def test_covered_header_twice(style: str) -> None:
    name = "Content-Digest" if style == "rfc9421" else "Digest"
    message = signed(post(BODY), signer().rsa, style)
    with pytest.raises(refusals.DuplicateHeader):
        receive(message.with_headers(((name, message.only(name.lower())),)))


def test_any_covered_header_twice() -> None:
    """Even when the sender signed both lines: two readers could each believe another one."""
    twice = post(BODY).with_headers((("Content-Type", "text/html"),))
    covered = ("@method", "@target-uri", "content-type", "content-digest")
    with pytest.raises(refusals.DuplicateHeader):
        receive(twice.with_headers(rfc9421.sign(twice, signer().rsa, NOW, covered)))


def test_other_headers_may_come_twice() -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    assert receive(message.with_headers((("Via", "a"), ("Via", "b")))).actor == signer().actor


@pytest.mark.parametrize("style", STYLES)
def test_several_signatures(style: str) -> None:
    message = signed(post(BODY), signer().rsa, style)
    with pytest.raises(refusals.SeveralSignatures):
        receive(message.with_headers((("Signature", message.only("signature")),)))


def test_several_signatures_in_one_header() -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    twice = edit(message, "signature-input", lambda value: f"{value}, b{value}")
    twice = edit(twice, "signature", lambda value: f"{value}, b{value}")
    with pytest.raises(refusals.SeveralSignatures):
        receive(twice)
    with pytest.raises(refusals.SeveralSignatures):
        receive(edit(message, "signature-input", lambda value: f"{value}, {value}"))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("window", "minutes", "accepted"), [
    (STRANGERS, -59, True), (STRANGERS, -61, False), (STRANGERS, 4, True), (STRANGERS, 6, False),
    (VILLAGERS, 59, True), (VILLAGERS, 61, False), (MONEY, -1439, True), (MONEY, 1441, False),
])  # fmt: skip
def test_clock(style: str, window: Window, minutes: int, accepted: bool) -> None:
    message = signed(post(BODY), signer().rsa, style, NOW + timedelta(minutes=minutes))
    if accepted:
        assert receive(message, window=window).actor == signer().actor
    else:
        with pytest.raises(refusals.OutsideClock):
            receive(message, window=window)


def test_expired_signature() -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    claim = read_claim(edit(message, "signature-input", lambda v: f"{v};expires={int(NOW.timestamp())}"))
    with pytest.raises(refusals.OutsideClock):
        check_clock(claim, VILLAGERS, NOW)
    check_clock(claim, VILLAGERS, NOW - timedelta(seconds=1))


@pytest.mark.parametrize("name", ["hmac-sha256", "none", "ecdsa-p256-sha256", "rsa-pss-sha512", ED25519])
def test_algorithm_must_be_known_and_fit_the_key(name: str) -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    other = edit(message, "signature-input", lambda value: value.replace(RSA_V15, name))
    with pytest.raises((refusals.UnknownAlgorithm, refusals.BadSignature)) as refused:
        receive(other)
    assert isinstance(refused.value, refusals.BadSignature) is (name == "rsa-pss-sha512")


@pytest.mark.parametrize("name", ["hmac-sha256", "rsa-sha1", "dsa-sha256"])
def test_cavage_algorithm(name: str) -> None:
    message = signed(post(BODY), signer().rsa, "cavage")
    with pytest.raises(refusals.UnknownAlgorithm):
        receive(edit(message, "signature", lambda value: value.replace("rsa-sha256", name)))


@pytest.mark.parametrize("name", ["hs2019", "RSA-SHA256"])
def test_cavage_algorithm_as_others_write_it(name: str) -> None:
    message = signed(post(BODY), signer().rsa, "cavage")
    assert (
        receive(edit(message, "signature", lambda value: value.replace("rsa-sha256", name))).style == "cavage"
    )


def test_cavage_created_goes_with_hs2019_only() -> None:
    message, key, stamp = signed(post(BODY), signer().rsa, "cavage"), signer().rsa, int(NOW.timestamp())
    names = ("(request-target)", "(created)", "host", "digest")
    parts = cavage.CavageSignature(key.id, "hs2019", names, b"", stamp, None)
    text = base64.b64encode(key.sign(cavage.base(message, parts))).decode()
    value = (
        f'keyId="{key.id}",algorithm="hs2019",created={stamp},headers="{" ".join(names)}",signature="{text}"'
    )
    assert receive(edit(message, "signature", lambda _: value)).created == NOW
    with pytest.raises(refusals.UnparsableSignature):
        receive(edit(message, "signature", lambda _: value.replace("hs2019", "rsa-sha256")))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "sig1",
        "sig1=",
        "sig1=()",
        "sig1=1",
        "sig1=(a)",
        'sig1=("A")',
        "=",
        "é",
        'sig1=("@method" "@method")',
        'sig1=("@method");created="x"',
        'sig1=("@method");created=1;created=2',
        'sig1=("@nothing" "@method" "@target-uri" "content-digest");created=1;keyid="k"',
        'sig1=("@method");odd=1',
    ],
)
def test_unreadable_rfc9421(value: str) -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    with pytest.raises((refusals.UnparsableSignature, refusals.MissingCoverage)):
        receive(edit(message, "signature-input", lambda _: value))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer x",
        'keyId="k"',
        'keyId="k",signature="*"',
        "signature",
        'keyId="",signature="AAAA"',
        'keyId="a",keyId="b",signature="AAAA"',
        'keyId="k",created="soon",signature="AAAA"',
        'keyId="k",headers="host host",signature="AAAA"',
    ],
)
def test_unreadable_cavage(value: str) -> None:
    message = signed(post(BODY), signer().rsa, "cavage")
    with pytest.raises(refusals.UnparsableSignature):
        receive(edit(message, "signature", lambda _: value))


def test_absent_halves() -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    with pytest.raises(refusals.UnparsableSignature):
        receive(without(message, "signature"))
    with pytest.raises(refusals.UnparsableSignature):
        receive(without(message, "signature-input"))
    with pytest.raises(refusals.UnparsableSignature):
        receive(without(message, "content-digest"))
    with pytest.raises(refusals.UnparsableSignature):
        receive(without(signed(post(BODY), signer().rsa, "cavage"), "date"))


@pytest.mark.parametrize("style", STYLES)
def test_replay_elsewhere(style: str) -> None:
    """What was signed for one node, path or method is worth nothing for another."""
    message = signed(post(BODY), signer().rsa, style)
    for changed in (
        replace(message, url="https://other.example/inbox"),
        replace(message, url=f"{HOME}/federation/ledger"),
        replace(message, url=f"{HOME}/inbox?x=1"),
        replace(message, method="PUT"),
    ):
        with pytest.raises((refusals.BadSignature, refusals.WrongHost)):
            receive(changed)


def test_same_signature_has_the_same_hash_and_others_do_not() -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    later = signed(post(BODY), signer().rsa, "rfc9421", NOW + timedelta(seconds=1))
    assert receive(message).signature_hash == receive(message).signature_hash
    assert receive(message).signature_hash != receive(later).signature_hash


def test_keys() -> None:
    message = signed(post(BODY), signer().rsa, "rfc9421")
    with pytest.raises(refusals.UnknownKey):
        verify_request(message, among({}), window=VILLAGERS, now=NOW)
    claim, key = read_claim(message), signer().keys[signer().rsa.id]
    with pytest.raises(refusals.UnknownKey):
        verify(claim, replace(key, expires=NOW), window=VILLAGERS, now=NOW)
    with pytest.raises(refusals.UnknownKey):
        verify(claim, signer().keys[signer().ed25519.id], window=VILLAGERS, now=NOW)
    stolen = PeerKey(
        key.id, key.owner, signer("mallory").keys["https://mallory.example/actor#main-key"].material
    )
    with pytest.raises(refusals.BadSignature):
        verify(claim, stolen, window=VILLAGERS, now=NOW)


def test_sender_and_author_are_one() -> None:
    verified = receive(signed(post(BODY), signer().rsa, "rfc9421"))
    assert bind(verified, signer().follow()) == verified
    for actor in (signer("mallory").actor, None, [signer().actor, signer("mallory").actor], {"id": 1}):
        with pytest.raises(refusals.OtherActor):
            bind(verified, {**signer().follow(), "actor": actor})


def test_only_the_verifier_makes_verified() -> None:
    verified = receive(signed(post(BODY), signer().rsa, "rfc9421"))
    with pytest.raises(TypeError):
        Verified(actor="x", key_id="x", style="cavage", created=NOW, signature_hash="", seal=None)
    with pytest.raises((TypeError, ValueError)):
        replace(verified, actor="https://mallory.example/actor")  # type: ignore[call-arg]
    assert restore(verified.record()) == verified
    with pytest.raises(ValueError, match="record"):
        restore({**verified.record(), "style": "none"})


def test_raw_headers_keep_their_bytes() -> None:
    assert from_raw_headers([(b"Host", "é".encode())]) == (("Host", "Ã©"),)
