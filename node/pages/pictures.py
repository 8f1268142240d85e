"""The house's own pictures, as stored by `node.images`: kept for ever, never a document."""

import re

from starlette.responses import FileResponse, Response

from kit.errors import NotFound
from kit.web import Call, file, flow

NAME = re.compile(r"[0-9a-f]{32}\.webp")


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


DOORS = (file("GET", "/files/{name}", "node.picture", picture),)
