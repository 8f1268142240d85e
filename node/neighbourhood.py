"""The collectives of a village as the map and the list of the public page show them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from agenda.queries.side import nodes_with_counts
from agenda.times import local_day
from config.collective import Collective
from federation.facts import ActorKnown
from federation.html_guard import plain_text
from federation.models.peers import Peer
from federation.peering.listing import profiles_of
from federation.urls import origin
from federation.villages.listing import VillageView
from kit import clock
from kit.colour import DEFAULT
from kit.i18n import _, language, ngettext
from kit.maps import Stop
from kit.web import Call
from node.words import KIND_NAMES

EARTH_KM = 6371.0
LONGEST_LINE = 60


@dataclass(frozen=True)
class House:
    """One collective of the village, as the map and the list show it."""

    letter: str
    shape: int
    accent: str
    name: str
    href: str
    line: str
    marks: Sequence[tuple[str, str]]
    stop: Stop


def houses_of(call: Call, session: Session, shown: VillageView) -> list[House]:
    """Ours first, then the others in order of coming; two never wear the same shape and colour."""
    members = sorted(shown.members, key=lambda one: not one.is_here)
    profiles = profiles_of(session, [one.actor for one in members])
    counted = _events_by_host(call, session)
    houses: list[House] = []
    for letter, member in zip(ascii_uppercase, members, strict=False):
        profile = _ours(call.collective, member.actor) if member.is_here else profiles[member.actor]
        is_peer = member.is_here or session.get(Peer, member.actor) is not None
        events = counted.get("" if member.is_here else member.host, 0) if is_peer else None
        shape = _free_shape(profile.pennant % 6, profile.accent or DEFAULT, houses)
        houses.append(_house(call.collective, letter, shape, profile, events))
    return houses


def _house(house: Collective, letter: str, shape: int, profile: ActorKnown, events: int | None) -> House:
    """`events` to come; None where nothing is exchanged."""
    accent, is_here = profile.accent or DEFAULT, profile.url == "/"
    where = _("At our place") if is_here else _away(house, profile) or profile.city
    return House(
        letter=letter,
        shape=shape,
        accent=accent,
        name=profile.name or origin(profile.uri).partition("://")[2],
        href=profile.url,
        line=" · ".join(word for word in (_what_it_is(profile), where) if word),
        marks=[_events_words(events)],
        stop=Stop(letter, shape, accent, profile.city, profile.latitude, profile.longitude),
    )


def _what_it_is(profile: ActorKnown) -> str:
    """Its own few words, else its kind."""
    told = plain_text(profile.summary).strip()
    if told and len(told) <= LONGEST_LINE:
        return told
    return str(KIND_NAMES[profile.kind][0]) if profile.kind in KIND_NAMES else ""


def _events_words(events: int | None) -> tuple[str, str]:
    if events is None:
        return _("We do not exchange yet"), "plugs"
    said = ngettext("{count} event", "{count} events", events).format(count=events)
    return (said if events else _("Nothing planned yet")), "calendar-dots"


def _events_by_host(call: Call, session: Session) -> dict[str, int]:
    """Events to come by host; "" is ours."""
    today = local_day(clock.now(), call.collective.timezone)
    return {one.origin.host if one.origin else "": one.events for one in nodes_with_counts(session, today)}


def _ours(house: Collective, actor: str) -> ActorKnown:
    return ActorKnown(
        uri=actor,
        name=house.name,
        url="/",
        kind=house.kind,
        accent=house.accent,
        pennant=house.pennant,
        latitude=house.latitude,
        longitude=house.longitude,
        city=house.city,
        summary=house.tagline,
    )


def _free_shape(wished: int, accent: str, before: Sequence[House]) -> int:
    """The next shape where one of the same shape and colour is there already."""
    taken = {(house.shape, house.accent.lower()) for house in before}
    shapes = ((wished + step) % 6 for step in range(6))
    return next((shape for shape in shapes if (shape, accent.lower()) not in taken), wished)


def _away(house: Collective, profile: ActorKnown) -> str:
    """ "6 km away", when both places are known."""
    if None in (house.latitude, house.longitude, profile.latitude, profile.longitude):
        return ""
    far = _kilometres(
        (house.latitude or 0, house.longitude or 0), (profile.latitude or 0, profile.longitude or 0)
    )
    if far < 1:
        return _("{metres} m away").format(metres=max(round(far * 10) * 100, 100))
    return _("{kilometres} km away").format(kilometres=format_decimal(round(far), locale=language()))


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle."""
    south, north = math.radians(one[0]), math.radians(other[0])
    east = math.radians(other[1] - one[1])
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))
