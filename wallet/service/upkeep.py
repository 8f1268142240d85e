"""What is due in the ledger with time: lots that ended, holds whose time is over, a head to sign."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import json
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from wallet.between.due import hold_is_over, lot_is_over
from wallet.ledger.requests import Release, Sweep
from wallet.ledger.shapes import WALLET, Receipt
from wallet.ledger.spending import LONGEST_HOLD
from wallet.models.ledger import LedgerAccount, LedgerTransaction, SignedHead

AT_ONCE: Final = 500


def expired_lots(session: Session, now: datetime) -> Sequence[Sweep]:
    """One request for each lot that ended and still holds something; asked twice, it is the same request."""
    wanted = select(LedgerAccount.id, LedgerAccount.touched).where(
        LedgerAccount.kind == WALLET,
        LedgerAccount.expires_at <= now,
        LedgerAccount.credits - LedgerAccount.debits - LedgerAccount.held > 0,
    )
    due = session.execute(wanted.limit(AT_ONCE))
    return [lot_is_over(account_id, touched) for account_id, touched in due]


def due_holds(session: Session, now: datetime) -> Sequence[Release]:
    """One request for each hold whose time is over and that nothing has settled."""
    after = aliased(LedgerTransaction)
    wanted = select(LedgerTransaction.body).where(
        LedgerTransaction.verdict == "held",
        LedgerTransaction.at >= now - 2 * LONGEST_HOLD,
        ~exists().where(after.refers == LedgerTransaction.id, after.verdict != "declined"),
    )
    receipts = [json.decode(body, type=Receipt) for body in session.scalars(wanted.limit(AT_ONCE))]
    return [hold_is_over(one.id) for one in receipts if one.until is not None and one.until <= now]


def unsigned_head(session: Session) -> tuple[int, str] | None:
    """The last link, unless the node signed it already."""
    last = select(LedgerTransaction.seq, LedgerTransaction.hash).order_by(LedgerTransaction.seq.desc())
    row = session.execute(last.limit(1)).first()
    if row is None or session.get(SignedHead, row.seq) is not None:
        return None
    return row.seq, row.hash
