"""`/api/v1/wallets/{id}`: what a wallet holds, and how it came to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import BadCursor
from kit.web import Call, api, read
from kit.web.paging import linked, next_page
from wallet.api.reading import number_of
from wallet.queries.balances import Balance, HistoryLine, balances, history, spendable_here
from wallet.queries.cards import wallet_cards
from wallet.refusals import WalletUnknown
from wallet.service.wallets import wallet_by_id

PATH = "/api/v1/wallets/{id:uuid}"


class BalanceJson(Struct, frozen=True):
    """So many minor units of a currency, `held` of them set aside; vouchers end at `expires_at`."""

    amount: int
    held: int
    asset: UUID
    lot: str
    expires_at: datetime | None


class WalletJson(Struct, frozen=True):
    """`spendable` is what it can pay here, in euro cents."""

    id: UUID
    person: UUID | None
    cards: list[UUID]
    created_at: datetime
    balances: list[BalanceJson]
    spendable: int


class HistoryQuery(Struct, frozen=True, kw_only=True):
    """One currency or all; a page starts after `cursor`."""

    asset: UUID | None = None
    cursor: Annotated[str, Meta(max_length=16)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class HistoryLineJson(Struct, frozen=True):
    """One movement of one balance: `amount` is below zero when it left; `balance` is that of afterwards.

    `name`, `symbol` and `scale` are those that the currency had then; `pending` while it is only set aside.
    """

    number: int
    transfer: UUID
    at: datetime
    kind: str
    amount: int
    asset: UUID
    balance: int
    pending: bool
    name: str
    symbol: str
    scale: int
    place: str
    point: str
    labels: list[str]
    reason: str


class HistoryList(Struct, frozen=True):
    """A page, newest first; `next` is the address of the following one."""

    items: list[HistoryLineJson]
    next: str = ""


@read
def get_wallet(call: Call, session: Session) -> WalletJson:
    wallet = wallet_by_id(session, call.path["id"])
    held = balances(session, wallet.id)
    return WalletJson(
        id=wallet.id,
        person=wallet.person_id,
        cards=[card.id for card in wallet_cards(session, wallet.id)],
        created_at=wallet.created_at,
        balances=balances_json(held),
        spendable=spendable_here(held),
    )


@read
def list_transfers(call: Call, session: Session) -> Response:
    asked = call.query(HistoryQuery)
    wallet = wallet_by_id(session, call.path["id"])
    page = history(session, wallet.id, number_of(asked.cursor), asked.limit, asked.asset)
    after = next_page(call, str(page.next)) if page.next else ""
    return linked(HistoryList([_line(line) for line in page.lines], after), after)


def balances_json(held: Iterable[Balance]) -> list[BalanceJson]:
    return [BalanceJson(one.amount, one.held, one.currency.id, one.lot, one.expires_at) for one in held]


def _line(line: HistoryLine) -> HistoryLineJson:
    same = ("number", "at", "kind", "amount", "name", "symbol", "scale", "place", "point", "reason")
    return HistoryLineJson(
        **{name: getattr(line, name) for name in same},
        transfer=line.tx_id,
        asset=line.currency_id,
        balance=line.after,
        pending=line.is_pending,
        labels=list(line.labels),
    )


GUARD = {"scope": "money:read", "needs": "money.see"}

DOORS = (
    api(
        "GET", PATH, "api.wallet", get_wallet,
        answer=WalletJson, refusals=(WalletUnknown,), summary="What a wallet holds", **GUARD,
    ),
    api(
        "GET", f"{PATH}/transfers", "api.wallet.transfers", list_transfers,
        query=HistoryQuery, answer=HistoryList, refusals=(WalletUnknown, BadCursor),
        summary="What moved in a wallet, newest first", **GUARD,
    ),
)  # fmt: skip
