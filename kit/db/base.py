"""The parent of every table: names of constraints, column types by annotation, STRICT on SQLite."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase

from kit.db import types

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declare a table: `class Place(Base): __tablename__ = "place"`, then `name: Mapped[str]`."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        uuid.UUID: types.Uuid,
        datetime: types.UtcTime,
        str: types.Str,
        int: types.BigInt,
        bool: types.Flag,
        float: types.Real,
        bytes: types.Blob,
    }


@event.listens_for(Table, "after_parent_attach")
def _be_strict(table: Table, parent: Any) -> None:
    if parent is Base.metadata:
        table.dialect_options["sqlite"]["strict"] = True
