"""The back office's currencies: listed, added in one press or in full, called otherwise, archived."""

from typing import Annotated, Any, get_args
from uuid import UUID, uuid5

from msgspec import Meta, Struct, structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import NotFound, Refusal
from kit.i18n import _, speaking
from kit.ids import new_id
from kit.picture_words import picture_words
from kit.web import Call, flow, page, read
from wallet.models.currency import Currency
from wallet.pages.office_words import KIND_HELP, KIND_ICONS, KIND_NAMES, NATURE_NAMES, REACH_NAMES
from wallet.pages.showing import money_page
from wallet.queries.balances import abroad
from wallet.queries.desk import all_currencies
from wallet.service import currencies as service
from wallet.service.currency_rules import CurrencyValues, CurrencyWords, Kind, usual

MANAGE = "money.currencies"
REACHES_OF = {"local": ("local", "issuer_only"), "time": ("local", "issuer_only"),
              "loyalty": ("issuer_only", "local"), "free": ("local", "issuer_only")}  # fmt: skip
_FORMS = UUID("6f0d1a52-9c1e-5b61-8d0a-2b8a4b6a5c02")


class Wanted(Struct):
    """Which kind of currency the form is for."""

    kind: Annotated[str, Meta(max_length=20)] = ""


class NewForm(CurrencyWords, frozen=True, kw_only=True):
    """A new currency of a kind, as the form says it. `key` makes two presses one."""

    kind: Kind
    key: Annotated[str, Meta(max_length=64)]
    reach: Annotated[str, Meta(max_length=20)] = ""


@read
def currencies(call: Call, session: Session) -> Response:
    """Those in use, then the archived."""
    found = all_currencies(session)
    return money_page(
        call,
        "wallet/currencies.html",
        used=[one for one in found if one.archived_at is None],
        archived=[one for one in found if one.archived_at is not None],
        nature_names=NATURE_NAMES,
        reach_names=REACH_NAMES,
        primary=call.app.settings.network.primary,
        abroad=abroad(session),
    )


@read
def new(call: Call, session: Session) -> Response:
    """Which kind? Then the form of that kind, filled in already."""
    kind = call.query(Wanted).kind
    if not kind:
        return call.page("wallet/currency_kinds.html", kinds=_kinds(call, session))
    if kind not in get_args(Kind):
        raise NotFound
    return _new_form(call, kind, structs.asdict(_preset(call, kind)))


@flow
def create(call: Call) -> Response:
    """Add the currency that the form describes."""
    try:
        form = call.form(NewForm)
        currency = call.app.db.write(lambda session: _create(call, session, form))
    except Refusal as refusal:
        kind = call.form_values().get("kind", "")
        if kind not in get_args(Kind):
            raise
        return _new_form(call, kind, call.form_values(), refusal)
    notice = _("{name} is ready.").format(name=currency.name)
    return call.see_other("wallet.currencies", notice=notice)


@flow
def add_usual(call: Call) -> Response:
    """Add a usual currency in one press."""
    kind, house = call.path["kind"], call.collective.name
    if kind not in get_args(Kind) or kind == "network":
        raise NotFound
    here = call.app.settings.node.url
    with speaking(call.collective.language):
        currency = call.app.db.write(
            lambda session: service.usual_currency(session, call.principal, kind, house, here)
        )
    undo = call.url("wallet.currency_archive", id=currency.id)
    notice = _("{name} is ready.").format(name=currency.name)
    return call.see_other("wallet.currencies", notice=notice, undo=undo)


@read
def currency(call: Call, session: Session) -> Response:
    """The words of a currency. Raises NoSuchCurrency."""
    found = service.own_currency(session, call.path["id"])
    return _form(call, found, _values(found))


@flow
def change(call: Call) -> Response:
    """Call it otherwise. Raises NoSuchCurrency."""
    currency_id: UUID = call.path["id"]
    try:
        words = call.form(CurrencyWords)
        call.app.db.write(
            lambda session: service.rename_currency(session, call.principal, currency_id, words)
        )
    except Refusal as refusal:
        return _again(call, currency_id, refusal)
    return call.see_other("wallet.currencies", notice=_("It is saved."))


@read
def ask_archive(call: Call, session: Session) -> Response:
    """The question before. Raises NoSuchCurrency."""
    found = service.own_currency(session, call.path["id"])
    return call.page("wallet/currency_archive.html", currency=found)


@flow
def archive(call: Call) -> Response:
    """Give it no more; one press brings it back. Raises NoSuchCurrency."""
    found = call.app.db.write(
        lambda session: service.archive_currency(session, call.principal, call.path["id"])
    )
    notice = _("{name} is archived.").format(name=found.name)
    return call.see_other(
        "wallet.currencies", notice=notice, undo=call.url("wallet.currency_restore", id=found.id)
    )


@flow
def restore(call: Call) -> Response:
    """Give it again. Raises NoSuchCurrency, CurrencyNameTaken."""
    found = call.app.db.write(
        lambda session: service.restore_currency(session, call.principal, call.path["id"])
    )
    return call.see_other("wallet.currencies", notice=_("{name} is back.").format(name=found.name))


