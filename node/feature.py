"""The roof as a feature: home, help, health, the collective's own office."""

from datetime import timedelta

from kit.app import App
from kit.features import Feature, MenuEntry
from kit.i18n import lazy
from kit.jobs import Job
from kit.limits import forget_free
from kit.web.repeat import forget_old_answers
from node import doctor, openapi
from node.checks import CHECKS
from node.pages import (
    feedback,
    health,
    licence,
    look,
    office,
    pictures,
    pieces,
    public,
    rooms,
    setup,
    village,
)


def tidy(app: App) -> None:
    """Drop what nobody can ask for any more: full rate-limit buckets, answers kept for repeats."""
    app.db.write(forget_free)
    app.db.write(forget_old_answers)


NODE = Feature(
    name="node",
    title=lazy("The house"),
    doors=(
        *public.DOORS,
        *feedback.DOORS,
        *health.DOORS,
        *licence.DOORS,
        *office.DOORS,
        *look.DOORS,
        *pictures.DOORS,
        *pieces.DOORS,
        *rooms.DOORS,
        *setup.DOORS,
        *openapi.DOORS,
        *village.DOORS,
    ),
    jobs=(Job("node.tidy", timedelta(hours=1), tidy),),
    checks=CHECKS,
    commands={"node.check": doctor.check},
    permissions={"settings.manage": (), "office.enter": ("*",)},
    menu=(
        MenuEntry(lazy("Village"), "node.village", "map-trifold", place="site", order=30),
        MenuEntry(lazy("Help"), "node.help", "lifebuoy", place="site", order=90),
        MenuEntry(lazy("Home"), "node.office", "house", needs="office.enter", order=0),
        MenuEntry(lazy("Rooms"), "node.rooms", "puzzle-piece", needs="settings.manage", order=85),
        MenuEntry(lazy("Settings"), "node.settings", "gear", needs="settings.manage", order=90),
    ),
)
