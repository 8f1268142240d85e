"""Pictures: those that people uploaded, and the drawings of the house. Kept for ever, never a document."""

import re
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import FileResponse, Response

from agenda.flows import pictures_folder
from agenda.pictograms import PICTURES, USUAL
from agenda.pictures import WIDTHS
from kit.colour import DEFAULT
from kit.errors import NotFound
from kit.posters import poster
from kit.web import Call, file, flow

FOR_EVER = "public, max-age=31536000, immutable"
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
NAME = re.compile(r"[0-9a-f]{32}-(?:" + "|".join(str(width) for width in WIDTHS) + r")\.webp")


class PosterLook(Struct):
    """What a drawing shows: a picture of the house, a colour as six hexadecimal digits."""

    icon: Annotated[str, Meta(max_length=40)] = USUAL
    accent: Annotated[str, Meta(pattern="^[0-9A-Fa-f]{6}$")] = DEFAULT.lstrip("#")


@flow
def house_poster(call: Call) -> Response:
    """The house's drawing for an event without a picture: the same for the same address. Raises Invalid."""
    look = call.query(PosterLook)
    icon = look.icon if look.icon in PICTURES else USUAL
    drawing = poster(str(call.path["id"]), f"#{look.accent}", icon)
    return _kept(Response(drawing, media_type="image/svg+xml"))


@flow
def picture(call: Call) -> Response:
    """One width of an uploaded picture. Raises NotFound."""
    name = call.path["name"]
    path = pictures_folder(call.app) / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound
    return _kept(FileResponse(path, media_type="image/webp"))


def _kept(response: Response) -> Response:
    response.headers["cache-control"] = FOR_EVER
    response.headers["content-security-policy"] = NOTHING_RUNS
    response.headers["x-content-type-options"] = "nosniff"
    return response


DOORS = (
    file("GET", "/agenda/posters/{id:uuid}.svg", "agenda.poster", house_poster, query=PosterLook),
    file("GET", "/files/agenda/{name}", "agenda.picture", picture),
)
