"""Where I am signed in, and how I sign out elsewhere."""

from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.i18n import _
from kit.web import Call, flow, page, read
from people.pages.my import me
from people.queries.listing import sessions_of
from people.service import sessions


@read
def show(call: Call, session: Session) -> Response:
    """One row per browser, this one first."""
    mine = sorted(
        sessions_of(session, me(call, session).id), key=lambda one: one.id != call.principal.session_id
    )
    return call.page("people/my_sessions.html", sessions=mine)


@flow
def end(call: Call) -> Response:
    """Sign out of one other browser, or of this one."""
    person_id, session_id = _mine(call), call.path["id"]
    call.app.db.write(lambda session: sessions.end_session(session, person_id, session_id))
    return call.see_other("people.my_sessions", notice=_("This device is signed out."))


@flow
def end_others(call: Call) -> Response:
    """Sign out everywhere but here."""
    person_id = _mine(call)
    call.app.db.write(lambda session: sessions.end_all(session, person_id, but=call.principal.session_id))
    return call.see_other("people.my_sessions", notice=_("I am signed in here only."))


def _mine(call: Call) -> UUID:
    return call.principal.person_id  # type: ignore[return-value]


DOORS = (
    page(
        "GET", "/my/sessions", "people.my_sessions", show, needs="signed_in", summary="Where I am signed in"
    ),
    page("POST", "/my/sessions/end-others", "people.end_others", end_others, needs="signed_in"),
    page("POST", "/my/sessions/{id:uuid}/end", "people.end_session", end, needs="signed_in"),
)
