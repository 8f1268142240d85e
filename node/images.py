"""The house's own pictures: a square logo and a wide picture of the place."""

import hashlib
from pathlib import Path

from kit.pictures import open_picture, square, within

LOGO_SIDE = 192
WIDE = (1600, 900)


def keep_logo(data: bytes, folder: Path) -> str:
    """Store a square logo of 192 px; returns its file name. Raises PictureTooLarge, NotAPicture."""
    return _store(square(open_picture(data, LOGO_SIDE), LOGO_SIDE), folder)


def keep_wide(data: bytes, folder: Path) -> str:
    """Store a picture of at most 1600 by 900 px; returns its file name. Raises like `keep_logo`."""
    return _store(within(open_picture(data, WIDE[0]), *WIDE), folder)


def _store(content: bytes, folder: Path) -> str:
    name = hashlib.sha256(content).hexdigest()[:32] + ".webp"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return name
