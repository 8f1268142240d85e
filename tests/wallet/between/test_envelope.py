"""Envelopes between nodes: what was put in comes out, byte for byte; anything else is refused by name."""

import ast
import json
from collections.abc import Callable
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wallet.between import envelope, packing, strict
from wallet.between.envelope import Said, check, evidence_of, open_envelope, read_evidence, seal
from wallet.between.times import CLOCK

CAFE, BARN, SHOP = "https://cafe.example", "https://barn.example:8443", "http://127.0.0.1:8000"
KID = f"{CAFE}/actor#ed25519-key"
NOW = 1_760_000_000_000
KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"2" * 32)
Change = Callable[[dict[str, Any]], Any]


def verify(kid: str, signed: bytes, sig: bytes) -> bool:
    """As a node that pinned one key."""
    if kid != KID:
        raise envelope.UnknownKey(kid)
    try:
        KEY.public_key().verify(sig, signed)
    except InvalidSignature:
        return False
    return True


def letter(*items: bytes, to: str = BARN, at: int = NOW, key: Ed25519PrivateKey = KEY) -> bytes:
    return seal(items, CAFE, to, kid=KID, at=at, sign=key.sign)


def opened(body: bytes, me: str = BARN) -> Said:
    return open_envelope(body, me, NOW, verify)


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_any_items_come_out_as_they_were_put_in(items: list[bytes]) -> None:
    said = opened(letter(*items))
    assert list(said.items) == items
    assert (said.peer, said.to, said.kid, said.at) == (CAFE, BARN, KID, NOW)
    assert [sha256(item).digest() for item in items] == list(said.hashes)


def test_the_same_items_make_the_same_bytes() -> None:
    assert letter(b"one", b"two") == letter(b"one", b"two")


def test_any_flipped_bit_is_refused() -> None:
    body = letter(b'{"t":"charge","amount":450}', b"", b"\x00\xff")
    for position in range(len(body) * 8):
        flipped = bytearray(body)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(strict.NotHeard):
            opened(bytes(flipped))


@given(st.data())
def test_any_cut_or_swapped_piece_is_refused(data: st.DataObject) -> None:
    body = letter(b"one", b"another")
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start, len(body)))
    piece = data.draw(st.binary(max_size=20))
    changed = body[:start] + piece + body[end:]
    try:
        assert opened(changed) == opened(body)
        assert json.loads(changed) == json.loads(body)
    except strict.NotHeard:
        assert changed != body


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_by_name(body: bytes) -> None:
    with pytest.raises(strict.NotHeard):
        opened(body)


def put(name: str, value: Any) -> Change:
    return lambda data: data.__setitem__(name, value)


