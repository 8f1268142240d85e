"""What happens by itself between us and neighbours: what is accepted, what is offered, usual amounts."""

from typing import Annotated, Any

from msgspec import Meta, Struct, structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.choices import read_choice, save_choice
from kit.errors import Invalid, Refusal
from kit.i18n import _, lazy
from kit.web import Call, flow, page, read
from people.audit import record
from wallet import permissions
from wallet.choices import GrantFigures, TakingLimits, VillageMoneyRules
from wallet.federated.neighbours import Neighbours
from wallet.pages.village_amounts import FIGURES, LIMITS, Money, read_amounts, written
from wallet.pages.village_showing import village_page
from wallet.queries.village_agreements import KIND, all_dealings
from wallet.service.village_rules import wrong_figures, wrong_limits

TICKS = ("takes_village", "takes_network", "offers_local", "offers_network")


class RulesForm(Struct, frozen=True, kw_only=True):
    """The choices as the form says them. `grant_…` are the usual amounts without the line."""

    takes_village: bool = False
    takes_network: bool = False
    offers_local: bool = False
    offers_network: bool = False
    village_issuer: Annotated[str, Meta(max_length=200)] = ""
    owed_most: Money
    per_tap: Money
    per_card_day: Money
    per_minute: Money
    node_max: Money
    grant_per_tap: Money
    grant_per_card: Money
    grant_per_card_day: Money
    grant_node_max: Money
    grant_days: Annotated[int, Meta(ge=1, le=366)]


@read
def rules(call: Call, session: Session) -> Response:
    """The choices of today."""
    return _form(call, session, _values(call, read_choice(session, VillageMoneyRules)))


@flow
def change(call: Call) -> Response:
    """Other choices: they count for what is offered from now on."""
    try:
        wanted = _read(call.form(RulesForm))
        call.app.db.write(lambda session: _save(call, session, wanted))
    except Refusal as refusal:
        values = dict.fromkeys(TICKS, "") | call.form_values()
        with call.app.db.read() as session:
            return _form(call, session, values, refusal)
    return call.see_other("wallet.village_terms", notice=_("It is saved."))


def _save(call: Call, session: Session, wanted: VillageMoneyRules) -> None:
    known = {"", *(one.peer for one in all_dealings(session))}
    was = read_choice(session, VillageMoneyRules)
    if wanted.village_issuer not in known | {was.village_issuer}:
        raise Invalid(fields={"village_issuer": _("I choose one of the answers of the list.")})
    if wanted != was:
        save_choice(session, wanted)
        details = _changes(structs.asdict(was), structs.asdict(wanted))
        record(
            session,
            call.principal,
            lazy("Rules of money with neighbours changed"),
            kind=KIND,
            details=details,
        )


def _changes(was: dict[str, Any], wanted: dict[str, Any]) -> dict[str, str]:
    return {name: f"{was[name]} → {wanted[name]}" for name in wanted if was[name] != wanted[name]}


def _read(form: RulesForm) -> VillageMoneyRules:
    """Raises Invalid with a sentence per amount."""
    grants = tuple(f"grant_{name}" for name in FIGURES)
    cents = read_amounts(form, ("owed_most", *LIMITS, *grants), 2)
    limits = TakingLimits(**{name: cents[name] for name in LIMITS})
    amounts = {name: cents[f"grant_{name}"] for name in FIGURES}
    figures = GrantFigures(**amounts, days=form.grant_days)
    wrong = wrong_limits(limits)
    wrong |= {f"grant_{name}": sentence for name, sentence in wrong_figures(figures).items()}
    if wrong:
        raise Invalid(fields=wrong)
    ticks = {name: getattr(form, name) for name in TICKS}
    return VillageMoneyRules(
        **ticks,
        village_issuer=form.village_issuer,
        owed_most=cents["owed_most"],
        limits=limits,
        grant=figures,
    )


def _values(call: Call, found: VillageMoneyRules) -> dict[str, Any]:
    figures = {f"grant_{name}": getattr(found.grant, name) for name in FIGURES}
    amounts = {"owed_most": found.owed_most, **structs.asdict(found.limits), **figures}
    ticks = {name: getattr(found, name) for name in TICKS}
    return {
        **ticks,
        **written(call, amounts, 2),
        "village_issuer": found.village_issuer,
        "grant_days": found.grant.days,
    }


def _form(call: Call, session: Session, values: dict[str, Any], refusal: Refusal | None = None) -> Response:
    peers = [one.peer for one in all_dealings(session)]
    called = Neighbours(call.app, session, peers).called
    network = call.app.settings.network
    blank = dict.fromkeys(RulesForm.__struct_fields__, "")
    return village_page(
        call,
        session,
        "wallet/village_rules.html",
        refusal,
        peers=peers,
        values=blank | values,
        issuers=[("", _("No node")), *((peer, called(peer)) for peer in peers)],
        is_primary=network.primary == call.app.settings.node.url,
        primary=network.primary,
    )


PATH = "/admin/money/village/terms/rules"
DOORS = (
    page("GET", PATH, "wallet.village_rules", rules, needs=permissions.VILLAGE),
    page("POST", PATH, "wallet.village_rules_change", change, needs=permissions.VILLAGE),
)
