"""The demo's own doors: links that sign in again and again, and the mails that nobody sent."""

from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, Response

from kit.errors import NotFound
from kit.mail.outbox import OutgoingMail, recent_mails
from kit.web import Call, flow, page, read
from people import flows
from people.identity import set_cookie
from people.models.person import Person
from people.pages.sign_in import private
from people.queries.who import person_of_demo_link


@flow
def show(call: Call) -> Response:
    """In the demo, opening the link is enough; the button leads on."""
    person = _person(call)
    response = private(call.page("people/demo_link.html", person=person))
    set_cookie(call, response, flows.enter_demo(call, person.email))
    return response


@flow
def enter(call: Call) -> Response:
    """Sign in as this invented person."""
    person = _person(call)
    response = call.see_other("node.office" if person.roles else "people.my")
    set_cookie(call, response, flows.enter_demo(call, person.email))
    return private(response)


@read
def mails(call: Call, session: Session) -> Response:
    """The newest mails first, as their readers see them."""
    _only_in_demo(call)
    return call.page("people/demo_mails.html", mails=recent_mails(session))


@read
def mail(call: Call, session: Session) -> Response:
    """One mail as a mail program shows it."""
    _only_in_demo(call)
    mail_id: UUID = call.path["id"]
    found = session.get(OutgoingMail, mail_id)
    if found is None or not found.html:
        raise NotFound(cause="no such mail")
    return HTMLResponse(found.html)


def _person(call: Call) -> Person:
    _only_in_demo(call)
    with call.app.db.read() as session:
        person = person_of_demo_link(session, call.path["secret"])
    if person is None:
        raise NotFound(cause="no such demo link")
    return person


def _only_in_demo(call: Call) -> None:
    if not call.app.settings.node.demo:
        raise NotFound(cause="not a demo node")


DOORS = (
    page("GET", "/sign-in/demo/{secret}", "people.demo_link", show, summary="Demo: who this link is"),
    page("POST", "/sign-in/demo/{secret}", "people.enter_demo", enter, summary="Demo: sign in"),
    page("GET", "/demo/mails", "people.demo_mails", mails, summary="Demo: mails that were written"),
    page("GET", "/demo/mails/{id:uuid}", "people.demo_mail", mail, summary="Demo: one mail"),
)
