"""Currencies of this node that are no money, as prices are written in them: hours, points."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db import Question
from sales.journal.shapes import Unit
from wallet.models.currency import OURS, Currency

APART: Final = ("time", "loyalty", "free")
"""Natures that pay prices in their own currency alone."""
_KNOWN: Final = select(Currency.id, Currency.code, Currency.name, Currency.symbol, Currency.scale).where(
    OURS, Currency.nature.in_(APART)
)
_UNITS: Final = Question(_KNOWN)
_GIVEN: Final = Question(
    _KNOWN.where(Currency.archived_at.is_(None)).order_by(Currency.nature, Currency.name)
)

Units = Mapping[UUID, Unit]


def units(session: Session) -> Units:
    """All of them, the archived ones too: what people hold of these can still be spent."""
    return _told(session, _UNITS)


def units_given(session: Session) -> Units:
    """Those that are still given."""
    return _told(session, _GIVEN)


def _told(session: Session, asked: Question) -> Units:
    return {
        row[0]: Unit(code=row[1], name=row[2], symbol=row[3], scale=row[4]) for row in asked.rows(session)
    }
