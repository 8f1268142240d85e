"""A Pass of any node pays at this one: find the card, plan who pays, write it down, ask, answer the till.

Also what comes after: refunds, and clearing with the other nodes. Every verb may be repeated with its key.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.errors import Busy, Invalid
from kit.i18n import _
from kit.ids import new_id
from kit.ports import PortMissing
from wallet.asking import proven_at_home
from wallet.between.desk import milliseconds
from wallet.between.events import Begin, Outcome
from wallet.between.issuing import HOLD
from wallet.between.messages import Card, Charge, LookUp, encode
from wallet.between.planning import Plan, Share, Source, plan
from wallet.between.port import Village
from wallet.between.shapes import Leg, Payment
from wallet.between.times import EXPIRY, TILL
from wallet.cards.reading import Tap
from wallet.ledger.requests import Holder, Line, Spend
from wallet.ledger.shapes import MOST, Memo, content_hash
from wallet.queries.village_directory import Whose, primary_question
from wallet.queries.village_sources import Purse
from wallet.refusals import BadAmount, CardUnknown, refusal_named
from wallet.village_looking import Seen, look_at, purse_of, purse_with
from wallet.village_looking import look as look_first
from wallet.village_schemas import Told, VillageSpending
from wallet.village_telling import told

MOST_LINES: Final = 200
_LEGS: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9b04")
NOT_THERE: Final = frozenset({"insufficient", "handle_unknown", "not_agreed"})
"""Why an issuer that was asked for all of it did not pay, when others may."""
SHORT: Final = "insufficient"
LOOK_UP_MS: Final = 700
"""An issuer that has not said by then what a card holds is left out of the plan."""


async def pay(
    app: App, by: Principal, said: VillageSpending, key: str | None = None, seen: Seen | None = None
) -> Told:
    """Pay with one tap, all or nothing; returns when the till may be answered, in its deadline at most.

    `seen`: what `look` said of it, for whoever asked in another snapshot already.

    Raises CardUnknown, CardLost, …, Insufficient with what is missing, BadAmount, Invalid, Busy.
    """
    _refuse_lines(said.lines)
    seen = seen if seen is not None else await app.db.alook(partial(look_first, by, said, key))
    payment_id, content = seen.id, content_hash("village_spend", said)
    known, purse = await _known(app, said.tap, seen)
    if known is not None and known.content != content:
        raise refusal_named("conflict")
    if known is None and purse is not None and (first := _first(app, purse)) is not None:
        one = Plan(0, (Share(first, said.total),), 0)
        event = _begin(by, said, purse.card, one, (payment_id, content))
        known = _answered(await village_of(app).begin(event))
    if known is not None and known.why not in NOT_THERE:
        return told(known)
    return await _pay_together(app, by, said, (_together(payment_id), content))


async def _pay_together(app: App, by: Principal, said: VillageSpending, named: tuple[UUID, str]) -> Told:
    """No issuer pays it all: each says what it holds, and they pay together or not at all."""
    seen = await app.db.alook(lambda session: look_at(session, said.tap, named[0]))
    known, purse = await _known(app, said.tap, seen)
    if known is not None:
        return _told(known)
    purse = purse or await find(app, said.tap)
    planned, silent = await _planned(app, said.total, purse)
    short = f"{SHORT} {planned.missing}" if planned.missing and not silent else ""
    if planned.missing:
        planned = _one_for_all(said.total, silent or purse.sources, planned.missing)
    event = _begin(by, said, purse.card, planned, named, no=short)
    return _told(_answered(await village_of(app).begin(event)))


def _told(payment: Payment) -> Told:
    """What the till is told. Raises Insufficient with what was missing when it was first asked."""
    why, _, missing = payment.why.partition(" ")
    if why == SHORT and missing:
        raise refusal_named(SHORT, int(missing))
    return told(payment)


def _one_for_all(total: int, sources: Sequence[Source], missing: int) -> Plan:
    """Those who answered do not pay it: the first of `sources` is asked for all of it.

    One that is silent may have it, and perhaps gave a grant for that. Raises Insufficient without any.
    """
    if not sources:
        raise refusal_named(SHORT, missing)
    return Plan(0, (Share(sources[0], total),), 0)


def _ordered(purse: Purse) -> list[Source]:
    return sorted(purse.sources, key=lambda one: (one.rank, one.asset))


def _first(app: App, purse: Purse) -> Source | None:
    """Who is asked to pay it all, in one trip and without asking first; None when this node pays a part."""
    if purse.here.amount:
        return None
    ordered = _ordered(purse)
    answering = [one for one in ordered if village_of(app).reachable(one.issuer)]
    return next(iter(answering or ordered), None)


async def look(app: App, payment_id: UUID) -> Told:
    """How a payment stands now. Raises NoSuchTransfer."""
    return told(await _payment(app, payment_id))


async def look_at_all(app: App, payment_id: UUID) -> tuple[Told, bool]:
    """How what `pay` began stands now, and whether others may still be asked. Raises NoSuchTransfer."""
    first = await _payment(app, payment_id)
    if first.why not in NOT_THERE:
        return told(first), False
    shared = await village_of(app).payment(_together(payment_id))
    return told(shared or first), shared is None


def _together(payment_id: UUID) -> UUID:
    """The payment that several issuers share, when the one that was asked first does not pay it all."""
    return uuid5(_LEGS, f"{payment_id.hex} together")


def village_of(app: App) -> Village:
    """The engine. Raises Busy while there is none: the node starts, or exchanges with nobody."""
    try:
        return app.ports.take(Village)  # type: ignore[type-abstract]
    except PortMissing:
        raise Busy(cause="nobody speaks with other nodes about money yet") from None


async def find(app: App, tap: Tap) -> Purse:
    """The card behind a tap, wherever it comes from, and with what it may pay here.

    Balances elsewhere are not asked yet. The primary is asked about a card that nobody here knows.
    Raises CardUnknown, CardLost, CardBlocked, CardReplaced, … .
    """
    try:
        return await _proven(app, await app.db.alook(lambda session: purse_of(session, tap)))
    except CardUnknown:
        question = await app.db.aread(lambda session: primary_question(session, tap))
        if question is None or await village_of(app).ask(*question, TILL) is None:
            raise
        return await app.db.aread(lambda session: purse_of(session, tap))


async def _proven(app: App, purse: Purse) -> Purse:
    """With a proven tap of a neighbour's chip: its home says first what it opens at other issuers."""
    found = await proven_at_home(app, purse.card)
    if found is purse.card:
        return purse
    return await app.db.aread(lambda session: purse_with(session, found))


