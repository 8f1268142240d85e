"""Proven taps of NTAG 424 DNA chips: the "Secure Unique NFC" message (NXP AN12196 §3.3 and §3.4).

A tap gives PICCData, encrypted under a key that all cards of the house share (AES-128-CBC, no IV): the chip's
number and its read counter. Its CMAC is made with a key of that card alone, which a master key diversifies
(NXP AN10922 §2.2). The secrets are given by the caller; none is kept here.
"""

import hmac
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK: Final = 16
UID_BYTES: Final = 7
COUNTER_BYTES: Final = 3
MAC_BYTES: Final = 8
TAG: Final = 0xC7
"""PICCData holds a chip number of seven bytes (bits 7 and 2-0) and a counter (bit 6)."""
MAC_SESSION: Final = bytes.fromhex("3CC300010080")
SYSTEM: Final = b"Hameau SUN"
"""What tells this house's use of a master key from others (AN10922: system identifier)."""


class SunError(Exception):
    """This is no right message. `why` says which way."""

    why = ""


class Malformed(SunError):
    """Not the digits of a message."""

    why = "malformed"


class Altered(SunError):
    """The message was changed, or made without this house's keys."""

    why = "altered"


class WrongCard(SunError):
    """The message is right, and another card's than the one it came with."""

    why = "wrong_card"


@dataclass(frozen=True)
class CardKeys:
    """The house's two secrets: one reads which card it is, the other makes each card's own key."""

    meta: bytes = field(repr=False)
    master: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.meta) != BLOCK or len(self.master) != BLOCK:
            raise ValueError("keys of cards have 16 bytes")

    def of_card(self, uid: str) -> bytes:
        """The key that only this chip and this house know."""
        return diversified(self.master, bytes.fromhex(uid) + SYSTEM)


@dataclass(frozen=True)
class Proven:
    """A chip's number, and how often it was read: a message counts once."""

    uid: str
    counter: int


def read_tap(picc_data: str, cmac: str, keys: CardKeys, uid: str | None = None) -> Proven:
    """What a tap proves; `uid` is that of the card it came with, if known.

    Raises Malformed, Altered, WrongCard.
    """
    mac = _bytes(cmac, MAC_BYTES)
    tap = read_picc(_bytes(picc_data, BLOCK), keys.meta)
    check_mac(tap, mac, keys.of_card(tap.uid))
    if uid is not None and uid != tap.uid:
        raise WrongCard
    return tap


def sun_text(picc_data: str, cmac: str) -> str:
    """The message of a tap as nodes hand it on: 32 and 16 hexadecimal digits with a dot between them."""
    return f"{picc_data}.{cmac}".upper()


def read_sun(said: str, keys: CardKeys, uid: str | None = None) -> Proven:
    """What `sun_text` wrote, read as by `read_tap`. Raises Malformed, Altered, WrongCard."""
    picc_data, _dot, cmac = said.partition(".")
    return read_tap(picc_data, cmac, keys, uid)


def read_picc(picc_data: bytes, meta_key: bytes) -> Proven:
    """Which chip, read how often. Nothing is proven yet. Raises Altered when the key does not fit."""
    plain = _aes(meta_key).decryptor().update(picc_data)
    if plain[0] != TAG:
        raise Altered
    counter = int.from_bytes(plain[1 + UID_BYTES :][:COUNTER_BYTES], "little")
    return Proven(plain[1:][:UID_BYTES].hex().upper(), counter)


def write_picc(tap: Proven, meta_key: bytes, noise: bytes) -> bytes:
    """The opposite, as a chip does it; five bytes of noise fill the block."""
    plain = bytes([TAG]) + bytes.fromhex(tap.uid) + tap.counter.to_bytes(COUNTER_BYTES, "little") + noise
    return _aes(meta_key).encryptor().update(plain)


def check_mac(tap: Proven, mac: bytes, card_key: bytes, said: bytes = b"") -> None:
    """Whether the chip made this message. Raises Altered."""
    if not hmac.compare_digest(mac_of(tap, card_key, said), mac):
        raise Altered


def mac_of(tap: Proven, card_key: bytes, said: bytes = b"") -> bytes:
    """The CMAC that the chip adds; `said` is the part of its message that it covers (none, usually)."""
    counter = tap.counter.to_bytes(COUNTER_BYTES, "little")
    session_key = _cmac(card_key, MAC_SESSION + bytes.fromhex(tap.uid) + counter)
    return _cmac(session_key, said)[1::2]


def diversified(master: bytes, of: bytes) -> bytes:
    """A card's own key (AN10922, AES-128). `of`, its number and system, has 16 to 31 bytes.

    The note fills shorter inputs to two blocks, where a plain CMAC would take one: a ValueError refuses them.
    """
    if not BLOCK <= len(of) < 2 * BLOCK:
        raise ValueError("what diversifies a key has 16 to 31 bytes")
    return _cmac(master, b"\x01" + of)


def _bytes(text: str, size: int) -> bytes:
    try:
        data = bytes.fromhex(text) if len(text) == 2 * size else b""
    except ValueError as error:
        raise Malformed from error
    if len(data) != size:
        raise Malformed
    return data


def _aes(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES128(key), modes.CBC(bytes(BLOCK)))


def _cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(algorithms.AES128(key))
    mac.update(message)
    return mac.finalize()
