"""Who may take which currency, and how much: what we let neighbours take, what we take of theirs."""

from typing import Annotated, Any

from msgspec import Meta, Struct, structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.choices import read_choice
from kit.errors import Invalid, NotFound, Refusal, TooLarge
from kit.i18n import _
from kit.web import Call, flow, page, read
from wallet import permissions
from wallet.choices import TakingLimits, VillageMoneyRules
from wallet.federated.neighbours import Neighbours
from wallet.models.currency import Currency
from wallet.money import amount_text
from wallet.pages.village_amounts import LIMITS, Money, read_amounts, unit_of, written
from wallet.pages.village_showing import village_page
from wallet.pages.village_terms_words import QUESTIONS, Question, state_of, verbs_of
from wallet.queries.village_agreements import (
    Deal,
    Dealings,
    all_dealings,
    dealings_at,
    what_was_done,
)
from wallet.queries.village_taking import wire_name
from wallet.service import village_agreements as agreements
from wallet.service.village_rules import wrong_limits

ACTS = {
    "take": agreements.take,
    "decline": agreements.decline,
    "withdraw": agreements.withdraw,
    "pause": agreements.pause,
    "resume": agreements.resume,
}
WORDS: dict[str, Any] = {
    "state_of": state_of,
    "verbs_of": verbs_of,
    "questions": QUESTIONS,
    "unit_of": unit_of,
}


class LimitsForm(Struct, frozen=True):
    """The four limits as a person writes them; `sure` once they were read again."""

    per_tap: Money
    per_card_day: Money
    per_minute: Money
    node_max: Money
    sure: Annotated[str, Meta(max_length=4)] = ""


@read
def terms(call: Call, session: Session) -> Response:
    """Every neighbour, both ways."""
    found = all_dealings(session)
    return village_page(
        call,
        session,
        "wallet/village_terms.html",
        peers=[one.peer for one in found],
        found=found,
        rules=read_choice(session, VillageMoneyRules),
        **WORDS,
    )


@read
def one(call: Call, session: Session) -> Response:
    """One neighbour: both ways, what may be done, what was done. Raises NotFound."""
    dealings = _dealings(call, session)
    done = what_was_done(session, dealings.peer)
    return village_page(
        call,
        session,
        "wallet/village_terms_one.html",
        peers=[dealings.peer],
        dealings=dealings,
        done=done,
        **WORDS,
    )


@read
def limits(call: Call, session: Session) -> Response:
    """How much a neighbour may take of one of our currencies. Raises NotFound."""
    dealings, currency = _asked(call, session)
    deal = _deal(dealings, currency)
    usual = read_choice(session, VillageMoneyRules).limits
    known = _limits(deal) if deal is not None and not deal.is_over else usual
    return _form(call, session, written(call, structs.asdict(known), currency.scale))


@flow
def offer(call: Call) -> Response:
    """First the limits once more, then offer them. Raises NotFound."""
    try:
        form = call.form(LimitsForm)
        with call.app.db.read() as session:
            wanted = _read(call, session, form)
            if form.sure != "yes":
                return _confirm(call, session, wanted)
        call.app.db.write(lambda session: _offer(call, session, wanted))
    except (NotFound, TooLarge):
        raise
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(call, session, call.form_values(), refusal)
    notice = _("It is offered. It counts when the neighbour accepts it.")
    return call.see_other("wallet.village_terms_one", peer=call.path["peer"], notice=notice)


@read
def ask(call: Call, session: Session) -> Response:
    """The question before an act. Raises NotFound."""
    return _question(call, session)


@flow
def act(call: Call) -> Response:
    """Do it. Raises NotFound."""
    question = _words(call)

    def unit(session: Session) -> None:
        dealings, currency = _asked(call, session)
        ACTS[call.path["act"]](session, call.principal, dealings.peer, wire_name(currency))

    try:
        call.app.db.write(unit)
    except NotFound:
        raise
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _question(call, session, refusal)
    return call.see_other("wallet.village_terms_one", peer=call.path["peer"], notice=str(question.done))


