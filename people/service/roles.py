"""Roles are given and taken; at least one administrator always remains."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Invalid
from kit.facts import emit
from kit.i18n import _, lazy
from people import audit
from people.facts import RolesChanged
from people.models.person import ADMINISTRATOR, ROLES, GivenRole, Person
from people.refusals import LastAdministrator


def set_roles(session: Session, by: Principal, person: Person, roles: Collection[str]) -> None:
    """Let `person` have exactly `roles`. Raises LastAdministrator, Invalid (a role nobody knows)."""
    wanted, before = frozenset(roles), person.roles
    if not wanted <= set(ROLES):
        raise Invalid(fields={"roles": _("I choose one of the answers of the list.")})
    if wanted == before:
        return
    if ADMINISTRATOR in before - wanted:
        refuse_last_administrator(session, person)
    person.given_roles = [given for given in person.given_roles if given.role in wanted]
    for role in sorted(wanted - before):
        person.given_roles.append(GivenRole(role=role, given_at=clock.now(), given_by=by.person_id))
    _note(session, by, person, before)
    emit(session, RolesChanged(person.id, wanted))


def refuse_last_administrator(session: Session, person: Person) -> None:
    """Raises LastAdministrator when nobody else who may sign in is administrator.

    The rows are locked, so that two administrators cannot remove each other at once.
    """
    if ADMINISTRATOR not in person.roles or person.is_archived:
        return
    holders = select(GivenRole).where(GivenRole.role == ADMINISTRATOR).with_for_update()
    session.execute(holders)
    others = (
        select(func.count())
        .select_from(GivenRole)
        .join(Person, Person.id == GivenRole.person_id)
        .where(GivenRole.role == ADMINISTRATOR, Person.id != person.id, Person.archived_at.is_(None))
    )
    if not session.scalar(others):
        raise LastAdministrator


def _note(session: Session, by: Principal, person: Person, before: frozenset[str]) -> None:
    for verb, changed in (
        (lazy("Role given"), person.roles - before),
        (lazy("Role taken back"), before - person.roles),
    ):
        if changed:
            audit.record(
                session,
                by,
                verb,
                person.called,
                kind="person",
                about_id=person.id,
                details={"roles": sorted(changed)},
            )
