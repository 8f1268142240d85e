"""The agenda as a feature of the house: its doors, its place in the menus, who may do what."""

from agenda import demo, jobs
from agenda.api import events as api_events
from agenda.api import places_tags
from agenda.checks import CHECKS
from agenda.federated import doors, fetching, handlers, telling
from agenda.pages import agenda, desk, editor, event, exchange, feeds, files, places, tags, verbs
from agenda.queries.side import tag_labels
from agenda.service.importing import export_events, import_events
from kit.features import Export, Feature, Import, MenuEntry, PeerScope
from kit.i18n import lazy

EDIT = "agenda.edit"
PUBLIC = (agenda, event, feeds, files)
DESK = (desk, editor, verbs, exchange, places, tags)
MACHINES = (doors, api_events, places_tags)

AGENDA = Feature(
    name="agenda",
    title=lazy("Agenda"),
    charter=lazy("What happens when and where."),
    doors=tuple(door for module in (*PUBLIC, *DESK, *MACHINES) for door in module.DOORS),
    listeners={**telling.LISTENERS, **handlers.LISTENERS},
    activities=handlers.ACTIVITIES,
    jobs=(*jobs.JOBS, *fetching.JOBS),
    permissions={EDIT: ("agenda_editor",)},
    menu=(
        MenuEntry(lazy("Agenda"), "agenda.list", "calendar-dots", place="site", order=10),
        MenuEntry(lazy("Events"), "agenda.admin.events", "calendar-dots", needs=EDIT, order=10),
    ),
    can_turn_off=True,
    demo=demo.fill,
    checks=CHECKS,
    exports=(Export("events", lazy("My events, as iCalendar"), export_events),),
    imports=(Import("events", lazy("Events from a CSV or iCalendar file, as drafts"), import_events),),
    peer_scopes=(
        PeerScope(
            "agenda",
            lazy("Agenda"),
            (
                ("all", lazy("All my events")),
                ("tags", lazy("Only the tags that I choose")),
                ("none", lazy("Nothing")),
            ),
            tag_labels,
        ),
    ),
    prepare=telling.remember_home,
)
