"""My space: how I am called, my mail address, what the rooms of the house keep for me."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from people import flows
from people.models.person import Person
from people.queries.listing import sessions_of
from people.schemas import AddressForm, ProfileForm
from people.service import persons

LANGUAGE_SECONDS = 31536000


@read
def home(call: Call, session: Session) -> Response:
    """Everything that is mine, one row each."""
    person = me(call, session)
    sections = [
        entry
        for feature in call.app.house.features
        if feature.name not in call.features_off.names
        for entry in feature.my_sections
    ]
    sessions = sessions_of(session, person.id)
    return call.page("people/my.html", person=person, sections=sections, sessions=sessions)


@read
def profile(call: Call, session: Session) -> Response:
    """My name and my language."""
    person = me(call, session)
    values = {"name": person.name, "language": person.language or call.language}
    return call.page("people/my_profile.html", values=values, errors={})


@flow
def save_profile(call: Call) -> Response:
    """Keep my name and my language; the screens change language at once."""
    try:
        form = call.form(ProfileForm)
        call.app.db.write(
            lambda session: persons.change(
                session, call.principal, me(call, session), name=form.name, language=form.language
            )
        )
    except Refusal as refusal:
        return _again(call, "people/my_profile.html", refusal)
    response = call.see_other("people.my", notice=_("It is saved."))
    if form.language:
        response.set_cookie("language", form.language, LANGUAGE_SECONDS, path="/", samesite="lax")
    return response


@read
def address(call: Call, _session: Session) -> Response:
    """Another mail address."""
    return call.page("people/my_email.html", values={}, errors={})


@flow
def change_address(call: Call) -> Response:
    """Send a code to the new address; nothing changes before it is proved."""
    try:
        attempt = flows.ask_new_address(call, call.form(AddressForm).email)
    except Refusal as refusal:
        return _again(call, "people/my_email.html", refusal)
    return call.see_other("people.code", attempt=attempt)


def me(call: Call, session: Session) -> Person:
    """The person of this call; the door made sure that there is one. Raises NotFound."""
    return persons.get(session, call.principal.person_id)  # type: ignore[arg-type]


def _again(call: Call, template: str, refusal: Refusal) -> Response:
    if not refusal.fields:
        raise refusal
    return call.page(template, refusal.status, values=call.form_values(), errors=refusal.fields)


DOORS = (
    page("GET", "/my", "people.my", home, needs="signed_in", summary="My space"),
    page(
        "GET", "/my/profile", "people.my_profile", profile, needs="signed_in", summary="My name and language"
    ),
    page("POST", "/my/profile", "people.save_profile", save_profile, needs="signed_in", summary="Keep them"),
    page("GET", "/my/email", "people.my_email", address, needs="signed_in", summary="My mail address"),
    page("POST", "/my/email", "people.change_email", change_address, needs="signed_in", summary="Change it"),
)
