"""What the collective decides about its money, on screen."""

from typing import ClassVar

from msgspec import Struct


class MoneyRules(Struct, frozen=True):
    """Limits, in minor units (cents) of one currency; days; numbers of cards.

    Above `top_up_most` one top-up is refused, above `wallet_most` a wallet is full. `cash_out_most` is given
    back at once, `cash_out_day` in one day of 24 hours. A batch may have its own back image from
    `back_image_from` cards on.
    """

    choice_name: ClassVar[str] = "money_rules"

    top_up_most: int = 15_000
    wallet_most: int = 25_000
    cash_out_most: int = 5_000
    cash_out_day: int = 10_000
    gift_days: int = 365
    back_image_from: int = 1_000
