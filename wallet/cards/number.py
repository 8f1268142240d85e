"""What is printed on a card: a short number that people read aloud, and the code that ends its QR address.

New numbers have seven random signs and one that checks them. Numbers and codes of older systems are kept.
"""

import re
import secrets
import unicodedata
from typing import Final

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Thirty-one signs, none taken for another (no 0 O, 1 I L): a prime, so that one sign checks the others."""
LENGTH: Final = 8
CODE_LENGTH: Final = 20
LONGEST: Final = 64

_NUMBER: Final = re.compile(r"[A-Z0-9]{1,40}")
_CODE: Final = re.compile(r"[A-Za-z0-9._~\-]{4,64}")
_OURS: Final = re.compile(f"[{SIGNS}]{{{LENGTH}}}")
_BETWEEN: Final = re.compile(r"[\s\-_./]+")
_PARTS: Final = 4


class BadNumber(ValueError):
    """This text is no card number."""


class BadCode(ValueError):
    """This text is no code of a QR address."""


def new_number() -> str:
    """A number that nobody has seen yet: one in 27 thousand million."""
    body = _random(LENGTH - 1)
    return body + check_sign(body)


def new_code() -> str:
    """What a new card's QR address ends with: 99 random bits, whoever has it holds the card."""
    return _random(CODE_LENGTH)


def check_sign(body: str) -> str:
    """The last sign: it differs when one sign is wrong, or when two neighbours changed places."""
    total = sum(place * SIGNS.index(sign) for place, sign in enumerate(body, start=1))
    return SIGNS[total % len(SIGNS)]


def normal_number(text: str) -> str:
    """The one form of a number, whoever printed it: capitals and digits. Raises BadNumber."""
    if len(text) > LONGEST:
        raise BadNumber("too long")
    number = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not _NUMBER.fullmatch(number):
        raise BadNumber("no number")
    return number


def is_mistyped(number: str) -> bool:
    """Whether a number looks like one of ours but its last sign does not check the others."""
    return _OURS.fullmatch(number) is not None and check_sign(number[:-1]) != number[-1]


def shown_number(number: str) -> str:
    """In groups of four, as it is printed: "K7M2 9QXD". Numbers of older systems stay in one piece."""
    return f"{number[:_PARTS]} {number[_PARTS:]}" if _OURS.fullmatch(number) else number


def spoken_number(number: str) -> str:
    """Sign by sign, for those who listen to the page: "K 7 M 2, 9 Q X D"."""
    return ", ".join(
        " ".join(number[at : at + _PARTS]) for at in range(0, len(number), _PARTS)
    )  # fmt: skip


def normal_code(text: str) -> str:
    """A code as it is stored: it keeps its capitals. Raises BadCode."""
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise BadCode("no code")
    return code


def _random(length: int) -> str:
    return "".join(secrets.choice(SIGNS) for _sign in range(length))
