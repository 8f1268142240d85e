"""What two nodes cannot do without when they talk of money: one signed envelope in one signed request.

Ed25519 over the request's method, address and digest (RFC 9421), and over the hashes of the items: the same
as ours on the wire, checked as often, with published libraries alone. Where ours gets slower, this must not.
"""

import base64
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

PATH = "/federation/ledger"


class Letter(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a request and of its answer."""

    v: int
    sender: str = msgspec.field(name="from")
    to: str
    kid: str
    at: int
    items: list[dict[str, str]]
    root: str
    sig: str


@dataclass(frozen=True)
class Opened:
    """A checked letter: its items, and what proves them."""

    items: list[bytes]
    hashes: bytes
    root: str
    sig: str


@dataclass(frozen=True)
class Ring:
    """The private keys of one side and the public keys of the other."""

    me: str
    to: str
    ours: Ed25519PrivateKey
    theirs: Ed25519PublicKey

    def seal(self, items: Sequence[bytes]) -> bytes:
        """A letter to the other side."""
        at = int(time.time() * 1000)
        root = hashlib.sha256(b"".join(hashlib.sha256(item).digest() for item in items)).hexdigest()
        sig = self.ours.sign(_said(root, self.me, self.to, at))
        wrapped = [{"p": _text(item)} for item in items]
        letter = Letter(1, self.me, self.to, f"{self.me}/actor#ed25519-key", at, wrapped, root, _text(sig))
        return msgspec.json.encode(letter)

    def open(self, body: bytes) -> Opened:
        """What the other side wrote. Raises ValueError, InvalidSignature."""
        letter = msgspec.json.decode(body, type=Letter)
        if (letter.v, letter.sender, letter.to) != (1, self.to, self.me):
            raise ValueError("not for me")
        items = [_bytes(item["p"]) for item in letter.items]
        hashes = b"".join(hashlib.sha256(item).digest() for item in items)
        if letter.root != hashlib.sha256(hashes).hexdigest():
            raise ValueError("root")
        said = _said(letter.root, letter.sender, letter.to, letter.at)
        self.theirs.verify(_bytes(letter.sig), said)
        return Opened(items, hashes, letter.root, letter.sig)

    def sign(self, body: bytes) -> dict[str, str]:
        """The headers of a request that carries `body` to the other side."""
        digest = _digest(body)
        params = (
            f'("@method" "@target-uri" "content-digest");created={int(time.time())};'
            f'keyid="{self.me}/actor#ed25519-key";alg="ed25519"'
        )
        signature = self.ours.sign(_base(self.to + PATH, digest, params))
        return {
            "content-type": "application/json",
            "content-digest": digest,
            "signature-input": f"sig1={params}",
            "signature": f"sig1=:{base64.b64encode(signature).decode()}:",
        }

    def check(self, headers: Mapping[str, str], body: bytes) -> None:
        """Return when the other side signed this request. Raises ValueError, InvalidSignature."""
        if headers["content-digest"] != _digest(body):
            raise ValueError("digest")
        params = headers["signature-input"].removeprefix("sig1=")
        signature = base64.b64decode(headers["signature"].removeprefix("sig1=:").removesuffix(":"))
        base = _base(self.me + PATH, headers["content-digest"], params)
        self.theirs.verify(signature, base)


def open_ring(told: Mapping[str, str]) -> Ring:
    """Keys from what `told` holds in PEM, by the names of `Ring`."""
    ours = load_pem_private_key(told["ours"].encode(), None)
    theirs = load_pem_public_key(told["theirs"].encode())
    if not (isinstance(ours, Ed25519PrivateKey) and isinstance(theirs, Ed25519PublicKey)):
        raise TypeError("other keys")
    return Ring(told["me"], told["to"], ours, theirs)


def _said(root: str, sender: str, to: str, at: int) -> bytes:
    return b"hameau envelope 1\n" + "\n".join((root, sender, to, str(at))).encode()


def _base(target: str, digest: str, params: str) -> bytes:
    return (
        f'"@method": POST\n"@target-uri": {target}\n"content-digest": {digest}\n"@signature-params": {params}'
    ).encode()


def _digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
