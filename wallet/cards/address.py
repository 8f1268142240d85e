"""Addresses that QR codes and chips hold: ours (`/c/{code}`) or older systems', maybe with a proven tap."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from wallet.cards.number import BadCode, normal_code

PREFIX: Final = "/c/"
LONGEST: Final = 2000
_PICC_NAMES: Final = ("picc_data", "e", "p", "d")
_CMAC_NAMES: Final = ("cmac", "c", "m")


@dataclass(frozen=True)
class Address:
    """What an address says: the code that it ends with, and the chip's message, each maybe empty."""

    code: str = ""
    picc_data: str = ""
    cmac: str = ""


def is_address(text: str) -> bool:
    """Whether a text, typed or scanned, is an address: it names a page somewhere."""
    return "/" in text.strip() and " " not in text.strip()


def read_address(text: str) -> Address:
    """The code and message in an address. Older systems' cards are known by its last part. Raises BadCode."""
    if len(text) > LONGEST:
        raise BadCode("too long")
    try:
        parts = urlsplit(text.strip())
        said = parse_qs(parts.query)
    except ValueError as error:
        raise BadCode("no address") from error
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    picc_data, cmac = _first(said, _PICC_NAMES), _first(said, _CMAC_NAMES)
    has_tap = bool(picc_data and cmac)
    code = "" if has_tap and last in {"", PREFIX.strip("/")} else normal_code(last)
    return Address(code, picc_data if has_tap else "", cmac if has_tap else "")


def code_of(text: str) -> str:
    """The code in an address or a bare code. Raises BadCode."""
    return read_address(text).code if is_address(text) else normal_code(text)


def _first(said: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((said[name][0] for name in names if name in said), "")
