"""What this room knows of a person: which operator they are at the tills."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.features import PersonalData
from pos_api.models.operator import TillOperator
from pos_api.service.operators import archive

BY = Principal(name="erasure")


def known(session: Session, person_id: UUID) -> Mapping[str, Any]:
    """Their operators: code, name on the till, rights. What they sold bears the code alone."""
    rows = _mine(session, person_id)
    return {"operators": [{"code": one.code, "label": one.label, "rights": one.rights} for one in rows]}


def forget(session: Session, person_id: UUID) -> None:
    """Their operators open no till any more and bear no name; the journal keeps the code."""
    for one in _mine(session, person_id):
        archive(session, BY, one.id)
        one.person_id, one.label = None, one.code


def _mine(session: Session, person_id: UUID) -> Sequence[TillOperator]:
    mine = select(TillOperator).where(TillOperator.person_id == person_id)
    return session.scalars(mine.order_by(TillOperator.code)).all()


PERSONAL_DATA = PersonalData(export=known, blocks_erasure=lambda _session, _id: (), erase=forget)
