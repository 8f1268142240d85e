"""Events, places and tags as JSON: the same shape for `/agenda.json`, the API's lists and one event."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from agenda.cards import poster_path
from agenda.models.event import Event
from agenda.models.place import Place
from agenda.models.tag import Tag
from agenda.richtext import plain
from config.collective import Collective


class PlaceJson(Struct, frozen=True):
    """A place; coordinates are WGS 84 degrees."""

    id: UUID
    name: str
    slug: str
    street: str
    postal_code: str
    city: str
    country: str
    latitude: float | None
    longitude: float | None
    wheelchair: bool
    note: str


class TagJson(Struct, frozen=True):
    """A tag of the collective; `icon` is a picture of the house."""

    id: UUID
    name: str
    slug: str
    icon: str
    colour: str


class NodeJson(Struct, frozen=True):
    """Whose event it is."""

    name: str
    url: str
    is_here: bool


class PictureJson(Struct, frozen=True):
    """The event's picture, or the house's drawing for it (`alt` is then empty)."""

    url: str
    alt: str


class EventJson(Struct, frozen=True):
    """An event. Times are UTC; `uri` is the owner's id, the same on every node; `url` the page to read."""

    id: UUID
    uri: str
    name: str
    slug: str
    status: str
    status_note: str
    start: datetime
    end: datetime | None
    timezone: str
    description: str
    description_html: str
    place: PlaceJson | None
    online_url: str
    tags: list[str]
    node: NodeJson
    url: str
    price: str
    is_free: bool
    booking_url: str
    capacity: int | None
    places_left: int | None
    audience: str
    travel: str
    wheelchair: bool
    hearing_loop: bool
    sign_language: bool
    quiet: bool
    accessibility: str
    picture: PictureJson
    do_not_share: bool
    created_at: datetime
    updated_at: datetime


class EventList(Struct, frozen=True):
    """Some events and where the list goes on ("" at its end)."""

    items: list[EventJson]
    next: str = ""


def event_json(event: Event, house: Collective, node_url: str) -> EventJson:
    """An event loaded with place, origin and tags; `node_url` is ours."""
    origin = event.origin
    node = NodeJson(origin.name, origin.node_url, False) if origin else NodeJson(house.name, node_url, True)
    return EventJson(
        id=event.id,
        uri=event.uri or f"{node_url}/events/{event.id}",
        name=event.name,
        slug=event.slug,
        status=event.status,
        status_note=event.status_note,
        start=event.start,
        end=event.end,
        timezone=event.timezone,
        description=event.description_source if event.is_own else plain(event.description),
        description_html=event.description,
        place=place_json(event.place) if event.place else None,
        online_url=event.online_url,
        tags=[tag.name for tag in event.tags],
        node=node,
        url=event.url or f"{node_url}/agenda/{event.slug}",
        price=event.price,
        is_free=event.is_free,
        booking_url=event.booking_url,
        capacity=event.capacity,
        places_left=event.places_left,
        audience=event.audience,
        travel=event.travel,
        wheelchair=event.wheelchair,
        hearing_loop=event.hearing_loop,
        sign_language=event.sign_language,
        quiet=event.quiet,
        accessibility=event.accessibility,
        picture=PictureJson(node_url + poster_path(event, house, 1600), event.picture_alt),
        do_not_share=event.do_not_share,
        created_at=event.created_at,
        updated_at=event.updated_at,
    )


def place_json(place: Place) -> PlaceJson:
    return PlaceJson(**{name: getattr(place, name) for name in PlaceJson.__struct_fields__})


def tag_json(tag: Tag) -> TagJson:
    return TagJson(**{name: getattr(tag, name) for name in TagJson.__struct_fields__})
