"""The page of limits: how much at once, how much in a wallet, how long vouchers last."""

from typing import Annotated, Any

from msgspec import Meta, Struct, structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.choices import read_choice, save_choice
from kit.errors import Invalid, Refusal
from kit.i18n import _, lazy
from kit.web import Call, flow, page, read
from people.audit import record
from wallet.choices import MoneyRules
from wallet.money import amount_text, parse_amount
from wallet.pages.showing import money_page

MANAGE = "money.currencies"
AMOUNTS = ("top_up_most", "wallet_most", "cash_out_most", "cash_out_day")
Money = Annotated[str, Meta(max_length=20)]


class RulesForm(Struct, frozen=True):
    """The limits as people write them: amounts in euros, days, cards."""

    top_up_most: Money
    wallet_most: Money
    cash_out_most: Money
    cash_out_day: Money
    gift_days: Annotated[int, Meta(ge=0, le=3650)]
    back_image_from: Annotated[int, Meta(ge=1, le=1_000_000)]


@read
def rules(call: Call, session: Session) -> Response:
    """The limits of today."""
    return _form(call, _values(read_choice(session, MoneyRules)))


@flow
def change(call: Call) -> Response:
    """Other limits, counted at once."""
    try:
        wanted = _read(call.form(RulesForm))
        call.app.db.write(lambda session: _save(call, session, wanted))
    except Refusal as refusal:
        return _form(call, call.form_values(), refusal)
    return call.see_other("wallet.rules", notice=_("It is saved."))


def _save(call: Call, session: Session, wanted: MoneyRules) -> None:
    was = structs.asdict(read_choice(session, MoneyRules))
    new = structs.asdict(wanted)
    changed = {name: f"{was[name]} → {new[name]}" for name in new if was[name] != new[name]}
    if changed:
        save_choice(session, wanted)
        record(session, call.principal, lazy("Rules of money changed"), kind="currency", details=changed)


def _read(form: RulesForm) -> MoneyRules:
    """Raises Invalid with a sentence per amount."""
    cents, wrong = {}, {}
    for name in AMOUNTS:
        try:
            cents[name] = parse_amount(getattr(form, name), 2)
        except Invalid as refusal:
            wrong[name] = refusal.sentence
    if not wrong and cents["top_up_most"] > cents["wallet_most"]:
        wrong["top_up_most"] = _("One top-up cannot be more than what a wallet holds.")
    if not wrong and cents["cash_out_most"] > cents["cash_out_day"]:
        wrong["cash_out_most"] = _("At once cannot be more than in a day.")
    if wrong:
        raise Invalid(fields=wrong)
    return MoneyRules(**cents, gift_days=form.gift_days, back_image_from=form.back_image_from)


def _values(found: MoneyRules) -> dict[str, Any]:
    plain: dict[str, Any] = structs.asdict(found)
    return plain | {name: amount_text(plain[name], 2, "", "fr") for name in AMOUNTS}


def _form(call: Call, values: dict[str, Any], refusal: Refusal | None = None) -> Response:
    blank = dict.fromkeys(RulesForm.__struct_fields__, "")
    return money_page(call, "wallet/office_rules.html", refusal, values=blank | values)


DOORS = (
    page("GET", "/admin/money/rules", "wallet.rules", rules, needs=MANAGE),
    page("POST", "/admin/money/rules", "wallet.rules_change", change, needs=MANAGE),
)
