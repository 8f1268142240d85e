"""Persons and browsers for tests: someone with roles, a browser that is theirs, the mail that was written."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from kit.app import App
from kit.auth import Principal
from kit.ids import new_id
from kit.mail import OutgoingMail
from people.identity import cookie_name
from people.models.person import GivenRole, Person
from people.proofs import hash_of, new_secret
from people.service import persons, sessions

CODE = re.compile(r"\b(\d{3})[\s\xa0](\d{3})\b")
LINK = re.compile(r"https?://\S+(/sign-in/link/[\w-]+)")
OFFICE = Principal(new_id(), "Odile", "odile@example.org", session_id=new_id())


@dataclass(frozen=True)
class Received:
    """What a person reads in a mail."""

    to: str
    subject: str
    text: str
    html: str

    @property
    def code(self) -> str:
        found = CODE.search(self.text)
        return "".join(found.groups()) if found else ""

    @property
    def link(self) -> str:
        found = LINK.search(self.text)
        return found.group(1) if found else ""


def add_person(app: App, email: str, *roles: str, name: str = "") -> UUID:
    """Someone with roles; the first administrator too."""

    def unit(session: Session) -> UUID:
        person = persons.welcome(session, email, name=name or email.split("@")[0].title())
        for role in set(roles) - person.roles:
            person.given_roles.append(GivenRole(role=role, given_at=person.created_at))
        return person.id

    return app.db.write(unit)


def open_session(app: App, person_id: UUID, device: str = "Firefox, Linux") -> str:
    """A session of this person; the secret of its cookie."""
    secret = new_secret()

    def unit(session: Session) -> None:
        sessions.open_session(session, persons.get(session, person_id), hash_of(secret), device)

    app.db.write(unit)
    return secret


def sign_in(app: App, browser: TestClient, email: str, *roles: str, name: str = "") -> UUID:
    """Make `browser` the one of this person, who has these roles."""
    person_id = add_person(app, email, *roles, name=name)
    browser.cookies.set(cookie_name(app.settings), open_session(app, person_id))
    return person_id


def mails(app: App) -> list[Received]:
    """The mails that wait, oldest first."""
    with app.db.read() as session:
        rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at, OutgoingMail.id))
        return [Received(row.to, row.subject, row.text, row.html or "") for row in rows]


def person_of(app: App, email: str) -> Person | None:
    """The person of this address."""
    with app.db.read() as session:
        return persons.find(session, email)
