"""Keys of devices, on P-256, kept as JWK (RFC 7517); what they sign: ECDSA with SHA-256, raw r||s."""

import base64
import binascii
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Meta, Struct

from kit.errors import Invalid
from kit.i18n import _

SIZE: Final = 32
Number = Annotated[str, Meta(min_length=43, max_length=44, pattern=r"^[A-Za-z0-9_-]{43}=?$")]


class PublicKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A public key as browsers export it; `x` and `y` are base64url of 32 bytes."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Number
    y: Number
    ext: bool = True
    key_ops: tuple[str, ...] = ()
    alg: str = ""


def kept_key(said: PublicKey | None) -> dict[str, str] | None:
    """What is kept of a key. Raises Invalid when it is no point of the curve."""
    if said is None:
        return None
    kept = {"kty": said.kty, "crv": said.crv, "x": said.x.rstrip("="), "y": said.y.rstrip("=")}
    try:
        _loaded(kept)
    except ValueError as error:
        raise Invalid(fields={"public_key": _("This is no key of the curve P-256.")}) from error
    return kept


def is_signed(key: dict[str, str], signature: str, body: bytes) -> bool:
    """Whether `signature` (base64url of r||s) is this key's over exactly these bytes."""
    try:
        raw = _bytes(signature)
        if len(raw) != 2 * SIZE:
            return False
        r, s = int.from_bytes(raw[:SIZE], "big"), int.from_bytes(raw[SIZE:], "big")
        _loaded(key).verify(encode_dss_signature(r, s), body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def _loaded(key: dict[str, str]) -> EllipticCurvePublicKey:
    x, y = (int.from_bytes(_bytes(key[name]), "big") for name in ("x", "y"))
    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()


def _bytes(text: str) -> bytes:
    """Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError(str(error)) from error
