"""What the pages about money with neighbours share: names, moments, tabs, and whose page it is."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.errors import Invalid, NotFound, Refusal
from kit.i18n import _, language
from kit.web import Call
from wallet import permissions
from wallet.between.desk import instant, milliseconds
from wallet.federated.neighbours import Neighbour, Neighbours, host_of
from wallet.pages.showing import money_page
from wallet.queries.village_agreements import offers_to_answer
from wallet.queries.village_alarms import count_unseen
from wallet.queries.village_disputes import count_to_answer
from wallet.queries.village_money import peers_with_money
from wallet.queries.village_payments import count_waiting

Way = tuple[str, str, bool, int | None]
"""Label, address, whether it is here, how many."""


def me(call: Call) -> str:
    """This node's origin: its name among neighbours."""
    return call.app.settings.node.url


def peer_of(call: Call, session: Session) -> str:
    """The origin that `{peer}` of the address means by its host. Raises NotFound."""
    asked = call.path["peer"]
    found = next((one for one in peers_with_money(session, me(call)) if host_of(one) == asked), None)
    if found is None:
        raise NotFound
    return found


def village_page(
    call: Call,
    session: Session,
    template: str,
    refusal: Refusal | None = None,
    *,
    peers: Iterable[str] = (),
    **context: Any,
) -> Response:
    """A page with `neighbour(origin)`, `instant(ms)`, `second(ms)` and the ways through these pages."""
    neighbours = Neighbours(call.app, session, peers)
    known: dict[str, Neighbour] = {}

    def neighbour(origin: str) -> Neighbour:
        return known.setdefault(origin, neighbours.at(origin))

    zone = ZoneInfo(call.collective.timezone)
    return money_page(
        call,
        template,
        refusal,
        neighbour=neighbour,
        neighbour_name=neighbours.called,
        instant=instant,
        second=lambda ms: second(ms, zone),
        ways=ways(call, session),
        uuid_in=uuid_in,
        **context,
    )


def ways(call: Call, session: Session) -> list[Way]:
    """Neighbours, payments, alarms: those that this person may open, with what waits behind each."""
    here, may = call.request.url.path, call.principal.may
    waiting, _doubt = count_waiting(session, clock.now())
    alarms = sum(count_unseen(session).values()) if may(permissions.VILLAGE) else 0
    contested = count_to_answer(session) if may(permissions.VILLAGE) else 0
    to_answer = offers_to_answer(session) if may(permissions.VILLAGE) else 0
    listed = (
        (_("Neighbours"), "wallet.village", permissions.VILLAGE, None),
        (_("Who accepts what"), "wallet.village_terms", permissions.VILLAGE, to_answer or None),
        (_("When the line is cut"), "wallet.village_grants", permissions.VILLAGE, None),
        (_("Payments between us"), "wallet.village_payments", permissions.LOAD, waiting or None),
        (_("Contested"), "wallet.village_disputes", permissions.VILLAGE, contested or None),
        (_("Alarms"), "wallet.village_alarms", permissions.VILLAGE, alarms or None),
    )
    return [
        (label, call.url(door), call.url(door) == here, n) for label, door, needs, n in listed if may(needs)
    ]


def second(ms: int, zone: ZoneInfo) -> str:
    """ "21:04:05.3", "21:04:05,3": when the order within a second is what matters."""
    at = instant(ms).astimezone(zone)
    mark = "," if language() == "fr" else "."
    return f"{at:%H:%M:%S}{mark}{at.microsecond // 100_000}"


def morning_ms(field: str, text: str, zone: str, more: int = 0) -> int | None:
    """When that day of the collective begins, `more` days later. Raises Invalid for what is no day."""
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).replace(hour=0, tzinfo=ZoneInfo(zone)) + timedelta(days=more)
        return milliseconds(day.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise Invalid(fields={field: _("I write a day.")}) from error


def days_ago(days: int, zone: str) -> str:
    """That day of the collective, as date fields write it."""
    return (clock.now().astimezone(ZoneInfo(zone)).date() - timedelta(days=days)).isoformat()


def uuid_in(text: str) -> UUID | None:
    """The id that somebody typed or pasted; None for other words."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None
