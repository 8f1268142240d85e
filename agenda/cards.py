"""An event as a card of the agenda shows it: the same words on the agenda, at home and in other rooms."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from agenda.models.event import CANCELLED, MOVED_ONLINE, POSTPONED, Event
from agenda.pictograms import USUAL
from agenda.pictures import file_name
from config.collective import Collective
from kit.i18n import _, ngettext
from kit.templates import hour

FEW = 15


@dataclass(frozen=True)
class Card:
    """What `ui.event_card` reads."""

    title: str
    href: str
    poster: str
    hour: str
    origin_name: str
    origin_shape: int
    origin_accent: str
    ours: bool
    place: str
    price: str
    state: str
    state_text: str
    tags: tuple[tuple[str, str], ...]
    act: str
    act_href: str


def card_of(event: Event, house: Collective, now: datetime) -> Card:
    """The card of an event that was loaded with place, origin and tags."""
    state, words = state_of(event, now)
    return Card(
        title=event.name,
        href=page_path(event),
        poster=poster_path(event, house),
        hour=hour(event.start, event.timezone),
        origin_name=event.origin.name if event.origin else house.name,
        origin_shape=event.origin.pennant if event.origin else house.pennant,
        origin_accent=accent_of(event, house),
        ours=event.is_own,
        place=place_words(event),
        price=price_words(event),
        state=state,
        state_text=words,
        tags=(),
        act=_act(event, now),
        act_href=page_path(event),
    )


def page_path(event: Event) -> str:
    """The event's page on this node."""
    return f"/agenda/{event.slug}"


def accent_of(event: Event, house: Collective) -> str:
    """The colour of whoever organises it."""
    return event.origin.accent if event.origin else house.accent


def poster_path(event: Event, house: Collective, width: int = 360) -> str:
    """Its picture, else the house's drawing for it; both addresses change when the picture does."""
    if event.picture:
        return f"/files/agenda/{file_name(event.picture, width)}"
    icon = event.tags[0].icon if event.tags else USUAL
    look = urlencode({"icon": icon, "accent": accent_of(event, house).lstrip("#")})
    return f"/agenda/posters/{event.id}.svg?{look}"


def place_words(event: Event) -> str:
    """Where, in a few words."""
    if event.status == MOVED_ONLINE:
        return _("Online")
    return event.place.short if event.place else ""


def price_words(event: Event) -> str:
    """ "Free", or the price as its organiser writes it."""
    return event.price or (_("Free") if event.is_free else "")


def state_of(event: Event, now: datetime) -> tuple[str, str]:
    """The one state worth a tag, and its words ("" leaves the usual ones)."""
    if event.status == CANCELLED:
        return "cancelled", ""
    if event.status == POSTPONED:
        return "postponed", ""
    if event.is_over(now):
        return "over", _("It is over")
    if event.status == MOVED_ONLINE:
        return "online", ""
    return _places(event)


def _places(event: Event) -> tuple[str, str]:
    left = event.places_left
    if left == 0:
        return "full", ""
    if left is not None:
        words = ngettext("{left} place left", "{left} places left", left).format(left=left)
        return ("few" if left <= FEW else "places"), words
    return ("places", _("Places to book")) if event.booking_url else ("open", "")


def _act(event: Event, now: datetime) -> str:
    if event.takes_place and event.booking_url and not event.is_full and not event.is_over(now):
        return _("Book")
    return _("See")
