"""The house's own pictures: a square logo and a wide picture, small WebP files without metadata."""

import hashlib
import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from kit.errors import TooLarge, UnsupportedMedia
from kit.i18n import lazy

FORMATS = ("JPEG", "PNG", "WEBP")
LOGO_SIDE = 192
WIDE = (1600, 900)
MOST_PIXELS = 50_000_000
MOST_BYTES = 12 << 20


class PictureRefused(UnsupportedMedia):
    name = "not_a_picture"
    default = lazy("I cannot read this picture. I choose a JPEG, PNG or WebP file.")


class PictureTooHeavy(TooLarge):
    name = "picture_too_large"
    default = lazy("This picture is too large. I choose one under 12 megabytes and 50 million dots.")


def keep_logo(data: bytes, folder: Path) -> str:
    """Store a square logo of 192 px; returns its file name. Raises PictureRefused or PictureTooHeavy."""
    return _store(ImageOps.fit(_open(data), (LOGO_SIDE, LOGO_SIDE)), folder)


def keep_wide(data: bytes, folder: Path) -> str:
    """Store a picture of at most 1600 by 900 px; returns its file name. Raises like `keep_logo`."""
    image = _open(data)
    image.thumbnail(WIDE)
    return _store(image, folder)


def _open(data: bytes) -> Image.Image:
    if len(data) > MOST_BYTES:
        raise PictureTooHeavy(cause=f"{len(data)} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise PictureTooHeavy(cause=f"{image.width} by {image.height}")
            return ImageOps.exif_transpose(image).convert("RGBA")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
    ) as error:
        raise PictureRefused(cause=type(error).__name__) from error


def _store(image: Image.Image, folder: Path) -> str:
    packed = io.BytesIO()
    image.save(packed, "WEBP", quality=84)
    name = hashlib.sha256(packed.getvalue()).hexdigest()[:32] + ".webp"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(packed.getvalue())
    return name
