"""The office's people: find them, add them, give roles, close and open their access."""

from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from people import flows
from people.models.person import ROLES, Person
from people.queries import listing
from people.schemas import PeopleFilter, PersonForm, ProfileForm, RolesForm
from people.service import persons, roles, sessions
from people.words import ROLE_HELP, ROLE_NAMES

MANAGE = "people.manage"


@read
def people(call: Call, session: Session) -> Response:
    """Everyone, the team, or the archived; found by name, mail and role."""
    wanted = call.query(PeopleFilter)
    found = listing.find_people(
        session, q=wanted.q, role=wanted.role, archived=wanted.archived, page=wanted.page
    )
    counts = listing.count_people(session)
    return call.page("people/office.html", found=found, wanted=wanted, counts=counts, role_names=ROLE_NAMES)


@read
def new(call: Call, _session: Session) -> Response:
    """An empty form."""
    return _form(call, {})


@flow
def add(call: Call) -> Response:
    """Add someone, with roles, and write to them if asked."""
    try:
        form = call.form(PersonForm)
        person = call.app.db.write(lambda session: _add(call, session, form))
    except Refusal as refusal:
        return _form(call, call.form_values(), refusal)
    if form.invite:
        flows.invite(call, person)
    notice = _("The invitation is on its way.") if form.invite else _("It is saved.")
    return call.see_other("people.person", id=person.id, notice=notice)


@read
def person(call: Call, session: Session) -> Response:
    """One person: name, roles, devices."""
    return _person_page(call, session, call.path["id"])


@flow
def change(call: Call) -> Response:
    """Another name or language."""
    person_id: UUID = call.path["id"]
    try:
        form = call.form(ProfileForm)
        call.app.db.write(
            lambda session: persons.change(
                session,
                call.principal,
                persons.get(session, person_id),
                name=form.name,
                language=form.language,
            )
        )
    except Refusal as refusal:
        return _refused(call, person_id, refusal)
    return call.see_other("people.person", id=person_id, notice=_("It is saved."))


@flow
def give_roles(call: Call) -> Response:
    """Exactly the ticked roles, at once."""
    person_id: UUID = call.path["id"]
    try:
        wanted = call.form(RolesForm).roles
        call.app.db.write(
            lambda session: roles.set_roles(session, call.principal, persons.get(session, person_id), wanted)
        )
    except Refusal as refusal:
        return _refused(call, person_id, refusal)
    return call.see_other("people.person", id=person_id, notice=_("The roles are saved."))


@flow
def archive(call: Call) -> Response:
    """Close someone's access; one press opens it again."""
    person_id: UUID = call.path["id"]
    try:
        person = call.app.db.write(lambda session: persons.archive(session, call.principal, person_id))
    except Refusal as refusal:
        return _refused(call, person_id, refusal)
    notice = _("{name} is archived.").format(name=person.called)
    return call.see_other("people.office", notice=notice, undo=call.url("people.restore", id=person_id))


@flow
def restore(call: Call) -> Response:
    """Open someone's access again."""
    person_id: UUID = call.path["id"]
    person = call.app.db.write(lambda session: persons.restore(session, call.principal, person_id))
    notice = _("{name} may sign in again.").format(name=person.called)
    return call.see_other("people.person", id=person_id, notice=notice)


@flow
def invite(call: Call) -> Response:
    """Write to someone again, with a link of their own."""
    person_id: UUID = call.path["id"]
    try:
        with call.app.db.read() as session:
            person = persons.get(session, person_id)
        flows.invite(call, person)
    except Refusal as refusal:
        return _refused(call, person_id, refusal)
    return call.see_other("people.person", id=person_id, notice=_("The invitation is on its way."))


@flow
def sign_out(call: Call) -> Response:
    """Sign someone out of all their devices."""
    person_id: UUID = call.path["id"]
    call.app.db.write(
        lambda session: sessions.end_for(session, call.principal, persons.get(session, person_id))
    )
    return call.see_other("people.person", id=person_id, notice=_("All devices are signed out."))


def _add(call: Call, session: Session, form: PersonForm) -> Person:
    person = persons.add(session, call.principal, form.email, form.name, form.language)
    roles.set_roles(session, call.principal, person, form.roles)
    session.flush()
    session.refresh(person)
    return person


def _form(call: Call, values: dict[str, str], refusal: Refusal | None = None) -> Response:
    return call.page(
        "people/person_new.html",
        status=refusal.status if refusal else 200,
        values=values,
        chosen=call.fields.get("roles", []),
        refusal=refusal,
        errors=refusal.fields if refusal else {},
        role_choices=role_choices(),
    )


def _refused(call: Call, person_id: UUID, refusal: Refusal) -> Response:
    """The same page, saying why; what is missing stays missing. Raises the refusal when nobody is there."""
    if refusal.status == 404:
        raise refusal
    with call.app.db.read() as session:
        return _person_page(call, session, person_id, refusal)


def _person_page(call: Call, session: Session, person_id: UUID, refusal: Refusal | None = None) -> Response:
    return call.page(
        "people/person.html",
        status=refusal.status if refusal else 200,
        person=persons.get(session, person_id),
        sessions=listing.sessions_of(session, person_id),
        refusal=refusal,
        errors=refusal.fields if refusal else {},
        role_choices=role_choices(),
    )


def role_choices() -> list[tuple[str, object, object]]:
    """Roles with their name and what they let one do."""
    return [(role, ROLE_NAMES[role], ROLE_HELP[role]) for role in ROLES]


DOORS = (
    page("GET", "/admin/people", "people.office", people, needs=MANAGE, summary="People"),
    page("GET", "/admin/people/new", "people.new", new, needs=MANAGE, summary="Add a person: the form"),
    page("POST", "/admin/people", "people.add", add, needs=MANAGE, summary="Add a person"),
    page("GET", "/admin/people/{id:uuid}", "people.person", person, needs=MANAGE, summary="One person"),
    page("POST", "/admin/people/{id:uuid}", "people.change", change, needs=MANAGE, summary="Change a person"),
    page("POST", "/admin/people/{id:uuid}/roles", "people.give_roles", give_roles, needs=MANAGE),
    page("POST", "/admin/people/{id:uuid}/archive", "people.archive", archive, needs=MANAGE),
    page("POST", "/admin/people/{id:uuid}/restore", "people.restore", restore, needs=MANAGE),
    page("POST", "/admin/people/{id:uuid}/invitation", "people.invite", invite, needs=MANAGE),
    page("POST", "/admin/people/{id:uuid}/sign-out", "people.sign_person_out", sign_out, needs=MANAGE),
)
