"""A person, and the roles the collective gave them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kit.db import Base

ADMINISTRATOR = "administrator"
ROLES = (
    ADMINISTRATOR,
    "treasurer",
    "member_manager",
    "agenda_editor",
    "till_manager",
    "cashier",
    "door_checker",
    "kitchen",
)


class Person(Base):
    """Someone who uses the site. `email` is normalised; `search` is name and mail, folded for searching.

    `language` is "" until the person chooses. An archived person keeps their rows and cannot sign in.
    """

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_listed", "archived_at", "sort_name", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="")
    search: Mapped[str]
    sort_name: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    given_roles: Mapped[list["GivenRole"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="GivenRole.role"
    )

    @property
    def called(self) -> str:
        """How screens name this person: their name, else their mail."""
        return self.name or self.email

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(given.role for given in self.given_roles)

    @property
    def ordered_roles(self) -> list[str]:
        """The roles in the order of the house's list."""
        return [role for role in ROLES if role in self.roles]

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class GivenRole(Base):
    """One role of one person: given when, by whom (None: by a command)."""

    __tablename__ = "person_role"
    __table_args__ = (
        CheckConstraint("role IN ('" + "','".join(ROLES) + "')", name="role"),
        Index("ix_person_role_role", "role"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    given_at: Mapped[datetime]
    given_by: Mapped[UUID | None]
