"""What a neighbour refused for good: kept for a month, so that tills are told and the office sees it."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kit import clock
from sales.models.waiting import SaleReturning, SaleWaiting

KEPT: Final = timedelta(days=30)


def sweep(session: Session) -> None:
    """Forget what ended longer ago; what still waits stays."""
    before = clock.now() - KEPT
    for model in (SaleWaiting, SaleReturning):
        session.execute(delete(model).where(model.why != "", model.made_at < before))
