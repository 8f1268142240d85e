"""Keys for programs: made here, shown once."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from people.pages.sign_in import private
from people.permissions import scopes_of
from people.proofs import new_token
from people.queries import listing
from people.schemas import TokenForm
from people.service import persons, tokens
from people.words import scope_words

MANAGE = "tokens.manage"


@read
def show(call: Call, session: Session) -> Response:
    """Every key: whose, for what, used when."""
    return call.page("people/tokens.html", tokens=listing.all_tokens(session), now=clock.now(), opens=said)


@read
def new(call: Call, session: Session) -> Response:
    """Name, person, rights, last day."""
    return _form(call, session, {"person": str(call.principal.person_id)})


@flow
def make(call: Call) -> Response:
    """The key is shown on this page and nowhere else, ever."""
    secret = new_token()
    try:
        form = call.form(TokenForm)
        name = call.app.db.write(lambda session: _make(call, session, form, secret))
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(call, session, call.form_values(), refusal)
    return private(call.page("people/token_made.html", secret=secret, name=name))


@flow
def revoke(call: Call) -> Response:
    """A key stops working at once."""
    token_id: UUID = call.path["id"]
    call.app.db.write(lambda session: tokens.revoke_token(session, call.principal, token_id).id)
    return call.see_other("people.tokens", notice=_("This key no longer opens anything."))


def said(scopes: Iterable[str]) -> str:
    """What a key opens, in words."""
    return ", ".join(scope_words(scope) for scope in scopes)


def _make(call: Call, session: Session, form: TokenForm, secret: str) -> str:
    ends = datetime.combine(form.expires, time.max, UTC) if form.expires else None
    token = tokens.make_token(
        session,
        call.principal,
        persons.get(session, form.person),
        secret,
        name=form.name,
        scopes=form.scopes,
        known_scopes=scopes_of(call.app.house),
        expires_at=ends,
    )
    return token.name


def _form(call: Call, session: Session, values: dict[str, str], refusal: Refusal | None = None) -> Response:
    people = [(str(person.id), person.called) for person in listing.team(session)]
    return call.page(
        "people/token_new.html",
        status=refusal.status if refusal else 200,
        values=values,
        people=people,
        chosen=call.fields.get("scopes", []),
        scopes=[(scope, scope_words(scope), scope) for scope in sorted(scopes_of(call.app.house))],
        refusal=refusal,
        errors=refusal.fields if refusal else {},
    )


DOORS = (
    page("GET", "/admin/tokens", "people.tokens", show, needs=MANAGE, summary="Keys of the API"),
    page("GET", "/admin/tokens/new", "people.new_token", new, needs=MANAGE, summary="Make a key: the form"),
    page("POST", "/admin/tokens", "people.make_token", make, needs=MANAGE, summary="Make a key"),
    page("POST", "/admin/tokens/{id:uuid}/revoke", "people.revoke_token", revoke, needs=MANAGE),
)
