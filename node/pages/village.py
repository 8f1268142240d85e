"""The public page of the village: who is in it, where, what they share, what comes next."""

from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.models.villages import MEMBER
from federation.villages.listing import villages
from kit.i18n import _, ngettext
from kit.maps import drawn_map
from kit.web import Call, page, read
from node.coming import cards
from node.neighbourhood import houses_of

SHOWN = 6


class Asked(Struct):
    """Which village, where there are several: its short name."""

    name: Annotated[str, Meta(max_length=80)] = ""


@read
def village(call: Call, session: Session) -> Response:
    """The village that was asked for, else the largest one; a word where there is none yet."""
    mine = sorted(villages(session, (MEMBER,)), key=lambda one: -len(one.members))
    asked = call.query(Asked).name
    shown = next((one for one in mine if one.village.slug == asked), mine[0] if mine else None)
    if shown is None:
        return call.page("node/village_none.html")
    houses = houses_of(call, session, shown)
    return call.page(
        "node/village.html",
        sheets=("agenda", "village"),
        shown=shown,
        others=[one.village for one in mine if one is not shown],
        houses=houses,
        map=drawn_map([house.stop for house in houses], shown.village.uri),
        flags=[(house.shape, house.accent) for house in houses],
        coming=cards(call, session, SHOWN),
        shared=_shared_words(len(houses)),
    )


def _shared_words(number: int) -> list[tuple[str, str, str, str, str]]:
    """What one can do in this village: icon, title, sentence, verb, address."""
    one_agenda = ngettext(
        "I see the events of {count} collective in one place.",
        "I see the events of {count} collectives in one place.",
        number,
    ).format(count=number)
    return [
        ("calendar-dots", _("See one agenda"), one_agenda, _("See the agenda"), "/agenda"),
        (
            "rss",
            _("Take the agenda with me"),
            _("My calendar shows the events of the village. It stays up to date."),
            _("Add to my calendar"),
            "/agenda.ics",
        ),
        (
            "handshake",
            _("Bring my collective"),
            _("A collective joins with its own site. It stays at home with its data."),
            _("Read how"),
            "/help/collective",
        ),
    ]


DOORS = (page("GET", "/village", "node.village", village, summary="The public page of the village."),)
