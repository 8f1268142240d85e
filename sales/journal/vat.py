"""Cents and value-added tax: whole numbers only, rounded half up once per line.

Source: French tax authority, BOI-TVA-DECLA-20-20-10-10 (rounding to the nearest, per line or per invoice).
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

WHOLE: Final = 10_000
"""A rate is in basis points: 2000 is 20 %."""
WRITTEN: Final = re.compile(r"-?[0-9]{1,7}(\.[0-9]{1,3})?")
"""Quantities have at most three decimals: a gram of a kilogram."""
MOST_QUANTITY: Final = Decimal(100_000)
ONE: Final = Decimal(1)


class BadQuantity(ValueError):
    """Not a decimal number other than zero, with three decimals at most."""


def quantity(text: str) -> Decimal:
    """A quantity as people write it: "2", "0.350", "-1". Raises BadQuantity."""
    if not WRITTEN.fullmatch(text):
        raise BadQuantity(text[:20])
    number = Decimal(text)
    if not number or abs(number) > MOST_QUANTITY:
        raise BadQuantity(text)
    return number


def plain(number: Decimal) -> str:
    """The one way in which a quantity is written: "2", "0.35"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def gross(unit_price: int, number: Decimal) -> int:
    """Cents for so many, half a cent rounded away from zero."""
    return _half_up(number * unit_price)


def net(amount: int, rate: int) -> int:
    """Cents without the tax that `amount` includes; what is left is the tax."""
    return _half_up(Decimal(amount) * WHOLE / (WHOLE + rate))


def shared(amount: int, parts: Sequence[int]) -> list[int]:
    """`amount` over `parts`, in proportion, to the cent: the largest remainders get what is left.

    Parts are zero or more, `amount` at most their sum.
    """
    whole = sum(parts)
    if not amount or not whole:
        return [0] * len(parts)
    given = [amount * part // whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda at: (-(amount * parts[at] % whole), at))
    for at in by_remainder[: amount - sum(given)]:
        given[at] += 1
    return given


def _half_up(value: Decimal) -> int:
    return int(value.quantize(ONE, ROUND_HALF_UP))
