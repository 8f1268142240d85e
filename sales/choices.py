"""What the collective decides about its sales, on screen."""

from typing import ClassVar, Literal

from msgspec import Struct

Regime = Literal["liable", "franchise", "exempt"]


class SalesRules(Struct, frozen=True):
    """How sales are written down.

    `vat_regime`: liable to VAT; below the threshold (art. 293 B of the French tax code); exempt.
    `pivot_hour`: until then, in the collective's own time, a night belongs to the day before.
    `legal_name`, `siret`, `vat_number` and `footer` stand on receipts.
    """

    choice_name: ClassVar[str] = "sales_rules"

    vat_regime: Regime = "liable"
    pivot_hour: int = 4
    legal_name: str = ""
    siret: str = ""
    vat_number: str = ""
    footer: str = ""
