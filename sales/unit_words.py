"""Amounts of time and points as people read them: "2 h", "1,5 h", "10 pts"."""

from typing import Final

from kit.i18n import language
from sales.journal.shapes import Unit
from wallet.money import amount_text

CENTS: Final = 2


def unit_text(amount: int, unit: Unit) -> str:
    """Minor units with their sign, or their name where they have none; no decimals that say nothing."""
    scale = unit.scale
    while scale and amount % 10 == 0:
        amount, scale = amount // 10, scale - 1
    return amount_text(amount, scale, unit.symbol or unit.name, language())


def amount_in(amount: int, unit: Unit | None) -> str:
    """An amount of a sale in its own currency; None is euro, in cents."""
    return amount_text(amount, CENTS, "€", language()) if unit is None else unit_text(amount, unit)
