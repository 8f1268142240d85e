"""My data: a copy for me, and how I am forgotten."""

import msgspec
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.errors import Conflict
from kit.i18n import _
from kit.web import Call, flow, page, read
from people.flows import personal_data
from people.identity import drop_cookie
from people.pages.my import me
from people.pages.sign_in import private
from people.service import erasure


@read
def show(call: Call, session: Session) -> Response:
    """What I can do with my data."""
    return call.page("people/my_data.html", reasons=_reasons(call, session), refusal=None)


@read
def export(call: Call, session: Session) -> Response:
    """Everything the rooms know of me, as one JSON file."""
    known = erasure.what_is_known(session, me(call, session).id, personal_data(call.app.house))
    told = {"node": call.app.settings.node.url, "at": clock.now(), "rooms": known}
    body = msgspec.json.format(msgspec.json.encode(told), indent=2)
    response = private(Response(body, media_type="application/json"))
    response.headers["content-disposition"] = 'attachment; filename="my-data.json"'
    return response


@read
def ask(call: Call, session: Session) -> Response:
    """What leaves, what stays, and one question."""
    return call.page("people/erase.html", reasons=_reasons(call, session), refusal=None)


@flow
def erase(call: Call) -> Response:
    """Forget me, in every room, at once."""
    rooms = tuple(personal_data(call.app.house).values())
    try:
        call.app.db.write(lambda session: erasure.erase(session, call.principal, me(call, session).id, rooms))
    except Conflict as refusal:
        return call.page("people/erase.html", refusal.status, reasons=[], refusal=refusal)
    response = call.see_other("/", notice=_("I am erased. Nothing about me stays here."))
    drop_cookie(call, response)
    response.headers["clear-site-data"] = '"cache"'
    return response


def _reasons(call: Call, session: Session) -> list[str]:
    return erasure.reasons_to_wait(session, me(call, session).id, personal_data(call.app.house).values())


DOORS = (
    page("GET", "/my/data", "people.my_data", show, needs="signed_in", summary="My data"),
    page(
        "GET", "/my/data/export", "people.export_me", export, needs="signed_in", summary="A copy of my data"
    ),
    page(
        "GET", "/my/data/erase", "people.ask_erase", ask, needs="signed_in", summary="Erase me: the question"
    ),
    page("POST", "/my/data/erase", "people.erase_me", erase, needs="signed_in", summary="Erase me"),
)
