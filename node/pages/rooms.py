"""The Features screen: which rooms of the house are open."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.i18n import lazy
from kit.web import Call, page, read, write
from node.service import turn_room


@read
def rooms(call: Call, _session: Session) -> Response:
    """Every room with what it is for, open or closed."""
    features = [feature for feature in call.app.house.features if str(feature.title)]
    return call.page("node/rooms.html", features=features)


@write
def turn_on(call: Call, session: Session) -> Response:
    """Open a room again."""
    turn_room(session, call.principal, call.app.house, call.path["room"], on=True)
    return call.see_other("node.rooms", notice=lazy("The room is open."))


@write
def turn_off(call: Call, session: Session) -> Response:
    """Close a room: no menu, no page, no address. What it holds stays."""
    name = call.path["room"]
    turn_room(session, call.principal, call.app.house, name, on=False)
    undo = call.url("node.turn_on", room=name)
    return call.see_other("node.rooms", notice=lazy("The room is closed. Nothing was deleted."), undo=undo)


DOORS = (
    page("GET", "/admin/rooms", "node.rooms", rooms, needs="settings.manage"),
    page("POST", "/admin/rooms/{room}/on", "node.turn_on", turn_on, needs="settings.manage"),
    page("POST", "/admin/rooms/{room}/off", "node.turn_off", turn_off, needs="settings.manage"),
)
