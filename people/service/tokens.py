"""Keys for programs: made once, shown once, kept as a hash, taken back at will."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Invalid, NotFound
from kit.i18n import Lazy, _, lazy
from kit.ids import new_id
from people import audit
from people.models.person import Person
from people.models.sign_in import ApiToken
from people.permissions import EVERY_SCOPE
from people.proofs import hash_of
from people.refusals import PersonArchived, UnknownScope
from people.words import clean_name

HINT = 4


def make_token(
    session: Session,
    by: Principal,
    person: Person,
    secret: str,
    *,
    name: str,
    scopes: Collection[str],
    known_scopes: Collection[str],
    expires_at: datetime | None = None,
) -> ApiToken:
    """Keep a token for `person`. Raises UnknownScope, PersonArchived, Invalid (no name, already over)."""
    if not scopes or not set(scopes) <= {*known_scopes, EVERY_SCOPE}:
        raise UnknownScope(fields={"scopes": str(UnknownScope.default)})
    if person.is_archived:
        raise PersonArchived
    token = ApiToken(
        id=new_id(),
        person_id=person.id,
        name=_name(name),
        scopes=sorted(set(scopes)),
        secret_hash=hash_of(secret),
        hint=secret[-HINT:],
        created_at=clock.now(),
        expires_at=_later(expires_at),
    )
    session.add(token)
    _note(session, by, token, lazy("API key made"), {"scopes": token.scopes, "owner": str(person.id)})
    return token


def revoke_token(session: Session, by: Principal, token_id: UUID) -> ApiToken:
    """Take a token back, for ever. Raises NotFound."""
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound(cause="no such token")
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        _note(session, by, token, lazy("API key taken back"), {})
    return token


def revoke_all(session: Session, person_id: UUID) -> None:
    """Take back every token of a person."""
    live = update(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    session.execute(live.values(revoked_at=clock.now()))


def _name(text: str) -> str:
    name = clean_name(text)
    if not name:
        raise Invalid(fields={"name": _("I fill in this field.")})
    return name


def _later(moment: datetime | None) -> datetime | None:
    if moment is not None and moment <= clock.now():
        raise Invalid(fields={"expires": _("This day is already over.")})
    return moment


def _note(session: Session, by: Principal, token: ApiToken, verb: Lazy, details: dict[str, object]) -> None:
    audit.record(session, by, verb, token.name, kind="api_key", about_id=token.id, details=details)