async def _known(app: App, tap: Tap, seen: Seen) -> tuple[Payment | None, Purse | None]:
    """The payment when it was asked before, else the card, asked for at the primary when nobody knows it."""
    if seen.payment is not None:
        return seen.payment, None
    return None, await _proven(app, seen.purse) if seen.purse is not None else await find(app, tap)


async def _planned(app: App, total: int, purse: Purse) -> tuple[Plan, list[Source]]:
    """What is here first; for the rest each issuer says what it holds. Also those who did not say."""
    here = purse.here.amount
    if here >= total:
        return plan(total, here, ()), []
    issuers = sorted({one.issuer for one in purse.sources})
    answers = await asyncio.gather(*(held_at(app, one, purse.sources) for one in issuers))
    held = dict(zip(issuers, answers, strict=True))
    silent = [one for one in _ordered(purse) if held[one.issuer] is None]
    return plan(total, here, [_with(one, held[one.issuer] or {}) for one in purse.sources]), silent


async def held_at(app: App, issuer: str, sources: Sequence[Source]) -> Mapping[str, int] | None:
    """By asset; None when it did not answer in time."""
    handle = next(one.handle for one in sources if one.issuer == issuer)
    question = LookUp(id=new_id(), made=milliseconds(clock.now()), handle=handle)
    answer = await village_of(app).ask(issuer, question, LOOK_UP_MS)
    if answer is None:
        return None
    return answer.balances if isinstance(answer, Card) else {}


