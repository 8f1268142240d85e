"""Chip numbers (UIDs) of 4, 7 or 10 bytes (ISO/IEC 14443-3 §6.5.4): one form for every notation of readers.

Readers write hexadecimal or decimal digits, in either order of bytes. Hexadecimal in the chip's own order is
the usual one; another notation is said by whoever knows the reader, or found by comparing with known cards.
"""

import re
import unicodedata
from typing import Final, Literal, get_args

Notation = Literal["hex", "hex_reversed", "decimal", "decimal_reversed"]
NOTATIONS: Final[tuple[Notation, ...]] = get_args(Notation)
SIZES: Final = (4, 7, 10)
LONGEST: Final = 80

_BETWEEN: Final = re.compile(r"[\s:.,;_\-]+")
_PREFIX: Final = re.compile(r"(?:^|(?<=[\s:.,;_\-]))0x", re.IGNORECASE)
_HEX: Final = re.compile(r"[0-9A-F]+")
_DECIMAL: Final = re.compile(r"[0-9]+")
_CASCADE: Final = 0x88
_RANDOM: Final = 0x08
# Readers that act as an American keyboard, behind a French one: the digits' row without shift, and Q for A.
_FRENCH_KEYS: Final = str.maketrans("à&é\"'(-è_çqQ", "0123456789AA")
_FRENCH_ROW: Final = frozenset("à&é\"'(è_ç")


class BadUid(ValueError):
    """This text is no chip number. `why`: "unreadable", "size", "half" or "random"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def normal_uid(text: str, notation: Notation = "hex") -> str:
    """The one form of a chip number: upper-case hexadecimal digits in the chip's order. Raises BadUid."""
    digits = _digits_of(text)
    if notation.startswith("hex"):
        if not _HEX.fullmatch(digits):
            raise BadUid("unreadable")
        data = bytes.fromhex(digits) if len(digits) % 2 == 0 else b""
    else:
        if not _DECIMAL.fullmatch(digits):
            raise BadUid("unreadable")
        data = _bytes_of(int(digits))
    return _checked(data[::-1] if notation.endswith("reversed") else data)


def readings(text: str) -> tuple[str, ...]:
    """Every chip number that this text may say, the usual notation first; empty when it says none.

    Only a comparison with known cards tells which one is meant.
    """
    found: dict[str, None] = {}
    for notation in NOTATIONS:
        try:
            found[normal_uid(text, notation)] = None
        except BadUid:
            continue
    return tuple(found)


def is_uid(text: str) -> bool:
    """Whether `text` is in the one form already."""
    return len(text) in {size * 2 for size in SIZES} and _HEX.fullmatch(text) is not None


def shown_uid(uid: str) -> str:
    """In pairs, as people compare them: "04:A2:…"."""
    return ":".join(uid[at : at + 2] for at in range(0, len(uid), 2))


def _digits_of(text: str) -> str:
    if len(text) > LONGEST:
        raise BadUid("unreadable")
    plain = unicodedata.normalize("NFKC", text).strip()
    if _FRENCH_ROW & set(plain):
        plain = plain.translate(_FRENCH_KEYS)
    return _BETWEEN.sub("", _PREFIX.sub("", plain)).upper()


def _bytes_of(number: int) -> bytes:
    """The shortest size that holds the number; zeros that a reader left out come back."""
    size = next((size for size in SIZES if number < 1 << (8 * size)), 0)
    return number.to_bytes(size) if size else b""


def _checked(data: bytes) -> str:
    if len(data) not in SIZES:
        raise BadUid("size")
    if len(data) == SIZES[0] and data[0] == _CASCADE:
        raise BadUid("half")
    if len(data) == SIZES[0] and data[0] == _RANDOM:
        raise BadUid("random")
    return data.hex().upper()
