"""The roof as a feature: home, help, health, the collective's own office."""

from kit.features import Feature, MenuEntry
from kit.i18n import lazy
from node import doctor, openapi
from node.pages import health, licence, look, office, pieces, public, rooms, setup

NODE = Feature(
    name="node",
    title=lazy("The house"),
    doors=(*public.DOORS, *health.DOORS, *licence.DOORS, *office.DOORS, *look.DOORS, *pieces.DOORS, *rooms.DOORS, *setup.DOORS, *openapi.DOORS),
    commands={"node.check": doctor.check},
    permissions={"settings.manage": (), "office.enter": ("*",)},
    menu=(
        MenuEntry(lazy("Help"), "node.help", "lifebuoy", place="site", order=90),
        MenuEntry(lazy("Home"), "node.office", "house", needs="office.enter", order=0),
        MenuEntry(lazy("Rooms"), "node.rooms", "puzzle-piece", needs="settings.manage", order=85),
        MenuEntry(lazy("Settings"), "node.settings", "gear", needs="settings.manage", order=90),
    ),
)