CHANGES: list[tuple[str, Change, str]] = [
    ("another version", put("v", 2), "unsupported_version"),
    ("a version with other fields", lambda data: data.update(v=2, more=1), "unsupported_version"),
    ("a version that is true", put("v", True), "malformed"),
    ("no version", lambda data: data.pop("v"), "malformed"),
    ("a field more", put("more", 1), "malformed"),
    ("a field less", lambda data: data.pop("kid"), "malformed"),
    ("for another node", put("to", SHOP), "not_for_us"),
    ("for this node with a slash", put("to", f"{BARN}/"), "malformed"),
    ("from a name with a line break", put("from", f"{CAFE}\n{BARN}"), "malformed"),
    ("from nobody", put("from", None), "malformed"),
    ("from another node", put("from", SHOP), "bad_signature"),
    ("under another key", put("kid", f"{CAFE}/actor#other"), "unknown_key"),
    ("under no key", put("kid", ""), "malformed"),
    ("a day and a moment old", put("at", NOW - CLOCK - 1), "stale"),
    ("a day and a moment ahead", put("at", NOW + CLOCK + 1), "stale"),
    ("at another moment", put("at", NOW + 1), "bad_signature"),
    ("at no moment", put("at", "now"), "malformed"),
    ("at a moment that is true", put("at", True), "malformed"),
    ("before all time", put("at", -1), "malformed"),
    ("items that are no list", put("items", {}), "malformed"),
    ("an item that is text", put("items", ["b25l"]), "malformed"),
    ("an item with more", put("items", [{"p": "b25l", "q": 1}]), "malformed"),
    ("an item that is a number", put("items", [{"p": 1}]), "malformed"),
    ("an item with padding", put("items", [{"p": "b25lMQ=="}]), "malformed"),
    ("an item in the other alphabet", put("items", [{"p": "++++"}]), "malformed"),
    ("an item with loose bits", put("items", [{"p": "b25lMR"}]), "malformed"),
    ("an item with a space", put("items", [{"p": "b2 5l"}]), "malformed"),
    ("an item of one letter", put("items", [{"p": "b"}]), "malformed"),
    ("an item beyond ASCII", put("items", [{"p": "é"}]), "malformed"),
    ("items taken out", put("items", []), "other_hash"),
    ("items put in", lambda data: data["items"].append({"p": "b25l"}), "other_hash"),
    ("items in another order", lambda data: data["items"].reverse(), "other_hash"),
    ("items beyond the most", put("items", [{"p": ""}] * 513), "too_many"),
    ("a root in capitals", lambda data: data.update(root=data["root"].upper()), "other_hash"),
    ("a root that is none", put("root", None), "other_hash"),
    ("a short signature", put("sig", "AAAA"), "bad_signature"),
    ("no signature", put("sig", None), "malformed"),
    ("another signature", put("sig", "A" * 86), "bad_signature"),
]


@pytest.mark.parametrize(("change", "name"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_each_change_is_refused_by_its_name(change: Change, name: str) -> None:
    data = json.loads(letter(b"one", b"two"))
    change(data)
    with pytest.raises(strict.NotHeard) as refused:
        opened(json.dumps(data).encode())
    assert refused.value.name == name


def test_a_day_old_is_still_heard() -> None:
    for at in (NOW - CLOCK, NOW + CLOCK):
        assert opened(letter(b"one", at=at)).at == at


def test_the_key_of_another_is_not_believed() -> None:
    with pytest.raises(envelope.BadSignature):
        opened(letter(b"one", key=OTHER))


def test_what_the_key_signs_elsewhere_is_no_envelope() -> None:
    """The signature starts with words that no other signature of the node starts with."""
    data = json.loads(letter(b"one"))
    signed = "\n".join([data["root"], CAFE, BARN, str(NOW)]).encode()
    data["sig"] = packing.encode(KEY.sign(signed))
    with pytest.raises(envelope.BadSignature):
        opened(json.dumps(data).encode())


def test_the_signed_bytes_are_those_of_the_protocol() -> None:
    """Written out here by hand, so that another program can be checked against it."""
    root = sha256(sha256(b"one").digest()).hexdigest()
    signed = f"hameau envelope 1\n{root}\n{CAFE}\n{BARN}\n{NOW}".encode()
    body = seal([b"one"], CAFE, BARN, kid=KID, at=NOW, sign=lambda given: sha256(given).digest() * 2)
    assert packing.decode(json.loads(body)["sig"]) == sha256(signed).digest() * 2


def test_the_signature_is_looked_at_last() -> None:
    def never(*_: object) -> bool:
        raise AssertionError("a signature was checked")

    for body in (letter(b"one", to=SHOP), letter(at=0), b"{}", b"x" * (packing.MOST_BYTES + 1)):
        with pytest.raises(strict.NotHeard):
            open_envelope(body, BARN, NOW, never)


def test_too_much_is_neither_sealed_nor_opened() -> None:
    with pytest.raises(packing.TooMany):
        letter(*[b""] * 513)
    with pytest.raises(packing.TooLarge):
        letter(b"x" * 200_000)
    with pytest.raises(packing.TooLarge):
        opened(letter(b"one") + b" " * packing.MOST_BYTES)
    assert len(opened(letter(*[b"x"] * 512)).items) == 512


@given(st.lists(st.integers(0, 190_000).map(bytes) | st.binary(max_size=20), max_size=12))
def test_groups_hold_everything_in_order_and_each_fits(items: list[bytes]) -> None:
    groups = list(packing.in_groups(items))
    assert list(chain(*groups)) == items
    assert all(letter(*group) for group in groups)


def test_groups_are_full_and_what_none_can_hold_is_refused() -> None:
    assert [len(group) for group in packing.in_groups([b"x"] * 1025)] == [512, 512, 1]
    largest = b"x" * next(size for size in range(200_000, 0, -1) if packing.fits(b"x" * size))
    assert opened(letter(largest)).items == (largest,)
    with pytest.raises(packing.TooLarge):
        list(packing.in_groups([largest + b"x"]))


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=6), st.data())
def test_each_item_is_evidence_alone(items: list[bytes], data: st.DataObject) -> None:
    said = opened(letter(*items))
    position = data.draw(st.integers(0, len(items) - 1))
    shown = evidence_of(said, position).to_json()
    read = read_evidence(shown)
    check(read, verify)
    assert read.item == items[position]
    assert read == evidence_of(said, position)
    assert read.to_json() == shown