def _preset(call: Call, kind: str) -> CurrencyValues:
    """A currency of this kind, in the collective's own language: everyone will read it."""
    with speaking(call.collective.language):
        return usual(kind, call.collective.name)  # type: ignore[arg-type]


def is_primary(call: Call) -> bool:
    """Whether this node is the one that holds the network currency."""
    return call.app.settings.network.primary == call.app.settings.node.url


def _create(call: Call, session: Session, form: NewForm) -> Currency:
    """Raises Invalid, NotPrimary, CurrencyNameTaken."""
    preset = usual(form.kind, call.collective.name)
    said: dict[str, Any] = {name: getattr(form, name) for name in CurrencyWords.__struct_fields__}
    reach = form.reach if form.reach in REACHES_OF.get(form.kind, ()) else preset.reach
    days = form.gift_days if preset.nature == "gift" else None
    values = structs.replace(preset, **said | {"reach": reach, "code": "", "gift_days": days})
    return service.create_currency(
        session,
        call.principal,
        values,
        call.app.settings.node.url,
        is_primary=is_primary(call),
        currency_id=uuid5(_FORMS, f"{call.principal.person_id} {form.key}"),
    )


def _kinds(call: Call, session: Session) -> list[dict[str, Any]]:
    """What may be added, and in how many presses."""
    there = {(one.nature, one.reach) for one in all_currencies(session) if one.archived_at is None}
    kinds: list[Kind] = ["local", "gift", "time", "loyalty", "network", "free"]
    presets = [
        (kind, usual(kind, call.collective.name)) for kind in kinds if kind != "network" or is_primary(call)
    ]
    return [
        {
            "kind": kind,
            "name": KIND_NAMES[kind],
            "help": KIND_HELP[kind],
            "icon": KIND_ICONS[kind],
            "at_once": kind != "network" and (preset.nature, preset.reach) not in there,
        }
        for kind, preset in presets
    ]


def _values(found: Currency) -> dict[str, Any]:
    return {name: getattr(found, name) for name in CurrencyWords.__struct_fields__}


def _again(call: Call, currency_id: UUID, refusal: Refusal) -> Response:
    with call.app.db.read() as session:
        found = service.currency_by_id(session, currency_id)
    return _form(call, found, _values(found) | call.form_values(), refusal)


def _form(call: Call, found: Currency, values: dict[str, Any], refusal: Refusal | None = None) -> Response:
    facts = (NATURE_NAMES[found.nature], REACH_NAMES[found.reach])
    return _page(call, "wallet/currency.html", values, refusal, currency=found, facts=facts)


def _new_form(call: Call, kind: str, values: dict[str, Any], refusal: Refusal | None = None) -> Response:
    more = {
        "kind": kind,
        "kind_name": KIND_NAMES[kind],
        "kind_help": KIND_HELP[kind],
        "nature": usual(kind, "").nature,  # type: ignore[arg-type]
        "reaches": [(reach, *REACH_NAMES[reach]) for reach in REACHES_OF.get(kind, ())],
        "key": values.get("key") or new_id().hex,
    }
    return _page(call, "wallet/currency_new.html", values, refusal, **more)


def _page(
    call: Call, template: str, values: dict[str, Any], refusal: Refusal | None, **more: Any
) -> Response:
    drawings = [*picture_words(), ("hourglass", _("hourglass")), ("piggy-bank", _("piggy bank"))]
    return call.page(
        template,
        status=refusal.status if refusal else 200,
        values={
            "name": "",
            "symbol": "",
            "icon": "",
            "where_spent": "",
            "gift_days": "",
            "reach": "",
            **values,
        },
        pictures=sorted(drawings, key=lambda pair: (pair[0] != values.get("icon"), pair[1].casefold())),
        errors=refusal.fields if refusal else {},
        sentence=refusal.sentence if refusal else "",
        **more,
    )


DOORS = (
    page("GET", "/admin/money/currencies", "wallet.currencies", currencies, needs=MANAGE),
    page("GET", "/admin/money/currencies/new", "wallet.currency_new", new, needs=MANAGE, query=Wanted),
    page("POST", "/admin/money/currencies/new", "wallet.currency_create", create, needs=MANAGE),
    page("POST", "/admin/money/currencies/usual/{kind}", "wallet.currency_usual", add_usual, needs=MANAGE),
    page("GET", "/admin/money/currencies/{id:uuid}", "wallet.currency", currency, needs=MANAGE),
    page("POST", "/admin/money/currencies/{id:uuid}", "wallet.currency_change", change, needs=MANAGE),
    page(
        "GET", "/admin/money/currencies/{id:uuid}/archive", "wallet.currency_ask", ask_archive, needs=MANAGE
    ),
    page(
        "POST", "/admin/money/currencies/{id:uuid}/archive", "wallet.currency_archive", archive, needs=MANAGE
    ),
    page(
        "POST", "/admin/money/currencies/{id:uuid}/restore", "wallet.currency_restore", restore, needs=MANAGE
    ),
)
