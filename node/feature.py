"""The roof as a feature: home, help, health, the collective's own office."""

from kit.features import Feature, MenuEntry
from kit.i18n import lazy
from node import openapi
from node.pages import health, office, public

NODE = Feature(
    name="node",
    title=lazy("The house"),
    doors=(*public.DOORS, *health.DOORS, *office.DOORS, *openapi.DOORS),
    permissions={"settings.manage": (), "look.edit": ("agenda_editor",), "office.enter": ("*",)},
    menu=(
        MenuEntry(lazy("Help"), "node.help", "lifebuoy", place="site", order=90),
        MenuEntry(lazy("Home"), "node.office", "house", needs="office.enter", order=0),
    ),
)
