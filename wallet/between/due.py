"""What is asked of the ledger because time went by; asked twice, it is the same request."""

from typing import Final
from uuid import UUID, uuid5

from wallet.ledger.requests import Release, Sweep
from wallet.ledger.shapes import Memo, content_hash

_DUE: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9a04")


def lot_is_over(account_id: UUID, touched: int) -> Sweep:
    """Empty a lot that ended; `touched` is the account's last entry, since a refund may fill it again."""
    return Sweep(
        id=uuid5(_DUE, f"expire {account_id} {touched}"),
        content=content_hash("expire", account_id, touched),
        account=account_id,
    )


def hold_is_over(transaction_id: UUID) -> Release:
    """Free what was set aside for longer than agreed."""
    return Release(
        id=uuid5(_DUE, f"release {transaction_id}"),
        content=content_hash("release", transaction_id),
        refers=transaction_id,
        memo=Memo(reason="its time is over"),
    )
