"""Any byte of what is signed, changed in any way, and nothing of it is believed."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from federation import proofs
from federation.jcs import canonical
from federation.json_guard import read_json
from federation.peer_keys import among
from federation.refusals import MessageRefused, SignatureRefused
from federation.signatures.message import Message
from federation.signatures.verify import VILLAGERS, read_claim, verify_request
from kit.errors import Refusal, TooLarge
from tests.factories.signers import NOW, post, signed, signer

BODY = b'{"id":"https://cafe.example/1","type":"Create","object":{"content":"Bal","latitude":48.85}}'
FIND = among(signer().keys)
SIGNED = {
    (style, kind): signed(post(BODY), getattr(signer(), kind), style)
    for style in ("rfc9421", "cavage")
    for kind in ("rsa", "ed25519")
}
COVERED = {"host", "date", "digest", "content-digest", "signature", "signature-input"}
requests = st.sampled_from(sorted(SIGNED))
PROVEN = proofs.prove(read_json(BODY), signer().ed25519, NOW)


def is_refused(message: Message) -> bool:
    try:
        verify_request(message, FIND, window=VILLAGERS, now=NOW)
    except SignatureRefused:
        return True
    return False


@settings(deadline=None)
@given(requests, st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_any_byte_of_the_body(name: tuple[str, str], at: int, change: int) -> None:
    changed = bytes([*BODY[:at], BODY[at] ^ change, *BODY[at + 1 :]])
    assert is_refused(replace(SIGNED[name], body=changed))


@settings(deadline=None)
@given(requests, st.data())
def test_any_character_of_a_covered_header(name: tuple[str, str], data: st.DataObject) -> None:
    """The signature's own base64 aside, whose spare bits say nothing."""
    message = SIGNED[name]
    header = data.draw(st.sampled_from([h for h, _ in message.headers if h.lower() in COVERED]))
    value = message.only(header.lower())
    at = data.draw(st.integers(0, len(value) - 1))
    character = data.draw(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=value[at]))
    changed = value[:at] + character + value[at + 1 :]
    headers = tuple((h, changed if h == header else v) for h, v in message.headers)
    touched = replace(message, headers=headers)
    assert is_refused(touched) or says_the_same(message, touched)


def says_the_same(one: Message, other: Message) -> bool:
    """Another spelling of the same signature: same bytes signed, same signature, same hash for replays."""
    first, second = read_claim(one), read_claim(other)
    same = (first.base, first.signature, first.key_id) == (second.base, second.signature, second.key_id)
    hashes = {
        verify_request(message, FIND, window=VILLAGERS, now=NOW).signature_hash for message in (one, other)
    }
    return same and len(hashes) == 1


@settings(deadline=None)
@given(requests, st.dictionaries(st.sampled_from(sorted(COVERED)), st.text(max_size=300), min_size=1))
def test_nonsense_in_headers_is_a_named_refusal(name: tuple[str, str], nonsense: dict[str, str]) -> None:
    message = SIGNED[name]
    headers = tuple((h, nonsense.get(h.lower(), v)) for h, v in message.headers)
    assert is_refused(
        replace(message, headers=(*headers, ("Signature-Input", nonsense.get("signature-input", ""))))
    )


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=400))
@example("sig1=();created=1;keyid=", "sig1=::")
@example('sig1=("@method";sf);created=99999999999999', "sig1=?1")
def test_any_two_headers_are_a_named_refusal(inputs: str, signature: str) -> None:
    for headers in ((("Signature", signature),), (("Signature-Input", inputs), ("Signature", signature))):
        assert is_refused(post(BODY).with_headers(headers))


@settings(deadline=None)
@given(st.integers(0, len(canonical(PROVEN)) - 1), st.integers(1, 127))
def test_any_byte_of_a_proven_document(at: int, change: int) -> None:
    raw = canonical(PROVEN)
    changed = bytes([*raw[:at], raw[at] ^ change, *raw[at + 1 :]])
    try:
        document = read_json(changed)
        if canonical(document) == raw:
            return
        proofs.verify(document, FIND, now=NOW)
    except (MessageRefused, SignatureRefused, TooLarge):
        return
    raise AssertionError(f"believed: {changed!r}")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=10), inside, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*PROVEN["proof"], "id", "expires", "previousProof"]), json_values))
def test_any_proof_is_a_named_refusal(changes: dict[str, object]) -> None:
    changed = {**PROVEN["proof"], **changes}
    if changed == PROVEN["proof"]:
        return
    try:
        proofs.method_of({**PROVEN, "proof": changed})
        proofs.verify({**PROVEN, "proof": changed}, FIND, now=NOW + timedelta(hours=1))
    except Refusal:
        return
    raise AssertionError(f"believed: {changed!r}")
