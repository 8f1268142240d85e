"""Amounts as spreadsheets write them, in French or English, to whole minor units. Nothing is rounded."""

import re
import unicodedata
from typing import Final

MOST: Final = 10**11
_AROUND: Final = re.compile(r"(?:€|eur|euros?)", re.IGNORECASE)
_PLAIN: Final = re.compile(r"(\d{1,12})(?:[.,](\d{1,6}))?")
_FRENCH: Final = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d{1,6})")
_ENGLISH: Final = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d{1,6})")


class BadAmount(ValueError):
    """This text is no amount, or it has more digits than the currency."""


def read_amount(text: str, scale: int) -> int:
    """ "12,50", "12.5 €", "1 250,00", "1,250.00" as minor units; empty is zero. Raises BadAmount.

    "1,250" is refused in a currency of two digits: it may say one and a quarter, or more than a thousand.
    """
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(_AROUND.sub("", plain).replace("'", "").replace("’", "").split())
    if not kept:
        return 0
    found = _PLAIN.fullmatch(kept) or _FRENCH.fullmatch(kept) or _ENGLISH.fullmatch(kept)
    if not found:
        raise BadAmount("no amount")
    whole, digits = found[1].replace(".", "").replace(",", ""), found[2] or ""
    if len(digits) > scale:
        raise BadAmount("too many digits")
    amount = int(whole + digits.ljust(scale, "0"))
    if amount > MOST:
        raise BadAmount("too large")
    return amount
