"""Money for tests: currencies, wallets, and an evening with everything that can happen to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.ids import new_id
from wallet import flows
from wallet.feature import prepare
from wallet.ledger.requests import Holder, Merge, Opening, Sweep
from wallet.ledger.shapes import WALLET, Line, Place, Receipt
from wallet.models.currency import Currency
from wallet.refusals import Insufficient
from wallet.schemas import CashOut, Correction, Gift, Refunding, Spending, TopUp
from wallet.service.currencies import create_currency
from wallet.service.currency_rules import CurrencyValues, usual
from wallet.service.posting import submit
from wallet.service.wallets import new_wallet

ODILE = Principal(new_id(), "Odile", "odile@example.org")
DUSK = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Till:
    """A collective's currencies and two wallets."""

    local: UUID
    gift: UUID
    hours: UUID
    points: UUID
    lou: UUID
    sam: UUID


def open_till(app: App) -> Till:
    """The four usual currencies of a café, and the empty wallets of Lou and Sam."""

    def unit(session: Session) -> Till:
        local, gift, hours, points = (
            _usual(session, app, kind).id for kind in ("local", "gift", "time", "loyalty")
        )
        return Till(local, gift, hours, points, new_wallet(session).id, new_wallet(session).id)

    prepare(app)
    return app.db.write(unit)


def an_evening(app: App, till: Till) -> dict[str, Receipt]:
    """Top-ups, vouchers, spends, holds, refunds, a correction, cash, an opening, a merge, an expiry, a no."""
    told: dict[str, Receipt] = {}
    with at(DUSK):
        _loads(app, till, told)
    with at(DUSK + timedelta(hours=2)):
        _spends(app, till, told)
    with at(DUSK + timedelta(hours=8)):  # after midnight in Paris
        _returns(app, till, told)
    with at(DUSK + timedelta(days=40)):
        _ends(app, till, told)
    return told


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """It is `moment`."""
    clock.use_clock(lambda: moment)
    try:
        yield
    finally:
        clock.use_clock(None)


def _usual(session: Session, app: App, kind: str) -> Currency:
    values: CurrencyValues = usual(kind, "Le Café d’essai")  # type: ignore[arg-type]
    return create_currency(session, ODILE, values, app.settings.node.url)


def _loads(app: App, till: Till, told: dict[str, Receipt]) -> None:
    told["cash"] = flows.top_up(
        app,
        ODILE,
        TopUp(asset=till.local, amount=5_000, wallet=till.lou, point="Bar; « grande salle », fête"),
    )
    told["voucher"] = flows.give(
        app, ODILE, Gift(asset=till.gift, amount=777, wallet=till.lou, reason='"Merci" | bravo')
    )
    told["short voucher"] = flows.give(
        app, ODILE, Gift(asset=till.gift, amount=3_000, wallet=till.sam, expires_at=DUSK + timedelta(days=30))
    )
    told["hours"] = flows.top_up(app, ODILE, TopUp(asset=till.hours, amount=250, wallet=till.sam))
    told["points"] = flows.top_up(app, ODILE, TopUp(asset=till.points, amount=12, wallet=till.sam))
    before = Opening(
        id=new_id(),
        content="opening",
        kind="opening",
        asset=till.local,
        name="Fête d’été 2025",
        balances=((till.sam, 1_999),),
    )
    told["opening"] = submit(app.db, before)


def _spends(app: App, till: Till, told: dict[str, Receipt]) -> None:
    drinks = (Line("Café “allongé”", 333), Line("=Soupe\nà l’oignon", 667))
    told["spend"] = flows.spend(app, ODILE, Spending(lines=drinks, payers=(Holder(till.lou),), point="Bar"))
    told["two pay"] = flows.spend(
        app, ODILE, Spending(lines=(Line("Repas", 5_500),), payers=(Holder(till.lou), Holder(till.sam)))
    )
    told["in hours"] = flows.spend(
        app, ODILE, Spending(lines=(Line("Atelier", 100),), payers=(Holder(till.sam),), unit=till.hours)
    )
    later = DUSK + timedelta(days=1)
    for name, amount in (("deposit", 400), ("table", 200)):
        held = Spending(lines=(Line(name, amount),), payers=(Holder(till.sam),), until=later)
        told[name] = flows.spend(app, ODILE, held)
    try:
        flows.spend(app, ODILE, Spending(lines=(Line("Tout", 10_000_000),), payers=(Holder(till.lou),)))
    except Insufficient as no:
        told["no"] = _receipt(no)


def _returns(app: App, till: Till, told: dict[str, Receipt]) -> None:
    told["part"] = flows.capture(app, ODILE, told["deposit"].id, 150)
    told["free"] = flows.release(app, ODILE, told["table"].id)
    told["refund"] = flows.refund(
        app, ODILE, Refunding(transfer=told["spend"].id, amount=101, reason="Trop salé")
    )
    told["undone"] = flows.correct(
        app, ODILE, Correction(transfer=told["in hours"].id, reason="Erreur de bouton")
    )
    told["cash out"] = flows.cash_out(app, ODILE, CashOut(asset=till.local, amount=55, wallet=till.sam))


def _ends(app: App, till: Till, told: dict[str, Receipt]) -> None:
    lot = told["short voucher"].id.hex
    account = Place(till.gift, WALLET, str(till.sam), lot).account_id
    sweep = Sweep(id=new_id(), content="sweep", kind="expiry", account=account)
    told["expiry"] = submit(app.db, sweep)
    merge = Merge(id=new_id(), content="merge", kind="merge", source=till.sam, target=till.lou)
    told["merge"] = submit(app.db, merge)


def _receipt(refusal: Insufficient) -> Receipt:
    assert refusal.receipt is not None
    return refusal.receipt
