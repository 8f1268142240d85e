"""The room of sales: what it offers to the house."""

from kit.features import Feature
from kit.i18n import lazy
from sales import demo, permissions

SALES = Feature(
    name="sales",
    title=lazy("Sales"),
    charter=lazy("What I sell, and what was sold."),
    permissions=permissions.PERMISSIONS,
    can_turn_off=True,
    demo=demo.fill,
)
