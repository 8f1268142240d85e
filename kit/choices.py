"""Choices made on screen: typed msgspec Structs, one row each, named by the Struct's `choice_name`."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kit import clock
from kit.db import Base, Question, shared
from kit.facts import emit

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class ChoiceSaved:
    """A choice is another one now; the value is a Struct."""

    value: object


class StoredChoice(Base):
    """One choice, as JSON."""

    __tablename__ = "choice"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    changed_at: Mapped[datetime]


_VALUES: Final = Question(select(StoredChoice.name, StoredChoice.value))
"""A few rows, of which every request asks several."""


def read_choice(session: Session, shape: type[Choice]) -> Choice:
    """The stored choice, or the shape's defaults. Raises msgspec.ValidationError on another shape."""
    value = shared(session, StoredChoice, _values).get(name_of(shape))
    choice: Choice = shape() if value is None else _decoded(value, shape)  # type: ignore[arg-type]
    return choice


def _values(session: Session) -> dict[str, str]:
    return dict(_VALUES.rows(session))


@lru_cache(maxsize=256)
def _decoded(value: str, shape: Any) -> Any:
    """Structs of choices are frozen: the same text is the same choice."""
    return msgspec.json.decode(value, type=shape)


def save_choice(session: Session, value: object) -> None:
    """Store `value`, a Struct with a `choice_name`; tells ChoiceSaved when it is not what was stored."""
    name, text = name_of(type(value)), msgspec.json.encode(value).decode()
    known = session.get(StoredChoice, name)
    is_news = known is None or known.value != text
    session.merge(StoredChoice(name=name, value=text, changed_at=clock.now()))
    if is_news:
        session.flush()
        emit(session, ChoiceSaved(value))


def name_of(shape: type) -> str:
    """The stable name that a shape is stored under. Raises TypeError when it has none."""
    name = getattr(shape, "choice_name", "")
    if not name:
        raise TypeError(f"{shape.__name__} needs a choice_name to be stored")
    return str(name)
