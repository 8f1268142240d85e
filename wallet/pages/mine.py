"""My money: what I can pay here, what I hold, every movement, and my history as a signed file."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.choices import read_choice
from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from wallet.asking import look_elsewhere
from wallet.choices import MoneyRules
from wallet.claim_refusals import NoWallet
from wallet.federated import signed_document
from wallet.models.card import ACTIVE
from wallet.money import FIXED, NARROW, amount_text
from wallet.pages.mine_elsewhere import places
from wallet.pages.my_moves import Day, Reader
from wallet.pages.showing import money_page
from wallet.queries.balances import Balance, HistoryPage, balances, history, spendable_here
from wallet.queries.cards import wallet_cards
from wallet.queries.personal import currencies_of, settled_among, wallet_id_of
from wallet.service.leaving import gives_up, keeps, leave_wallet
from wallet.statement_file import statement_document, table

LAST = 8
PER_PAGE = 30
TURN = ("money", "gift", "free", "time", "loyalty")


class HistoryFilter(Struct):
    """Which movements: of one currency, before number `before`."""

    currency: UUID | None = None
    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None


@flow
async def my_money(call: Call) -> Response:
    """What I can pay here first, then each currency by itself, other places, what moved last.

    Other places are asked meanwhile: the next look shows what they say.
    """
    wallet_id = await call.app.db.aread(lambda session: wallet_id_of(session, me(call)))
    if wallet_id is not None:
        await look_elsewhere(call.app, wallet_id, wait=False)
    return await call.app.db.aread(lambda session: _my_money(call, session, wallet_id))


def _my_money(call: Call, session: Session, wallet_id: UUID | None) -> Response:
    held = balances(session, wallet_id) if wallet_id else []
    lines = history(session, wallet_id, limit=LAST) if wallet_id else HistoryPage((), None)
    cards = wallet_cards(session, wallet_id) if wallet_id else ()
    return private(
        money_page(
            call,
            "wallet/my_money.html",
            here=_big(spendable_here(held), call.language),
            euros=[one for one in _sorted(held) if one.currency.nature in TURN[:2]],
            apart=[one for one in _sorted(held) if one.currency.nature not in TURN[:2]],
            days=_days(call, session, wallet_id, lines),
            has_more=lines.next is not None,
            places=places(call, session, wallet_id),
            now=clock.now(),
            cards=[card for card in cards if card.state == ACTIVE],
            has_cards=bool(cards),
            last_day=_last_day,
            cash_most=_cash_most(call, session),
            is_known=wallet_id is not None,
        )
    )


@read
def my_history(call: Call, session: Session) -> Response:
    """Every movement, newest first; of all currencies, or of one."""
    wanted, wallet_id = call.query(HistoryFilter), wallet_id_of(session, me(call))
    lines = HistoryPage((), None)
    if wallet_id:
        lines = history(session, wallet_id, wanted.before, PER_PAGE, wanted.currency)
    return private(
        money_page(
            call,
            "wallet/my_history.html",
            now=clock.now(),
            wanted=wanted,
            lines=lines,
            days=_days(call, session, wallet_id, lines),
            currencies=currencies_of(session, wallet_id) if wallet_id else (),
        )
    )


@read
def my_statement(call: Call, session: Session) -> Response:
    """My whole history under the seal of the house. Raises NoWallet."""
    now = clock.now()
    document = _document(call, session, now)
    body = msgspec.json.format(msgspec.json.encode(signed_document(call.app, document)), indent=2)
    return _file(body, "application/json", f"hameau-{now:%Y-%m-%d}.json")


@read
def my_table(call: Call, session: Session) -> Response:
    """The same movements for a spreadsheet. Raises NoWallet."""
    body = table(session, _wallet(call, session))
    return _file(body, "text/csv; charset=utf-8", f"hameau-{clock.now():%Y-%m-%d}.csv")


@read
def ask_leave(call: Call, session: Session) -> Response:
    """What I would give up, and what I must settle before. Raises NoWallet."""
    return _leave_page(call, session, None)


@flow
def leave(call: Call) -> Response:
    """My wallet is nobody's from now on. Raises NoWallet."""
    person_id = me(call)
    try:
        call.app.db.write(lambda session: leave_wallet(session, call.principal, person_id))
    except Refusal as refusal:
        if isinstance(refusal, NoWallet):
            raise
        with call.app.db.read() as session:
            return _leave_page(call, session, refusal)
    return call.see_other("people.my", notice=_("My wallet is closed. My cards are nobody’s."))