def _with(source: Source, balances: Mapping[str, int]) -> Source:
    return Source(
        source.issuer, source.asset, source.currency, source.handle, source.card, source.epoch,
        balances.get(source.asset, 0), source.rank,
    )  # fmt: skip


def _begin(
    by: Principal,
    said: VillageSpending,
    found: Whose,
    planned: Plan,
    named: tuple[UUID, str],
    *,
    no: str = "",
) -> Begin:
    payment_id, content = named
    made = milliseconds(clock.now())
    several = len(planned.shares) + bool(planned.here) > 1
    payment = Payment(
        id=payment_id,
        kind="sale",
        made=made,
        deadline=made + TILL,
        legs=tuple(_leg(said, found, one, payment_id, (made, several)) for one in planned.shares),
        local=uuid5(_LEGS, f"{payment_id.hex} here") if planned.here else None,
        local_amount=planned.here,
        point=said.point,
        by=str(by.person_id or ""),
        content=content,
    )
    return Begin(payment=payment, local=_local(by, said, found, payment) if planned.here else None, no=no)


def _leg(said: VillageSpending, found: Whose, share: Share, payment_id: UUID, when: tuple[int, bool]) -> Leg:
    source, (made, several) = share.source, when
    leg_id = uuid5(_LEGS, f"{payment_id.hex} {source.asset}")
    charge = Charge(
        id=leg_id,
        made=made,
        asset=source.asset,
        epoch=source.epoch,
        handle=source.handle,
        amount=share.amount,
        exp=made + EXPIRY,
        mode="hold" if several else "post",
        card=source.card,
        till=said.point[:100],
        sale=said.sale or sale_hash(said),
        sun=found.shown_to(source.issuer),
    )
    return Leg(
        id=leg_id,
        issuer=source.issuer,
        asset=source.asset,
        currency=source.currency,
        handle=source.handle,
        amount=share.amount,
        ask=encode(charge),
        card=source.card,
        epoch=source.epoch,
    )


def sale_hash(said: VillageSpending) -> str:
    """Names the sale without telling the issuer what was bought: purchase lines never leave the node."""
    return hashlib.sha256(
        encode([said.point, [(line.label, line.amount) for line in said.lines]])
    ).hexdigest()


def _local(by: Principal, said: VillageSpending, found: Whose, payment: Payment) -> Spend:
    holder = Holder(card=found.card, counter=found.counter) if found.card else Holder(found.wallet_here)
    return Spend(
        id=payment.local or payment.id,
        content=payment.content,
        payers=(holder,),
        lines=(Line(said.lines[0].label if len(said.lines) == 1 else "", payment.local_amount),),
        until=clock.now() + HOLD,
        memo=Memo(point=said.point, by=str(by.person_id or ""), card=str(found.card or "")),
    )


def _refuse_lines(lines: Sequence[Line]) -> None:
    if not 0 < len(lines) <= MOST_LINES:
        raise Invalid(fields={"lines": _("I pay for one thing at least, and 200 at most.")})
    if (
        any(not 0 <= line.amount <= MOST for line in lines)
        or not 0 < sum(one.amount for one in lines) <= MOST
    ):
        raise BadAmount


def _answered(outcome: Outcome) -> Payment:
    """The payment that the till is told of. Raises IdConflict."""
    if outcome.why == "conflict":
        raise refusal_named("conflict")
    return outcome.rows[0]


async def _payment(app: App, payment_id: UUID) -> Payment:
    known = await village_of(app).payment(payment_id)
    if known is None:
        raise refusal_named("no_such_transaction")
    return known
