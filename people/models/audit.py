"""The audit log: who did what, about what, when. Rows are only ever added."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Json


class AuditEntry(Base):
    """One act of the back office. `verb` is a sentence in English, translated when it is shown.

    `who_name` and `about` are kept as they were then; `how` is "screen", "token" or "command".
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_thing", "kind", "about_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who_id: Mapped[UUID | None] = mapped_column(index=True)
    who_name: Mapped[str]
    how: Mapped[str]
    verb: Mapped[str]
    kind: Mapped[str]
    about: Mapped[str]
    about_id: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    search: Mapped[str]
