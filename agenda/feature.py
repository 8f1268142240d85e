"""The agenda as a feature of the house: its doors, its place in the menus, who may do what."""

from agenda import demo
from agenda.pages import agenda, event, feeds, files
from kit.features import Feature, MenuEntry
from kit.i18n import lazy

AGENDA = Feature(
    name="agenda",
    title=lazy("Agenda"),
    charter=lazy("What happens when and where."),
    doors=(*agenda.DOORS, *event.DOORS, *feeds.DOORS, *files.DOORS),
    permissions={"agenda.edit": ("agenda_editor",)},
    demo=demo.fill,
    menu=(MenuEntry(lazy("Agenda"), "agenda.list", "calendar-dots", place="site", order=10),),
)
