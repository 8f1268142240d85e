"""Pseudonyms of cards and wallets between two nodes, from the secret that only these two share.

Two peers of one home get different keys for the same card, and cannot work out each other's: without the
secret a key says nothing. With it, whoever tries every chip number finds the card: a key hides a chip number
from others, never from the peer itself.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

HANDLE_SIGNS: Final = 22
SEALED: Final = "tap_"
"""What a sealed tap begins with; a key is hexadecimal and never does."""
MOST_SEALED: Final = 128
"""Bytes of a tap under its seal: with it, 200 signs."""
CHIP, PRINTED = "card", "code"
_LABEL: Final = b"hameau tap 1"


def card_key(secret: bytes, uid: str) -> str:
    """The name of a card between two nodes, from its chip's number in its one form."""
    return tap_key(secret, CHIP, uid)


def code_key(secret: bytes, printed: str) -> str:
    """The same from what is printed: the end of its QR address, or its number."""
    return tap_key(secret, PRINTED, printed)


def tap_key(secret: bytes, kind: str, said: str) -> str:
    """HMAC-SHA-256 in hexadecimal; `kind` is CHIP or PRINTED."""
    return hmac.digest(secret, f"{kind} {said}".encode(), sha256).hex()


def handle_for(secret: bytes, wallet: UUID) -> str:
    """The name of a wallet at one issuer: 132 bits."""
    mark = hmac.digest(secret, f"wallet {wallet}".encode(), sha256)
    return f"h_{urlsafe_b64encode(mark).decode()[:HANDLE_SIGNS]}"


def seal_tap(secret: bytes, said: Iterable[tuple[str, str]]) -> str:
    """What a reader said, as (kind, text), for the one other node that has the secret: as many as find room.

    AES-SIV (RFC 5297): the same tap is always the same text, and nobody can make or change one.
    """
    lines = ""
    for kind, text in said:
        line = f"{kind} {text}\n"
        if len((lines + line).encode()) <= MOST_SEALED:
            lines += line
    return SEALED + urlsafe_b64encode(_seal(secret).encrypt(lines.encode(), [_LABEL])).decode().rstrip("=")


def open_tap(secret: bytes, sealed: str) -> list[tuple[str, str]]:
    """What `seal_tap` was given. Raises ValueError when it was not made with this secret."""
    text = sealed.removeprefix(SEALED)
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        lines = _seal(secret).decrypt(data, [_LABEL]).decode().splitlines()
    except (InvalidTag, ValueError) as error:
        raise ValueError("no tap sealed for us") from error
    parted = (line.partition(" ") for line in lines)
    return [(kind, said) for kind, _space, said in parted if kind in (CHIP, PRINTED) and said]


def _seal(secret: bytes) -> AESSIV:
    return AESSIV(hmac.digest(secret, _LABEL, sha256))
