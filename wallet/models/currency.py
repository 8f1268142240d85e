"""Currencies: what never changes of them, what they are called now, and what they were called before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base, make_append_only
from kit.db.types import Int
from wallet.models.guards import freeze_columns, keep_rows

NATURES = ("money", "gift", "time", "loyalty", "free")
REACHES = ("network", "local", "issuer_only")


class Currency(Base):
    """A currency of the ledger. Its nature, reach, scale, code and issuer are for ever; words may change.

    `issuer` is the address of the node in whose ledger every balance lives; one of another node has the
    wire's name as its code, `host/code`. `gift_days`: how long a voucher lasts by default. An archived
    currency is no longer given; what people hold of it can still be spent.
    """

    __tablename__ = "currency"
    __table_args__ = (
        CheckConstraint("scale BETWEEN 0 AND 6", name="scale"),
        CheckConstraint("nature IN ('money', 'gift', 'time', 'loyalty', 'free')", name="nature"),
        CheckConstraint("reach IN ('network', 'local', 'issuer_only')", name="reach"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    issuer: Mapped[str]
    nature: Mapped[str]
    reach: Mapped[str]
    scale: Mapped[int] = mapped_column(Int)
    at_par: Mapped[bool]
    created_at: Mapped[datetime]
    name: Mapped[str]
    symbol: Mapped[str]
    icon: Mapped[str]
    where_spent: Mapped[str]
    gift_days: Mapped[int | None]
    archived_at: Mapped[datetime | None]

    @property
    def is_foreign(self) -> bool:
        """Whether another node issues it: here nobody gives it, calls it otherwise or archives it."""
        return "/" in self.code


OURS = Currency.code.not_like("%/%")
"""The condition for currencies that this node issues."""


class CurrencyWording(Base):
    """What a currency was called from `at` on: an old receipt keeps the words of its day."""

    __tablename__ = "currency_wording"

    currency_id: Mapped[UUID] = mapped_column(ForeignKey("currency.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    name: Mapped[str]
    symbol: Mapped[str]
    icon: Mapped[str]
    where_spent: Mapped[str]


freeze_columns(Currency.__table__, "id", "code", "issuer", "nature", "reach", "scale", "at_par", "created_at")
make_append_only(CurrencyWording.__table__)  # type: ignore[arg-type]
keep_rows(CurrencyWording.__table__)
