"""What the collective decides of itself: one verb, one audit line, one choice saved."""

from typing import Any
from zoneinfo import available_timezones

import msgspec
from sqlalchemy.orm import Session

from config.collective import KINDS, Collective, FeaturesOff
from kit.auth import Principal
from kit.choices import read_choice, save_choice
from kit.errors import Conflict, Invalid, NotFound
from kit.features import House
from kit.i18n import Lazy, _, lazy
from people.audit import record


class CannotTurnOff(Conflict):
    name = "cannot_turn_off"
    default = lazy("This room cannot be turned off: the others stand on it.")


def change_collective(session: Session, by: Principal, verb: Lazy, **changes: Any) -> Collective:
    """Save what changed in the collective's description. Raises Invalid (unknown kind or time zone)."""
    wrong: dict[str, str] = {}
    if "kind" in changes and changes["kind"] not in KINDS:
        wrong["kind"] = _("I choose one of the answers of the list.")
    if "timezone" in changes and changes["timezone"] not in available_timezones():
        wrong["timezone"] = _("I choose one of the answers of the list.")
    if (changes.get("latitude") is None) != (changes.get("longitude") is None):
        wrong["longitude"] = _("A place has a latitude and a longitude, or neither.")
    if wrong:
        raise Invalid(fields=wrong)
    collective = msgspec.structs.replace(read_choice(session, Collective), **changes)
    save_choice(session, collective)
    record(session, by, verb, collective.name, kind="collective", details={"changed": sorted(changes)})
    return collective


def turn_room(session: Session, by: Principal, house: House, name: str, *, on: bool) -> None:
    """Turn a room on or off. Its doors vanish, its tables stay. Raises NotFound, CannotTurnOff."""
    feature = house.feature(name)
    if feature is None:
        raise NotFound
    if not feature.can_turn_off:
        raise CannotTurnOff
    off = set(read_choice(session, FeaturesOff).names)
    names = (off - {name}) if on else (off | {name})
    save_choice(session, FeaturesOff(names=tuple(sorted(names))))
    verb = lazy("Room turned on") if on else lazy("Room turned off")
    record(session, by, verb, name, kind="feature", about_id=name)