def me(call: Call) -> UUID:
    """The person of this call; the door made sure that there is one."""
    return call.principal.person_id  # type: ignore[return-value]


def private(response: Response) -> Response:
    """Kept neither by the browser nor by anything on the way."""
    response.headers["cache-control"] = "no-store"
    return response


def _leave_page(call: Call, session: Session, refusal: Refusal | None) -> Response:
    held = balances(session, _wallet(call, session))
    return private(
        money_page(call, "wallet/my_leave.html", refusal, keeps=keeps(held), gives_up=gives_up(held))
    )


def _days(call: Call, session: Session, wallet_id: UUID | None, lines: HistoryPage) -> list[Day]:
    if wallet_id is None:
        return []
    earned = {one.id for one in currencies_of(session, wallet_id) if one.nature in TURN[2:]}
    settled = settled_among(session, [line.tx_id for line in lines.lines if line.is_pending])
    return Reader(call.collective.name, call.collective.timezone, earned, settled).days(lines.lines)


def _sorted(held: list[Balance]) -> list[Balance]:
    """Money first, then vouchers; what cannot be changed into euros last."""
    return sorted(held, key=lambda one: TURN.index(one.currency.nature))


def _big(cents: int, language: str) -> tuple[str, str, str]:
    """The figure with what stands before and after it: "", "23,50", "€" or "€", "23.50", ""."""
    text = amount_text(cents, 2, "€", language)
    digits = text.strip(f"€{FIXED}{NARROW}")
    before, _digits, after = text.partition(digits)
    return before, digits, after.strip(FIXED)


def _last_day(one: Balance) -> datetime:
    """The last moment at which a voucher pays: one that ends at midnight does not last that day."""
    return (one.expires_at or clock.now()) - timedelta(seconds=1)


def _cash_most(call: Call, session: Session) -> str:
    """How much the counter gives back at once; "" when it gives nothing back."""
    most = read_choice(session, MoneyRules).cash_out_most
    return amount_text(most, 2, "€", call.language) if most else ""


def _wallet(call: Call, session: Session) -> UUID:
    wallet_id = wallet_id_of(session, me(call))
    if wallet_id is None:
        raise NoWallet
    return wallet_id


def _document(call: Call, session: Session, now: datetime) -> dict[str, Any]:
    issuer = {"id": f"{call.app.settings.node.url}/actor", "name": call.collective.name}
    holder = call.principal.name or call.principal.email
    return statement_document(session, _wallet(call, session), issuer, holder, now)


def _file(body: bytes, kind: str, name: str) -> Response:
    response = private(Response(body, media_type=kind))
    response.headers["content-disposition"] = f'attachment; filename="{name}"'
    return response


DOORS = (
    page("GET", "/my/money", "wallet.my_money", my_money, needs="signed_in", summary="My money"),
    page(
        "GET", "/my/money/movements", "wallet.my_history", my_history,
        needs="signed_in", query=HistoryFilter, summary="My movements",
    ),
    page(
        "GET", "/my/money/sealed", "wallet.my_statement", my_statement,
        needs="signed_in", summary="My movements, signed",
    ),
    page(
        "GET", "/my/money/table", "wallet.my_table", my_table,
        needs="signed_in", summary="My movements, for a spreadsheet",
    ),
    page("GET", "/my/money/leave", "wallet.ask_leave", ask_leave, needs="signed_in"),
    page("POST", "/my/money/leave", "wallet.leave", leave, needs="signed_in", summary="Close my wallet"),
)  # fmt: skip
