"""The rules of sales: VAT, the hour when a night ends, what receipts say of the house."""

import re
from typing import Annotated, Any, Final

from msgspec import Meta, Struct, structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.choices import read_choice, save_choice
from kit.errors import Invalid, Refusal
from kit.i18n import _, lazy
from kit.web import Call, flow, page, read
from people.audit import record
from sales.choices import Regime, SalesRules
from sales.pages.showing import sales_page
from sales.permissions import RULES
from sales.service.noting import note

SIRET: Final = re.compile(r"\d{14}")
VAT_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9A-Z]{2,13}")
SEALED: Final = ("vat_regime", "pivot_hour")
"""What changes how sales are counted: such a change stands in the sealed journal."""


class RulesForm(Struct, frozen=True):
    """The rules as people write them."""

    vat_regime: Regime
    pivot_hour: Annotated[int, Meta(ge=0, le=12)]
    legal_name: Annotated[str, Meta(max_length=200)] = ""
    siret: Annotated[str, Meta(max_length=30)] = ""
    vat_number: Annotated[str, Meta(max_length=30)] = ""
    footer: Annotated[str, Meta(max_length=500)] = ""


@read
def rules(call: Call, session: Session) -> Response:
    """The rules of today."""
    return _form(call, structs.asdict(read_choice(session, SalesRules)))


@flow
def change(call: Call) -> Response:
    """Other rules, from the next sale on."""
    try:
        wanted = _read(call.form(RulesForm))
        call.app.db.write(lambda session: _save(call, session, wanted))
    except Refusal as refusal:
        return _form(call, call.form_values(), refusal)
    return call.see_other("sales.rules", notice=_("It is saved."))


def _save(call: Call, session: Session, wanted: SalesRules) -> None:
    known = read_choice(session, SalesRules)
    was, new = structs.asdict(known), structs.asdict(wanted)
    changed = {name: f"{was[name]} → {new[name]}" for name in new if was[name] != new[name]}
    if not changed:
        return
    for name in SEALED:
        if name in changed:
            note(session, call.principal, "rules", name, before=str(was[name]), after=str(new[name]))
    save_choice(session, structs.replace(known, **new))
    record(session, call.principal, lazy("Rules of sales changed"), kind="product", details=changed)


def _read(form: RulesForm) -> SalesRules:
    """Numbers without their blanks. Raises Invalid with a sentence per field."""
    siret, vat_number = _bare(form.siret), _bare(form.vat_number).upper()
    wrong = {}
    if siret and not (SIRET.fullmatch(siret) and is_luhn(siret)):
        wrong["siret"] = _("A SIRET has 14 digits. One of them is not right.")
    if vat_number and not VAT_NUMBER.fullmatch(vat_number):
        wrong["vat_number"] = _("A VAT number begins with two letters, such as FR12345678901.")
    if not form.legal_name.isprintable():
        wrong["legal_name"] = _("I write a name on one line.")
    if wrong:
        raise Invalid(fields=wrong)
    plain = structs.asdict(form) | {"siret": siret, "vat_number": vat_number}
    return SalesRules(**{name: plain[name] for name in RulesForm.__struct_fields__})


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the right one (ISO/IEC 7812-1, annex B); La Poste's own SIRET may differ."""
    if digits.startswith("356000000"):
        return True
    doubled = (int(sign) * (1 + at % 2) for at, sign in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _bare(text: str) -> str:
    return re.sub(r"[\s.\u00a0\u202f]", "", text)


def _form(call: Call, values: dict[str, Any], refusal: Refusal | None = None) -> Response:
    blank = dict.fromkeys(RulesForm.__struct_fields__, "")
    return sales_page(call, "sales/rules.html", refusal, tab="sales.rules", values=blank | values)


DOORS = (
    page("GET", "/admin/sales/rules", "sales.rules", rules, needs=RULES),
    page("POST", "/admin/sales/rules", "sales.rules_change", change, needs=RULES),
)
