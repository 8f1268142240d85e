"""The agenda as a feature of the house: its doors, its place in the menus, who may do what."""

from agenda import demo
from agenda.federated import doors, handlers, telling
from agenda.pages import agenda, event, feeds, files
from kit.features import Feature, MenuEntry, PeerScope
from kit.i18n import lazy

AGENDA = Feature(
    name="agenda",
    title=lazy("Agenda"),
    charter=lazy("What happens when and where."),
    doors=(*agenda.DOORS, *event.DOORS, *feeds.DOORS, *files.DOORS, *doors.DOORS),
    listeners={**telling.LISTENERS, **handlers.LISTENERS},
    activities=handlers.ACTIVITIES,
    permissions={"agenda.edit": ("agenda_editor",)},
    menu=(MenuEntry(lazy("Agenda"), "agenda.list", "calendar-dots", place="site", order=10),),
    demo=demo.fill,
    peer_scopes=(
        PeerScope(
            "agenda",
            lazy("Agenda"),
            (
                ("all", lazy("All my events")),
                ("tags", lazy("Only the tags that I choose")),
                ("none", lazy("Nothing")),
            ),
        ),
    ),
    prepare=telling.remember_home,
)
