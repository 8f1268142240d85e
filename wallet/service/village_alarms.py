"""Alarms that somebody has looked at."""

from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import NotFound
from kit.i18n import lazy
from people.audit import record
from wallet.models.village import VillageAlarm

SEEN = lazy("Alarm of a neighbour seen")


def see_alarm(session: Session, by: Principal, number: int) -> VillageAlarm:
    """Note that a person looked at it; the alarm stays in the list. Raises NotFound."""
    alarm = session.get(VillageAlarm, number)
    if alarm is None:
        raise NotFound
    if alarm.seen_at is None:
        alarm.seen_at = clock.now()
        record(session, by, SEEN, kind="village", details={"alarm": number, "what": alarm.what})
    return alarm
