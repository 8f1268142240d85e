"""Pictures of products: two squares in WebP, named by their content, swept when no product shows them."""

import hashlib
import re
import time
from pathlib import Path
from typing import Final

from kit.app import App
from kit.pictures import open_picture, square
from sales.queries.shelves import pictures_in_use

SIDES: Final = (160, 480)
"""Pixels: a tile of the till, and the same on a dense screen."""
NAME: Final = re.compile(r"[0-9a-f]{32}-(?:160|480)\.webp")
NAME_LENGTH: Final = 32
UNUSED_FOR: Final = 24 * 3600


def keep_picture(app: App, data: bytes) -> str:
    """Shrink and store an uploaded picture; returns its name. Raises PictureTooLarge, NotAPicture."""
    image = open_picture(data, SIDES[-1])
    name, folder = hashlib.sha256(data).hexdigest()[:NAME_LENGTH], pictures_folder(app)
    folder.mkdir(parents=True, exist_ok=True)
    for side in SIDES:
        path = folder / f"{name}-{side}.webp"
        partial = path.with_suffix(".part")
        partial.write_bytes(square(image, side))
        partial.replace(path)
    return name


def known_picture(app: App, name: str) -> str:
    """`name` when it is a picture that was stored here, else ""."""
    file = f"{name}-{SIDES[0]}.webp"
    return name if NAME.fullmatch(file) and (pictures_folder(app) / file).exists() else ""


def picture_path(name: str, side: int = SIDES[0]) -> str:
    """The address of a stored picture; empty without a name."""
    return f"/files/products/{name}-{side}.webp" if name else ""


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