def test_evidence_shows_no_other_item() -> None:
    said = opened(letter(b"what is shown", b"what is not"))
    assert packing.encode(b"what is not").encode() not in evidence_of(said, 0).to_json()


def test_the_largest_envelope_gives_evidence_that_is_read() -> None:
    most = packing.MOST_BYTES - 4_096 - 511 * packing.weight_of(b"") - 20
    said = opened(letter(*[b""] * 511, b"x" * (most * 3 // 4)))
    check(read_evidence(evidence_of(said, 511).to_json()), verify)


def test_any_flipped_bit_of_evidence_is_refused() -> None:
    shown = evidence_of(opened(letter(b"one", b"two")), 1).to_json()
    for position in range(len(shown) * 8):
        flipped = bytearray(shown)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(strict.NotHeard):
            check(read_evidence(bytes(flipped)), verify)


SHOWN: list[tuple[str, Change, str]] = [
    ("another item", put("p", packing.encode(b"three")), "other_hash"),
    ("an item among other hashes", lambda data: data.update(hashes=data["hashes"][:1]), "other_hash"),
    ("a hash in capitals", lambda data: data.update(hashes=[data["hashes"][0].upper()]), "malformed"),
    ("a hash that is a number", put("hashes", [1]), "malformed"),
    ("hashes beyond the most", put("hashes", ["0" * 64] * 513), "too_many"),
    ("another root", put("root", "0" * 64), "other_hash"),
    ("no root", put("root", ""), "malformed"),
    ("another reader", put("to", SHOP), "bad_signature"),
    ("another writer", put("from", SHOP), "bad_signature"),
    ("another key", put("kid", f"{CAFE}/actor#other"), "unknown_key"),
    ("another version", put("v", 2), "unsupported_version"),
    ("items beside", put("items", []), "malformed"),
]


@pytest.mark.parametrize(("change", "name"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_changed_evidence_proves_nothing(change: Change, name: str) -> None:
    data = json.loads(evidence_of(opened(letter(b"one", b"two")), 0).to_json())
    change(data)
    with pytest.raises(strict.NotHeard) as refused:
        check(read_evidence(json.dumps(data).encode()), verify)
    assert refused.value.name == name


def test_evidence_does_not_age() -> None:
    said = open_envelope(letter(b"one", at=5), BARN, 5, verify)
    check(evidence_of(said, 0), verify)


def test_only_the_opener_makes_what_was_said() -> None:
    """In a node. The simulation may, since nobody forges there but on purpose."""
    root = Path(envelope.__file__).parents[2]
    makers = [
        path.relative_to(root).as_posix()
        for room in ("wallet", "federation", "node", "agenda", "people", "kit")
        for path in (root / room).rglob("*.py")
        if any(_makes_said(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    ]
    assert [path for path in makers if not path.startswith("wallet/simulation/")] == [
        "wallet/between/envelope.py"
    ]


def _makes_said(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return (isinstance(called, ast.Name) and called.id == "Said") or (
        isinstance(called, ast.Attribute) and called.attr == "Said"
    )
