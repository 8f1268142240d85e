"""Receipts that were given: counted, so that every one after the first says that it is a duplicate."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.mail import send_mail
from pos_api.models.receipt import ReceiptGiven
from pos_api.principal import Device
from sales.refusals import SaleConflict
from sales.service.noting import note


@dataclass(frozen=True)
class Counted:
    """Which copy this is, counted from 1, when it was given first, and whether that was just now."""

    copy: int
    at: datetime
    is_news: bool


def count_one(session: Session, receipt_id: UUID, sale_id: UUID, device: Device, way: str) -> Counted:
    """Count it, once for each id. Raises SaleConflict for another's id."""
    given = select(func.count()).select_from(ReceiptGiven).where(ReceiptGiven.sale_id == sale_id)
    known = session.get(ReceiptGiven, receipt_id)
    if known is None:
        now = clock.now()
        session.add(ReceiptGiven(id=receipt_id, sale_id=sale_id, device_id=device.id, way=way, at=now))
        session.flush()
        return Counted(session.scalar(given) or 1, now, is_news=True)
    if (known.sale_id, known.way) != (sale_id, way):
        raise SaleConflict
    before = session.scalar(given.where(_is_not_after(known)))
    return Counted(before or 1, known.at, is_news=False)


def _is_not_after(known: ReceiptGiven) -> ColumnElement[bool]:
    """By when they were given: ids are the tills' own, and in no order."""
    at_once = and_(ReceiptGiven.at == known.at, ReceiptGiven.id <= known.id)
    return or_(ReceiptGiven.at < known.at, at_once)


def note_duplicate(session: Session, by: Principal, number: str, copy: int) -> None:
    """A receipt printed again stands in the sealed journal."""
    note(session, by, "receipt", number, after=f"copy {copy}")


def post(session: Session, mail: str, subject: str, text: str) -> None:
    """Queue the receipt; where it goes is wiped with the mail."""
    send_mail(session, mail, subject, text)
