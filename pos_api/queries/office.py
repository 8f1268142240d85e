"""Tills and operators as the office lists them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.models.person import Person
from pos_api.models.device import TillDevice
from pos_api.models.operator import TillOperator
from sales.models.points import PointOfSale
from wallet.models.card import PassCard


def devices(session: Session) -> Sequence[TillDevice]:
    """Those in service by name, then those that were taken out of it."""
    found = session.scalars(select(TillDevice)).all()
    return sorted(found, key=lambda one: (one.is_revoked, one.name.casefold(), one.id))


def operators(session: Session) -> Sequence[TillOperator]:
    """Those who sell by code, then the archived."""
    found = session.scalars(select(TillOperator)).all()
    return sorted(found, key=lambda one: (one.is_archived, len(one.code), one.code))


def points(session: Session) -> list[tuple[str, str]]:
    """The points of sale in use: id and name, in order."""
    used = select(PointOfSale).where(PointOfSale.archived_at.is_(None))
    return [(str(one.id), one.name) for one in session.scalars(used.order_by(PointOfSale.position))]


def team(session: Session) -> list[tuple[str, str]]:
    """The persons who have a role: id and name."""
    found = session.scalars(select(Person).where(Person.archived_at.is_(None), Person.given_roles.any()))
    return [(str(one.id), one.called) for one in sorted(found, key=lambda one: one.called.casefold())]


def card_number(session: Session, card_id: UUID | None) -> str:
    """The printed number of a staff card; "" without one."""
    card = session.get(PassCard, card_id) if card_id else None
    return card.number if card else ""
