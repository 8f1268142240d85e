"""The JSON API of this room: who the token speaks for."""

from sqlalchemy.orm import Session

from kit.web import Call, api, read
from people.models.person import Person
from people.schemas import Me
from people.service import persons


@read
def me(call: Call, session: Session) -> Me:
    """The person behind the bearer token, their roles, and what the token opens."""
    person: Person = persons.get(session, call.principal.person_id)  # type: ignore[arg-type]
    return Me(
        id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
        roles=person.ordered_roles,
        permissions=sorted(call.principal.permissions),
        scopes=sorted(call.principal.scopes or ()),
    )


DOORS = (
    api(
        "GET", "/api/v1/me", "api.me", me, needs="signed_in", answer=Me, summary="Whom this token speaks for"
    ),
)
