"""What `hameau terms …` asks for, carried out by whoever owns the database."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import structs
from sqlalchemy.orm import Session

from kit.app import App
from kit.auth import Principal
from kit.choices import read_choice
from kit.errors import Invalid
from kit.i18n import _
from wallet.cards.amount import BadAmount, read_amount
from wallet.choices import TakingLimits, VillageMoneyRules
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement
from wallet.queries.village_agreements import Deal, Dealings, all_dealings
from wallet.queries.village_taking import wire_name
from wallet.queries.village_terms import place_of
from wallet.service import village_agreements as agreements
from wallet.service import village_rules as rules

BY = Principal(name="hameau terms")
Args = dict[str, Any]
LIMITS = ("per_tap", "per_card_day", "per_minute", "node_max")
Verb = Callable[[Session, Principal, str, str], VillageAgreement]


def listing(app: App, _args: Args) -> Args:
    """Every agreement, and what of ours a neighbour could accept too."""
    with app.db.read() as session:
        found = all_dealings(session)
        rows = [row_of(deal) for one in found for deal in one.deals]
        return {"terms": rows + [_offerable(one.peer, money) for one in found for money in one.offerable]}


def offer(app: App, args: Args) -> Args:
    """Offer, or change the limits. Raises NotInVillage, NoSuchAgreement, StaysHere, NotInNetwork, Invalid."""

    def unit(session: Session) -> Args:
        dealings = _with(session, args["peer"])
        currency, row = _ours(dealings, args["code"])
        before = row or read_choice(session, VillageMoneyRules).limits
        limits = _limits(before, args["limits"], currency.scale)
        row = agreements.offer_terms(session, BY, dealings.peer, currency.id, limits)
        return row_of(Deal(row, currency))

    return _said(app, unit)


def accept(app: App, args: Args) -> Args:
    """Accept what a neighbour offers. Raises NoSuchAgreement, NothingToTake."""
    return _done(app, args, lambda _deal: agreements.take)


def stop(app: App, args: Args) -> Args:
    """Take our offer back, or accept theirs no more. Raises NoSuchAgreement."""
    return _done(app, args, lambda deal: agreements.withdraw if deal.is_ours else agreements.decline)


def pause(app: App, args: Args) -> Args:
    """Pause one agreement, or go on. Raises NoSuchAgreement."""
    verb = agreements.pause if args["on"] else agreements.resume
    return _done(app, args, lambda _deal: verb)


def row_of(deal: Deal) -> Args:
    """An agreement as one line of an answer; amounts in minor units."""
    row = deal.row
    told = {"peer": row.peer, "code": row.asset, "whose": "ours" if deal.is_ours else "theirs"}
    return told | {"state": _state(deal)} | {name: getattr(row, name) for name in LIMITS}


def _offerable(peer: str, currency: Currency) -> Args:
    told = {"peer": peer, "code": wire_name(currency), "whose": "ours", "state": "could be offered"}
    return told | dict.fromkeys(LIMITS, 0)


def _state(deal: Deal) -> str:
    row = deal.row
    if deal.is_over:
        return "over"
    if row.is_paused_here or row.is_paused_there:
        return "paused here" if row.is_paused_here else "paused there"
    if row.takes:
        return "accepted"
    return "waits for us" if deal.waits_for_us else "offered"


def _done(app: App, args: Args, verb_for: Callable[[Deal], Verb]) -> Args:
    def unit(session: Session) -> Args:
        deal = _deal(_with(session, args["peer"]), args["code"])
        return row_of(Deal(verb_for(deal)(session, BY, deal.row.peer, deal.row.asset), deal.currency))

    return _said(app, unit)


def _said(app: App, unit: Callable[[Session], Args]) -> Args:
    """A command has no form to show each sentence beside its field."""
    try:
        return app.db.write(unit)
    except Invalid as refusal:
        raise Invalid(" ".join(refusal.fields.values()) or None, fields=refusal.fields) from refusal


def _with(session: Session, said: str) -> Dealings:
    host = place_of(said) if "://" in said else said.rstrip("/")
    found = next((one for one in all_dealings(session) if place_of(one.peer) == host), None)
    if found is None:
        raise rules.NotInVillage
    return found


def _deal(dealings: Dealings, code: str) -> Deal:
    """By its whole name or its last part, when that means one. Raises NoSuchAgreement."""
    found = [one for one in dealings.deals if one.row.asset == code]
    found = found or [one for one in dealings.deals if one.row.asset.rpartition("/")[2] == code]
    if len(found) != 1:
        raise rules.NoSuchAgreement
    return found[0]


def _ours(dealings: Dealings, code: str) -> tuple[Currency, VillageAgreement | None]:
    for deal in dealings.ours:
        if code in {deal.row.asset, deal.row.asset.rpartition("/")[2]}:
            return deal.currency, deal.row if deal.row.node_max else None
    for currency in dealings.offerable:
        if code in {currency.code, wire_name(currency)}:
            return currency, None
    raise rules.NoSuchAgreement


def _limits(before: VillageAgreement | TakingLimits, said: Mapping[str, str], scale: int) -> TakingLimits:
    now = {name: getattr(before, name) for name in LIMITS}
    wrong: dict[str, str] = {}
    for name in LIMITS:
        try:
            now[name] = read_amount(said[name], scale) if said.get(name) else now[name]
        except BadAmount:
            wrong[name] = _("I write an amount with digits, such as 12.50.")
    if wrong:
        raise Invalid(fields=wrong)
    return structs.replace(TakingLimits(), **now)


COMMANDS = {
    "terms.list": listing,
    "terms.offer": offer,
    "terms.accept": accept,
    "terms.stop": stop,
    "terms.pause": pause,
}
