"""The office: what waits for a human today, the look and texts, the rooms turned on."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.colour import is_colour, theme_css
from kit.web import Call, file, page, read


@read
def office(call: Call, session: Session) -> Response:
    """The first page after signing in: what to do first."""
    return call.page("node/office.html")


@read
def theme(call: Call, _session: Session) -> Response:
    """The one generated stylesheet: an accent made safe, ours or (`?accent=`) the house a page is about."""
    asked = "#" + call.request.query_params.get("accent", "")
    response = Response(theme_css(asked if is_colour(asked) else call.collective.accent), media_type="text/css")
    response.headers["cache-control"] = "public, max-age=31536000, immutable"
    return response


DOORS = (
    page("GET", "/admin", "node.office", office, needs="office.enter"),
    file("GET", "/theme.css", "node.theme_css", theme),
)
