"""The ways of signing (RFC 9421 §3.3): each name fits one kind of key, so that none is taken for another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA512

from federation.multikey import PublicMaterial
from federation.refusals import BadSignature, UnknownAlgorithm

PrivateMaterial = RSAPrivateKey | Ed25519PrivateKey

RSA_V15: Final = "rsa-v1_5-sha256"
RSA_PSS: Final = "rsa-pss-sha512"
ED25519: Final = "ed25519"
ECDSA_P256: Final = "ecdsa-p256-sha256"

_V15, _SHA256, _SHA512 = PKCS1v15(), SHA256(), SHA512()
_PSS = PSS(mgf=MGF1(_SHA512), salt_length=64)


@dataclass(frozen=True)
class SigningKey:
    """A private key of ours and the address under which others find its public half."""

    id: str
    material: PrivateMaterial

    @property
    def algorithm(self) -> str:
        """The one name we sign with for this kind of key."""
        return RSA_V15 if isinstance(self.material, RSAPrivateKey) else ED25519

    def sign(self, base: bytes) -> bytes:
        """Signature over `base` with `algorithm`."""
        if isinstance(self.material, RSAPrivateKey):
            return self.material.sign(base, _V15, _SHA256)
        return self.material.sign(base)


def usual(material: PublicMaterial) -> str:
    """The name meant by a signature that gives none, or says `hs2019`: the one for this kind of key."""
    if isinstance(material, RSAPublicKey):
        return RSA_V15
    return ED25519 if isinstance(material, Ed25519PublicKey) else ECDSA_P256


def check(name: str, material: PublicMaterial, signature: bytes, base: bytes) -> None:
    """Return when `signature` is right. Raises UnknownAlgorithm or BadSignature.

    `hmac-sha256` is not here: nodes share no secret for HTTP, and a public key must never serve as one.
    """
    kind, verify = _CHECKS.get(name, (None, None))
    if kind is None or verify is None:
        raise UnknownAlgorithm(cause=f"algorithm {name!r}")
    if not isinstance(material, kind):
        raise UnknownAlgorithm(cause=f"{name} does not fit this key")
    try:
        verify(material, signature, base)
    except (InvalidSignature, ValueError) as error:
        raise BadSignature(cause=f"{name} does not verify") from error


def _check_rsa(key: Any, signature: bytes, base: bytes) -> None:
    key.verify(signature, base, _V15, _SHA256)


def _check_pss(key: Any, signature: bytes, base: bytes) -> None:
    key.verify(signature, base, _PSS, _SHA512)


def _check_ed25519(key: Any, signature: bytes, base: bytes) -> None:
    key.verify(signature, base)


def _check_p256(key: Any, signature: bytes, base: bytes) -> None:
    """RFC 9421 §3.3.4: r and s, 32 bytes each, not the DER that libraries speak."""
    if len(signature) != 64:
        raise ValueError("a P-256 signature has 64 bytes")
    numbers = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    key.verify(encode_dss_signature(*numbers), base, ECDSA(_SHA256))


_CHECKS: Final[dict[str, tuple[type, Callable[[Any, bytes, bytes], None]]]] = {
    RSA_V15: (RSAPublicKey, _check_rsa),
    RSA_PSS: (RSAPublicKey, _check_pss),
    ED25519: (Ed25519PublicKey, _check_ed25519),
    ECDSA_P256: (EllipticCurvePublicKey, _check_p256),
}
