"""Pictures of products: two squares in WebP, named by their content, swept when no product shows them."""

import hashlib
import time
from pathlib import Path
from typing import Final

from kit.app import App
from kit.pictures import open_picture, square
from sales.picture_names import NAME, NAME_LENGTH, SIDES, file_name
from sales.queries.shelves import pictures_in_use

UNUSED_FOR: Final = 24 * 3600


def keep_picture(app: App, data: bytes) -> str:
    """Shrink and store an uploaded picture; returns its name. Raises PictureTooLarge, NotAPicture."""
    image = open_picture(data, SIDES[-1])
    name, folder = hashlib.sha256(data).hexdigest()[:NAME_LENGTH], pictures_folder(app)
    folder.mkdir(parents=True, exist_ok=True)
    for side in SIDES:
        path = folder / file_name(name, side)
        partial = path.with_suffix(".part")
        partial.write_bytes(square(image, side))
        partial.replace(path)
    return name


def known_picture(app: App, name: str) -> str:
    """`name` when it is a picture that was stored here, else ""."""
    file = file_name(name, SIDES[0])
    return name if NAME.fullmatch(file) and (pictures_folder(app) / file).exists() else ""


def pictures_folder(app: App) -> Path:
    """Where the pictures of products are."""
    return app.files / "products"


def sweep_pictures(app: App) -> None:
    """Remove the files that no product shows and that are a day old."""
    with app.db.read() as session:
        used = pictures_in_use(session)
    before = time.time() - UNUSED_FOR
    for path in pictures_folder(app).glob("*"):
        if path.name[:NAME_LENGTH] not in used and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
