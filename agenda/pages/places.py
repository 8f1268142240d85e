"""The back office's places: listed, written, merged, deleted when nothing happens there."""

from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.models.place import Place
from agenda.queries.desk import places_with_use
from agenda.queries.finding import own_places, place_by_id
from agenda.schemas import PlaceValues
from agenda.service.places import create_place, delete_place, edit_place, merge_place
from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read

EDIT = "agenda.edit"
NOTHING = {
    "name": "",
    "street": "",
    "postal_code": "",
    "city": "",
    "country": "FR",
    "latitude": "",
    "note": "",
}


class Into(Struct):
    """The place (or tag) that takes over."""

    into: UUID


@read
def places(call: Call, session: Session) -> Response:
    """All own places and how often each serves."""
    return call.page("agenda/places.html", places=places_with_use(session))


@read
def new_place(call: Call, session: Session) -> Response:
    """An empty form."""
    return _form(call, session, None, {})


@read
def place(call: Call, session: Session) -> Response:
    """The form of a place. Raises NoSuchPlace."""
    found = place_by_id(session, call.path["id"])
    values = {name: getattr(found, name) for name in PlaceValues.__struct_fields__}
    return _form(call, session, found, values)


@flow
def create(call: Call) -> Response:
    """Add a place."""
    try:
        values = call.form(PlaceValues)
        call.app.db.write(lambda session: create_place(session, call.principal, values))
    except Refusal as refusal:
        return _again(call, None, refusal)
    return call.see_other("agenda.admin.places", notice=_("It is saved."))


@flow
def change(call: Call) -> Response:
    """Change a place; its events show it at once."""
    place_id: UUID = call.path["id"]
    try:
        values = call.form(PlaceValues)
        call.app.db.write(lambda session: edit_place(session, call.principal, place_id, values))
    except Refusal as refusal:
        return _again(call, place_id, refusal)
    return call.see_other("agenda.admin.places", notice=_("It is saved."))


@flow
def merge(call: Call) -> Response:
    """Its events move to another place."""
    into = call.form(Into).into
    call.app.db.write(lambda session: merge_place(session, call.principal, call.path["id"], into))
    return call.see_other("agenda.admin.places", notice=_("The places are merged."))


@flow
def delete(call: Call) -> Response:
    """Take a place away that no event uses."""
    try:
        call.app.db.write(lambda session: delete_place(session, call.principal, call.path["id"]))
    except Refusal as refusal:
        return _again(call, call.path["id"], refusal)
    return call.see_other("agenda.admin.places", notice=_("The place is deleted."))


def _again(call: Call, place_id: UUID | None, refusal: Refusal) -> Response:
    with call.app.db.read() as session:
        found = place_by_id(session, place_id) if place_id else None
        kept = {name: getattr(found, name) for name in PlaceValues.__struct_fields__} if found else {}
        return _form(call, session, found, kept | call.form_values(), refusal)


def _form(
    call: Call, session: Session, found: Place | None, values: dict[str, Any], refusal: Refusal | None = None
) -> Response:
    others = [(str(one.id), one.address) for one in own_places(session) if found and one.id != found.id]
    return call.page(
        "agenda/place.html",
        status=refusal.status if refusal else 200,
        place=found,
        values={**NOTHING, "longitude": "", "wheelchair": False, **values},
        others=others,
        errors=refusal.fields if refusal else {},
        sentence=refusal.sentence if refusal else "",
    )


DOORS = (
    page("GET", "/admin/places", "agenda.admin.places", places, needs=EDIT),
    page("GET", "/admin/places/new", "agenda.admin.place_new", new_place, needs=EDIT),
    page("POST", "/admin/places/new", "agenda.admin.place_create", create, needs=EDIT),
    page("GET", "/admin/places/{id:uuid}", "agenda.admin.place", place, needs=EDIT),
    page("POST", "/admin/places/{id:uuid}", "agenda.admin.place_change", change, needs=EDIT),
    page("POST", "/admin/places/{id:uuid}/merge", "agenda.admin.place_merge", merge, needs=EDIT),
    page("POST", "/admin/places/{id:uuid}/delete", "agenda.admin.place_delete", delete, needs=EDIT),
)
