"""Pictures of products: kept for ever under their name, never a document."""

from starlette.responses import FileResponse, Response

from kit.errors import NotFound
from kit.web import Call, file, flow
from sales.picture_names import NAME
from sales.product_pictures import pictures_folder

FOR_EVER = "public, max-age=31536000, immutable"


@flow
def picture(call: Call) -> Response:
    """One side of an uploaded picture. Raises NotFound."""
    name = call.path["name"]
    path = pictures_folder(call.app) / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound
    headers = {"cache-control": FOR_EVER, "content-security-policy": "default-src 'none'; sandbox",
               "x-content-type-options": "nosniff"}  # fmt: skip
    return FileResponse(path, media_type="image/webp", headers=headers)


DOORS = (file("GET", "/files/products/{name}", "sales.picture", picture),)
