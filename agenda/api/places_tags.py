"""`/api/v1/places` and `/api/v1/tags`: what own events use."""

import msgspec
from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda import refusals
from agenda.api.answers import WRITE
from agenda.feeds.asjson import PlaceJson, TagJson, place_json, tag_json
from agenda.models.place import Place
from agenda.models.tag import Tag
from agenda.queries.finding import own_places, own_tags, place_by_id, tag_by_id
from agenda.schemas import PlacePatch, PlaceValues, TagPatch, TagValues, said
from agenda.service import places, tags
from kit.errors import BadCursor
from kit.web import Call, api, read, write
from kit.web.paging import Paged, one_page

EDIT = "agenda.edit"


class PlaceList(Struct, frozen=True):
    """The collective's own places, by name."""

    items: list[PlaceJson]
    next: str = ""


class TagList(Struct, frozen=True):
    """The tags that the collective keeps, by name."""

    items: list[TagJson]
    next: str = ""


@read
def list_places(call: Call, session: Session) -> Response:
    return one_page(call, own_places(session), _by_name, NAMED, place_json)


@read
def get_place(call: Call, session: Session) -> PlaceJson:
    return place_json(place_by_id(session, call.path["id"]))


@write
def create_place(call: Call, session: Session) -> PlaceJson:
    return place_json(places.create_place(session, call.principal, call.body(PlaceValues)))


@write
def patch_place(call: Call, session: Session) -> PlaceJson:
    place = place_by_id(session, call.path["id"])
    known = PlaceValues(**{name: getattr(place, name) for name in PlaceValues.__struct_fields__})
    values = msgspec.structs.replace(known, **said(call.body(PlacePatch)))
    return place_json(places.edit_place(session, call.principal, place.id, values))


@write
def delete_place(call: Call, session: Session) -> None:
    places.delete_place(session, call.principal, call.path["id"])


@read
def list_tags(call: Call, session: Session) -> Response:
    return one_page(call, own_tags(session), _by_name, NAMED, tag_json)


@write
def create_tag(call: Call, session: Session) -> TagJson:
    return tag_json(tags.create_tag(session, call.principal, call.body(TagValues)))


@write
def patch_tag(call: Call, session: Session) -> TagJson:
    tag = tag_by_id(session, call.path["id"])
    known = TagValues(name=tag.name, icon=tag.icon, colour=tag.colour)
    values = msgspec.structs.replace(known, **said(call.body(TagPatch)))
    return tag_json(tags.edit_tag(session, call.principal, tag.id, values))


@write
def delete_tag(call: Call, session: Session) -> None:
    tags.delete_tag(session, call.principal, call.path["id"])


def _by_name(one: Place | Tag) -> tuple[str, str]:
    return one.name.casefold(), str(one.id)


NAMED = tuple[str, str]
GUARD = {"scope": WRITE, "needs": EDIT}
NO_PLACE = (refusals.NoSuchPlace, refusals.NameTaken, refusals.PlaceInUse)
NO_TAG = (refusals.NoSuchTag, refusals.NameTaken, refusals.TagInUse)
LIST = {"query": Paged, "refusals": (BadCursor,)}
PLACE, TAG = "/api/v1/places/{id:uuid}", "/api/v1/tags/{id:uuid}"

DOORS = (
    api("GET", "/api/v1/places", "api.places", list_places, summary="Own places", answer=PlaceList, **LIST),
    api("GET", PLACE, "api.place", get_place, answer=PlaceJson, refusals=NO_PLACE, summary="One place"),
    api(
        "POST", "/api/v1/places", "api.places.create", create_place,
        body=PlaceValues, answer=PlaceJson, status=201, refusals=NO_PLACE, summary="Add a place", **GUARD,
    ),
    api(
        "PATCH", PLACE, "api.places.patch", patch_place,
        body=PlacePatch, answer=PlaceJson, refusals=NO_PLACE, summary="Change a place", **GUARD,
    ),
    api(
        "DELETE", PLACE, "api.places.delete", delete_place,
        status=204, refusals=NO_PLACE, summary="Delete a place that no event uses", **GUARD,
    ),
    api("GET", "/api/v1/tags", "api.tags", list_tags, summary="Own tags", answer=TagList, **LIST),
    api(
        "POST", "/api/v1/tags", "api.tags.create", create_tag,
        body=TagValues, answer=TagJson, status=201, refusals=NO_TAG, summary="Add a tag", **GUARD,
    ),
    api(
        "PATCH", TAG, "api.tags.patch", patch_tag,
        body=TagPatch, answer=TagJson, refusals=NO_TAG, summary="Change a tag", **GUARD,
    ),
    api(
        "DELETE", TAG, "api.tags.delete", delete_tag,
        status=204, refusals=NO_TAG, summary="Delete a tag that no event wears", **GUARD,
    ),
)  # fmt: skip
