"""People with a wallet and cards of a café, for tests of their own pages."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from kit.app import App
from tests.factories.money import ODILE, Till
from wallet import flows
from wallet.models.card import PASS
from wallet.queries.balances import balances
from wallet.schemas import Gift, TopUp
from wallet.service.cards.enrolling import enrol_card
from wallet.service.cards.linking import link_card


@dataclass(frozen=True)
class Pass:
    """A card as a test remembers it."""

    id: UUID
    wallet: UUID
    number: str
    code: str


def new_pass(
    app: App, *, number: str | None = None, code: str | None = None, uid: str | None = None, kind: str = PASS
) -> Pass:
    """A card that nobody has claimed."""

    def unit(session: Session) -> Pass:
        card = enrol_card(session, ODILE, number=number, code=code, uid=uid, kind=kind)
        return Pass(card.id, card.wallet_id, card.number, card.code)

    return app.db.write(unit)


def pass_of(app: App, person: UUID, kind: str = PASS) -> Pass:
    """A card that is this person's."""
    card = new_pass(app, kind=kind)
    wallet = app.db.write(lambda session: link_card(session, ODILE, card.id, person).wallet_id)
    return Pass(card.id, wallet, card.number, card.code)


def load(app: App, till: Till, card: Pass, cents: int = 1_200, voucher: int = 0) -> None:
    """Local money, and a voucher, onto a card."""
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=cents, card=card.id, point="Bar"))
    if voucher:
        flows.give(app, ODILE, Gift(asset=till.gift, amount=voucher, card=card.id))


def held(app: App, wallet: UUID) -> dict[str, int]:
    """What a wallet holds, by the nature of the currency."""
    found: dict[str, int] = {}
    with app.db.read() as session:
        for one in balances(session, wallet):
            found[one.currency.nature] = found.get(one.currency.nature, 0) + one.amount
    return found
