"""What comes back with time: ended vouchers leave wallets, late holds are freed, the head is signed."""

from datetime import timedelta

import structlog

from kit import clock
from kit.app import App
from kit.errors import Refusal
from kit.jobs import Job
from wallet.federated import signed_head
from wallet.ledger.requests import AnyRequest
from wallet.service.posting import submit
from wallet.service.upkeep import due_holds, expired_lots, unsigned_head
from wallet.service.village_revisions import revise, stale_cards

log = structlog.get_logger("wallet")


def sweep_lots(app: App) -> None:
    """Move what is left of ended vouchers out of wallets; whether they can be spent never waits for this."""
    with app.db.read() as session:
        due = expired_lots(session, clock.now())
    for request in due:
        _post(app, request)


def free_holds(app: App) -> None:
    """Free what was set aside for longer than agreed."""
    with app.db.read() as session:
        due = due_holds(session, clock.now())
    for request in due:
        _post(app, request)


def sign_head(app: App) -> None:
    """Sign the last link when it moved."""
    with app.db.read() as session:
        last = unsigned_head(session)
    if last is not None:
        head = signed_head(app, *last)
        app.db.write(lambda session: session.add(head))


def list_cards(app: App) -> None:
    """Bring our directory of cards up to date: new cards, and whatever no fact told."""
    with app.db.read() as session:
        is_stale = session.execute(stale_cards().limit(1)).first() is not None
    while is_stale:
        is_stale = app.db.write(revise) > 0


def _post(app: App, request: AnyRequest) -> None:
    try:
        submit(app.db, request)
    except Refusal as refusal:  # someone was quicker: the row said so, and stays
        log.info("upkeep_refused", kind=request.kind, refusal=refusal.name)


JOBS = (
    Job("wallet.sweep_lots", timedelta(hours=1), sweep_lots),
    Job("wallet.free_holds", timedelta(minutes=2), free_holds),
    Job("wallet.sign_head", timedelta(minutes=1), sign_head),
    Job("wallet.list_cards", timedelta(seconds=15), list_cards),
)
