"""A café with a currency and cards, for tests: what a wallet holds, who acts, lists to bring in."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.app import App
from tests.people.browsers import OFFICE
from wallet import flows
from wallet.cards.table import Row
from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Line, Receipt
from wallet.models.card import PassCard
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerAccount
from wallet.schemas import Spending, TopUp
from wallet.service.cards.enrolling import enrol_card
from wallet.service.currencies import usual_currency

CHIP = "04A21B3C4D5E80"


@dataclass(frozen=True)
class Card:
    """A card as a test remembers it."""

    id: UUID
    wallet: UUID
    number: str
    code: str


def add_currency(app: App) -> UUID:
    """The café's own money."""
    here = app.settings.node.url
    return app.db.write(lambda s: usual_currency(s, OFFICE, "local", "Le Café", here).id)


def add_card(app: App, **said: str) -> Card:
    """A card of nobody."""

    def unit(session: Session) -> Card:
        card = enrol_card(session, OFFICE, **said)  # type: ignore[arg-type]
        return Card(card.id, card.wallet_id, card.number, card.code)

    return app.db.write(unit)


def read_card(app: App, card: Card) -> PassCard:
    """The card as it is now."""
    with app.db.read() as session:
        return session.get_one(PassCard, card.id)


def top_up(app: App, card: Card, amount: int) -> Receipt:
    with app.db.read() as session:
        currency = session.scalars(select(Currency.id).where(Currency.nature == "money")).one()
    return flows.top_up(app, OFFICE, TopUp(asset=currency, amount=amount, card=card.id))


def pay(app: App, card: Card, amount: int, counter: int | None = None) -> Receipt:
    payer = Holder(card=card.id, counter=counter)
    return flows.spend(app, OFFICE, Spending(lines=(Line("Tea", amount),), payers=(payer,)))


def held(app: App, wallet: UUID) -> int:
    """What the wallet holds, in cents."""
    with app.db.read() as session:
        accounts = session.scalars(select(LedgerAccount).where(LedgerAccount.owner == str(wallet)))
        return sum(account.balance for account in accounts)


def rows(*cards: tuple[str, str, int]) -> list[Row]:
    """Lines of a list: chip, number, balance."""
    return [Row(line, uid, number, "", balance) for line, (uid, number, balance) in enumerate(cards, start=2)]


def many(count: int) -> list[Row]:
    """Lines of a list: as many cards as wanted, five euros each."""
    return [Row(line, f"04{line:012X}", "", "", 500) for line in range(2, count + 2)]
