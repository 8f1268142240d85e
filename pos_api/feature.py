"""The room of tills: what it offers to the house."""

from kit.features import Feature
from kit.i18n import lazy

TILLS = Feature(
    name="pos_api",
    title=lazy("Tills"),
    charter=lazy("The devices that sell, and who holds them."),
    can_turn_off=True,
)
