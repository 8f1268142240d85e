"""The house's own pictures, as stored by `node.images`, and what browsers and search engines ask for."""

import re

from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from kit.errors import NotFound
from kit.web import Call, file, flow

NAME = re.compile(r"[0-9a-f]{32}\.webp")
PRIVATE = ("/admin", "/my", "/sign-in", "/api", "/c/", "/till")


@flow
def picture(call: Call) -> Response:
    """The logo or the wide picture; its name changes with its content. Raises NotFound."""
    name = call.path["name"]
    path = call.app.files / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound
    headers = {
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return FileResponse(path, media_type="image/webp", headers=headers)


@flow
def icon(call: Call) -> Response:
    """What browsers ask for by themselves."""
    return RedirectResponse("/static/icon.svg", status_code=308)


@flow
def robots(call: Call) -> Response:
    """What search engines may read: the public site."""
    rules = "".join(f"Disallow: {path}\n" for path in PRIVATE)
    return PlainTextResponse(f"User-agent: *\n{rules}")


DOORS = (
    file("GET", "/files/{name}", "node.picture", picture),
    file("GET", "/favicon.ico", "node.icon", icon),
    file("GET", "/robots.txt", "node.robots", robots),
)
