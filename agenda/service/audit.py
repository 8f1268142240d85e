"""Who did what to the agenda, in the house's one audit log."""

from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.i18n import lazy
from people.audit import record

VERBS = {
    "event.created": lazy("Event created"),
    "event.edited": lazy("Event changed"),
    "event.deleted": lazy("Event deleted"),
    "event.draft": lazy("Event made a draft again"),
    "event.published": lazy("Event published"),
    "event.postponed": lazy("Event postponed"),
    "event.cancelled": lazy("Event cancelled"),
    "event.moved_online": lazy("Event moved online"),
    "event.archived": lazy("Event archived"),
    "event.imported": lazy("Events imported"),
    "place.created": lazy("Place added"),
    "place.edited": lazy("Place changed"),
    "place.merged": lazy("Places merged"),
    "place.deleted": lazy("Place deleted"),
    "tag.created": lazy("Tag added"),
    "tag.edited": lazy("Tag changed"),
    "tag.merged": lazy("Tags merged"),
    "tag.deleted": lazy("Tag deleted"),
}


def note(session: Session, by: Principal, act: str, target: str, about: str = "") -> None:
    """Write one line: `act` is a key of VERBS, `target` is "event:<id>", `about` a name people recognise."""
    kind, _, about_id = target.partition(":")
    record(session, by, VERBS[act], about, kind=kind, about_id=about_id)
