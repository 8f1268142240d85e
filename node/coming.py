"""What comes next, for the home page and the office."""

from typing import Any

from sqlalchemy.orm import Session

from agenda.cards import Card, card_of
from agenda.models.event import Event
from agenda.queries.listing import coming
from agenda.schemas import AgendaFilter
from agenda.wanted import read_wanted
from config.collective import Collective
from kit import clock
from kit.i18n import _
from kit.web import Call


def next_events(call: Call, session: Session, most: int, *, only_ours: bool = False) -> list[Event]:
    """The first events from now on, in order of time."""
    node = ["here"] if only_ours else []
    own_host = call.app.settings.node.url.split("://")[-1]
    wanted = read_wanted(AgendaFilter(node=node), clock.now(), call.collective.timezone, own_host)
    return coming(session, wanted, most=most)


def cards(call: Call, session: Session, most: int) -> list[tuple[Event, Card]]:
    """The same with what a card shows."""
    now = clock.now()
    return [(event, card_of(event, call.collective, now)) for event in next_events(call, session, most)]


def facts_of(collective: Collective) -> list[tuple[str, str, str]]:
    """Where the collective is, when it is open, how to write to it; only what is known."""
    town = f"{collective.postal_code} {collective.city}".strip()
    address = ", ".join(part for part in (collective.street, town) if part)
    rows = (
        ("map-pin", _("Address"), address),
        ("clock", _("When we are open"), collective.opening),
        ("envelope", _("Mail"), collective.contact_email),
        ("chat-circle", _("Telephone"), collective.phone),
        ("globe-hemisphere-west", _("Other site"), collective.website),
    )
    return [row for row in rows if row[2]]


def organisation_json_ld(call: Call) -> dict[str, Any]:
    """The collective for search engines (schema.org Organization)."""
    house = call.collective
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": house.name,
        "description": house.summary,
        "url": call.absolute("/"),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": house.street,
            "postalCode": house.postal_code,
            "addressLocality": house.city,
            "addressCountry": house.country,
        },
    }
