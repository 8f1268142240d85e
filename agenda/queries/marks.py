"""The agenda's version: what ETags are made of."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from agenda.models.mark import AgendaMark


def agenda_version(session: Session) -> int:
    """A number that grows with every change of what the agenda shows."""
    return session.scalar(select(AgendaMark.version).where(AgendaMark.id == 1)) or 0
