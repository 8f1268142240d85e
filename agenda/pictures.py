"""Pictures of events: whatever people upload becomes three small WebP files without a word of metadata.

Runs before the write, never inside the writer. Pixels are capped before decoding (decompression bombs).
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from kit.errors import Invalid, TooLarge, UnsupportedMedia
from kit.i18n import lazy

FORMATS = ("JPEG", "PNG", "WEBP")
WIDTHS = (360, 800, 1600)
MOST_PIXELS = 50_000_000
MOST_BYTES = 12 << 20
LONGEST_SIDE = 20_000


class PictureTooLarge(TooLarge):
    name = "picture_too_large"
    default = lazy("This picture is too large. I choose one under 12 megabytes and 50 million dots.")


class NotAPicture(UnsupportedMedia):
    name = "not_a_picture"
    default = lazy("I cannot read this picture. I choose a JPEG, PNG or WebP file.")


class AltMissing(Invalid):
    name = "alt_missing"
    default = lazy("I say in one sentence what the picture shows, for people who cannot see it.")


@dataclass(frozen=True)
class Resized:
    """A picture ready to be stored: `name` comes from its content, `files` go from width to WebP bytes."""

    name: str
    files: dict[int, bytes]


def resize(data: bytes) -> Resized:
    """Read, turn upright, shrink to each width. Raises PictureTooLarge or NotAPicture."""
    if len(data) > MOST_BYTES:
        raise PictureTooLarge(cause=f"{len(data)} bytes")
    image = _open(data)
    files = {width: _shrink(image, width) for width in WIDTHS}
    return Resized(hashlib.sha256(data).hexdigest()[:32], files)


def store(picture: Resized, folder: Path) -> str:
    """Write the files and return the picture's name. The same picture twice is one set of files."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, content in picture.files.items():
        path = folder / file_name(picture.name, width)
        if not path.exists():
            partial = path.with_suffix(".part")
            partial.write_bytes(content)
            partial.replace(path)
    return picture.name


def file_name(name: str, width: int) -> str:
    """The file of one width; only names of 32 hexadecimal digits are ever asked for."""
    return f"{name}-{width}.webp"


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        _refuse_bomb(image)
        image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
        upright = ImageOps.exif_transpose(image)
        return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotAPicture(cause=str(error)) from error


def _refuse_bomb(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise PictureTooLarge(cause=f"{width} × {height} dots")


def _shrink(image: Image.Image, width: int) -> bytes:
    smaller = image.copy()
    smaller.thumbnail((width, width * 4), Image.Resampling.LANCZOS)
    held = io.BytesIO()
    smaller.save(held, "WEBP", quality=80, method=4)
    return held.getvalue()
