"""The money's back office: what circulates, how the ledger stands, what to do next, every movement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.choices import read_choice, save_choice
from kit.errors import Invalid
from kit.i18n import _, speaking
from kit.web import Call, flow, page, read
from wallet import permissions
from wallet.models.card import PassCard
from wallet.models.currency import Currency
from wallet.pages.office_words import BETWEEN_NODES, MOVE_ICONS, MOVE_NAMES
from wallet.pages.showing import money_page, neighbours_in
from wallet.queries import movements as moves
from wallet.queries.balances import Circulation, abroad, circulation
from wallet.queries.desk import all_currencies
from wallet.service.checking import Health, LastCheck, health, look
from wallet.service.currencies import default_currencies


@dataclass(frozen=True)
class Task:
    """Something to do next: what, why, the verb and where it is done."""

    icon: str
    fact: str
    hint: str
    verb: str
    door: str
    needs: str


class MovesFilter(Struct, frozen=True):
    """Which movements. `since` and `until` are days of the collective, both included."""

    kind: Annotated[str, Meta(max_length=20)] = ""
    currency: UUID | None = None
    since: Annotated[str, Meta(max_length=10)] = ""
    until: Annotated[str, Meta(max_length=10)] = ""
    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None


@flow
def office(call: Call) -> Response:
    """The summary, or the first page that one may see. The first time, it brings the usual currencies."""
    if not call.principal.may(permissions.SEE):
        return call.see_other("wallet.wallets" if call.principal.may(permissions.LOAD) else "wallet.cards")
    with call.app.db.read() as session:
        is_new = call.collective.set_up and not all_currencies(session)
    if is_new:
        name, here = call.collective.name, call.app.settings.node.url
        with speaking(call.collective.language):
            call.app.db.write(lambda session: default_currencies(session, name, here))
    with call.app.db.read() as session:
        return _office(call, session)


@flow
def check(call: Call) -> Response:
    """Read the whole ledger again and note what was found."""
    room = call.app.house.feature("wallet")
    with call.app.db.read() as session:
        found = look(session, room.checks if room else ())
    call.app.db.write(lambda session: save_choice(session, found))
    notice = _("I found something wrong.") if found.wrong else _("The ledger is right, to the last cent.")
    return call.see_other("wallet.office", notice=notice)


@read
def movements(call: Call, session: Session) -> Response:
    """Every movement of the node, newest first."""
    wanted, wrong = call.query(MovesFilter), None
    try:
        found = moves.movements(session, _wanted(wanted, call.collective.timezone))
    except Invalid as refusal:
        wrong, found = refusal, moves.Movements((), None)
    return money_page(
        call,
        "wallet/office_moves.html",
        wrong,
        wanted=wanted,
        found=found,
        currencies=[*all_currencies(session), *(one.currency for one in abroad(session))],
        neighbour_name=neighbours_in(call, session, (row.receipt for row in found.rows)).called,
        between_nodes=BETWEEN_NODES,
        move_names=MOVE_NAMES,
        move_icons=MOVE_ICONS,
    )


def _office(call: Call, session: Session) -> Response:
    state, currencies = health(session), all_currencies(session)
    has_card = session.scalar(select(PassCard.id).limit(1)) is not None
    tasks = _tasks(state, bool(currencies), has_card=has_card)
    return money_page(
        call,
        "wallet/office.html",
        circulation=_shown(circulation(session), currencies),
        health=state,
        checked=read_choice(session, LastCheck),
        tasks=[one for one in tasks if call.principal.may(one.needs) and one.door in call.app.house.doors],
    )


def _shown(found: list[Circulation], ordered: Sequence[Currency]) -> list[Circulation]:
    """In the order of the list; an archived one that nobody holds is left out."""
    turn = {one.id: number for number, one in enumerate(ordered)}
    kept = [one for one in found if one.in_wallets or one.currency.archived_at is None]
    return sorted(kept, key=lambda one: turn[one.currency.id])


def _tasks(state: Health, has_currency: bool, *, has_card: bool) -> list[Task]:
    """What comes next, until money moves by itself."""
    found = []
    if not has_currency:
        found.append(
            Task("coins", _("There is no currency yet."), _("I add the first one in one press."),
                 _("Add a currency"), "wallet.currency_new", "money.currencies")
        )  # fmt: skip
    if not has_card:
        found.append(
            Task("contactless-payment", _("There is no Pass yet."), _("I bring the list of my cards."),
                 _("Bring cards"), "wallet.batch_new", "cards.manage")
        )  # fmt: skip
    if has_currency and not state.transactions:
        found.append(
            Task("plus-circle", _("No money has moved yet."), _("I open a wallet and top it up."),
                 _("Open a wallet"), "wallet.wallets", "money.load")
        )  # fmt: skip
    return found


def _wanted(asked: MovesFilter, zone: str) -> moves.Wanted:
    """Raises Invalid for a day that is none."""
    since = _morning("since", asked.since, zone)
    until = _morning("until", asked.until, zone, more=1)
    return moves.Wanted(asked.kind, asked.currency, since, until, asked.before)


def _morning(field: str, text: str, zone: str, more: int = 0) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone)) + timedelta(days=more)
        return day.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(fields={field: _("I write a day.")}) from error


DOORS = (
    page("GET", "/admin/money", "wallet.office", office, needs=permissions.ENTER),
    page("POST", "/admin/money/check", "wallet.check", check, needs=permissions.SEE),
    page(
        "GET",
        "/admin/money/movements",
        "wallet.movements",
        movements,
        needs=permissions.SEE,
        query=MovesFilter,
    ),
)
