"""Closings on screen: what is open now, closing the day after a question, every Z report as it is printed.

The confirmation's key becomes the operation's id: pressing twice closes once.
"""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.choices import read_choice
from kit.errors import Invalid, NotFound, Refusal
from kit.i18n import _
from kit.ids import new_id
from kit.web import Call, flow, page, read
from sales import flows, journal_words
from sales.choices import SalesRules
from sales.journal.shapes import MOST_CENTS, Chain
from sales.models.points import PointOfSale
from sales.pages.journal import journal_page
from sales.permissions import CLOSE, SEE
from sales.queries import closings as periods
from sales.queries.journal import entry_by_id
from sales.queries.shelves import all_points, point_by_id
from sales.schemas import Closing
from sales.service.closing import office_till
from wallet.ledger.shapes import content_hash
from wallet.money import parse_amount

TAB = "sales.closings"
ZERO = re.compile(r"0+(?:[.,]0{0,2})?\s?€?")


class ClosingFilter(Struct, frozen=True):
    """Which closings; `number` is one of that level."""

    level: Annotated[str, Meta(max_length=5)] = ""
    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    training: bool = False


class Played(Struct, frozen=True):
    """Whether it is about what was only played."""

    training: bool = False


class CloseForm(Struct, frozen=True):
    """What is in the drawer and what stays in it, in euros; empty when nobody counted."""

    counted: Annotated[str, Meta(max_length=20)] = ""
    left: Annotated[str, Meta(max_length=20)] = ""
    key: UUID | None = None
    sure: bool = False
    training: bool = False


class Counted(Struct, frozen=True):
    """The same in cents."""

    counted: int | None
    left: int | None


@read
def closings(call: Call, session: Session) -> Response:
    """What is open at each point of sale, then every closing, newest first; of one chain."""
    asked = call.query(ClosingFilter)
    chain = _chain(is_training=asked.training)
    wanted = periods.WantedClosings(chain=chain, level=asked.level, before=asked.before)
    open_now = {one.point: one for one in periods.open_periods(session, chain)}
    points = [one for one in all_points(session) if one.archived_at is None or one.id in open_now]
    return journal_page(
        call, "sales/closings.html", chain=chain, tab=TAB, asked=asked, points=points,
        open_now=open_now, found=periods.closings(session, wanted), may_close=call.principal.may(CLOSE),
    )  # fmt: skip


@read
def closing(call: Call, session: Session) -> Response:
    """One closing as it was sealed. Raises NotFound."""
    link = entry_by_id(session, call.path["id"])
    if link is None or link.entry.closing is None:
        raise NotFound
    return journal_page(
        call, "sales/closing.html", chain=link.entry.chain, tab=TAB, link=link, closing=link.entry.closing,
        before=periods.closing_before(session, link), rules=read_choice(session, SalesRules),
    )  # fmt: skip


@read
def x_report(call: Call, session: Session) -> Response:
    """What a closing would say now, and the form that closes. Raises NoSuchPoint."""
    return _x_page(call, session, {}, is_training=call.query(Played).training)


@flow
async def close(call: Call) -> Response:
    """Ask first, then write the Z report. Raises NoSuchPoint."""
    with call.app.db.read() as session:
        point = point_by_id(session, call.path["id"])
    is_training = call.form_values().get("training") == "true"
    try:
        form = call.form(CloseForm)
        counted = _counted(form)
        if not (form.sure and form.key):
            with call.app.db.read() as session:
                return _ask(call, session, form, counted)
        till = office_till(call.principal, is_training=is_training)
        link = await flows.close(call.app, till, _closing(form.key, point, counted))
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _x_page(call, session, call.form_values(), refusal, is_training=is_training)
    notice = _("{name} is sealed.").format(name=journal_words.closing_name(_said(link.entry.closing)))
    return call.see_other("sales.closing", id=link.entry.id, notice=notice)


def _said(closing: Any) -> Any:
    if closing is None:
        raise NotFound
    return closing


def _closing(key: UUID, point: PointOfSale, said: Counted) -> Closing:
    content = content_hash("close", point.id, (said.counted, said.left))
    return Closing(
        id=key, at=clock.now(), point=point.id, content=content, counted=said.counted, left=said.left
    )


def _chain(*, is_training: bool) -> Chain:
    return "training" if is_training else "real"


def _x_page(
    call: Call,
    session: Session,
    values: dict[str, Any],
    refusal: Refusal | None = None,
    *,
    is_training: bool,
) -> Response:
    """The sums of now, by the rules of the closing itself."""
    point = point_by_id(session, call.path["id"])
    day, totals, drawer = flows.x_report(session, point.id, is_training=is_training)
    return journal_page(
        call, "sales/x_report.html", refusal, chain=_chain(is_training=is_training), tab=TAB,
        point=point, totals=totals,
        day=date.fromisoformat(day) if day else None, drawer=drawer, now=clock.now(),
        rules=read_choice(session, SalesRules), may_close=call.principal.may(CLOSE),
        values={"counted": "", "left": "", **values},
    )  # fmt: skip


def _ask(call: Call, session: Session, form: CloseForm, said: Counted) -> Response:
    point = point_by_id(session, call.path["id"])
    day, totals, drawer = flows.x_report(session, point.id, is_training=form.training)
    return journal_page(
        call, "sales/close_sure.html", chain=_chain(is_training=form.training), tab=TAB,
        point=point, day=day, totals=totals,
        drawer=drawer, said_cash=said, form=form, key=new_id(),
    )  # fmt: skip


def _counted(form: CloseForm) -> Counted:
    """Raises Invalid on the field that cannot be read."""
    counted, left = _cents("counted", form.counted), _cents("left", form.left)
    if left is not None and counted is None:
        raise Invalid(fields={"counted": _("I count the drawer before I say what stays in it.")})
    if left is not None and counted is not None and left > counted:
        raise Invalid(fields={"left": _("No more can stay than there is in the drawer.")})
    return Counted(counted, left)


def _cents(name: str, text: str) -> int | None:
    if not text:
        return None
    if ZERO.fullmatch(text):
        return 0
    try:
        amount = parse_amount(text, 2)
    except Invalid as wrong:
        raise Invalid(fields={name: wrong.sentence}) from wrong
    if amount > MOST_CENTS:
        raise Invalid(fields={name: _("This amount is too small or too large.")})
    return amount


DOORS = (
    page("GET", "/admin/sales/closings", TAB, closings, needs=SEE, query=ClosingFilter),
    page("GET", "/admin/sales/closings/{id:uuid}", "sales.closing", closing, needs=SEE),
    page("GET", "/admin/sales/x-reports/{id:uuid}", "sales.x_report", x_report, needs=SEE, query=Played),
    page("POST", "/admin/sales/x-reports/{id:uuid}", "sales.close", close, needs=CLOSE),
)
