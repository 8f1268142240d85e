"""Amounts as people write and read them. Inside the house they are whole minor units."""

import re
from typing import Final

from kit.errors import Invalid
from kit.i18n import _
from wallet.ledger.shapes import MOST

NARROW, FIXED, MINUS = "\u202f", "\u00a0", "\u2212"
_WRITTEN: Final = re.compile(r"[+]?(\d{1,16})(?:[.,](\d{0,6}))?")
_SPACES: Final = re.compile(r"[\s\u00a0\u202f']")
SIGNS: Final = frozenset({"€", "£", "$"})


def amount_text(amount: int, scale: int, symbol: str, language: str, *, signed: bool = False) -> str:
    """`1250` at scale 2 in "€": "12,50 €" in French, "€12.50" in English; never cut at the end of a line."""
    whole, cents = divmod(abs(amount), 10**scale)
    french = language == "fr"
    digits = f"{whole:,}".replace(",", NARROW if french else ",")
    if scale:
        digits += f"{',' if french else '.'}{cents:0{scale}d}"
    sign = MINUS if amount < 0 else "+" if signed and amount else ""
    if symbol in SIGNS and not french:
        return f"{sign}{symbol}{digits}"
    return f"{sign}{digits}{FIXED}{symbol}".rstrip(FIXED)


def parse_amount(text: str, scale: int) -> int:
    """What a person typed, in minor units: "12,5", "12.50 €", "1 000". Raises Invalid."""
    bare = _SPACES.sub("", text.strip()).rstrip("€")
    written = _WRITTEN.fullmatch(bare)
    if written is None:
        raise Invalid(_("I write an amount with digits, such as 12.50."))
    cents = (written[2] or "").rstrip("0")
    if len(cents) > scale:
        raise Invalid(_("This amount has too many digits after the comma."))
    amount: int = int(written[1]) * 10**scale + int((cents or "0").ljust(scale, "0"))
    if not 0 < amount <= MOST:
        raise Invalid(_("This amount is too small or too large."))
    return amount
