"""Pictures that people upload: read with care, turned upright, shrunk, saved as WebP without metadata.

Pillow is loaded at the first picture: a node that gets none does not carry it.
"""

import io
import warnings
from typing import TYPE_CHECKING, Final

from kit.errors import TooLarge, UnsupportedMedia
from kit.i18n import lazy

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 50_000_000
MOST_BYTES: Final = 12 << 20
LONGEST_SIDE: Final = 20_000
QUALITY: Final = 80


class PictureTooLarge(TooLarge):
    name = "picture_too_large"
    default = lazy("This picture is too large. I choose one under 12 megabytes and 50 million dots.")


class NotAPicture(UnsupportedMedia):
    name = "not_a_picture"
    default = lazy("I cannot read this picture. I choose a JPEG, PNG or WebP file.")


def open_picture(data: bytes, needed: int) -> "Image":
    """The picture, upright, at least `needed` pixels wide where it was. Raises PictureTooLarge, NotAPicture.

    Pixels are counted before they are decoded: a small file may hold a picture too large to open.
    """
    if len(data) > MOST_BYTES:
        raise PictureTooLarge(cause=f"{len(data)} bytes")
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        _refuse_bomb(image.size)
        image.draft("RGB", (needed, needed))
        upright = ImageOps.exif_transpose(image)
        return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(cause=str(error)) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise NotAPicture(cause=str(error)) from error


def within(image: "Image", width: int, height: int) -> bytes:
    """A copy that fits in a box, as WebP; a smaller picture stays as it is."""
    smaller = image.copy()
    smaller.thumbnail((width, height))
    return _webp(smaller)


def square(image: "Image", side: int) -> bytes:
    """The middle of the picture as a square, as WebP."""
    from PIL import ImageOps

    return _webp(ImageOps.fit(image, (side, side)))


def _refuse_bomb(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise PictureTooLarge(cause=f"{width} × {height} dots")


def _webp(image: "Image") -> bytes:
    held = io.BytesIO()
    image.save(held, "WEBP", quality=QUALITY, method=4)
    return held.getvalue()
