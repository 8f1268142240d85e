"""The back office's wallets: found by a tap, a number, a name or a mail; one wallet and its history."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.web import Call, flow, page, read
from people.service import persons
from wallet.models.holding import Wallet
from wallet.pages.act_checks import known
from wallet.pages.acts import allowed_acts
from wallet.pages.finding import tapped
from wallet.pages.office_words import CARD_STATES, MOVE_ICONS, MOVE_NAMES
from wallet.pages.showing import money_page
from wallet.queries.balances import HistoryLine, HistoryPage, history, spendable_here
from wallet.queries.desk import find_wallets, recent_wallets
from wallet.service.wallets import wallet_of

SEE = "money.load"
PER_PAGE = 25
READ_AHEAD, MOST_PAGES = 200, 10


class Search(Struct):
    """What someone typed, or a reader read."""

    q: Annotated[str, Meta(max_length=500)] = ""


class HistoryFilter(Struct):
    """Which lines of a wallet's history: of one currency, of one kind, older than line `before`."""

    currency: UUID | None = None
    kind: Annotated[str, Meta(max_length=20)] = ""
    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None


@read
def wallets(call: Call, session: Session) -> Response:
    """Those that match, or those that moved last."""
    q = call.query(Search).q
    found = find_wallets(session, q) if q else recent_wallets(session)
    return money_page(call, "wallet/wallets.html", q=q, found=found, why="")


@flow
async def find(call: Call) -> Response:
    """A tap or a whole number opens its wallet at once; other words are looked for.

    What was read is never put in an address.
    """
    text = call.form(Search).q
    card = await tapped(call, text)
    if card.wallet_id is not None:
        return call.see_other("wallet.wallet", id=card.wallet_id)
    return await call.app.db.aread(lambda session: _list(call, session, text, card.why))


def _list(call: Call, session: Session, text: str, why: str) -> Response:
    found = find_wallets(session, text) if text else recent_wallets(session)
    return money_page(call, "wallet/wallets.html", q=text, found=found, why=why)


@flow
def open_wallet(call: Call) -> Response:
    """The wallet of a person, made when it is the first time. Raises NoSuchPerson."""

    def unit(session: Session) -> Wallet:
        return wallet_of(session, persons.get(session, call.path["person_id"]).id)

    wallet = call.app.db.write(unit)
    return call.see_other("wallet.wallet", id=wallet.id)


@read
def wallet(call: Call, session: Session) -> Response:
    """Balances, cards, history and what can be done. Raises WalletUnknown."""
    wanted, found = call.query(HistoryFilter), known(call, session)
    return money_page(
        call,
        "wallet/wallet.html",
        wallet=found,
        here=spendable_here(found.held),
        lines=_lines(session, call.path["id"], wanted),
        wanted=wanted,
        acts=allowed_acts(call, found),
        card_states=CARD_STATES,
        move_names=MOVE_NAMES,
        move_icons=MOVE_ICONS,
    )


def _lines(session: Session, wallet_id: UUID, wanted: HistoryFilter) -> HistoryPage:
    """A page of the history. Of one kind, the lines between are read and left out, to a limit."""
    if not wanted.kind:
        return history(session, wallet_id, wanted.before, PER_PAGE, wanted.currency)
    found: list[HistoryLine] = []
    before = wanted.before
    for _page in range(MOST_PAGES):
        read_on = history(session, wallet_id, before, READ_AHEAD, wanted.currency)
        found += [line for line in read_on.lines if line.kind == wanted.kind]
        before = read_on.next
        if before is None or len(found) >= PER_PAGE:
            break
    if len(found) > PER_PAGE:
        before = found[PER_PAGE - 1].number
    return HistoryPage(found[:PER_PAGE], before)


DOORS = (
    page("GET", "/admin/money/wallets", "wallet.wallets", wallets, needs=SEE, query=Search),
    page("POST", "/admin/money/wallets/find", "wallet.find", find, needs=SEE),
    page("POST", "/admin/money/wallets/of/{person_id:uuid}", "wallet.open", open_wallet, needs=SEE),
    page("GET", "/admin/money/wallets/{id:uuid}", "wallet.wallet", wallet, needs=SEE, query=HistoryFilter),
)
