"""Public keys as text: multibase base58btc over a multicodec prefix (FEP-521a, W3C Multikey)."""

from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

PublicMaterial = Ed25519PublicKey | RSAPublicKey | EllipticCurvePublicKey

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE_OF: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_LONGEST: Final = 1536
"""Characters: an RSA-8192 key has about 1 400; decoding base58 takes time in the square of the length."""

_ED25519: Final = b"\xed\x01"
_ED25519_PRIVATE: Final = b"\x80\x26"
_P256: Final = b"\x80\x24"
_RSA: Final = b"\x85\x24"


def encode_base58(raw: bytes) -> str:
    """Bitcoin's base58, each leading zero byte kept as a "1"."""
    number, letters = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        letters = _ALPHABET[rest] + letters
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + letters


def decode_base58(text: str) -> bytes:
    """Inverse of encode_base58. Raises ValueError on another alphabet or more than 1 536 letters."""
    if len(text) > _LONGEST:
        raise ValueError("too long for base58")
    number = 0
    for letter in text:
        if letter not in _VALUE_OF:
            raise ValueError("not base58")
        number = number * 58 + _VALUE_OF[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_multibase(raw: bytes) -> str:
    """`z…`: the only base that FEP-521a and eddsa-jcs-2022 allow."""
    return "z" + encode_base58(raw)


def decode_multibase(text: str) -> bytes:
    """Bytes of a `z…` text. Raises ValueError otherwise."""
    if not text.startswith("z"):
        raise ValueError("not base58btc")
    return decode_base58(text[1:])


def encode_key(key: PublicMaterial) -> str:
    """`publicKeyMultibase` of a key; raises ValueError for a curve other than P-256."""
    if isinstance(key, Ed25519PublicKey):
        return encode_multibase(_ED25519 + key.public_bytes_raw())
    if isinstance(key, RSAPublicKey):
        return encode_multibase(_RSA + key.public_bytes(*_PKCS1))
    if isinstance(key.curve, SECP256R1):
        return encode_multibase(_P256 + key.public_bytes(*_POINT))
    raise ValueError("no multicodec for this curve")


def decode_key(text: str) -> PublicMaterial:
    """The key of a `publicKeyMultibase`: Ed25519, RSA or P-256. Raises ValueError otherwise."""
    raw = decode_multibase(text)
    prefix, body = raw[:2], raw[2:]
    if prefix == _ED25519:
        return Ed25519PublicKey.from_public_bytes(body)
    if prefix == _P256:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), body)
    if prefix == _RSA:
        return _rsa(body)
    raise ValueError("unknown multicodec")


def decode_private_ed25519(text: str) -> Ed25519PrivateKey:
    """An Ed25519 `secretKeyMultibase` (multicodec 0x1300). Raises ValueError otherwise."""
    raw = decode_multibase(text)
    if raw[:2] != _ED25519_PRIVATE:
        raise ValueError("not an Ed25519 private key")
    return Ed25519PrivateKey.from_private_bytes(raw[2:])


def _rsa(der: bytes) -> RSAPublicKey:
    try:
        key = serialization.load_der_public_key(der)
    except UnsupportedAlgorithm as error:
        raise ValueError("unsupported RSA key") from error
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA key")
    return key


_PKCS1: Final = (serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
_POINT: Final = (serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
