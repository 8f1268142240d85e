"""The ledger's last check from the screen: when, how many rows, and the first thing that was wrong."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.features import Check
from wallet.models.ledger import LedgerTransaction, SignedHead


class LastCheck(Struct, frozen=True):
    """What was found the last time somebody looked. `wrong` is empty when everything held."""

    choice_name: ClassVar[str] = "money_last_check"

    at: datetime | None = None
    rows: int = 0
    where: str = ""
    wrong: str = ""


class Health(Struct, frozen=True):
    """How the chain stands: its length, its last hash, when its head was last signed."""

    transactions: int
    hash: str
    signed_at: datetime | None


def look(session: Session, checks: Iterable[Check]) -> LastCheck:
    """Run the checks on a snapshot, until one says no."""
    rows = 0
    for check in checks:
        for name, why in check.run(session):
            rows += 1
            if why:
                return LastCheck(clock.now(), rows, name, why)
    return LastCheck(clock.now(), rows)


def health(session: Session) -> Health:
    """The chain as it is now."""
    last = session.execute(
        select(LedgerTransaction.seq, LedgerTransaction.hash).order_by(LedgerTransaction.seq.desc()).limit(1)
    ).first()
    signed = session.scalar(select(func.max(SignedHead.signed_at)))
    return Health(last.seq if last else 0, last.hash if last else "", signed)
