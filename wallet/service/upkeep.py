"""What is due in the ledger with time: lots that ended, holds whose time is over, a head to sign."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from msgspec import json
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from wallet.ledger.requests import Release, Sweep
from wallet.ledger.shapes import WALLET, Memo, Receipt, content_hash
from wallet.ledger.spending import LONGEST_HOLD
from wallet.models.ledger import LedgerAccount, LedgerTransaction, SignedHead

AT_ONCE: Final = 500
_DUE: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9a04")


def expired_lots(session: Session, now: datetime) -> Sequence[Sweep]:
    """One request for each lot that ended and still holds something; asked twice, it is the same request."""
    wanted = select(LedgerAccount.id, LedgerAccount.touched).where(
        LedgerAccount.kind == WALLET,
        LedgerAccount.expires_at <= now,
        LedgerAccount.credits - LedgerAccount.debits - LedgerAccount.held > 0,
    )
    return [
        Sweep(
            id=uuid5(_DUE, f"expire {account_id} {touched}"),
            content=content_hash("expire", account_id, touched),
            account=account_id,
        )
        for account_id, touched in session.execute(wanted.limit(AT_ONCE))
    ]


def due_holds(session: Session, now: datetime) -> Sequence[Release]:
    """One request for each hold whose time is over and that nothing has settled."""
    after = aliased(LedgerTransaction)
    wanted = select(LedgerTransaction.body).where(
        LedgerTransaction.verdict == "held",
        LedgerTransaction.at >= now - 2 * LONGEST_HOLD,
        ~exists().where(after.refers == LedgerTransaction.id, after.verdict != "declined"),
    )
    receipts = [json.decode(body, type=Receipt) for body in session.scalars(wanted.limit(AT_ONCE))]
    return [_release(one.id) for one in receipts if one.until is not None and one.until <= now]


def _release(transaction_id: UUID) -> Release:
    said = {
        "id": uuid5(_DUE, f"release {transaction_id}"),
        "content": content_hash("release", transaction_id),
    }
    return Release(**said, refers=transaction_id, memo=Memo(reason="its time is over"))  # type: ignore[arg-type]


def unsigned_head(session: Session) -> tuple[int, str] | None:
    """The last link, unless the node signed it already."""
    last = select(LedgerTransaction.seq, LedgerTransaction.hash).order_by(LedgerTransaction.seq.desc())
    row = session.execute(last.limit(1)).first()
    if row is None or session.get(SignedHead, row.seq) is not None:
        return None
    return row.seq, row.hash
