"""Keys as text, there and back, and what is not one."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from federation.multikey import (
    decode_base58,
    decode_key,
    decode_multibase,
    decode_private_ed25519,
    encode_base58,
    encode_key,
    encode_multibase,
)
from tests.factories.signers import pair


@given(st.binary(max_size=200))
def test_base58_both_ways(raw: bytes) -> None:
    assert decode_base58(encode_base58(raw)) == raw
    assert decode_multibase(encode_multibase(raw)) == raw


def test_known_base58() -> None:
    assert encode_base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert encode_base58(b"\0\0\x28\x7f\xb4\xcd") == "11233QC4"


def test_keys_both_ways() -> None:
    p256 = ec.generate_private_key(ec.SECP256R1()).public_key()
    for key in (pair("cafe").rsa.public_key(), pair("cafe").ed25519.public_key(), p256):
        assert encode_key(decode_key(encode_key(key))) == encode_key(key)


def test_other_curve() -> None:
    with pytest.raises(ValueError, match="curve"):
        encode_key(ec.generate_private_key(ec.SECP384R1()).public_key())


@given(st.text(max_size=60).map(lambda text: f"z{text}") | st.text(max_size=60))
def test_anything_else_is_a_value_error(text: str) -> None:
    for decode in (decode_key, decode_private_ed25519):
        with pytest.raises(ValueError):  # noqa: PT011 - any will do
            decode(text)


@pytest.mark.parametrize(
    "raw", [b"\xed\x01" + b"x" * 31, b"\x85\x24rsa", b"\x80\x24\2" + b"\xff" * 32, b"\xec\x01" + b"x" * 32]
)
def test_prefix_without_its_key(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any will do
        decode_key(encode_multibase(raw))


def test_endless_text_is_not_decoded() -> None:
    with pytest.raises(ValueError, match="too long"):
        decode_base58("2" * 10_000_000)
