"""When the line is cut: what neighbours may accept of ours, what we may accept of theirs, the worst of it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from msgspec import Meta, Struct, structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.choices import read_choice
from kit.errors import Invalid, NotFound, Refusal
from kit.i18n import _
from kit.ids import new_id
from kit.web import Call, flow, page, read
from wallet import permissions
from wallet.between.desk import milliseconds
from wallet.choices import GrantFigures, VillageMoneyRules
from wallet.federated.neighbours import Neighbours, host_of
from wallet.models.currency import Currency
from wallet.models.village import VillageGrant
from wallet.pages.village_amounts import FIGURES, Money, read_amounts, unit_of, written
from wallet.pages.village_showing import village_page
from wallet.queries.village_agreements import Deal, all_dealings
from wallet.queries.village_grants import currency_of, grants, is_in_force, live_grant, worst_case
from wallet.service import village_grants as service
from wallet.service.village_rules import wrong_figures

HOUR, DAY = 3_600, 86_400
RECENT_MS = 90 * DAY * 1_000
_FORMS = UUID("6f0d1a52-9c1e-5b61-8d0a-2b8a4b6a5c07")


class GrantForm(Struct, frozen=True, kw_only=True):
    """A grant as a person writes it. `what`: "host currency". `sure`, `key`: once it was read again."""

    what: Annotated[str, Meta(max_length=300)]
    per_tap: Money
    per_card: Money
    per_card_day: Money
    node_max: Money
    days: Annotated[int, Meta(ge=1, le=366)]
    hours: Annotated[int, Meta(ge=1, le=168)] = 24
    bearer: Literal["issuer", "acceptor"] | None = None
    key: Annotated[str, Meta(max_length=64)] = ""
    sure: Annotated[str, Meta(max_length=4)] = ""


class Wanted(Struct, frozen=True):
    """For whom and what the form is filled in."""

    what: Annotated[str, Meta(max_length=300)] = ""


@dataclass(frozen=True)
class Shown:
    """One grant as the list shows it."""

    row: VillageGrant
    currency: Currency | None
    peer: str
    is_live: bool


@read
def listing(call: Call, session: Session) -> Response:
    """Both ways, and the worst case as a sentence."""
    given, received = (_shown(session, is_ours=is_ours) for is_ours in (True, False))
    worst = worst_case(session)
    peers = {one.peer for one in (*given, *received)} | {
        peer for one in (*worst.as_issuer, *worst.as_acceptor) for peer in one.peers
    }
    return village_page(
        call,
        session,
        "wallet/village_grants.html",
        peers=peers,
        given=given,
        received=received,
        worst=worst,
        can_give=bool(_choices(session)),
        unit_of=unit_of,
    )


@read
def new(call: Call, session: Session) -> Response:
    """An empty form with the usual amounts."""
    usual = read_choice(session, VillageMoneyRules).grant
    amounts = {name: getattr(usual, name) for name in FIGURES}
    wanted = call.query(Wanted).what
    values = {"what": wanted, "days": usual.days, "hours": usual.hotlist_age // HOUR, "bearer": ""}
    return _form(call, session, values | written(call, amounts, 2))


@flow
def give(call: Call) -> Response:
    """First the amounts and the worst case once more, then give it."""
    try:
        form = call.form(GrantForm)
        with call.app.db.read() as session:
            deal, figures = _read(session, form)
            if form.sure != "yes":
                return _confirm(call, session, deal, figures, form)
        call.app.db.write(lambda session: _give(call, session, form))
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(call, session, call.form_values(), refusal)
    return call.see_other("wallet.village_grants", notice=_("The grant is on its way."))


@read
def ask_end(call: Call, session: Session) -> Response:
    """The question before. Raises NotFound."""
    row = _grant(call, session)
    shown = _one(session, row)
    return village_page(
        call,
        session,
        "wallet/village_grant_end.html",
        peers=[shown.peer],
        shown=shown,
        unit=unit_of(shown.currency),
    )


@flow
def end(call: Call) -> Response:
    """End one that we gave, or use no more one that we were given. Raises NotFound."""

    def unit(session: Session) -> None:
        row = _grant(call, session)
        verb = service.revoke_grant if row.is_ours else service.stop_using
        verb(session, call.principal, row.id)

    call.app.db.write(unit)
    return call.see_other("wallet.village_grants", notice=_("The grant is over."))


def _give(call: Call, session: Session, form: GrantForm) -> None:
    deal, figures = _read(session, form)
    key = uuid5(_FORMS, f"{call.principal.person_id} {form.key}")
    service.issue_grant(
        session, call.principal, deal.row.peer, deal.currency.id, figures, bearer=form.bearer, key=key
    )


def _read(session: Session, form: GrantForm) -> tuple[Deal, GrantFigures]:
    """Raises Invalid with a sentence per field."""
    deal = next((one for one in _choices(session) if _value(one) == form.what), None)
    if deal is None:
        raise Invalid(fields={"what": _("I choose one of the answers of the list.")})
    amounts = read_amounts(form, FIGURES, deal.currency.scale)
    figures = GrantFigures(**amounts, days=form.days, hotlist_age=form.hours * HOUR)
    if wrong := wrong_figures(figures, deal.row.node_max):
        raise Invalid(fields=wrong)
    return deal, figures


def _choices(session: Session) -> list[Deal]:
    """What neighbours may take of ours now."""
    return [
        one
        for dealing in all_dealings(session)
        if dealing.is_active
        for one in dealing.ours
        if not one.is_over
    ]


def _value(deal: Deal) -> str:
    return f"{host_of(deal.row.peer)} {deal.currency.id}"


def _form(call: Call, session: Session, values: dict[str, Any], refusal: Refusal | None = None) -> Response:
    choices = _choices(session)
    called = Neighbours(call.app, session, [one.row.peer for one in choices]).called
    return village_page(
        call,
        session,
        "wallet/village_grant_new.html",
        refusal,
        peers=[one.row.peer for one in choices],
        choices=[(_value(one), f"{called(one.row.peer)} · {one.currency.name}") for one in choices],
        values=dict.fromkeys(GrantForm.__struct_fields__, "") | values,
    )


def _confirm(call: Call, session: Session, deal: Deal, figures: GrantFigures, form: GrantForm) -> Response:
    bearer = form.bearer or service.usual_bearer(deal.currency)
    return village_page(
        call,
        session,
        "wallet/village_grant_sure.html",
        peers=[deal.row.peer],
        deal=deal,
        figures=figures,
        bearer=bearer,
        before=live_grant(session, deal.row.peer, deal.row.asset),
        unit=unit_of(deal.currency),
        typed=structs.asdict(form) | {"bearer": bearer, "key": form.key or new_id().hex},
    )


def _shown(session: Session, *, is_ours: bool) -> list[Shown]:
    """Those of the last three months: what ended before is in the journal."""
    since = milliseconds(clock.now()) - RECENT_MS
    return [_one(session, row) for row in grants(session, is_ours=is_ours) if row.until > since]


def _one(session: Session, row: VillageGrant) -> Shown:
    peer = row.acceptor if row.is_ours else row.issuer
    return Shown(row, currency_of(session, row.asset), peer, is_in_force(row))


def _grant(call: Call, session: Session) -> VillageGrant:
    """Raises NotFound."""
    row = session.get(VillageGrant, call.path["id"])
    if row is None or not row.asset:
        raise NotFound
    return row


HERE = "/admin/money/village/grants"
DOORS = (
    page("GET", HERE, "wallet.village_grants", listing, needs=permissions.VILLAGE),
    page("GET", f"{HERE}/new", "wallet.village_grant_new", new, needs=permissions.VILLAGE, query=Wanted),
    page("POST", f"{HERE}/new", "wallet.village_grant_give", give, needs=permissions.VILLAGE),
    page("GET", f"{HERE}/{{id:uuid}}/end", "wallet.village_grant_ask", ask_end, needs=permissions.VILLAGE),
    page("POST", f"{HERE}/{{id:uuid}}/end", "wallet.village_grant_end", end, needs=permissions.VILLAGE),
)
