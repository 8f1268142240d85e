"""What `hameau person …` asks for, carried out by whoever owns the database."""

from datetime import timedelta
from functools import wraps
from typing import Any

from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.errors import Invalid, NotFound
from kit.features import Command
from kit.i18n import _
from people.models.person import ADMINISTRATOR, Person
from people.permissions import scopes_of
from people.proofs import new_proof, new_token
from people.queries.listing import find_people
from people.service import persons, roles, sign_in, tokens

BY = Principal(name="hameau person")
Args = dict[str, Any]


def add(app: App, args: Args) -> Args:
    """A person, with roles. Raises AddressTaken, Invalid."""

    def unit(session: Session) -> Args:
        person = persons.add(session, BY, args["email"], args.get("name", ""), args.get("language", ""))
        roles.set_roles(session, BY, person, args.get("roles", []))
        return row_of(person)

    return app.db.write(unit)


def change_roles(app: App, args: Args) -> Args:
    """Give and take roles. Raises NotFound, LastAdministrator, Invalid."""

    def unit(session: Session) -> Args:
        person = known(session, args["email"])
        wanted = (person.roles | set(args.get("give", []))) - set(args.get("take", []))
        roles.set_roles(session, BY, person, wanted)
        return row_of(person)

    return app.db.write(unit)


def link(app: App, args: Args) -> Args:
    """A link that signs in once, within a day; needs no mail server. Raises NotFound, PersonArchived."""
    proof = new_proof()

    def unit(session: Session) -> Args:
        person = known(session, args["email"])
        attempt = sign_in.start_set_up(session, person, proof)
        return {"email": person.email, "expires_at": attempt.expires_at.isoformat()}

    told = app.db.write(unit)
    return {"url": app.settings.node.url + app.url("people.link", link=proof.link)} | told


def token(app: App, args: Args) -> Args:
    """A key for programs, shown once. Raises NotFound, UnknownScope, PersonArchived, Invalid."""
    secret = new_token()
    days = args.get("days")

    def unit(session: Session) -> Args:
        made = tokens.make_token(
            session,
            BY,
            known(session, args["email"]),
            secret,
            name=args.get("name") or "hameau person token",
            scopes=args["scopes"],
            known_scopes=scopes_of(app.house),
            expires_at=clock.now() + timedelta(days=days) if days else None,
        )
        return {
            "name": made.name,
            "scopes": made.scopes,
            "expires_at": made.expires_at and str(made.expires_at),
        }

    return {"token": secret} | app.db.write(unit)


def listing(app: App, args: Args) -> Args:
    """Persons by name, a page at a time."""
    with app.db.read() as session:
        found = find_people(
            session,
            q=args.get("q", ""),
            role=args.get("role", ""),
            archived=args.get("archived", False),
            page=args.get("page", 1),
        )
        return {"people": [row_of(person) for person in found.persons], "total": found.total}


def first_administrator(app: App, args: Args) -> Args:
    """The first administrator, and a link that signs them in once. Raises Invalid."""

    def unit(session: Session) -> None:
        persons.make_administrator(session, args.get("name", ""), args["email"])

    app.db.write(unit)
    return link(app, args) | {"role": ADMINISTRATOR}


def known(session: Session, email: str) -> Person:
    """The person of this address. Raises NotFound, Invalid."""
    person = persons.find(session, email)
    if person is None:
        raise NotFound(_("Nobody has this mail address here."), cause="no such person")
    return person


def row_of(person: Person) -> Args:
    """A person as one line of an answer."""
    return {
        "id": str(person.id),
        "name": person.name,
        "email": person.email,
        "roles": person.ordered_roles,
        "archived": person.is_archived,
    }


def told_plainly(run: Command) -> Command:
    """What is wrong with a field becomes the sentence itself: a command has no form to show it beside."""

    @wraps(run)
    def plainly(app: App, args: Args) -> Args:
        try:
            return run(app, args)
        except Invalid as refusal:
            raise type(refusal)(" ".join(refusal.fields.values()) or None, fields=refusal.fields) from refusal

    return plainly


COMMANDS = {
    "person.add": told_plainly(add),
    "person.role": told_plainly(change_roles),
    "person.link": told_plainly(link),
    "person.token": told_plainly(token),
    "person.list": listing,
    "person.administrator": told_plainly(first_administrator),
}
