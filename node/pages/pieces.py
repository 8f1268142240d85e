"""The page of the pieces: every macro and state, as a builder sees them before making a page."""

import calendar
from datetime import date
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.colour import safe
from kit.drawings import pictures
from kit.posters import poster
from kit.web import Call, page, read

DAY = date(2026, 11, 21)
COLOURS = ("#1F4BB8", "#D0122D", "#FF7A00", "#FFD400", "#7FE0B0", "#000000")
MARKED = frozenset({21, 22, 25, 27, 28, 29})
HOUSES = (
    ("L’Escargotière", "#1F4BB8"),
    ("La Grange aux Loriots", "#D0122D"),
    ("L’Atelier Tournevis", "#FF7A00"),
    ("Le Potager des Buttes", "#3FA51E"),
    ("Le Ciné Ver-Luisant", "#7A2E7E"),
    ("Le Bal des Lucarnes", "#0E8C8C"),
)
# hour, house, title, place, price, state, words of the state, icon
EVENTS = (
    ("14 h 30", 2, "Je répare mon vélo avant l’hiver", "Sault-l’Ouvette", "Gratuit", "places", "", "bicycle"),
    ("19 h 00", 0, "Soupe du soir et veillée", "Sault-l’Ouvette", "Prix libre", "places", "", "bowl-steam"),
    (
        "20 h 30",
        1,
        "Bal folk : Les Pieds dans l’Ouvette",
        "Les Hauts-Prés",
        "8,00 €",
        "few",
        "",
        "music-notes",
    ),
    ("10 h 00", 3, "Bourse aux graines et aux plants", "La Butte-aux-Fèves", "Gratuit", "open", "", "plant"),
    ("16 h 30", 4, "Ciné-goûter : six petits films", "Pont-Mirlande", "4,00 €", "full", "", "film-reel"),
    ("18 h 30", 5, "Une nuit sous la toile", "Pont-Mirlande", "Gratuit", "cancelled", "", "tent"),
)


@read
def pieces(call: Call, _session: Session) -> Response:
    """Every piece with its states, in the collective's own colours."""
    entries = [_entry(*event) for event in EVENTS]
    return call.page(
        "_shared/components.html",
        houses=HOUSES,
        today=DAY,
        month=_month(),
        entries=entries,
        posters=[entry["poster"] for entry in entries],
        icons=pictures(),
        colours={chosen: safe(chosen) for chosen in COLOURS},
    )


def _entry(hour: str, house: int, title: str, *words: str) -> dict[str, Any]:
    place, price, state, state_text, icon = words
    name, accent = HOUSES[house]
    drawn = poster(title, accent, icon)
    return {
        "title": title,
        "href": "#",
        "poster": f"data:image/svg+xml,{quote(drawn)}",
        "hour": hour,
        "origin_name": name,
        "origin_shape": house,
        "origin_accent": accent,
        "ours": house == 0,
        "place": place,
        "price": price,
        "state": state,
        "state_text": state_text,
        "tags": [],
        "act": "",
        "act_href": "",
    }


def _month() -> dict[str, Any]:
    weeks = [[_day(number) for number in week] for week in calendar.monthcalendar(DAY.year, DAY.month)]
    names = ["lu", "ma", "me", "je", "ve", "sa", "di"]
    return {
        "title": "Novembre 2026",
        "previous": "#",
        "next": "#",
        "weekdays": names,
        "note": "",
        "weeks": weeks,
    }


def _day(number: int) -> dict[str, Any]:
    is_today = number == DAY.day
    href = "#" if number in MARKED else ""
    return {"number": number, "href": href, "label": str(number), "current": is_today, "today": is_today}


DOORS = (page("GET", "/admin/components", "node.pieces", pieces, needs="office.enter"),)
