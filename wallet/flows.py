"""The verbs of money for pages, API and other rooms: each is one request to the ledger, safe to repeat.

`key` is the caller's own: the same key with the same content gets the same receipt, for ever.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.choices import read_choice
from kit.errors import Invalid
from kit.i18n import _
from wallet.choices import MoneyRules
from wallet.ledger.requests import Capture, Holder, Load, Refund, Release, Reverse, Spend, Unload
from wallet.ledger.shapes import MOST, Memo, Receipt, content_hash
from wallet.models.currency import Currency
from wallet.models.village import VillageAnswer, VillagePayment
from wallet.refusals import BadAmount, BetweenNodes
from wallet.schemas import CashOut, Correction, Gift, Refunding, Spending, TopUp
from wallet.service.posting import request_id, submit

DAY: Final = timedelta(days=1)
LONGEST: Final = 200
MOST_LINES: Final = 200


def top_up(app: App, by: Principal, said: TopUp, key: str | None = None) -> Receipt:
    """Add to a wallet. Raises OverCap, WrongNature, CurrencyArchived, CardLost, … ."""
    rules, _currency = _known(app, said.asset)
    _refuse_amounts(said.amount)
    return submit(
        app.db,
        Load(
            **_asked(by, "top_up", said, key),
            kind="top_up",
            asset=said.asset,
            to=Holder(said.wallet, said.card, said.counter),
            amount=said.amount,
            limit=rules.top_up_most,
            most=rules.wallet_most,
            memo=_memo(by, said, point=said.point),
        ),
    )


def give(app: App, by: Principal, said: Gift, key: str | None = None) -> Receipt:
    """Give vouchers as one lot, which ends on its day. Raises as `top_up`, and LotExpired."""
    rules, currency = _known(app, said.asset)
    _refuse_amounts(said.amount)
    asked = _asked(by, "gift", said, key)
    return submit(
        app.db,
        Load(
            **asked,
            kind="gift",
            asset=said.asset,
            to=Holder(said.wallet, said.card),
            amount=said.amount,
            lot=asked["id"].hex,
            expires_at=said.expires_at or _lasting(currency, rules),
            memo=_memo(by, said),
        ),
    )


def spend(app: App, by: Principal, said: Spending, key: str | None = None) -> Receipt:
    """Pay, all or nothing. Raises Insufficient (with what is missing), CardLost, CardReplayed, … ."""
    if not 0 < len(said.lines) <= MOST_LINES:
        raise Invalid(fields={"lines": _("I pay for one thing at least, and 200 at most.")})
    _refuse_amounts(*(line.amount for line in said.lines), least=0)
    request = Spend(
        **_asked(by, "spend", said, key),
        payers=said.payers,
        lines=said.lines,
        unit=said.unit,
        accepts=said.accepts,
        until=said.until,
        memo=_memo(by, said, point=said.point, lines=said.lines),
    )
    return submit(app.db, request)


def capture(
    app: App, by: Principal, transfer: UUID, amount: int | None = None, key: str | None = None
) -> Receipt:
    """Take what was set aside, or a part.

    Raises NotHeld, AlreadyClosed, OverHold, NoSuchTransfer, BetweenNodes.
    """
    _refuse_between_nodes(app, transfer)
    asked = _asked(by, "capture", [transfer, amount], key)
    return submit(app.db, Capture(**asked, refers=transfer, amount=amount, memo=_memo(by)))


def release(app: App, by: Principal, transfer: UUID, key: str | None = None) -> Receipt:
    """Free what was set aside. Raises NotHeld, AlreadyClosed, NoSuchTransfer, BetweenNodes."""
    _refuse_between_nodes(app, transfer)
    return submit(app.db, Release(**_asked(by, "release", transfer, key), refers=transfer, memo=_memo(by)))


def refund(app: App, by: Principal, said: Refunding, key: str | None = None) -> Receipt:
    """Give back to the same balances.

    Raises NotRefundable, NothingLeft, OverCharge, NoSuchTransfer, BetweenNodes.
    """
    _refuse_between_nodes(app, said.transfer)
    if said.amount is not None:
        _refuse_amounts(said.amount)
    asked = _asked(by, "refund", said, key)
    return submit(app.db, Refund(**asked, refers=said.transfer, amount=said.amount, memo=_memo(by, said)))


def cash_out(app: App, by: Principal, said: CashOut, key: str | None = None) -> Receipt:
    """Give money back in cash, within the collective's limits. Raises OverCap, WrongNature, Insufficient."""
    rules, _currency = _known(app, said.asset)
    _refuse_amounts(said.amount)
    request = Unload(
        **_asked(by, "cash_out", said, key),
        asset=said.asset,
        of=Holder(said.wallet, said.card, said.counter),
        amount=said.amount,
        limit=rules.cash_out_most,
        most=rules.cash_out_day,
        since=clock.now() - DAY,
        memo=_memo(by, said),
    )
    return submit(app.db, request)


def correct(app: App, by: Principal, said: Correction, key: str | None = None) -> Receipt:
    """Undo a movement by its opposite.

    Raises NotReversible, AlreadyReversed, Insufficient, Invalid, BetweenNodes.
    """
    if not said.reason.strip():
        raise Invalid(fields={"reason": _("I say why.")})
    _refuse_between_nodes(app, said.transfer)
    asked = _asked(by, "correction", said, key)
    return submit(app.db, Reverse(**asked, refers=said.transfer, memo=_memo(by, said)))


def _refuse_between_nodes(app: App, transfer: UUID) -> None:
    """What a neighbour asked for changes by its own word alone: else its statement would no longer be right.

    Raises BetweenNodes.
    """
    with app.db.read() as session:
        if session.get(VillageAnswer, transfer) is not None:
            raise BetweenNodes
        waiting = select(VillagePayment.id).where(~VillagePayment.is_final, VillagePayment.local == transfer)
        if session.scalar(waiting) is not None:
            raise BetweenNodes(_("A payment with a neighbour still waits for it. It is closed by itself."))


def _asked(by: Principal, verb: str, said: Any, key: str | None) -> dict[str, Any]:
    return {"id": request_id(by, key), "content": content_hash(verb, said)}


def _memo(by: Principal, said: Struct | None = None, **more: Any) -> Memo:
    """Who, with which card and why; the rest comes from the caller."""
    card = getattr(said, "card", None) or next(
        (payer.card for payer in getattr(said, "payers", ()) if payer.card), None
    )
    reason = getattr(said, "reason", "").strip()[:LONGEST]
    return Memo(by=str(by.person_id or ""), card=str(card or ""), reason=reason, **more)


def _known(app: App, currency_id: UUID) -> tuple[MoneyRules, Currency | None]:
    with app.db.read() as session:
        return _rules(session), session.get(Currency, currency_id)


def _rules(session: Session) -> MoneyRules:
    return read_choice(session, MoneyRules)


def _refuse_amounts(*amounts: int, least: int = 1) -> None:
    """What no currency can hold is refused before it is written anywhere."""
    if any(not least <= amount <= MOST for amount in amounts):
        raise BadAmount


def _lasting(currency: Currency | None, rules: MoneyRules) -> datetime | None:
    days = currency.gift_days if currency else None
    days = rules.gift_days if days is None else days
    return clock.now() + timedelta(days=days) if days else None
