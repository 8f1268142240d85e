"""The office: what waits for a human today; and the stylesheet of the house's colour."""

from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.colour import is_colour, theme_css
from kit.i18n import Lazy, lazy
from kit.web import Call, file, page, read
from node.coming import cards

SHOWN = 5


@dataclass(frozen=True)
class Task:
    """Something that waits for a human."""

    icon: str
    fact: str
    hint: Lazy
    verb: Lazy
    href: str


def tasks_of(call: Call) -> list[Task]:
    """One row per menu entry behind which something waits."""
    entries = (entry for entry in call.app.house.menu if call.badges.get(entry.door))
    return [
        Task(entry.icon, f"{entry.title} : {call.badges[entry.door]}", WAITS, READ_IT, call.url(entry.door))
        for entry in entries
    ]


WAITS = lazy("Someone waits for an answer.")
READ_IT = lazy("Read it")


@read
def office(call: Call, session: Session) -> Response:
    """The first page after signing in: what to do first."""
    return call.page("node/office.html", tasks=tasks_of(call), coming=cards(call, session, SHOWN))


@read
def theme(call: Call, _session: Session) -> Response:
    """The one generated stylesheet: an accent made safe, ours or (`?accent=`) the house a page is about."""
    asked = "#" + call.request.query_params.get("accent", "")
    response = Response(
        theme_css(asked if is_colour(asked) else call.collective.accent), media_type="text/css"
    )
    response.headers["cache-control"] = "public, max-age=31536000, immutable"
    return response


DOORS = (
    page("GET", "/admin", "node.office", office, needs="office.enter"),
    file("GET", "/theme.css", "node.theme_css", theme),
)
