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


class TakingLimits(Struct, frozen=True, kw_only=True):
    """How much of a currency another node may take, in minor units (cents): at once, from one card in a day,
    in a minute from all cards, and as long as nothing is settled."""

    per_tap: int = 5_000
    per_card_day: int = 15_000
    per_minute: int = 200_000
    node_max: int = 200_000


class GrantFigures(Struct, frozen=True, kw_only=True):
    """How much may be taken while the issuer cannot be asked, in minor units.

    `days`: how long the grant lasts. `hotlist_age`: the list of lost cards is no older, in seconds.
    """

    per_tap: int = 1_500
    per_card: int = 2_000
    per_card_day: int = 3_000
    node_max: int = 30_000
    days: int = 30
    hotlist_age: int = 86_400


class VillageMoneyRules(Struct, frozen=True, kw_only=True):
    """What happens by itself between us and the nodes that we exchange with.

    `takes_village`: their local currencies are accepted when they are offered; `village_issuer` (an origin)
    names one node whose local currency is accepted even so. `owed_most`: nothing is accepted by itself that
    lets one node owe us more, in minor units. `offers_local`, `offers_network`: ours are offered to each
    new peer; the network currency by its primary, to the nodes of its settings.
    """

    choice_name: ClassVar[str] = "village_money_rules"

    takes_village: bool = False
    village_issuer: str = ""
    takes_network: bool = True
    owed_most: int = 200_000
    offers_local: bool = False
    offers_network: bool = True
    limits: TakingLimits = TakingLimits()
    grant: GrantFigures = GrantFigures()
