"""A counter that every change of the agenda moves: pages and feeds take their ETag from it."""

from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base


class AgendaMark(Base):
    """One row, `id` 1. `version` never goes back."""

    __tablename__ = "agenda_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