def _question(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    question, (dealings, currency) = _words(call), _asked(call, session)
    deal = _deal(dealings, currency)
    if deal is None:
        raise NotFound
    said = {
        "node": Neighbours(call.app, session, [dealings.peer]).called(dealings.peer),
        "currency": currency.name,
        "node_max": _amount(call, currency, deal.row.node_max),
        "per_tap": _amount(call, currency, deal.row.per_tap),
    }
    return village_page(
        call,
        session,
        "wallet/village_terms_sure.html",
        refusal,
        peers=[dealings.peer],
        dealings=dealings,
        deal=deal,
        question=question,
        title=str(question.title).format(**said),
        sentences=[str(one).format(**said) for one in question.sentences],
        act=call.path["act"],
    )


def _form(call: Call, session: Session, values: dict[str, Any], refusal: Refusal | None = None) -> Response:
    dealings, currency = _asked(call, session)
    return village_page(
        call,
        session,
        "wallet/village_terms_limits.html",
        refusal,
        peers=[dealings.peer],
        dealings=dealings,
        currency=currency,
        deal=_deal(dealings, currency),
        values=dict.fromkeys(LIMITS, "") | values,
        **WORDS,
    )


def _confirm(call: Call, session: Session, wanted: TakingLimits) -> Response:
    dealings, currency = _asked(call, session)
    return village_page(
        call,
        session,
        "wallet/village_terms_offer.html",
        peers=[dealings.peer],
        dealings=dealings,
        currency=currency,
        deal=_deal(dealings, currency),
        wanted=wanted,
        typed=call.form_values(),
        **WORDS,
    )


def _read(call: Call, session: Session, form: LimitsForm) -> TakingLimits:
    """Raises Invalid with a sentence per field."""
    _dealings, currency = _asked(call, session)
    wanted = TakingLimits(**read_amounts(form, LIMITS, currency.scale))
    if wrong := wrong_limits(wanted):
        raise Invalid(fields=wrong)
    return wanted


def _offer(call: Call, session: Session, wanted: TakingLimits) -> None:
    dealings, currency = _asked(call, session)
    agreements.offer_terms(session, call.principal, dealings.peer, currency.id, wanted)


def _dealings(call: Call, session: Session) -> Dealings:
    """The neighbour that `{peer}` of the address means by its host. Raises NotFound."""
    found = dealings_at(session, call.path["peer"])
    if found is None:
        raise NotFound
    return found


def _asked(call: Call, session: Session) -> tuple[Dealings, Currency]:
    """Raises NotFound."""
    dealings, currency_id = _dealings(call, session), call.path["currency"]
    known = [*dealings.offerable, *(deal.currency for deal in dealings.deals)]
    found = next((one for one in known if one.id == currency_id), None)
    if found is None:
        raise NotFound
    return dealings, found


def _deal(dealings: Dealings, currency: Currency) -> Deal | None:
    return next((one for one in dealings.deals if one.currency.id == currency.id), None)


def _amount(call: Call, currency: Currency, amount: int) -> str:
    unit = unit_of(currency)
    return amount_text(amount, unit.scale, unit.symbol, call.language)


def _limits(deal: Deal) -> TakingLimits:
    return TakingLimits(**{name: getattr(deal.row, name) for name in LIMITS})


def _words(call: Call) -> Question:
    """Raises NotFound."""
    question = QUESTIONS.get(call.path["act"])
    if question is None:
        raise NotFound
    return question


HERE = "/admin/money/village/terms"
ONE = f"{HERE}/{{peer}}"
CURRENCY = f"{ONE}/{{currency:uuid}}"
DOORS = (
    page("GET", HERE, "wallet.village_terms", terms, needs=permissions.VILLAGE),
    page("GET", ONE, "wallet.village_terms_one", one, needs=permissions.VILLAGE),
    page("GET", CURRENCY, "wallet.village_terms_limits", limits, needs=permissions.VILLAGE),
    page("POST", CURRENCY, "wallet.village_terms_offer", offer, needs=permissions.VILLAGE),
    page("GET", f"{CURRENCY}/{{act}}", "wallet.village_terms_ask", ask, needs=permissions.VILLAGE),
    page("POST", f"{CURRENCY}/{{act}}", "wallet.village_terms_act", act, needs=permissions.VILLAGE),
)
