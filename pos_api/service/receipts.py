"""Receipts that were given: counted, so that every one after the first says that it is a duplicate."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.mail import send_mail
from pos_api.models.receipt import ReceiptGiven
from pos_api.principal import Device
from sales.refusals import SaleConflict
from sales.service.noting import note


def count_one(
    session: Session, receipt_id: UUID, sale_id: UUID, device: Device, way: str
) -> tuple[int, bool]:
    """Which copy this is, counted from 1, and whether it is news. Raises SaleConflict for another's id."""
    known = session.get(ReceiptGiven, receipt_id)
    if known is not None and (known.sale_id, known.way) != (sale_id, way):
        raise SaleConflict
    if known is None:
        now = clock.now()
        session.add(ReceiptGiven(id=receipt_id, sale_id=sale_id, device_id=device.id, way=way, at=now))
        session.flush()
    given = select(func.count()).select_from(ReceiptGiven).where(ReceiptGiven.sale_id == sale_id)
    before = given.where(ReceiptGiven.id <= receipt_id) if known is not None else given
    return session.scalar(before) or 1, known is None


def note_duplicate(session: Session, by: Principal, number: str, copy: int) -> None:
    """A receipt printed again stands in the sealed journal."""
    note(session, by, "receipt", number, after=f"copy {copy}")


def post(session: Session, mail: str, subject: str, text: str) -> None:
    """Queue the receipt; where it goes is wiped with the mail."""
    send_mail(session, mail, subject, text)
