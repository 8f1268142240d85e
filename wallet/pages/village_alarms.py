"""Alarms about money with neighbours: what happened, what I do, the exact item as a file."""

from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import NotFound
from kit.i18n import _
from kit.web import Call, flow, page, read
from wallet import permissions
from wallet.models.village import VillageAlarm
from wallet.pages.village_showing import village_page
from wallet.queries.village_alarms import alarms, last_payment_named, payment_named
from wallet.service.village_alarms import see_alarm
from wallet.village_words import alarm_words

PATH = "/admin/money/village/alarms"


class Filter(Struct, frozen=True):
    """Those that nobody has seen, or all; older than number `before`."""

    all: bool = False
    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None


@read
def listed(call: Call, session: Session) -> Response:
    """Newest first."""
    asked = call.query(Filter)
    found = alarms(session, is_all=asked.all, before=asked.before)
    return village_page(
        call,
        session,
        "wallet/village_alarms.html",
        peers={one.peer for one in found.rows},
        found=found,
        wanted=asked,
        alarm_words=alarm_words,
        payment_named=payment_named,
        last_payment_named=last_payment_named,
    )


@flow
def seen(call: Call) -> Response:
    """Somebody looked at it. Raises NotFound."""
    number: int = call.path["number"]
    call.app.db.write(lambda session: see_alarm(session, call.principal, number))
    return call.see_other("wallet.village_alarms", notice=_("I have noted that it was seen."))


@read
def item(call: Call, session: Session) -> Response:
    """The exact bytes that the alarm is about. Raises NotFound."""
    alarm = session.get(VillageAlarm, call.path["number"])
    if alarm is None or not alarm.item:
        raise NotFound
    headers = {
        "content-disposition": f'attachment; filename="alarm-{alarm.number}.json"',
        "cache-control": "no-store",
    }
    return Response(alarm.item, media_type="application/json", headers=headers)


DOORS = (
    page("GET", PATH, "wallet.village_alarms", listed, needs=permissions.VILLAGE, query=Filter),
    page("POST", f"{PATH}/{{number:int}}/seen", "wallet.village_seen", seen, needs=permissions.VILLAGE),
    page("GET", f"{PATH}/{{number:int}}/item", "wallet.village_item", item, needs=permissions.VILLAGE),
)
