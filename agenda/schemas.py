"""What the agenda takes from people and programs, before any rule is applied."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

NAME, LINE, TEXT, LONG, LINK = 160, 200, 1_000, 20_000, 2_000

Name = Annotated[str, Meta(max_length=NAME)]
Line = Annotated[str, Meta(max_length=LINE)]
Note = Annotated[str, Meta(max_length=TEXT)]
Long = Annotated[str, Meta(max_length=LONG)]
Link = Annotated[str, Meta(max_length=LINK)]


class PlaceValues(Struct, frozen=True, kw_only=True):
    """A place as someone describes it. Coordinates are WGS 84 degrees, both or neither."""

    name: Name
    street: Line = ""
    postal_code: Annotated[str, Meta(max_length=16)] = ""
    city: Annotated[str, Meta(max_length=100)] = ""
    country: Annotated[str, Meta(max_length=2)] = "FR"
    latitude: float | None = None
    longitude: float | None = None
    wheelchair: bool = False
    note: Note = ""


class TagValues(Struct, frozen=True, kw_only=True):
    """A tag as someone describes it; `icon` is one of the pictures, `colour` one of the categories."""

    name: Annotated[str, Meta(max_length=40)]
    icon: Annotated[str, Meta(max_length=40)] = "star"
    colour: Annotated[str, Meta(max_length=20)] = "accent"


class EventFields(Struct, frozen=True, kw_only=True):
    """What programs say of an own event. Times are aware; `place` makes a place, `place_id` names one.

    An empty `timezone` is the collective's own.
    """

    name: Name
    start: datetime
    end: datetime | None = None
    timezone: Annotated[str, Meta(max_length=64)] = ""
    description: Long = ""
    place_id: UUID | None = None
    place: PlaceValues | None = None
    tags: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=12)] = []
    price: Line = ""
    is_free: bool = False
    booking_url: Link = ""
    capacity: Annotated[int, Meta(ge=-(2**31), lt=2**31)] | None = None
    places_left: Annotated[int, Meta(ge=-(2**31), lt=2**31)] | None = None
    audience: Annotated[str, Meta(max_length=60)] = ""
    travel: Note = ""
    wheelchair: bool = False
    hearing_loop: bool = False
    sign_language: bool = False
    quiet: bool = False
    accessibility: Note = ""
    do_not_share: bool = False


class EventValues(EventFields, frozen=True, kw_only=True):
    """An own event as the house writes it: its fields and its picture, already stored."""

    timezone: Annotated[str, Meta(max_length=64)] = "Europe/Paris"
    picture: Annotated[str, Meta(max_length=64)] = ""
    picture_alt: Annotated[str, Meta(max_length=300)] = ""


class EventPatch(Struct, frozen=True, kw_only=True):
    """Some fields of an event; those that are left out stay as they are."""

    name: Name | UnsetType = UNSET
    start: datetime | UnsetType = UNSET
    end: datetime | UnsetType | None = UNSET
    timezone: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    description: Long | UnsetType = UNSET
    place_id: UUID | UnsetType | None = UNSET
    place: PlaceValues | UnsetType | None = UNSET
    tags: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=12)] | UnsetType = UNSET
    price: Line | UnsetType = UNSET
    is_free: bool | UnsetType = UNSET
    booking_url: Link | UnsetType = UNSET
    capacity: Annotated[int, Meta(ge=-(2**31), lt=2**31)] | UnsetType | None = UNSET
    places_left: Annotated[int, Meta(ge=-(2**31), lt=2**31)] | UnsetType | None = UNSET
    audience: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    travel: Note | UnsetType = UNSET
    wheelchair: bool | UnsetType = UNSET
    hearing_loop: bool | UnsetType = UNSET
    sign_language: bool | UnsetType = UNSET
    quiet: bool | UnsetType = UNSET
    accessibility: Note | UnsetType = UNSET
    do_not_share: bool | UnsetType = UNSET


class OriginValues(Struct, frozen=True, kw_only=True):
    """What federation says of a node that events come from; empty means that it did not say."""

    uri: str
    name: str = ""
    url: str = ""
    accent: str = ""
    pennant: int = 0
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None


class ReceivedTag(Struct, frozen=True):
    """A tag that came with an event; `icon` may name a picture of the house."""

    name: str
    icon: str = ""


class ReceivedEvent(Struct, frozen=True, kw_only=True):
    """An event as another node told it, already read tolerantly and cleaned; `updated` decides who wins."""

    uri: str
    name: str
    start: datetime
    end: datetime | None
    timezone: str
    updated: datetime
    status: str
    status_note: str = ""
    uuid: UUID | None = None
    url: str = ""
    description: str = ""
    place: PlaceValues | None = None
    tags: list[ReceivedTag] = []
    price: str = ""
    is_free: bool = False
    booking_url: str = ""
    online_url: str = ""
    capacity: int | None = None
    places_left: int | None = None
    audience: str = ""
    travel: str = ""
    wheelchair: bool = False
    hearing_loop: bool = False
    sign_language: bool = False
    quiet: bool = False
    accessibility: str = ""
    picture_url: str = ""
    picture_alt: str = ""


class AgendaFilter(Struct, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """What the agenda's addresses take: `from` and `to` are days, `node` hosts (ours is "here")."""

    since: Annotated[str, Meta(max_length=10)] = ""
    until: Annotated[str, Meta(max_length=10)] = ""
    q: Annotated[str, Meta(max_length=200)] = ""
    tag: Annotated[str, Meta(max_length=80)] = ""
    place: Annotated[str, Meta(max_length=120)] = ""
    node: list[Annotated[str, Meta(max_length=300)]] = []
    free: bool = False
    accessible: bool = False
    month: Annotated[str, Meta(max_length=7)] = ""
    page: Annotated[int, Meta(ge=1, le=1000)] = 1
    cursor: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class EventsQuery(AgendaFilter, frozen=True, kw_only=True):
    """The agenda's filters, and for those who hold a token the events of one state."""

    status: Literal["", "draft", "published", "postponed", "cancelled", "moved_online", "archived"] = ""


class Reason(Struct, frozen=True, kw_only=True):
    """Why an event is cancelled, in one or two sentences that everyone sees."""

    reason: Note = ""


class PlacePatch(Struct, frozen=True, kw_only=True):
    """Some fields of a place."""

    name: Name | UnsetType = UNSET
    street: Line | UnsetType = UNSET
    postal_code: Annotated[str, Meta(max_length=16)] | UnsetType = UNSET
    city: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    country: Annotated[str, Meta(max_length=2)] | UnsetType = UNSET
    latitude: float | UnsetType | None = UNSET
    longitude: float | UnsetType | None = UNSET
    wheelchair: bool | UnsetType = UNSET
    note: Note | UnsetType = UNSET


class TagPatch(Struct, frozen=True, kw_only=True):
    """Some fields of a tag."""

    name: Annotated[str, Meta(max_length=40)] | UnsetType = UNSET
    icon: Annotated[str, Meta(max_length=40)] | UnsetType = UNSET
    colour: Annotated[str, Meta(max_length=20)] | UnsetType = UNSET


def said(patch: Struct) -> dict[str, Any]:
    """The fields of a patch that were given."""
    found = {field: getattr(patch, field) for field in patch.__struct_fields__}
    return {field: value for field, value in found.items() if value is not UNSET}
